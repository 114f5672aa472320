"""The languages that can be chosen, each in its own letters; then the page from before comes back in that language."""

from __future__ import annotations

from dataclasses import replace

from flask import Blueprint, g, redirect, render_template, request
from flask.typing import ResponseReturnValue

from kiosk.errors import RequestRefused
from kiosk.events import ModesChosen
from kiosk.machine import machine
from kiosk.screens.places import place_of
from kiosk.states import modes_of

screen = Blueprint("language", __name__)


@screen.get("/language")
def show() -> str:
    """Every language of this machine; the present one is marked."""
    state = machine().desk.state
    g.showing = state.showing
    return render_template("resident/language.html", offered=machine().languages.offered, back=place_of(state))


@screen.post("/language")
def choose() -> ResponseReturnValue:
    """Show everything in the language ``tag`` until this visit ends; raises RequestRefused for one not offered."""
    desk, tag = machine().desk, request.form.get("tag", "")
    if tag not in {language.tag for language in machine().languages.offered}:
        raise RequestRefused("no such language")
    state = desk.handle(ModesChosen(replace(modes_of(desk.state), language=tag)))
    return redirect(place_of(state), code=303)
