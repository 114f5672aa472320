"""The machine's clock: aware time in UTC, monotonic seconds for waits, the hall's wall time for screens."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo


class Clock:
    """Time as the whole machine sees it. Only the dock moves it, and only in development."""

    def __init__(self, zone: str) -> None:
        self._zone = ZoneInfo(zone)
        self._offset = timedelta()

    @property
    def offset(self) -> timedelta:
        """How far the dock moved the clock."""
        return self._offset

    def now(self) -> datetime:
        """The present time, aware, in UTC."""
        return datetime.now(UTC) + self._offset

    def local(self) -> datetime:
        """The hall's wall time."""
        return self.now().astimezone(self._zone)

    def to_local(self, instant: datetime) -> datetime:
        """An instant as the hall's wall clock shows it."""
        return instant.astimezone(self._zone)

    def monotonic(self) -> float:
        """Seconds that never go back and never jump, for idle times and limits."""
        return time.monotonic()

    def since_boot(self) -> float:
        """Seconds since the machine was switched on, sleep included; no setting of the clock moves them, the dock does.

        Where the system does not tell how long it slept (Windows), sleep is left out.
        """
        boot = getattr(time, "CLOCK_BOOTTIME", None)
        slept = 0.0 if boot is None else time.clock_gettime(boot) - time.clock_gettime(time.CLOCK_MONOTONIC)
        return self.monotonic() + slept + self._offset.total_seconds()

    def move(self, offset: timedelta) -> None:
        """Move the clock (development only; the dock moves the hub's too)."""
        self._offset = offset
