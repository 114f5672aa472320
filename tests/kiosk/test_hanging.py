"""A driver that never comes back: who waits is told, the next is served, and a late answer proves nobody."""

from __future__ import annotations

import threading

import pytest

from devices.device import DeviceHangs, HealthBoard, utc_now
from devices.fingerprint import FingerTemplate, MatchResult, MatchVerdict
from devices.fingerprint.simulated.fingers import template_of
from devices.supervision import Standing
from kiosk.capture import CaptureRoom, CaptureState
from kiosk.identity import Assurance
from kiosk.states import Serving
from tests.hall import eventually


class StuckReader:
    """A sensor whose comparison hangs until let go, and then says that it matched."""

    name = "stuck"

    def __init__(self) -> None:
        self.board = HealthBoard(self.name, utc_now)
        self.board.ready()
        self.go_on, self.returned = threading.Event(), threading.Event()

    def attend(self, stop: threading.Event) -> None:
        stop.wait(0.1)

    def match(self, template, seconds, hinted, cancelled) -> MatchResult:
        self.go_on.wait(60)
        self.returned.set()
        return MatchResult(MatchVerdict.MATCHED)

    def close(self) -> None:
        """Nothing to close."""


@pytest.fixture
def session(hall):
    hall.insert(hall.person("王秀英"))
    eventually(lambda: isinstance(hall.machine.desk.state, Serving), 20)
    return hall.machine.desk.state.session


@pytest.fixture
def stuck():
    reader = StuckReader()
    yield reader
    reader.go_on.set()


@pytest.fixture
def room(hall, stuck):
    """A room whose sensor hangs; the next driver for the same line is sound."""
    standing = Standing(stuck, lambda: hall.machine.devices.fingerprint)
    board = standing.board
    made = CaptureRoom(
        hall.machine.desk, standing, hall.machine.journal,
        lambda thread: standing.leave_behind(thread, DeviceHangs("no end")), after_finger=0.3,
    )  # fmt: skip
    made.board = board
    yield made
    made.close()


def finger_of(hall):
    return hall.fingers(hall.person("王秀英"))["right_index"]


def test_a_finger_that_hangs_is_said_and_the_next_try_goes_through_another_driver(hall, session, room, stuck):
    seen = []
    template = FingerTemplate("ef01", template_of(finger_of(hall)))
    room.begin(session, template, 0.1, seen.append)
    eventually(lambda: room.view(session.token).state is CaptureState.OVER, 20)
    assert room.view(session.token).problem.code == "K-209"
    assert room.board.record.last_fault.reason == "DeviceHangs"
    eventually(lambda: hall.machine.devices.fingerprint.board.health.ready, 20)
    hall.machine.devices.simulators.fingerprint.sensor.place_finger(finger_of(hall))
    room.begin(session, template, 20, seen.append)
    eventually(lambda: seen, 40)
    assert seen[0].problem is None, repr(seen[0])
    assert seen[0].result.verdict is MatchVerdict.MATCHED


def test_a_hanging_comparison_that_comes_back_as_a_match_proves_nobody(hall, session, room, stuck):
    seen = []
    room.begin(session, FingerTemplate("ef01", template_of("x")), 0.1, seen.append)
    eventually(lambda: room.view(session.token).problem is not None, 20)
    stuck.go_on.set()
    assert stuck.returned.wait(20)
    hall.remove()
    assert seen == []
    assert "finger_matched" not in "\n".join(entry.text for entry in hall.machine.journal.entries())
    assert session.assurance is Assurance.CARD


def test_a_simulated_printer_that_hangs_is_shown_and_is_well_again_with_its_next_sign_of_life(hall):
    board = hall.machine.devices.printer.board
    eventually(lambda: board.health.ready, 20)
    thread = threading.Thread(target=threading.Event().wait, args=(0.1,))
    thread.start()
    heard = []
    board.listener = heard.append
    hall.machine.devices.hangs("printer", thread)
    assert heard[0].reason == "DeviceHangs"
    assert hall.machine.printing.wait_idle(1)
    eventually(lambda: board.health.ready, 20)
