"""Who watches the watchers: a driver that hangs is left behind with its thread, and a fresh one takes its place.

A hanging call cannot be ended from outside. What can be done: say so, forget the thread (it ends by itself once the
call comes back), and open the line anew. Nobody who waits for a screen ever waits for this.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from typing import Any

from devices.device import DeviceError, DeviceFault, DeviceHangs, HealthBoard, Supervised, watch

log = logging.getLogger(__name__)

ATTEND_LIMIT = 30.0
"""Longer than any honest round: a greeting through noise with all its second tries takes less."""
LOOK_SECONDS = 1.0
MOST_STUCK = 3
"""So many threads may be left behind for one device at a time; then it stays a fault until one of them ends."""


def _unheard(_event: object) -> None:
    """What a driver left behind still reports."""


class Standing:
    """Stands where a driver stands: who holds this goes on holding it when the driver behind it is exchanged.

    Everything else asked of it or set on it is the driver's. ``fresh`` opens another driver for the same line; the
    board and the listener of the old one go over to it, so that health, counters and events know no break.
    """

    _OWN = frozenset({"_driver", "_fresh", "_stuck", "_exchanging"})

    def __init__(self, driver: Supervised, fresh: Callable[[], Supervised]) -> None:
        self._driver = driver
        self._fresh = fresh
        self._stuck: list[threading.Thread] = []
        self._exchanging = threading.Lock()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._driver, name)

    def __setattr__(self, name: str, value: object) -> None:
        if name in self._OWN:
            object.__setattr__(self, name, value)
        else:
            setattr(self._driver, name, value)

    def driver_in_use(self) -> Supervised:
        """The driver behind it now."""
        return self._driver

    def leave_behind(self, stuck: threading.Thread, error: DeviceError) -> bool:
        """Note ``error`` and exchange the driver that ``stuck`` hangs in.

        False where too many hang already, and where no fresh driver could be opened: that is the device's fault then.
        """
        with self._exchanging:
            old = self._driver
            old.board.failed(error)
            self._stuck = [thread for thread in self._stuck if thread.is_alive()]
            if len(self._stuck) >= MOST_STUCK:
                log.error("device %s: %d threads hang in it, it stays out of use", old.name, len(self._stuck))
                return False
            try:
                self._driver = _heir_of(old, self._opened_anew())
            except DeviceFault as fault:
                old.board.failed(fault)
                log.exception("device %s: its driver hangs, and no fresh one can be opened", old.name)
                return False
            self._stuck.append(stuck)
        log.error("device %s: its driver hangs (%s) and is left behind", old.name, error)
        close: Callable[[], None] = getattr(old, "close")  # noqa: B009 - Supervised promises none; every driver has it
        threading.Thread(target=close, name=f"close-{old.name}", daemon=True).start()
        return True

    def _opened_anew(self) -> Supervised:
        """A fresh driver; whatever keeps it from being opened is the device's fault."""
        try:
            return self._fresh()
        except Exception as error:
            raise DeviceFault(f"no fresh driver: {error!r}") from error


def _heir_of(old: Supervised, fresh: Supervised) -> Supervised:
    """Hand board and listener over; what the old driver says from now on is heard by nobody."""
    board: HealthBoard = old.board
    fresh.board, old.board = board, board.discarded()
    if hasattr(old, "listener"):
        listener = old.listener
        old.listener = _unheard
        fresh.listener = listener  # type: ignore[attr-defined] # of the kinds that report events, by the line above
    return fresh


class Pulse:
    """Since when a thread is inside its driver, for those who watch the watcher; written by that thread alone."""

    def __init__(self) -> None:
        self._began: float | None = None

    @property
    def seconds(self) -> float:
        """How long the present round has lasted, 0 between rounds; from any thread."""
        began = self._began
        return 0.0 if began is None else time.monotonic() - began

    def __enter__(self) -> None:
        self._began = time.monotonic()

    def __exit__(self, *_: object) -> None:
        self._began = None


class Watch:
    """One device: its driver in a thread of its own, and the eye on that thread."""

    def __init__(self, kind: str, device: Supervised | Standing, limit: float = ATTEND_LIMIT) -> None:
        self._kind = kind
        self._device = device
        self._limit = limit
        self._told = 0

    @property
    def _driver(self) -> Supervised:
        return self._device.driver_in_use() if isinstance(self._device, Standing) else self._device

    def begin(self) -> threading.Thread:
        """Start attending to the driver in use; the thread ends after :meth:`end`, or when it was left behind."""
        self._attended, self._pulse, self._stop = self._driver, Pulse(), threading.Event()
        self._told = 0
        self._thread = threading.Thread(
            target=watch, args=(self._attended, self._stop, self._pulse), name=f"watch-{self._kind}", daemon=True
        )
        self._thread.start()
        return self._thread

    def end(self) -> None:
        """Tell the thread to end."""
        self._stop.set()

    def look(self) -> None:
        """Notice a round that does not end, and a driver that was exchanged because an act hung in it.

        A look that fails is this device's fault, and nobody else's: the next one comes all the same.
        """
        try:
            self._look()
        except DeviceError as error:
            self._device.board.failed(error)

    def _look(self) -> None:
        try:
            self._compare()
        except Exception as defect:
            log.exception("device %s: a look at it failed", self._kind)
            raise DeviceFault(repr(defect)) from defect

    def _compare(self) -> None:
        limits = int(self._pulse.seconds / self._limit)  # told once a limit, so that a full house is tried again
        if limits > self._told and self._attended is self._driver:
            self._overdue(DeviceHangs(f"a round has not ended after {limits * self._limit:g} s"))
        self._told = limits
        if self._attended is not self._driver:
            self._stop.set()
            self.begin()

    def _overdue(self, error: DeviceHangs) -> None:
        if isinstance(self._device, Standing):
            self._device.leave_behind(self._thread, error)
        else:
            self._device.board.failed(error)


def supervise(watches: list[Watch], stop: threading.Event) -> None:
    """Look after all devices until ``stop``; then tell their threads to end."""
    while not stop.wait(LOOK_SECONDS):
        for one in watches:
            one.look()
    for one in watches:
        one.end()
