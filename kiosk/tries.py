"""Counting how often something was tried lately: wrong passwords while the county is cut off, cards that prove nothing.

In memory only; a restart forgets.
"""

from __future__ import annotations

import threading
from collections import deque
from datetime import timedelta

from kiosk.clock import Clock


class Tries:
    """At most ``at_most`` tries of the same name in any ``window``. A clock that was set back forgets, never locks."""

    def __init__(self, clock: Clock, at_most: int, window: timedelta) -> None:
        self._clock = clock
        self._at_most = at_most
        self._window = window.total_seconds()
        self._lock = threading.Lock()
        self._tried_at: dict[str, deque[float]] = {}

    def enter(self, name: str) -> bool:
        """Count a try before it is made; False where there were too many."""
        now = self._clock.now().timestamp()
        with self._lock:
            for who, times in list(self._tried_at.items()):
                self._forget_old(times, now)
                if not times:
                    del self._tried_at[who]
            tries = self._tried_at.setdefault(name, deque())
            if len(tries) >= self._at_most:
                return False
            tries.append(now)
            return True

    def _forget_old(self, times: deque[float], now: float) -> None:
        if times and times[-1] > now:
            times.clear()
        while times and now - times[0] >= self._window:
            times.popleft()

    def forget(self, name: str) -> None:
        """What was tried came right."""
        with self._lock:
            self._tried_at.pop(name, None)
