"""A card in the slot: put in, served, and what the journal says of it."""

from __future__ import annotations

import json

from kiosk.states import ReadingCard, Serving, Vacant
from tests.hall import eventually


def served(hall):
    state = hall.machine.desk.state
    assert isinstance(state, Serving), state
    return state.session


def put_in(hall, card):
    hall.reader.insert(card)
    eventually(
        lambda: not isinstance(hall.machine.desk.state, Vacant | ReadingCard), what="the card is read or refused"
    )


def happened(hall, what):
    """The journal's entries of one kind, oldest first."""
    entries = [json.loads(entry.text) for entry in hall.machine.journal.entries()]
    return [entry for entry in entries if entry["what"] == what]
