"""The dock: a second window in development, where a newcomer puts cards in, breaks devices and moves the clock.

Every button is a form; the same addresses serve scripts, with the CSRF token that the page carries. Here stand the
page and what is around the machine (county, clock); what is done to devices stands in ``dock_devices.py``.
"""

from __future__ import annotations

import io
from datetime import timedelta
from typing import Any

from flask import Blueprint, Flask, Response, render_template, request
from flask.typing import ResponseReturnValue

from kiosk.errors import NoSuchPage, RequestRefused
from kiosk.face import errors_as, make_face
from kiosk.machine import Machine, machine
from kiosk.screens import dock_devices
from kiosk.screens.dock_forms import chosen, done, hand, whole_number, yes_or_no
from kiosk.screens.dock_hand import ClockStep, DockHand
from kiosk.screens.dock_pattern import pattern
from kiosk.screens.dock_view import dock_view, people_list
from kiosk.screens.dock_words import CARD_WORDS
from kiosk.settings import SettingsError
from kiosk.visit import Modes

screen = Blueprint("dock", __name__)


def create_dock_app(machine: Machine) -> Flask:
    """The dock of one machine, to be mounted under /dock of the resident face. Raises SettingsError in production."""
    settings = machine.settings
    if settings.kiosk.stage != "development":
        raise SettingsError("kiosk.stage: the dock exists in development only")
    app = make_face(machine, "dock", settings.faces.resident, cookie="dock")
    app.extensions["dock_hand"] = DockHand(machine)
    app.context_processor(dock_values)
    app.register_blueprint(screen)
    app.register_blueprint(dock_devices.screen)
    errors_as(app, "dock/error.html", dock_values)
    return app


def dock_values() -> dict[str, Any]:
    """What every template of the dock sees."""
    return {"hall": machine().locality.hall, "now_local": machine().clock.local()}


@screen.get("/")
def page() -> str:
    """Everything on one page."""
    asked = request.args.get("q", "").strip()[:60]
    return render_template(
        "dock/page.html", q=asked, people=people_list(hand(), asked), view=dock_view(machine(), hand()),
        card_faults=CARD_WORDS, people_file=machine().settings.devices.people,
    )  # fmt: skip


@screen.get("/status")
def status() -> str:
    """The part that is asked again every two seconds."""
    return render_template("dock/status.html", view=dock_view(machine(), hand()))


@screen.get("/parts")
def parts() -> str:
    """Every part of the screens in its states, in the modes of the query."""
    try:
        modes = Modes().changed(request.args)
    except ValueError as error:
        raise RequestRefused("没有这种样子。") from error
    return render_template("dock/parts.html", pattern=pattern(machine().clock.local()), modes=modes)


@screen.get("/receipt/<int:place>.png")
def receipt_picture(place: int) -> Response:
    """The paper as it came out, counted from the oldest kept, from 1."""
    kept = hand().printer.receipts
    sheet = kept[place - 1].sheet if 1 <= place <= len(kept) else None
    if sheet is None:
        raise NoSuchPage(f"receipt {place}")
    picture = io.BytesIO()
    sheet.image.save(picture, "PNG")
    return Response(picture.getvalue(), mimetype="image/png")


@screen.post("/county")
def county() -> ResponseReturnValue:
    """``cut`` 1 or 0: the line to the county."""
    cut = yes_or_no("cut")
    answers = hand().cut(cut=cut)
    mended = "县里接通了" if answers else "线接上了，县里没有回答"
    return done("县里断开了" if cut else mended)


@screen.post("/clock")
def clock() -> ResponseReturnValue:
    """Move hub and kiosk together: ``offset_seconds`` from the system's time, or a ``step``."""
    if "step" in request.form:
        offset = hand().offset_after(chosen(ClockStep, request.form["step"]))
    else:
        offset = timedelta(seconds=whole_number("offset_seconds"))
    hand().move_clock(offset)
    return done(f"现在是 {machine().clock.local():%Y-%m-%d %H:%M:%S}")
