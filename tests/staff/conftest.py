"""One hall for the tests of devices of a file, put right after each, with a clerk and a paired screen."""

import pytest

from kiosk.events import Finished
from kiosk.states import Vacant
from tests.hall import Hall, eventually
from tests.screen import Screen
from tests.staff.device_clerk import CLERK, DeviceClerk


@pytest.fixture(scope="module")
def borrowed_hall(tmp_path_factory, seeds):
    """One hall for all tests here; ``testing_hall`` puts right what a test did to it."""
    opened = Hall(tmp_path_factory.mktemp("hall"), seeds)
    yield opened
    opened.close()


@pytest.fixture
def testing_hall(borrowed_hall):
    machine, simulators = borrowed_hall.machine, borrowed_hall.machine.devices.simulators
    eventually(lambda: all(machine.devices.health()[kind].ready for kind in ("card", "printer")), 15)
    usual = borrowed_hall.reader.listener
    yield borrowed_hall
    machine.device_tests.call_off()
    borrowed_hall.reader.remove()
    borrowed_hall.reader.reappear()
    simulators.fingerprint.sensor.lift_finger()
    simulators.fingerprint.sensor.mend()
    simulators.printer.emulator.recover()
    eventually(lambda: not machine.device_tests.view.running, 30)
    borrowed_hall.reader.listener = usual
    machine.desk.handle(Finished())
    eventually(lambda: isinstance(machine.desk.state, Vacant), 15)


@pytest.fixture
def testing_screen(testing_hall):
    """Its touchscreen, paired anew."""
    window = Screen(testing_hall)
    window.visit(f"/?key={(testing_hall.settings.folder / 'secrets' / 'pairing-key').read_text()}")
    return window


@pytest.fixture
def testing_clerk(testing_hall):
    face = DeviceClerk(testing_hall)
    face.sign_in(*CLERK)
    return face


@pytest.fixture(scope="module")
def testing_sensor(borrowed_hall):
    """The sensor of the hall, once it is ready."""
    eventually(lambda: borrowed_hall.machine.captures.ready, 15)
    return borrowed_hall.machine.devices.simulators.fingerprint.sensor
