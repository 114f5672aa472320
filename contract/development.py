"""What exists in development only: moving the county's clock together with the kiosk's."""

from __future__ import annotations

from pydantic import Field

from contract.message import Message

FURTHEST_SECONDS = 20 * 366 * 86400


class ClockShift(Message):
    """Body of ``POST /v1/development/clock``: how far the hub's clock is to stand from the system's, in seconds."""

    offset_seconds: int = Field(ge=-FURTHEST_SECONDS, le=FURTHEST_SECONDS)
