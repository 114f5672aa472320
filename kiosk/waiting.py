"""Whose turn it is, where the newest wish makes worthless what waited before it: something to be said, to be read."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from enum import Enum, auto


class Turn(Enum):
    """How the waiting ended."""

    MINE = auto()
    OVERTAKEN = auto()
    TOO_LATE = auto()


class Waiting:
    """At most ``at_once`` have their turn and one waits: the newest. Each of them holds a thread of the face."""

    def __init__(self, at_once: int) -> None:
        self._at_once = at_once
        self._changed = threading.Condition()
        self._busy = 0
        self.asked = 0
        """How many asked for a turn so far."""

    @contextmanager
    def turn(self, seconds: float) -> Iterator[Turn]:
        """Wait at most ``seconds``; inside the block the turn is taken where it is MINE."""
        how = self._wait(seconds)
        try:
            yield how
        finally:
            if how is Turn.MINE:
                with self._changed:
                    self._busy -= 1
                    self._changed.notify_all()

    def _wait(self, seconds: float) -> Turn:
        with self._changed:
            self.asked = mine = self.asked + 1
            self._changed.notify_all()
            came = self._changed.wait_for(lambda: self._free() or self.asked != mine, seconds)
            if not self._free():
                return Turn.OVERTAKEN if came else Turn.TOO_LATE
            self._busy += 1
            return Turn.MINE

    def _free(self) -> bool:
        return self._busy < self._at_once
