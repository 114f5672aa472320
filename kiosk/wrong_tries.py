"""Counting wrong passwords where the county cannot: five in fifteen minutes lock an account on this machine."""

from __future__ import annotations

import threading
from datetime import timedelta

from kiosk.clock import Clock

TRIES = 5
WINDOW = timedelta(minutes=15)


class WrongTries:
    """In memory only; a restart forgets, and the county's own lock does not."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._tried_at: dict[str, list[float]] = {}

    def enter(self, account: str) -> bool:
        """Count a try before the password is looked at; False where the account is locked."""
        now = self._clock.now().timestamp()
        with self._lock:
            recent = {
                name: [at for at in times if now - at < WINDOW.total_seconds()]
                for name, times in self._tried_at.items()
            }
            self._tried_at = {name: times for name, times in recent.items() if times}
            tries = self._tried_at.setdefault(account, [])
            if len(tries) >= TRIES:
                return False
            tries.append(now)
            return True

    def forget(self, account: str) -> None:
        """The right password came."""
        with self._lock:
            self._tried_at.pop(account, None)
