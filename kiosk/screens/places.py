"""Where a window belongs in each state of the desk, and what its templates may know of it."""

from __future__ import annotations

from dataclasses import dataclass

from flask import session

from kiosk.identity import IN_SLOT
from kiosk.machine import machine
from kiosk.states import CardLeft, OutOfService, ReadingCard, Serving, State, Vacancy, Vacant, Visiting


def place_of(state: State) -> str:
    """Where a window that shows something else belongs."""
    match state:
        case ReadingCard():
            return "/reading"
        case CardLeft():
            return "/card-left"
        case Serving(page=page) | Visiting(page=page) | OutOfService(page=page):
            return page
        case Vacant(phase=phase):
            return "/welcome" if phase is Vacancy.ATTRACT else "/"


@dataclass(frozen=True)
class DeskView:
    """What templates may know of the desk. ``vacant``: nobody is here who could end anything.

    ``held``: only the card or the staff lead on from here, there is no way home; ``closed``: nobody is served at all.
    ``card_in``: it is a card in the slot that is served, and has to be taken out at the end.
    """

    vacant: bool
    serving: bool
    name_masked: str
    county_cut: bool
    held: bool = False
    closed: bool = False
    card_in: bool = False


def desk_view(state: State) -> DeskView:
    """The desk as templates see it: only the window that claimed a session learns a name."""
    served = state.session if isinstance(state, Serving) and state.session.token == session.get("token") else None
    name = str(served.resident.name) if served else ""
    return DeskView(
        vacant=not isinstance(state, Visiting | Serving),
        serving=served is not None,
        name_masked=name,
        county_cut=not machine().county.client.reachable,
        held=isinstance(state, ReadingCard | CardLeft | OutOfService),
        closed=isinstance(state, OutOfService),
        card_in=served is not None and served.shown == IN_SLOT,
    )


def own_address(path: str) -> str:
    """A page of ours; anything else leads home."""
    return path if path.startswith("/services/") and "//" not in path[1:] and "\\" not in path else "/"
