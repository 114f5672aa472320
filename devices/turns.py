"""One conversation with a device at a time: somebody's act, or the round of the watch when nobody acts."""

from __future__ import annotations

import logging
import math
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from devices.device import DeviceError, HealthBoard

log = logging.getLogger(__name__)

T = TypeVar("T")

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

    def one_look(
        self, look: Callable[[float, threading.Event], T | None], seconds: float, cancelled: threading.Event, *,
        board: HealthBoard, harmless: tuple[type[DeviceError], ...], counted: str,
    ) -> T | None:  # fmt: skip
        """What ``look(deadline, cancelled)`` finds in a turn of its own; None when called off before it began.

        An error of what was shown (``harmless``) is ``counted``, any other goes to the board; both are raised.
        """
        deadline = time.monotonic() + seconds
        try:
            with self.taken(cancelled, deadline):
                return look(deadline, cancelled)
        except AbandonedError:
            return None
        except harmless as error:
            board.counted(counted)
            log.info("%s: %s", board.name, error)
            raise
        except DeviceError as error:
            board.failed(error)
            raise
