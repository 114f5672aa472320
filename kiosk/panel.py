"""The touchscreen as a device: it is there while its window asks what to show; what a touch test finds on it."""

from __future__ import annotations

import threading
from dataclasses import dataclass

from devices.device import DeviceMissing, HealthBoard
from kiosk.clock import Clock

QUIET_SECONDS = 45.0
"""A window asks again at the latest after 20 s; one that was silent for twice that is not there."""
TARGETS = 5
ASTRAY_MM = 15.0
"""A finger that misses by more than this did not mean the target."""


@dataclass(frozen=True)
class Touch:
    """One touch as the window told it: where (thousandths of the window), whether the target took it, how far off."""

    x: int
    y: int
    hit: bool
    off_mm: float


@dataclass(frozen=True)
class TouchFindings:
    """What a touch test found. ``missed``: touches beside a target; ``ghosts``: where no target was near."""

    hits: tuple[Touch, ...] = ()
    missed: tuple[Touch, ...] = ()
    ghosts: tuple[Touch, ...] = ()

    @property
    def complete(self) -> bool:
        """True when every target took a touch."""
        return len(self.hits) == TARGETS

    @property
    def sound(self) -> bool:
        """True for a panel that can be used: every target hit, and nothing where nobody touched."""
        return self.complete and not self.ghosts

    def and_(self, touch: Touch) -> TouchFindings:
        """With one more touch."""
        if touch.hit:
            return TouchFindings((*self.hits, touch), self.missed, self.ghosts)
        if touch.off_mm <= ASTRAY_MM:
            return TouchFindings(self.hits, (*self.missed, touch), self.ghosts)
        return TouchFindings(self.hits, self.missed, (*self.ghosts, touch))


class Panel:
    """The paired window, watched by what it asks. ``board`` is like any other device's."""

    def __init__(self, clock: Clock) -> None:
        self.board = HealthBoard("panel", clock.now)
        self._clock = clock
        self._seen: float | None = None
        self._changed = threading.Condition()
        self._findings = TouchFindings()
        self._open = False

    def seen(self) -> None:
        """The window asked for something."""
        self._seen = self._clock.monotonic()
        self.board.ready()

    @property
    def quiet_for(self) -> float | None:
        """Seconds since the window asked last; None where it never did since the start."""
        return None if self._seen is None else self._clock.monotonic() - self._seen

    def look(self) -> None:
        """Miss a window that has been quiet for too long."""
        quiet = self.quiet_for
        if quiet is not None and quiet > QUIET_SECONDS:
            self.board.failed(DeviceMissing("the window asks nothing any more"))

    def begin(self) -> None:
        """Take down touches from now on."""
        with self._changed:
            self._findings, self._open = TouchFindings(), True

    def end(self) -> TouchFindings:
        """Take down no more; what was found."""
        with self._changed:
            self._open = False
            return self._findings

    @property
    def findings(self) -> TouchFindings:
        """What was found so far."""
        return self._findings

    def touched(self, touch: Touch, target: int) -> None:
        """The window tells a touch, made while ``target`` (from 1) was shown; a second hit of it counts for nothing."""
        with self._changed:
            late = touch.hit and target != len(self._findings.hits) + 1
            if not self._open or late or self._findings.complete:
                return
            self._findings = self._findings.and_(touch)
            self._changed.notify_all()

    def wait_for_hits(self, hits: int, seconds: float) -> bool:
        """Wait until so many targets took a touch."""
        with self._changed:
            return self._changed.wait_for(lambda: len(self._findings.hits) >= hits, seconds)
