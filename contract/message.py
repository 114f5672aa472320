"""The base of every message, and the few field types that all of them share."""

from __future__ import annotations

from datetime import time
from decimal import Decimal
from typing import Annotated

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints, WithJsonSchema

CONTRACT_VERSION = "1"

AS_OF_HEADER = "As-Of"
"""The county's time: of an unchanged feed, and for a kiosk whose clock is wrong."""
SITTING_HEADER = "Kiosk-Sitting"
STAFF_HEADER = "Staff-Session"
IDEMPOTENCY_HEADER = "Idempotency-Key"
RESIDENT_HEADER = "Resident-Reference"
"""Whom an answer of /v1/residents/me is about: the reference of the sitting. A kiosk discards one about another."""


class Message(BaseModel):
    """A frozen message. Unknown fields are ignored, so that an older side can read a newer one.

    What was given never stands in an error: errors are logged, messages are personal.
    """

    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)


Yuan = Annotated[Decimal, Field(max_digits=14, decimal_places=2)]
"""An amount in yuan; travels as a string with at most two decimals, never as a float."""

Month = Annotated[str, StringConstraints(pattern=r"^\d{4}-(0[1-9]|1[0-2])$")]
"""A calendar month, "2026-03"."""

Region = Annotated[str, StringConstraints(pattern=r"^\d{6}(\d{3}(\d{3})?)?$")]
"""A division code of 6, 9 or 12 digits (reference/domain.md §1.3)."""

Instant = AwareDatetime
"""A point in time with its zone."""


def on_the_wall(clock: time) -> time:
    """A time of day as a hall's clock shows it; one with a zone is refused."""
    if clock.tzinfo is not None:
        raise ValueError("a time of day has no zone: it is that of the hall")
    return clock


WallTime = Annotated[
    time,
    AfterValidator(on_the_wall),
    WithJsonSchema({"type": "string", "pattern": r"^([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d{1,6})?)?$"}),
]
"""A time of day by the hall's own clock, "08:30:00"."""
