"""The wall: GET only, nothing personal, no cookie, no state; store and clock alone say what stands there."""

from __future__ import annotations

import time
from typing import cast

from flask import Blueprint, Response, current_app, jsonify, make_response, render_template, request
from flask.blueprints import BlueprintSetupState

from kiosk.errors import NoSuchPage
from kiosk.machine import machine
from kiosk.parking import ParkingLot
from kiosk.wall import legible_px
from kiosk.wall_view import Pictures, view_now

screen = Blueprint("display", __name__)

AFTER_ERROR_SECONDS = 5.0
A_MOMENT = 0.02


@screen.record_once
def prepare(state: BlueprintSetupState) -> None:
    """Give the face its places for parked requests and its pictures."""
    state.app.extensions["parking_lot"] = ParkingLot()
    state.app.extensions["wall_pictures"] = Pictures(state.app.extensions["machine"])


def pictures() -> Pictures:
    """The pictures of this face."""
    return cast("Pictures", current_app.extensions["wall_pictures"])


@screen.get("/")
def show() -> str:
    """What stands on the wall now."""
    view = view_now(machine(), pictures())
    picture = f"/picture/{view.picture}" if view.picture else ""
    warning = machine().locality.display.warning
    return render_template("display/wall.html", view=view, showing=view.showing, picture=picture, warning=warning)


@screen.get("/wall")
def park() -> Response:
    """Wait until something else should be shown, or 20 s passed; raises TooManyWindows beyond four."""
    lot: ParkingLot = current_app.extensions["parking_lot"]
    with lot.place():
        return wait_for_change(request.args.get("showing", ""), lot.seconds)


def wait_for_change(showing: str, seconds: float) -> Response:
    """``{"go": "/"}`` once ``showing`` is not what should stand there, 204 while it is."""
    here, until = machine(), time.monotonic() + seconds
    if showing == "error":
        here.stopping.wait(AFTER_ERROR_SECONDS)
    while not here.stopping.is_set():
        revision = here.county.feed.revision
        view = view_now(here, pictures())
        if view.showing != showing:
            return jsonify({"go": "/"})
        left = until - time.monotonic()
        if left <= 0:
            break
        to_minute = 60 - here.clock.now().timestamp() % 60
        here.county.feed.wait_beyond(revision, min(left, view.seconds + A_MOMENT, to_minute + A_MOMENT))
    return make_response("", 204)


@screen.get("/picture/<sha256>")
def picture(sha256: str) -> Response:
    """A picture of the wall out of the store; raises NoSuchPage for a broken or unknown one."""
    found = pictures().content(sha256)
    if found is None:
        raise NoSuchPage("no such picture")
    content, content_type = found
    return Response(content, mimetype=content_type)


def wall_css() -> str:
    """The least legible size from where people stand, in parts of the screen's shorter side."""
    wall = machine().settings.wall
    least = 100 * legible_px(wall) / min(wall.width_px, wall.height_px)
    return f"--legible: {least:.3f}cqmin;"
