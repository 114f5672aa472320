"""One hall that serves all tests of a file, put right after each."""

import pytest

from kiosk.states import Vacant
from tests.dock import Dock
from tests.hall import Hall, eventually


@pytest.fixture(scope="module")
def shared_hall(tmp_path_factory, seeds):
    """One hall for all tests here; ``hall`` puts right what a test did to it."""
    opened = Hall(tmp_path_factory.mktemp("hall"), seeds)
    yield opened
    opened.close()


@pytest.fixture
def hall(shared_hall):
    yield shared_hall
    simulators, client = shared_hall.machine.devices.simulators, shared_hall.machine.county.client
    shared_hall.mend()
    client.cut = False
    shared_hall.move_clock(0)
    shared_hall.reader.remove()
    shared_hall.reader.reappear()
    simulators.fingerprint.sensor.lift_finger()
    simulators.fingerprint.sensor.mend()
    simulators.printer.emulator.recover()
    eventually(lambda: isinstance(shared_hall.machine.desk.state, Vacant), what="the desk is empty again")


@pytest.fixture
def dock(hall):
    return Dock(hall)


@pytest.fixture
def desk(hall):
    return hall.machine.desk
