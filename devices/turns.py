"""One conversation with a device at a time: somebody's act, or the round of the watch when nobody acts."""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

ASK_AGAIN_SECONDS = 0.05


class AbandonedError(Exception):
    """The caller no longer wants the answer. Never leaves a driver."""


class Turns:
    """Who speaks with one device. An act waits for the round under way; a round never waits for an act."""

    def __init__(self) -> None:
        self._lock = threading.Lock()

    def attend(self, look_after: Callable[[threading.Event], None], stop: threading.Event, pause: float) -> None:
        """One round, unless somebody acts; then rest for ``pause`` seconds, none where ``stop`` cut it short."""
        if self._lock.acquire(blocking=False):
            try:
                look_after(stop)
            except AbandonedError:
                return
            finally:
                self._lock.release()
        stop.wait(pause)

    @contextmanager
    def taken(self, cancelled: threading.Event, deadline: float = math.inf) -> Iterator[None]:
        """The device is the caller's inside the block; AbandonedError when cancelled or past ``deadline`` before."""
        while not self._lock.acquire(timeout=ASK_AGAIN_SECONDS):
            if cancelled.is_set() or time.monotonic() >= deadline:
                raise AbandonedError
        try:
            yield
        finally:
            self._lock.release()
