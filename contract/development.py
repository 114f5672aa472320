"""What exists in development only: moving the county's clock with the kiosk's, and codes of the invented town."""

from __future__ import annotations

import hashlib

from pydantic import Field

from contract.message import Message

FURTHEST_SECONDS = 20 * 366 * 86400


class ClockShift(Message):
    """Body of ``POST /v1/development/clock``: how far the hub's clock is to stand from the system's, in seconds."""

    offset_seconds: int = Field(ge=-FURTHEST_SECONDS, le=FURTHEST_SECONDS)


MARK_OF_A_TOWN_CODE = "TOWN"


def town_code(identification: str, turn: int) -> str:
    """The code that the invented electronic card beside a card shows the ``turn``-th time: 64 capital characters.

    Means nothing to whoever does not know all cards of the invented town; real codes are another matter altogether.
    """
    shown = hashlib.sha256(f"electronic code\n{identification.upper()}\n{turn}".encode()).hexdigest().upper()
    return f"{MARK_OF_A_TOWN_CODE}{turn:010d}{shown[:50]}"
