"""What time it is at the county, as far as this machine knows: its own clock, set right by what the last poll said."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from contract.submissions import ClockConfidence
from kiosk.clock import Clock
from kiosk.county_errors import CountyUnavailable

CLOCK_TOLERANCE = timedelta(minutes=2)
"""Clocks that differ by no more than this agree: an answer may have been under way for seconds."""


DRIFT = 100e-6
"""How fast an ordinary quartz may go wrong: 8.6 s a day, two minutes in a fortnight."""


@dataclass(frozen=True)
class Compared:
    """The county said that it was ``county``, ``boot`` seconds after this machine was switched on."""

    county: datetime
    boot: float


@dataclass(frozen=True)
class Present:
    """What this machine's clock says now, and how long it has been on."""

    wall: datetime
    boot: float


def county_now(compared: Compared | None, now: Present) -> datetime:
    """What time it is at the county: counted from what it said last, whatever the clock was set to since."""
    if compared is None:
        return now.wall
    return compared.county + timedelta(seconds=max(0.0, now.boot - compared.boot))


def confidence_in(compared: Compared | None, now: Present) -> ClockConfidence:
    """How far this machine's own clock can be believed. Pure.

    UNKNOWN where it was never compared with the county's since the program began (after a reboot without network);
    DRIFTING where it differs now from the county's time (it did all along, or it was set back or forward since), or may
    have drifted meanwhile, both together by more than CLOCK_TOLERANCE; SURE otherwise.
    """
    if compared is None:
        return ClockConfidence.UNKNOWN
    drifted = timedelta(seconds=max(0.0, now.boot - compared.boot) * DRIFT)
    doubt = abs(county_now(compared, now) - now.wall) + drifted
    return ClockConfidence.SURE if doubt <= CLOCK_TOLERANCE else ClockConfidence.DRIFTING


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
    """The county's time, compared at each poll. A restart forgets it: meanwhile the clock may have become another."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._compared: Compared | None = None

    def heard(self, as_of: datetime) -> None:
        """The county says it is ``as_of`` now."""
        self._compared = Compared(as_of, self._clock.since_boot())

    def _present(self) -> Present:
        return Present(self._clock.now(), self._clock.since_boot())

    @property
    def confidence(self) -> ClockConfidence:
        """How far the machine's own clock can be believed."""
        return confidence_in(self._compared, self._present())

    def now(self) -> datetime:
        """The county's time as well as it is known; the machine's own where it was never compared."""
        return county_now(self._compared, self._present())
