"""The loop that keeps a device alive, and the board that says how it is."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from devices.device import (
    FIRST_PAUSE,
    MISSING_PAUSE,
    DeviceBusy,
    DeviceFault,
    DeviceGarbled,
    DeviceHangs,
    DeviceHealth,
    DeviceMissing,
    DeviceSilent,
    HealthBoard,
    HealthState,
    health_of,
    utc_now,
    watch,
)

MORNING = datetime(2026, 3, 2, 8, 30, tzinfo=UTC)


class HallClock:
    def __init__(self) -> None:
        self.now = MORNING

    def __call__(self) -> datetime:
        return self.now


class Turnstile:
    """A device whose rounds go as told; stops its own watch after the last."""

    name = "turnstile"

    def __init__(self, *rounds: Callable[[], None]) -> None:
        self.board = HealthBoard(self.name, utc_now)
        self.rounds = list(rounds)
        self.at: list[float] = []

    def attend(self, stop: threading.Event) -> None:
        self.at.append(time.monotonic())
        turn = self.rounds.pop(0)
        if not self.rounds:
            stop.set()
        turn()

    def watched(self) -> None:
        """Watch until the last round."""
        watch(self, threading.Event())


class Pauses(threading.Event):
    """A stop that writes down how long it was to be waited for, and lets nobody wait."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[float] = []

    def wait(self, timeout: float | None = None) -> bool:
        self.asked.append(timeout)
        return self.is_set()


def fails(error: Exception) -> Callable[[], None]:
    def turn() -> None:
        raise error

    return turn


def works() -> None:
    return


@pytest.mark.parametrize(
    ("error", "state"),
    [
        (DeviceMissing("unplugged"), HealthState.MISSING),
        (DeviceBusy("held"), HealthState.FAULT),
        (DeviceSilent("mute"), HealthState.FAULT),
        (DeviceGarbled("noise"), HealthState.FAULT),
        (DeviceFault("broken"), HealthState.FAULT),
        (DeviceHangs("no end"), HealthState.FAULT),
    ],
)
def test_only_an_absent_device_is_missing(error, state):
    health = health_of(error, MORNING)
    assert health == DeviceHealth(state, type(error).__name__, MORNING)
    assert not health.ready


def test_a_device_is_missing_until_it_has_answered():
    board = HealthBoard("sensor", HallClock())
    assert board.health == DeviceHealth(HealthState.MISSING, "starting", MORNING)
    board.ready()
    assert board.health.ready


def test_since_when_is_the_time_of_the_change_and_not_of_the_last_sign_of_life():
    clock = HallClock()
    board = HealthBoard("sensor", clock)
    board.ready()
    clock.now += timedelta(hours=1)
    board.ready()
    assert board.health.since == MORNING
    board.failed(DeviceSilent("mute"))
    assert board.health.since == MORNING + timedelta(hours=1)


def test_a_lost_device_is_told_once_and_its_return_once(caplog):
    board = HealthBoard("sensor", HallClock())
    with caplog.at_level(logging.INFO, "devices.device"):
        board.ready()
        for _ in range(5):
            board.failed(DeviceMissing("gone"))
        for _ in range(5):
            board.ready()
    said = [(record.levelno, record.getMessage()) for record in caplog.records]
    assert said == [
        (logging.INFO, "device sensor is ready ()"),
        (logging.WARNING, "device sensor is missing (DeviceMissing)"),
        (logging.INFO, "device sensor is ready ()"),
    ]


def test_another_reason_in_the_same_state_is_shown_and_not_told_again(caplog):
    board = HealthBoard("sensor", HallClock())
    board.failed(DeviceSilent("mute"))
    caplog.clear()
    board.failed(DeviceGarbled("noise"))
    assert board.health.reason == "DeviceGarbled"
    assert caplog.records == []


def test_a_working_device_is_attended_without_pause():
    stop = Pauses()
    watch(Turnstile(*[works] * 20), stop)
    assert stop.asked == []


def test_pauses_grow_while_a_device_fails_and_start_small_after_it_worked():
    broken = fails(DeviceFault("broken"))
    device = Turnstile(broken, broken, works, broken, works, works)
    stop = Pauses()
    watch(device, stop)
    assert stop.asked == [FIRST_PAUSE, 2 * FIRST_PAUSE, FIRST_PAUSE]


def test_a_missing_device_is_looked_for_often_and_however_long_it_is_gone():
    device = Turnstile(*[fails(DeviceMissing("gone"))] * 4, works)
    stop = Pauses()
    watch(device, stop)
    assert stop.asked == [MISSING_PAUSE] * 4


def test_an_error_of_the_device_is_shown():
    device = Turnstile(fails(DeviceMissing("gone")))
    device.watched()
    assert device.board.health.state is HealthState.MISSING


def test_a_defect_in_a_driver_is_logged_with_its_trace_and_ends_nothing(caplog):
    device = Turnstile(fails(ZeroDivisionError("a defect")), works)
    device.watched()
    assert len(device.at) == 2
    assert device.board.health.state is HealthState.FAULT
    [record] = [record for record in caplog.records if record.exc_info]
    assert record.exc_info[0] is ZeroDivisionError


def test_a_stop_ends_even_the_longest_pause_at_once():
    stop = threading.Event()
    device = Turnstile(*[fails(DeviceFault("broken"))] * 9)
    watcher = threading.Thread(target=watch, args=(device, stop))
    watcher.start()
    time.sleep(0.1)
    stopped_at = time.monotonic()
    stop.set()
    watcher.join(2)
    assert not watcher.is_alive()
    assert time.monotonic() - stopped_at < 2
    assert len(device.at) == 1
