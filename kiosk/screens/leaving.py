"""The screens before somebody comes and after they went: five pictures, goodbye, the card that was left."""

from __future__ import annotations

from flask import Blueprint, g, redirect, render_template, session
from flask.typing import ResponseReturnValue

from kiosk.identity import Credential
from kiosk.machine import machine
from kiosk.screens.places import place_of
from kiosk.session_clock import is_staffs
from kiosk.states import CardLeft, Vacancy, Vacant

screen = Blueprint("leaving", __name__)


@screen.get("/welcome")
def welcome() -> ResponseReturnValue:
    """What this machine can do, in five pictures; a touch anywhere leads home."""
    state = machine().desk.state
    if not (isinstance(state, Vacant) and state.phase is Vacancy.ATTRACT):
        return redirect(place_of(state), code=303)
    g.showing = state.showing
    return render_template("resident/welcome.html")


@screen.get("/goodbye")
def goodbye() -> str:
    """Done; is everything taken along. After some seconds the window goes home by itself."""
    g.showing = machine().desk.state.showing
    return render_template("resident/goodbye.html")


@screen.get("/card-left")
def card_left() -> ResponseReturnValue:
    """The session is over, or never began, and the card is in: called for again and again until it is taken."""
    here = machine()
    state = here.desk.state
    if not isinstance(state, CardLeft):
        return redirect("/", code=303)
    g.showing = state.showing
    session.pop("token", None)
    told = is_staffs(state, here.desk.rules)
    if state.problem is not None:
        return render_template(
            "resident/card_problem.html", error=state.problem, staff_told=told, credential=state.shown.credential,
            leaves_by_itself=not state.shown.stays,
        )  # fmt: skip
    id_card = state.shown.credential is Credential.ID_CARD
    return render_template("resident/card_left.html", left=state, staff_told=told, id_card=id_card)
