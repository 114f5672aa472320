"""The faces as Flask apps around one machine."""

from __future__ import annotations

from functools import partial
from typing import Any

from flask import Flask, current_app, g, redirect, request, session
from flask.typing import ResponseReturnValue

from kiosk.errors import NotThisScreen
from kiosk.events import Finished
from kiosk.face import errors_as, make_face
from kiosk.journal import Happening
from kiosk.kept_pages import KeptPages
from kiosk.languages import Speaker, present_language
from kiosk.machine import Machine, machine
from kiosk.pairing import Pairing, Traffic
from kiosk.parking import ParkingLot
from kiosk.said_once import SaidOnce
from kiosk.screens import (
    counter,
    display,
    language,
    leaving,
    modes,
    parked,
    pin_pad,
    privacy,
    resident,
    touch_test,
    typing,
    voice,
)
from kiosk.screens.places import desk_view
from kiosk.screens.theme import add_theme, panel_css
from kiosk.services import WINDOWS
from kiosk.staff import DUTIES, sign_in
from kiosk.staff_duty import SignInBook, StaffDuty, signed_in
from kiosk.states import modes_of
from kiosk.watched import word_of_page

OPEN_ENDPOINTS = frozenset({"health", "static", "site_css", "logo"})
NO_TRAFFIC = frozenset({"parked.park", "voice.say", "voice.ears"})
"""Requests that change no page: whoever is led elsewhere does not wait for them."""
UPLOAD_LIMIT = 6 * 1024 * 1024


def create_resident_app(machine: Machine) -> Flask:
    """The resident face (and the counter's, by mode)."""
    settings = machine.settings
    app = make_face(machine, "resident", settings.faces.resident)
    development = settings.kiosk.stage == "development"
    key_file = settings.folder / "secrets" / "pairing-key"
    app.extensions["pairing"] = Pairing(machine.store, machine.journal, key_file, first_visit=development)
    app.extensions["traffic"] = Traffic()
    app.extensions["parking_lot"] = ParkingLot()
    app.extensions["sign_in_book"] = sign_in_book_of(machine, "counter")
    app.before_request(only_the_window)
    app.teardown_request(window_served)
    app.context_processor(resident_values)
    speaker = Speaker(machine.languages, lambda: modes_of(machine.desk.state).language)
    app.extensions["speaker"] = app.jinja_env.globals["_"] = speaker
    app.jinja_env.globals["said_once"] = SaidOnce(app, speaker, app.extensions["form_token"])
    app.extensions["kept_pages"] = KeptPages(
        app, resident_values, app.extensions["form_token"], lambda: machine.locality
    )
    app.jinja_env.globals["keypad_codes"] = settings.keypad.model_dump()
    app.before_request(speaker.begin)
    add_theme(app, panel_css)
    for blueprint in (resident, leaving, privacy, modes, language, pin_pad, parked, touch_test, typing, counter, voice):
        app.register_blueprint(blueprint.screen)
    for window in WINDOWS:
        for service in window.services:
            app.register_blueprint(service)
    errors_as(app, "error.html", resident_values)
    return app


def only_the_window() -> ResponseReturnValue | None:
    """Let the paired window in, pair a new one where that is allowed, refuse everybody else."""
    if request.endpoint in OPEN_ENDPOINTS:
        return None
    pairing: Pairing = current_app.extensions["pairing"]
    key = request.args.get("key", "") if request.args and request.path == "/" else ""
    known = pairing.knows(session.get("window", ""))
    window = pairing.pair(key) if key or not known else None
    if not (window or known):
        raise NotThisScreen("not the paired window")
    if window is not None:
        session.clear()
        session.permanent = True
        session["window"] = window
        if key:  # the shell started a browser anew: whoever was served by the old one is not served any more
            machine().desk.handle(Finished())
            return redirect("/", code=303)
    if request.endpoint not in NO_TRAFFIC:
        g.in_traffic = True
        current_app.extensions["traffic"].enter()
    return counter.only_signed_in()


def window_served(_error: BaseException | None) -> None:
    """The window has its answer."""
    if g.pop("in_traffic", False):
        current_app.extensions["traffic"].leave()


def resident_values() -> dict[str, Any]:
    """What every template of the resident face sees.

    ``showing`` is what the view saw, where it says so: what changed since then is told by the parked request.
    """
    here = machine()
    state = here.desk.state
    mode = here.settings.kiosk.mode
    current_app.extensions["speaker"].begin()
    now = here.clock.local()
    return {
        "hall": here.locality.hall,
        "logo": here.locality.theme.logo is not None,
        "now_local": now,
        "now": now.isoformat(),
        "minute": now.strftime("%H:%M"),
        "day": now.date(),
        "modes": modes_of(state),
        "language": present_language(),
        "showing": word_of_page(g.get("showing", state.showing)),
        "desk": desk_view(state),
        "mode": mode,
        "clerk": counter.clerk(seen=False) if mode == "counter" else None,
        "layout": "layouts/fragment.html" if request.headers.get("HX-Request") else "layouts/kiosk.html",
        "stage": here.settings.kiosk.stage,
    }


def sign_in_book_of(machine: Machine, where: str) -> SignInBook:
    """Who is signed in on one face; whoever is idle too long is journalled as signed out."""
    note = partial(machine.journal.write, Happening.STAFF_SIGNED_OUT)
    minutes = machine.locality.staff.idle_minutes
    return SignInBook(machine.clock, minutes, lambda person: note(clerk=person.account, where=where, why="idle"))


def create_staff_app(machine: Machine) -> Flask:
    """The staff face."""
    app = make_face(machine, "staff", machine.settings.faces.staff)
    app.config["MAX_CONTENT_LENGTH"] = UPLOAD_LIMIT
    app.extensions["sign_in_book"] = sign_in_book_of(machine, "staff")
    app.context_processor(staff_values)
    add_theme(app, panel_css)
    app.register_blueprint(sign_in.screen)
    for duty in DUTIES:
        app.register_blueprint(duty)
    errors_as(app, "staff/error.html", staff_values)
    return app


def staff_values() -> dict[str, Any]:
    """What every template of the staff face sees."""
    here, person = machine(), signed_in(seen=False)
    duty = current_app.blueprints.get(request.blueprint or "")
    return {
        "hall": here.locality.hall,
        "back": duty.href if isinstance(duty, StaffDuty) and person else "/",
        "clerk": person.name if person else None,
        "duties": [duty for duty in DUTIES if person and duty.roles.intersection(person.roles)],
        "stage": here.settings.kiosk.stage,
        "layout": "layouts/staff.html",
        "card_left": here.card_left,
        "now_local": here.clock.local(),
    }


def create_display_app(machine: Machine) -> Flask:
    """The wall: GET only, nothing personal."""
    app = make_face(machine, "display", machine.settings.faces.display)
    app.context_processor(display_values)
    add_theme(app, display.wall_css)
    app.register_blueprint(display.screen)
    errors_as(app, "display/error.html", display_values)
    return app


def display_values() -> dict[str, Any]:
    """What every template of the wall sees."""
    here = machine()
    return {
        "hall": here.locality.hall,
        "logo": here.locality.theme.logo is not None,
        "now_local": here.clock.local(),
        "stage": here.settings.kiosk.stage,
    }
