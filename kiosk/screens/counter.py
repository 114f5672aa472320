"""The counter: the same services on a staff PC. A clerk signs in first, confirms the person, and is journalled."""

from __future__ import annotations

from flask import Blueprint, g, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from contract.codes import StaffRole
from kiosk.errors import StaffNotAllowed
from kiosk.events import Finished, Proven
from kiosk.identity import Assurance
from kiosk.journal import Happening
from kiosk.machine import machine
from kiosk.resident_service import only_served
from kiosk.screens.places import own_address
from kiosk.sign_in import sign_in, sign_out
from kiosk.staff_duty import SignedIn, sign_in_book
from kiosk.states import Serving

screen = Blueprint("counter", __name__, url_prefix="/counter")

WITHOUT_CLERK = frozenset({"counter.show_sign_in", "counter.enter", "parked.park"})


def only_signed_in() -> ResponseReturnValue | None:
    """At the counter nothing is shown before a clerk signed in; on a kiosk this asks nothing."""
    if machine().settings.kiosk.mode != "counter" or request.endpoint in WITHOUT_CLERK:
        return None
    person, state = clerk(), machine().desk.state
    if person is None:
        return redirect(url_for("counter.show_sign_in"), code=303)
    if isinstance(state, Serving) and session.get("served") != state.session.token:
        session["served"] = state.session.token
        reference = state.session.resident.reference
        machine().journal.write(Happening.CLERK_SERVED, clerk=person.account, resident=reference)
    return None


def clerk(*, seen: bool = True) -> SignedIn | None:
    """Who serves at this counter; ``seen`` False for requests that no hand made."""
    return sign_in_book().present(session.get("clerk", ""), seen=seen)


def may_serve() -> bool:
    """True on a kiosk, and at a counter while a clerk is signed in."""
    return machine().settings.kiosk.mode != "counter" or clerk(seen=False) is not None


@screen.get("/sign-in")
def show_sign_in() -> str:
    """Ask for name and password of the clerk."""
    return render_template("counter/sign_in.html")


@screen.post("/sign-in")
def enter() -> ResponseReturnValue:
    """Sign the clerk in; raises the errors of sign-in."""
    person = sign_in(machine(), request.form.get("account", ""), request.form.get("password", ""))
    if StaffRole.CLERK not in person.roles:
        raise StaffNotAllowed("the counter is for clerks")
    session["clerk"] = sign_in_book().enter(person)
    return redirect("/", code=303)


@screen.post("/sign-out")
def leave() -> ResponseReturnValue:
    """The clerk goes; whoever is being served is sent home too."""
    machine().desk.handle(Finished())
    sign_out(machine(), sign_in_book().leave(session.pop("clerk", "")), where="counter")
    return redirect(url_for("counter.show_sign_in"), code=303)


@screen.get("/witness")
@only_served
def witness() -> ResponseReturnValue:
    """Ask the clerk to compare the person with the card."""
    return render_template("counter/witness.html", next=own_address(request.args.get("next", "/")))


@screen.post("/witness")
@only_served
def confirm() -> ResponseReturnValue:
    """The clerk looked at the person: as sure as a witness makes it."""
    present, person = g.session, clerk()
    if person is None:
        return redirect(url_for("counter.show_sign_in"), code=303)
    machine().reception.check_card(present.token)
    machine().journal.write(Happening.WITNESS_CONFIRMED, clerk=person.account, resident=present.resident.reference)
    machine().desk.handle(Proven(present.token, Assurance.WITNESSED))
    return redirect(own_address(request.args.get("next", "/")), code=303)
