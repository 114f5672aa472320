"""The room in which devices are tested: whatever happens in it, the machine comes back."""

import threading

import pytest

from devices.device import DeviceFault
from kiosk.device_tests import Outcome, Patience
from kiosk.errors import MachineInUse
from kiosk.states import CardLeft, OutOfService, Vacant
from tests.hall import eventually
from tests.staff.device_clerk import desk, put_in, room_of


@pytest.fixture
def hall(testing_hall):
    return testing_hall


def test_a_card_that_was_tried_and_left_in_is_to_be_taken_out(hall):
    room = room_of(hall, Patience(put=5.0, take=0.3))
    room.begin("card", "clerk")
    put_in(hall)
    eventually(lambda: not room.view.running, 10)
    assert room.view.outcome.passed
    assert desk(hall) == CardLeft(None)
    hall.reader.remove()
    eventually(lambda: isinstance(desk(hall), Vacant))


def test_nobody_puts_a_card_in_and_the_machine_comes_back(hall):
    room = room_of(hall, Patience(put=0.3))
    room.begin("card", "clerk")
    eventually(lambda: not room.view.running, 10)
    assert room.view.outcome == Outcome(passed=None, words=("没有等到卡，没有检测成",))
    assert isinstance(desk(hall), Vacant)


def test_a_device_that_hangs_costs_its_worker_and_the_test_ends_at_its_limit(hall):
    never = threading.Event()
    room = room_of(hall, Patience(), {"printer": lambda _: never.wait(60)}, longest=0.3)
    room.begin("printer", "clerk")
    eventually(lambda: not room.view.running, 10)
    assert room.view.outcome.code == "K-304"
    assert isinstance(desk(hall), Vacant)
    room.begin("printer", "clerk")
    assert isinstance(desk(hall), OutOfService)
    never.set()


@pytest.mark.parametrize("error", [DeviceFault("broken"), ZeroDivisionError("a defect")])
def test_whatever_a_test_raises_the_machine_comes_back(hall, error):
    def act(_trial):
        raise error

    room = room_of(hall, Patience(), {"printer": act})
    room.begin("printer", "clerk")
    eventually(lambda: not room.view.running, 10)
    assert room.view.outcome.code in ("K-303", "K-901")
    assert isinstance(desk(hall), Vacant)


def test_a_closed_machine_is_not_opened_by_a_test_that_ends(open_hall):
    hall = open_hall()
    room = room_of(hall, Patience(put=20.0))
    room.begin("card", "clerk")
    hall.machine.stop()
    assert desk(hall).reason == "stopping"
    room.call_off()
    eventually(lambda: not room.view.running, 10)
    assert desk(hall).reason == "stopping"
    with pytest.raises(MachineInUse):
        room.begin("card", "clerk")


def test_a_card_that_needs_the_county_shows_that_the_reader_is_well(hall):
    """A good card of version 3: the test asks no key service, and the reader did what it can do."""
    room = room_of(hall, Patience(put=5.0, take=0.3))
    room.begin("card", "clerk")
    put_in(hall, "三代卡")
    eventually(lambda: not room.view.running, 10)
    outcome = room.view.outcome
    assert outcome.passed
    assert outcome.code == ""
    assert outcome.words[0] == "读卡器正常"
    assert "县里的密钥" in outcome.words[1]
    hall.reader.remove()
