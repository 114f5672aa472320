"""A driver that hangs is left behind: really blocked threads, on a pipe nobody writes to and on an event."""

from __future__ import annotations

import os
import threading

import pytest

from devices.card import CardInserted, Insertion
from devices.device import DeviceHangs, DeviceMissing, HealthBoard, HealthState, utc_now
from devices.supervision import MOST_STUCK, Standing, Watch, supervise
from tests.hall import eventually

LIMIT = 0.3


class Pipe:
    """A device that is read from a pipe: every round blocks until somebody writes."""

    name = "pipe"

    def __init__(self, path) -> None:
        self.path = path
        self.board = HealthBoard(self.name, utc_now)
        self.closed = threading.Event()

    def attend(self, stop: threading.Event) -> None:
        with self.path.open("rb") as pipe:  # blocks in the system: no limit, no way to cancel
            pipe.read(1)
        self.board.ready("woken")

    def close(self) -> None:
        self.closed.set()


class Patient:
    """A device whose rounds wait for an event as long as it hangs."""

    name = "patient"

    def __init__(self, go_on: threading.Event | None = None) -> None:
        self.board = HealthBoard(self.name, utc_now)
        self.go_on = go_on
        self.listener = lambda _event: None
        self.rounds = 0

    def attend(self, stop: threading.Event) -> None:
        if self.go_on is not None:
            self.go_on.wait(60)
        self.rounds += 1
        self.board.ready()
        stop.wait(0.02)

    def close(self) -> None:
        """Nothing to close."""


@pytest.fixture
def watched():
    """Supervise devices until the end of the test."""
    stop, threads = threading.Event(), []

    def begin(*devices, limit=LIMIT):
        watches = [Watch(device.name, device, limit) for device in devices]
        threads.extend(one.begin() for one in watches)
        threads.append(threading.Thread(target=supervise, args=(watches, stop), daemon=True))
        threads[-1].start()

    yield begin
    stop.set()
    if threads:
        threads[-1].join(5)


@pytest.fixture
def pipe(tmp_path):
    """A pipe in the file system; whoever still reads from it is let go at the end."""
    path = tmp_path / "pipe"
    os.mkfifo(path)
    yield path
    for _ in range(MOST_STUCK + 2):
        try:
            os.close(os.open(path, os.O_WRONLY | os.O_NONBLOCK))
        except OSError:
            break


def test_a_driver_blocked_in_the_system_is_shown_left_behind_and_replaced(watched, pipe, caplog):
    stuck = Pipe(pipe)
    standing = Standing(stuck, Patient)
    board, heard = standing.board, []
    board.listener = heard.append
    watched(standing)
    eventually(lambda: board.health.ready, 20)
    assert next(health.reason for health in heard) == "DeviceHangs"
    assert isinstance(standing.driver_in_use(), Patient)
    assert standing.board is board, "who held the board goes on holding the right one"
    assert board.record.last_fault.reason == "DeviceHangs"
    eventually(stuck.closed.is_set, 20)
    assert caplog.text.count("is left behind") == 1


def test_what_a_driver_left_behind_still_says_is_heard_by_nobody(watched):
    go_on, events = threading.Event(), []
    old = Patient(go_on)
    standing = Standing(old, Patient)
    standing.listener = events.append
    watched(standing)
    eventually(lambda: standing.driver_in_use() is not old and standing.board.health.ready, 20)
    standing.board.counted("rounds seen")
    go_on.set()
    eventually(lambda: old.rounds, 20)
    old.listener(CardInserted(Insertion("old", b"", 1)))
    assert events == []
    assert old.board is not standing.board
    standing.listener(CardInserted(Insertion("new", b"", 2)))
    assert [event.insertion.reader for event in events] == ["new"]
    assert standing.board.record.counters == {"rounds seen": 1}


def test_no_more_than_a_few_threads_are_ever_left_behind_and_then_it_stays_a_fault(watched):
    go_on, opened = threading.Event(), []

    def fresh():
        opened.append(Patient(go_on))
        return opened[-1]

    standing = Standing(Patient(go_on), fresh)
    watched(standing)
    eventually(lambda: len(opened) == MOST_STUCK, 30)
    eventually(lambda: standing.leave_behind(threading.current_thread(), DeviceHangs("once more")) is False, 20)
    assert standing.board.health.state is HealthState.FAULT
    assert standing.board.health.reason == "DeviceHangs"
    assert len(opened) == MOST_STUCK
    go_on.set()
    eventually(lambda: standing.board.health.ready, 20)


def test_a_simulated_device_that_hangs_is_shown_and_goes_on_when_it_wakes(watched):
    go_on = threading.Event()
    device = Patient(go_on)
    device.board.ready()
    watched(device)
    eventually(lambda: device.board.health.reason == "DeviceHangs", 20)
    go_on.set()
    eventually(lambda: device.board.health.ready, 20)


def test_an_act_that_hangs_exchanges_the_driver_too_and_its_watch_goes_over(watched):
    old, stuck = Patient(), threading.Event()
    standing = Standing(old, Patient)
    watched(standing, limit=30)
    eventually(lambda: old.rounds > 1, 20)
    thread = threading.Thread(target=stuck.wait, args=(60,), daemon=True)
    thread.start()
    assert standing.leave_behind(thread, DeviceHangs("an act has not come back"))
    eventually(lambda: standing.driver_in_use().rounds > 1 and standing.board.health.ready, 20)
    rounds = old.rounds
    eventually(lambda: standing.driver_in_use().rounds > 20, 20)
    assert old.rounds <= rounds + 1, "nobody attends to the one that was left behind"
    stuck.set()


def test_a_device_that_is_merely_missing_is_never_left_behind(watched):
    class Gone(Patient):
        def attend(self, stop: threading.Event) -> None:
            self.rounds += 1
            raise DeviceMissing("gone")

    gone = Gone()
    watched(Standing(gone, Patient))
    eventually(lambda: gone.rounds > 3, 20)
    assert gone.board.health.state is HealthState.MISSING


def refused():
    raise ValueError("that port is a keyboard")


def test_a_device_whose_fresh_driver_cannot_be_opened_is_a_fault_and_the_others_are_looked_after(watched):
    go_on = threading.Event()
    first, second = Standing(Patient(go_on), refused), Standing(Patient(go_on), Patient)
    watched(first, second)
    eventually(lambda: first.board.health.reason == "DeviceFault", 20)
    eventually(lambda: second.board.health.ready, 20)
    assert second.board.record.last_fault.reason == "DeviceHangs", "it was exchanged, after the look that failed"
    go_on.set()
    eventually(lambda: first.board.health.ready, 20)


def test_an_act_that_hangs_in_a_driver_that_cannot_be_opened_anew_raises_nothing():
    standing = Standing(Patient(), refused)
    assert standing.leave_behind(threading.current_thread(), DeviceHangs("no end")) is False
    assert standing.board.health.reason == "DeviceFault"
