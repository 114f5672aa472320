"""The touch test on the resident's screen: five targets, one after another; every touch is told with its place."""

from __future__ import annotations

from flask import Blueprint, Response, g, make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue

from kiosk.errors import RequestRefused
from kiosk.machine import machine
from kiosk.panel import Touch
from kiosk.screens.places import place_of
from kiosk.states import OutOfService, State

screen = Blueprint("touch_test", __name__)

PAGE = "/touch-test"
THOUSANDTHS = 1000
FAR = 20_000


@screen.get(PAGE)
def show() -> ResponseReturnValue:
    """The target that is to be touched now."""
    state = machine().desk.state
    target = target_of(state)
    if target is None:
        return redirect(place_of(state), code=303)
    g.showing = state.showing
    return render_template("resident/touch_test.html", target=target)


@screen.post(PAGE)
def touched() -> Response:
    """A touch: ``x`` and ``y`` in thousandths of the window, ``off`` in pixels from the target, ``hit`` 1 or 0."""
    target = target_of(machine().desk.state)
    if target is not None:
        off = number("off", FAR) / machine().settings.panel.pixels_per_mm
        touch = Touch(number("x", THOUSANDTHS), number("y", THOUSANDTHS), request.form.get("hit") == "1", off)
        machine().panel.touched(touch, number("target", target + 1))
    return make_response("", 204)


def target_of(state: State) -> int | None:
    """Which target is shown, from 1; None where no touch test runs."""
    if not isinstance(state, OutOfService) or state.page != PAGE:
        return None
    return int(state.showing.rpartition(".")[2])


def number(field: str, most: int) -> int:
    """A field that must be a number from 0 to ``most``."""
    text = request.form.get(field, "")
    if not (text.isascii() and text.isdigit() and int(text[:6]) <= most):
        raise RequestRefused(f"{field} is no number up to {most}")
    return int(text)
