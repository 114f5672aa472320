"""Why something personal is asked for, and what this machine knows of whoever stands here."""

from __future__ import annotations

from flask import Blueprint, g, redirect, render_template, request, session
from flask.typing import ResponseReturnValue

from kiosk.errors import NoSuchPage, SessionEnded
from kiosk.events import Touched
from kiosk.machine import machine
from kiosk.privacy import Purpose
from kiosk.resident_service import asked_by_itself
from kiosk.screens.holdings import Until, holdings, wipe
from kiosk.screens.places import place_of
from kiosk.states import Serving, State, Visiting

screen = Blueprint("privacy", __name__)


def somebody() -> State:
    """The desk, a finger's touch counted; raises SessionEnded for a page of a session that is over."""
    desk = machine().desk
    state = desk.handle(Touched(by_itself=asked_by_itself()))
    g.showing = state.showing
    if isinstance(state, Serving) and not desk.serves(session.get("token", "")):
        raise SessionEnded("the page belongs to another session")
    return state


@screen.get("/privacy/<purpose>")
def notice(purpose: str) -> str:
    """One notice in plain words; back to where it was asked for."""
    state = somebody()
    if purpose not in set(Purpose):
        raise NoSuchPage("no such purpose")
    told = machine().locality.privacy.of(Purpose(purpose))
    here = isinstance(state, Serving | Visiting)
    return render_template("resident/privacy.html", notice=told, back=place_of(state), somebody=here)


@screen.get("/mine")
def mine() -> ResponseReturnValue:
    """What is held of whoever stands here: what can be wiped, what goes when they leave, what must stay and why."""
    state = somebody()
    if not isinstance(state, Serving | Visiting):
        return render_template("resident/mine.html", groups=[], wiped=False, back=place_of(state), nobody=True)
    found = holdings(machine(), state)
    groups = [(until.value, [one for one in found if one.until is until]) for until in Until]
    return render_template(
        "resident/mine.html", groups=groups, wiped="wiped" in request.args, back=place_of(state), nobody=False
    )


@screen.post("/mine/wipe")
def wipe_now() -> ResponseReturnValue:
    """Wipe it, and show what is left. Where they stood may be gone with it: the way back is home."""
    state = somebody()
    if isinstance(state, Serving | Visiting):
        wipe(machine(), state)
        machine().desk.handle(Touched("/"))
    return redirect("/mine?wiped=1", code=303)
