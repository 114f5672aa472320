"""The base of every message, and the few field types that all of them share."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints

CONTRACT_VERSION = "1"

AS_OF_HEADER = "As-Of"
"""The county's time: of an unchanged feed, and for a kiosk whose clock is wrong."""
SITTING_HEADER = "Kiosk-Sitting"
STAFF_HEADER = "Staff-Session"
IDEMPOTENCY_HEADER = "Idempotency-Key"


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
