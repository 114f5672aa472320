"""The hub's time: the system's clock, which development may move together with the kiosk's."""

from __future__ import annotations

import threading
from datetime import UTC, date, datetime, timedelta, timezone

CHINA = timezone(timedelta(hours=8))
"""Legal days and dates count in this zone, wherever the machine stands."""


class HubClock:
    """Aware UTC time plus a movable offset (0 unless development moved it)."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._offset = timedelta()

    def now(self) -> datetime:
        """The present instant, in UTC."""
        with self._lock:
            return datetime.now(UTC) + self._offset

    def today(self) -> date:
        """The present day in China."""
        return local_day(self.now())

    def move(self, offset: timedelta) -> None:
        """Set how far this clock is away from the system's."""
        with self._lock:
            self._offset = offset


def local_day(instant: datetime) -> date:
    """The day in China on which ``instant`` fell."""
    return instant.astimezone(CHINA).date()
