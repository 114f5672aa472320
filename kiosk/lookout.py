"""Lets a device look for what residents lay down or show, again and again, while somebody may come.

What lies there already when the looking begins is nobody's who came just now: first nothing must have been seen.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import TimeoutError as TooLate
from contextlib import contextmanager
from typing import Generic, TypeVar

from devices.device import DeviceError, HealthBoard
from kiosk.workers import Worker

log = logging.getLogger(__name__)

T = TypeVar("T")

FIRST_LOOK_SECONDS = 0.5
FAILED_REST_SECONDS = 1.0
GAP_SECONDS = 0.5
"""Between two looks: the device's own watch has its turn then (devices/turns.py)."""
REST_SECONDS = 0.2
PATIENCE = 30.0
"""A driver that is not back so long after its look should have ended hangs."""


class Lookout(Generic[T]):
    """``look(seconds, cancelled)`` is the device's; ``may`` says whether anything shown now would be taken.

    ``found(it, fresh)`` hears of what was seen; not ``fresh``: it lay there before. ``stumbled`` hears of what was laid
    down afresh and could not be read; what lay there before and cannot be read is passed over.
    """

    def __init__(
        self, *, board: HealthBoard, look: Callable[[float, threading.Event], T | None], may: Callable[[], bool],
        found: Callable[[T, bool], None], stumbled: Callable[[DeviceError], None], worker: Worker, seconds: float,
    ) -> None:  # fmt: skip
        """``seconds``: how long a look is; long where what is shown between two looks is lost."""
        self._board, self._look, self._may = board, look, may
        self._found, self._stumbled = found, stumbled
        self._worker, self._seconds = worker, seconds
        self._off = threading.Event()
        self._lent = 0
        self._lock = threading.Lock()
        self.armed = False
        """True once nothing was seen: what comes from now on is somebody's who is here."""
        self.looking = False

    def watch(self, stopping: threading.Event, aside: Callable[[], None]) -> None:
        """Until ``stopping``; ``aside`` is done between two looks."""
        while not stopping.is_set():
            try:
                aside()
                rest = self._once()
            except Exception:
                log.exception("a look failed")
                rest = FAILED_REST_SECONDS
            stopping.wait(rest)

    def _once(self) -> float:
        """One look where anything would be taken; how long to rest after it."""
        if self._lent or not (self._may() and self._board.health.ready):
            self.armed = False
            return REST_SECONDS
        self._off.clear()
        seconds = self._seconds if self.armed else FIRST_LOOK_SECONDS
        task = self._worker.ask(lambda: self._look(seconds, self._off), seconds + PATIENCE)
        if task is None:
            return FAILED_REST_SECONDS
        try:
            self.looking = True
            seen = task.result(timeout=seconds + 2 * PATIENCE)
        except (DeviceError, TooLate) as error:
            self._missed(error)
        else:
            self._seen(seen)
        finally:
            self.looking = False
        return GAP_SECONDS

    def _seen(self, seen: T | None) -> None:
        """What was asked for while the device was lent, or when nothing is taken any more, is nobody's."""
        if seen is None:
            self.armed = not self._off.is_set()
        elif self._may() and not self._lent:
            fresh, self.armed = self.armed, False
            self._found(seen, fresh)

    def _missed(self, error: Exception) -> None:
        fresh, self.armed = self.armed, False
        if fresh and isinstance(error, DeviceError) and self._board.health.ready and self._may():
            self._stumbled(error)

    def give_up(self) -> None:
        """End the present look where nothing shown would be taken any more."""
        if not self._may():
            self._off.set()

    @contextmanager
    def lent(self) -> Iterator[None]:
        """The device is somebody else's inside the block."""
        with self._lock:
            self._lent += 1
        self._off.set()
        try:
            yield
        finally:
            with self._lock:
                self._lent -= 1

    @property
    def is_lent(self) -> bool:
        """Whether the device is somebody else's just now."""
        return self._lent > 0

    def close(self) -> None:
        """Let go of the device."""
        self._off.set()
        self._worker.close(wait=False, drop=True)
