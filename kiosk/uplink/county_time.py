"""What time it is at the county, as far as this machine knows: its own clock, set right by what the last poll said."""

from __future__ import annotations

from datetime import datetime, timedelta

from contract.submissions import ClockConfidence
from kiosk.clock import Clock
from kiosk.errors import CountyUnavailable

CLOCK_TOLERANCE = timedelta(minutes=2)
"""Clocks that differ by no more than this agree: an answer may have been under way for seconds."""


def confidence_in(difference: timedelta | None) -> ClockConfidence:
    """How far a clock can be believed that differed so much from the county's; None where it was never compared."""
    if difference is None:
        return ClockConfidence.UNKNOWN
    return ClockConfidence.SURE if abs(difference) <= CLOCK_TOLERANCE else ClockConfidence.DRIFTING


def county_instant(text: str) -> datetime:
    """The time an As-Of header names; raises CountyUnavailable where it names none, or one without its zone."""
    try:
        named = datetime.fromisoformat(text)
    except ValueError as error:
        raise CountyUnavailable(f"an unchanged feed without a usable As-Of ({text!r})") from error
    if named.tzinfo is None:
        raise CountyUnavailable(f"an As-Of without its zone ({text!r})")
    return named


class CountyTime:
    """The county's time minus the machine's, measured at each poll. A restart forgets it: the clock may be another."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._difference: timedelta | None = None

    def heard(self, as_of: datetime) -> None:
        """The county says it is ``as_of`` now."""
        self._difference = as_of - self._clock.now()

    @property
    def confidence(self) -> ClockConfidence:
        """How far the machine's own clock can be believed."""
        return confidence_in(self._difference)

    def now(self) -> datetime:
        """The county's time as well as it is known; the machine's own where it was never compared."""
        return self._clock.now() + (self._difference or timedelta())
