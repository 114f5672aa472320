"""The resident face around the services: home, reading, PIN, help, leaving, modes, and the parked request."""

from __future__ import annotations

from flask import Blueprint, Response, g, make_response, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from kiosk.errors import PinBlocked, RequestRefused, SessionEnded
from kiosk.machine import machine
from kiosk.reception import PIN_DIGITS, PinAnswer
from kiosk.screens.places import claim, modes_of, own_address, place_of
from kiosk.services import WINDOWS
from kiosk.states import (
    CardLeft,
    Finished,
    ModesChosen,
    OutOfService,
    ReadingCard,
    Serving,
    Touched,
    Vacant,
    Visiting,
)
from kiosk.visit import Contrast, Modes, TextSize

screen = Blueprint("resident", __name__)


@screen.get("/")
def home() -> ResponseReturnValue:
    """What can be done here. Claims the session for this window when a card is in."""
    desk = machine().desk
    state = desk.state
    g.showing = state.showing
    match state:
        case ReadingCard():
            return redirect("/reading", code=303)
        case CardLeft() | OutOfService():
            return redirect(place_of(state), code=303)
        case Serving():
            claim()
            desk.handle(Touched("/"))
        case Visiting():
            desk.handle(Touched("/"))
        case Vacant():
            session.pop("token", None)
    return render_template("resident/home.html", sections=WINDOWS)


@screen.get("/reading")
def reading() -> ResponseReturnValue:
    """A card is being read."""
    state = machine().desk.state
    if isinstance(state, Serving):  # read faster than the window came here: on to the page the resident had open
        claim()
    if not isinstance(state, ReadingCard):
        return redirect(place_of(state), code=303)
    g.showing = state.showing
    return render_template("resident/reading.html")


@screen.get("/card-left")
def card_left() -> ResponseReturnValue:
    """The session is over, or never began, and the card is in."""
    state = machine().desk.state
    if not isinstance(state, CardLeft):
        return redirect("/", code=303)
    g.showing = state.showing
    session.pop("token", None)
    if state.problem is not None:
        return render_template("resident/card_problem.html", error=state.problem)
    return render_template("resident/card_left.html")


@screen.get("/closed")
def closed() -> ResponseReturnValue:
    """Out of service."""
    state = machine().desk.state
    if not isinstance(state, OutOfService):
        return redirect("/", code=303)
    g.showing = state.showing
    return render_template("resident/out_of_service.html")


@screen.get("/help")
def help_page() -> str:
    """Who to go to."""
    state = machine().desk.state
    return render_template("resident/help.html", back=place_of(state))


@screen.post("/leave")
def leave() -> ResponseReturnValue:
    """The resident is done."""
    desk = machine().desk
    served = isinstance(desk.state, Serving)
    if served and not desk.serves(session.get("token", "")):
        raise SessionEnded("the page belongs to another session")
    state = desk.handle(Finished())
    session.pop("token", None)
    if served:
        return redirect(place_of(state), code=303)
    return redirect(url_for("resident.goodbye"), code=303)


@screen.get("/goodbye")
def goodbye() -> str:
    """Done; is everything taken along."""
    return render_template("resident/goodbye.html")


@screen.post("/modes")
def modes() -> ResponseReturnValue:
    """Larger text, higher contrast; ends with the visit."""
    present = modes_of(machine().desk.state)
    try:
        chosen = Modes(
            TextSize(request.form.get("text", present.text)), Contrast(request.form.get("contrast", present.contrast))
        )
    except ValueError as error:
        raise RequestRefused("no such mode") from error
    return redirect(place_of(machine().desk.handle(ModesChosen(chosen))), code=303)


@screen.get("/pin")
def pin() -> ResponseReturnValue:
    """Ask for the PIN, with the card's own counter where a try failed."""
    present = machine().desk.session(session.get("token", ""))
    back = own_address(request.args.get("next", "/"))
    machine().desk.handle(Touched(request.full_path, in_form=True))
    tries = session.get("pin_tries")
    return render_template(
        "resident/pin.html", action=url_for("resident.enter_pin", next=back), length=PIN_DIGITS, back="/",
        purpose="确认是您本人", wrong=session.get("pin_for") == present.token, tries_left=tries,
    )  # fmt: skip


@screen.post("/pin")
def enter_pin() -> ResponseReturnValue:
    """Send the PIN to the card, once."""
    desk, token = machine().desk, session.get("token", "")
    present = desk.session(token)
    desk.handle(Touched(in_form=True))
    back = own_address(request.args.get("next", "/"))
    answer = machine().reception.verify_pin(token, bytearray(request.form.get("pin", "").encode()))
    return after_pin(answer, present.token, back)


def after_pin(answer: PinAnswer, token: str, back: str) -> ResponseReturnValue:
    """Where the card's answer leads."""
    if answer.accepted:
        session.pop("pin_for", None)
        return redirect(back, code=303)
    if answer.blocked:
        raise PinBlocked("the card refuses PINs")
    session["pin_for"], session["pin_tries"] = token, answer.tries_left
    return redirect(url_for("resident.pin", next=back), code=303)


@screen.post("/desk/touch")
def touch() -> Response:
    """Somebody is here."""
    machine().desk.handle(Touched())
    return make_response("", 204)
