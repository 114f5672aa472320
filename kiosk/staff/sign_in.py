"""Signing in to the staff face and out of it; ``/`` leads to the first duty the person may do."""

from __future__ import annotations

from flask import Blueprint, Response, current_app, make_response, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from kiosk.county_errors import CountyRefused, CountyUnavailable
from kiosk.errors import KioskError, StaffLocked, StaffNotAllowed, StaffSignInFailed
from kiosk.machine import machine
from kiosk.sign_in import sign_in, sign_out
from kiosk.staff_duty import SignedIn, StaffDuty, sign_in_book, signed_in

screen = Blueprint("sign_in", __name__)

REFUSALS = (StaffSignInFailed, StaffLocked, CountyUnavailable, CountyRefused)
"""What is said on the form itself: the person is still there and tries again."""


@screen.get("/")
def first_duty() -> Response:
    """To the first duty of whoever is signed in, or to the form."""
    person = signed_in()
    if person is None:
        return make_response(redirect(url_for("sign_in.show"), code=303))
    return make_response(redirect(first_of(person), code=303))


def first_of(person: SignedIn) -> str:
    """Where a person's work begins; raises StaffNotAllowed for somebody without any duty here."""
    for duty in current_app.blueprints.values():
        if isinstance(duty, StaffDuty) and duty.roles.intersection(person.roles):
            return duty.href
    raise StaffNotAllowed("no duty for these roles")


@screen.get("/sign-in")
def show() -> str:
    """Ask for account and password."""
    return form()


@screen.post("/sign-in")
def enter() -> ResponseReturnValue:
    """Sign in; a refusal is said on the form. The cookie's content is a new one, and nothing typed is kept."""
    account = request.form.get("account", "").strip()
    try:
        person = sign_in(machine(), account, request.form.get("password", ""))
    except REFUSALS as refusal:
        return make_response(form(account, refusal), refusal.status)
    leave_present()
    session.clear()
    session["staff"] = sign_in_book().enter(person)
    return redirect("/", code=303)


@screen.post("/sign-out")
def leave() -> Response:
    """Sign out, here and at the county."""
    leave_present()
    session.clear()
    return make_response(redirect(url_for("sign_in.show"), code=303))


def leave_present() -> None:
    """End the sign-in that this window holds, where there is one."""
    sign_out(machine(), sign_in_book().leave(session.get("staff", "")), where="staff")


def form(account: str = "", refusal: KioskError | None = None) -> str:
    """The form, with the account kept, the reason of a refusal, and what the county needs to let this machine in."""
    return render_template("staff/sign_in.html", account=account, refusal=refusal, county=machine().county)
