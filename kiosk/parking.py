"""Places for requests that wait until something changes: a few a face, each for a limited time."""

from __future__ import annotations

import itertools
import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager

from kiosk.errors import TooManyWindows

PARKED_SECONDS = 20.0
PARKED_AT_MOST = 4
PAGES_REMEMBERED = 64


class ParkingLot:
    """The places of one face, ``seconds`` each. Every request has a number: the newest one is nobody's elder."""

    def __init__(self, seconds: float = PARKED_SECONDS) -> None:
        self.seconds = seconds
        self._places = threading.BoundedSemaphore(PARKED_AT_MOST)
        self._numbers = itertools.count(1)
        self._newest = 0
        self._lock = threading.Lock()
        self._pages: deque[str] = deque(maxlen=PAGES_REMEMBERED)

    def enter(self) -> int:
        """Take a place; its number. Raises TooManyWindows."""
        if not self._places.acquire(timeout=1.0):
            raise TooManyWindows("all places for parked requests are taken")
        self._newest = number = next(self._numbers)
        return number

    def leave(self) -> None:
        """Give the place back."""
        self._places.release()

    @contextmanager
    def place(self) -> Iterator[int]:
        """A place for as long as the block runs."""
        number = self.enter()
        try:
            yield number
        finally:
            self.leave()

    def overtaken(self, number: int) -> bool:
        """True when somebody parked since."""
        return number != self._newest

    def covered(self, page: str) -> bool:
        """True for a page that was loaded before the one that parked first most lately; "" names no page."""
        with self._lock:
            if page and page not in self._pages:
                self._pages.append(page)
            return bool(page) and self._pages[-1] != page
