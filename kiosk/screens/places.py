"""Where a window belongs in each state of the desk, and what its templates may know of it."""

from __future__ import annotations

from dataclasses import dataclass

from flask import session

from kiosk.machine import machine
from kiosk.states import CardLeft, OutOfService, ReadingCard, Serving, State, Vacant, Visiting
from kiosk.visit import Modes


def claim() -> None:
    """Take the session for this window; its cookie and its forms are new ones."""
    window = session["window"]
    token = machine().desk.claim(window)
    if session.get("token") != token:
        session.clear()
        session["window"], session["token"] = window, token


def place_of(state: State) -> str:
    """Where a window that shows something else belongs."""
    match state:
        case ReadingCard():
            return "/reading"
        case CardLeft():
            return "/card-left"
        case OutOfService():
            return "/closed"
        case Serving(page=page) | Visiting(page=page):
            return page
        case Vacant():
            return "/"


def modes_of(state: State) -> Modes:
    """The modes of whoever stands here."""
    match state:
        case Visiting(visit=visit) | Serving(visit=visit) | ReadingCard(visit=visit):
            return visit.modes
        case CardLeft(modes=chosen):
            return chosen
        case Vacant() | OutOfService():
            return Modes()


@dataclass(frozen=True)
class DeskView:
    """What templates may know of the desk."""

    vacant: bool
    serving: bool
    name_masked: str
    county_cut: bool


def desk_view(state: State) -> DeskView:
    """The desk as templates see it."""
    served = state.session if isinstance(state, Serving) else None
    name = str(served.resident.name) if served else ""
    return DeskView(isinstance(state, Vacant), served is not None, name, not machine().county.client.reachable)


def own_address(path: str) -> str:
    """A page of ours; anything else leads home."""
    return path if path.startswith("/services/") and "//" not in path[1:] and "\\" not in path else "/"
