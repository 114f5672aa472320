"""How the screen is shown and read to this person: the modes of the footer, and the page of the sound."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Blueprint, current_app, g, make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException

from kiosk.errors import RequestRefused
from kiosk.events import ModesChosen
from kiosk.machine import machine
from kiosk.screens.places import place_of
from kiosk.states import modes_of
from kiosk.visit import VOLUMES

screen = Blueprint("modes", __name__)


@screen.post("/modes")
def choose() -> ResponseReturnValue:
    """Any of ``text contrast reach language sound volume speed keys curtain``; back to the page that was shown.

    ``quiet``: asked by a script, which has changed the page itself.
    """
    try:
        chosen = modes_of(machine().desk.state).changed(request.form)
    except ValueError as error:
        raise RequestRefused("no such mode") from error
    state = machine().desk.handle(ModesChosen(chosen))
    if "quiet" in request.form:
        return make_response("", 204)
    return redirect(shown_page() or place_of(state), code=303)


def shown_page() -> str:
    """The page this window showed when it asked, as far as it can be asked for again; else empty."""
    shown = urlsplit(request.headers.get("HX-Current-URL") or request.headers.get("Referer") or "")
    if shown.netloc != request.host or not shown.path or shown.path == "/":
        return ""
    try:
        current_app.url_map.bind(request.host).match(shown.path, method="GET")
    except HTTPException:
        return ""
    return shown.path + (f"?{shown.query}" if shown.query else "")


@screen.get("/sound")
def sound() -> str:
    """Read aloud or not, how loud, how fast."""
    state = machine().desk.state
    g.showing = state.showing
    return render_template("resident/sound.html", back=place_of(state), volumes=VOLUMES)
