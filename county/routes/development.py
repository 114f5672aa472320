"""``/v1/development/clock``: moves the hub's clock. Registered in development only."""

from __future__ import annotations

from datetime import timedelta

from flask import Blueprint, Response

from contract.development import ClockShift
from county.asking import read
from county.hub import hub
from county.routes.pulse import health

routes = Blueprint("development", __name__)


@routes.post("/v1/development/clock")
def move_clock() -> Response:
    """Set the offset; the answer is the pulse with the new time."""
    hub().clock.move(timedelta(seconds=read(ClockShift).offset_seconds))
    return health()
