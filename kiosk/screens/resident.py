"""The resident face around the services: home, reading, PIN, help, leaving, and the parked request."""

from __future__ import annotations

from flask import (
    Blueprint,
    Response,
    current_app,
    g,
    make_response,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask.typing import ResponseReturnValue

from kiosk.card_errors import PinBlocked
from kiosk.device_tests import TESTING
from kiosk.errors import NoSuchPage, SessionEnded
from kiosk.events import Finished, Touched
from kiosk.identity import IN_SLOT
from kiosk.kept_pages import KeptPages
from kiosk.machine import machine
from kiosk.pairing import claim
from kiosk.pin import PIN_DIGITS, PinAnswer
from kiosk.privacy import Purpose
from kiosk.resident_service import asked_by_itself, only_served
from kiosk.screens.places import own_address, place_of
from kiosk.screens.shelf import shelf_of
from kiosk.services import WINDOWS
from kiosk.services.notices import give_notice
from kiosk.session_clock import FAREWELLS
from kiosk.states import CardLeft, OutOfService, ReadingCard, Serving, Vacancy, Vacant, Visiting, modes_of
from kiosk.watched import COUNTY, other_ways, watch

screen = Blueprint("resident", __name__)


@screen.get("/")
def home() -> ResponseReturnValue:
    """What can be done here. Claims the session for this window when a card is in."""
    desk, here = machine().desk, Touched("/", by_itself=asked_by_itself())
    state = desk.state
    g.showing = state.showing
    match state:
        case ReadingCard():
            return redirect("/reading", code=303)
        case CardLeft() | OutOfService():
            return redirect(place_of(state), code=303)
        case Serving():
            claim()
            desk.handle(here)
        case Visiting():
            desk.handle(here)
        case Vacant():
            session.pop("token", None)
            if state.phase is Vacancy.ATTRACT:  # somebody is here: the pictures go
                g.showing = desk.handle(Touched()).showing
    page = request.args.get("page", 1, type=int) if request.args else 1
    shelf = shelf_of(WINDOWS, modes_of(state), page)
    reader = None if isinstance(state, Serving) else watch(COUNTY) or watch("card")
    parting = state.phase if isinstance(state, Vacant) and state.phase in FAREWELLS else None
    ways = () if isinstance(state, Serving) else other_ways()
    displaced = isinstance(state, Serving) and state.displaced
    values = {"shelf": shelf, "reader": reader, "parting": parting, "ways": ways, "displaced": displaced}
    kept: KeptPages = current_app.extensions["kept_pages"]
    return kept.page("resident/home.html", tuple(values.values()), lambda: values)


@screen.get("/reading")
def reading() -> ResponseReturnValue:
    """A card is being read."""
    state = machine().desk.state
    if isinstance(state, Serving):  # read faster than the window came here: on to the page the resident had open
        claim()
    if not isinstance(state, ReadingCard):
        return redirect(place_of(state), code=303)
    g.showing = state.showing
    return render_template("resident/reading.html", credential=state.shown.credential)


@screen.get("/closed")
def closed() -> ResponseReturnValue:
    """Out of service."""
    state = machine().desk.state
    if not isinstance(state, OutOfService):
        return redirect("/", code=303)
    if state.page != request.path:
        return redirect(state.page, code=303)
    g.showing = state.showing
    return render_template("resident/out_of_service.html", testing=state.reason == TESTING)


@screen.get("/help")
def help_page() -> str:
    """Who to go to."""
    state = machine().desk.state
    g.showing = state.showing
    return render_template("resident/help.html", back=place_of(state))


@screen.post("/leave")
def leave() -> ResponseReturnValue:
    """The resident is done."""
    desk = machine().desk
    served, refused = isinstance(desk.state, Serving), isinstance(desk.state, CardLeft)
    if served and not desk.serves(session.get("token", "")):
        raise SessionEnded("the page belongs to another session")
    state = desk.handle(Finished())
    session.pop("token", None)
    if served or refused:
        return redirect(place_of(state), code=303)
    return redirect(url_for("leaving.goodbye"), code=303)


@screen.get("/pin")
@only_served
def pin() -> ResponseReturnValue:
    """Ask for the PIN; with one try left only after asking whether to try at all. ``sure``: that was asked."""
    back = own_address(request.args.get("next", "/"))
    if g.session.pin_pad:
        return redirect(url_for("pin_pad.show", next=back), code=303)
    never_at_counter()
    wrong = machine().reception.pins.last_wrong(g.session)
    here = wrong is not None and wrong.token == g.session.token
    tries = wrong.tries_left if wrong else None
    if tries == 1 and "sure" not in request.args:
        again = url_for("resident.pin", next=back, sure=1)
        return render_template("resident/pin_last_try.html", wrong=here, again=again)
    action = url_for("resident.enter_pin", next=back, sure=request.args.get("sure"))
    return render_template(
        "resident/pin.html", action=action, length=PIN_DIGITS, back="/", purpose="确认是您本人", wrong=here,
        tries_left=tries, notice_href=give_notice(Purpose.PIN),
    )  # fmt: skip


@screen.post("/pin")
@only_served
def enter_pin() -> ResponseReturnValue:
    """Send the PIN to the card, once; the last try only where the resident was asked before."""
    back, pins = own_address(request.args.get("next", "/")), machine().reception.pins
    if g.session.pin_pad:
        return redirect(url_for("pin_pad.show", next=back), code=303)
    never_at_counter()
    wrong = pins.last_wrong(g.session)
    if wrong is not None and wrong.tries_left == 1 and "sure" not in request.args:
        return redirect(url_for("resident.pin", next=back), code=303)
    return after_pin(pins.verify(g.session.token, bytearray(request.form.get("pin", "").encode())), back)


def never_at_counter() -> None:
    """Refuse a PIN where no card is in that could check it, and where the clerk would type it and see it."""
    if g.session.shown != IN_SLOT:
        raise NoSuchPage("no card is in")
    if machine().settings.kiosk.mode == "counter":
        raise NoSuchPage("no PIN is taken at the counter")


def after_pin(answer: PinAnswer, back: str) -> ResponseReturnValue:
    """Where the card's answer leads."""
    if answer.accepted:
        return redirect(back, code=303)
    if answer.blocked:
        raise PinBlocked("the card refuses PINs")
    return redirect(url_for("resident.pin", next=back), code=303)


@screen.post("/desk/touch")
def touch() -> Response:
    """Somebody is here."""
    machine().desk.handle(Touched())
    return make_response("", 204)
