"""What every device has in common: its errors, its health, and the loop that keeps it alive.

Nothing here knows the kiosk. A driver raises only `DeviceError`; a pulled card or an
unplugged sensor is ordinary life and never ends a thread.
"""

from __future__ import annotations

import logging
import threading
from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Protocol

log = logging.getLogger(__name__)

Clock = Callable[[], datetime]
"""Gives the present time, aware, in UTC."""

FIRST_PAUSE = 0.5
LONGEST_PAUSE = 1.5
"""Seconds between tries to mend a fault: growing, and short enough that who was mended is ready at once."""
MISSING_PAUSE = 0.4
"""Between looks for a device that is not there: short and always the same, for a plug put in again is noticed by it."""
STARTING = "starting"


class DeviceError(Exception):
    """A device could not do what was asked. The message is for the log, never for the resident."""


class DeviceMissing(DeviceError):
    """Not plugged in, not found, or its port vanished."""


class DeviceBusy(DeviceError):
    """Another program holds the device."""


class DeviceSilent(DeviceError):
    """The device is there and does not answer in time."""


class DeviceGarbled(DeviceError):
    """The device answers, but not in its own language (noise, checksum, short frame)."""


class DeviceFault(DeviceError):
    """The device itself reports that it is broken."""


class DeviceHangs(DeviceError):
    """A call into the device's driver or system library has not come back. Its thread was left behind."""


class HealthState(StrEnum):
    """The three things a clerk can be told about a device."""

    READY = "ready"
    MISSING = "missing"
    FAULT = "fault"


@dataclass(frozen=True)
class DeviceHealth:
    """State of one device, why, and since when (aware, UTC)."""

    state: HealthState
    reason: str
    since: datetime

    @property
    def ready(self) -> bool:
        """True when the device can be used now."""
        return self.state is HealthState.READY


def health_of(error: DeviceError, now: datetime) -> DeviceHealth:
    """The health that an error means: absent devices are MISSING, everything else is a FAULT."""
    state = HealthState.MISSING if isinstance(error, DeviceMissing) else HealthState.FAULT
    return DeviceHealth(state, type(error).__name__, now)


@dataclass(frozen=True)
class DeviceTest:
    """What a clerk's test of a device gave: when (aware, UTC), whether it passed, and the code where it did not."""

    at: datetime
    passed: bool
    code: str = ""


@dataclass(frozen=True)
class DeviceRecord:
    """What is known of a device beside its health; kept in memory, nothing personal.

    ``facts``: what it said of itself (``model``, ``firmware``, …). ``counters``: how often since the start, by the
    driver's own words. ``last_fault``: why it was not READY last, None when it always was.
    """

    facts: Mapping[str, str]
    counters: Mapping[str, int]
    last_fault: DeviceHealth | None
    last_test: DeviceTest | None


class HealthBoard:
    """Holds health and record of one device; says once when it goes and once when it comes back."""

    def __init__(self, name: str, clock: Clock) -> None:
        self._name = name
        self._clock = clock
        self._health = DeviceHealth(HealthState.MISSING, STARTING, clock())
        self._lock = threading.Lock()
        self._facts: dict[str, str] = {}
        self._counters: Counter[str] = Counter()
        self._last_fault: DeviceHealth | None = None
        self._last_test: DeviceTest | None = None
        self.listener: Callable[[DeviceHealth], None] | None = None
        """Hears of every change of the state, in the thread that noted it; must not wait."""

    @property
    def name(self) -> str:
        """Of which device."""
        return self._name

    @property
    def health(self) -> DeviceHealth:
        """The present health; safe from any thread."""
        return self._health

    def discarded(self) -> HealthBoard:
        """A board for a driver that was left behind: nobody reads it."""
        return HealthBoard(f"{self._name}, left behind", self._clock)

    def ready(self, reason: str = "") -> None:
        """Note that the device works."""
        self._change(DeviceHealth(HealthState.READY, reason, self._clock()))

    def failed(self, error: DeviceError) -> None:
        """Note what went wrong."""
        self._change(health_of(error, self._clock()))

    @property
    def record(self) -> DeviceRecord:
        """What is known of the device now; safe from any thread."""
        with self._lock:
            facts, counters = MappingProxyType(dict(self._facts)), MappingProxyType(dict(self._counters))
            return DeviceRecord(facts, counters, self._last_fault, self._last_test)

    def learned(self, **facts: str) -> None:
        """Note what the device said of itself; nothing of a person."""
        with self._lock:
            self._facts.update(facts)

    def counted(self, what: str) -> None:
        """Count one more of ``what`` ("cards read", "jobs printed")."""
        with self._lock:
            self._counters[what] += 1

    def tested(self, *, passed: bool, code: str = "") -> None:
        """Note how a clerk's test went."""
        with self._lock:
            self._last_test = DeviceTest(self._clock(), passed, code)

    def _change(self, new: DeviceHealth) -> None:
        with self._lock:
            old, same = self._health, replace(new, since=self._health.since)
            if same == old:
                return
            self._health = new
            if not new.ready and new.reason != STARTING:
                self._last_fault = new
        if old.state is not new.state:
            level = logging.INFO if new.ready else logging.WARNING
            log.log(level, "device %s is %s (%s)", self._name, new.state, new.reason)
            if self.listener is not None:
                self.listener(new)


class Supervised(Protocol):
    """What the supervised loop needs of a driver."""

    name: str
    board: HealthBoard

    def attend(self, stop: threading.Event) -> None:
        """Do one bounded round of work (wait for an event, send a heartbeat); raise DeviceError on failure.

        Returns at most about one second after ``stop`` is set.
        """


def utc_now() -> datetime:
    """The machine's own time, for drivers that were given no clock."""
    return datetime.now(UTC)


def watch(device: Supervised, stop: threading.Event, pulse: AbstractContextManager[None] | None = None) -> None:
    """Attend to a device for ever, until ``stop`` is set.

    Pauses grow after faults and stay short while it is missing, so that it is found soon after it was plugged in. No
    error ends the loop: a defect in a driver is logged with its trace and shown as a fault. ``pulse`` is entered for
    each round.
    """
    pulse = pulse or nullcontext()
    pause = FIRST_PAUSE
    while not stop.is_set():
        try:
            with pulse:
                device.attend(stop)
        except DeviceMissing as missing:
            device.board.failed(missing)
            pause = FIRST_PAUSE
            stop.wait(MISSING_PAUSE)
            continue
        except DeviceError as error:
            device.board.failed(error)
        except Exception as defect:  # the device loop: one of the three places that may catch everything
            log.exception("device %s: a defect in its driver", device.name)
            device.board.failed(DeviceFault(repr(defect)))
        else:
            pause = FIRST_PAUSE
            continue
        stop.wait(pause)
        pause = min(pause * 2, LONGEST_PAUSE)
