"""A scanner that types like a keyboard is refused, with the reason, as far as Linux can tell."""

import threading

import pytest

from devices import DeviceLines
from devices.device import DeviceMissing, HealthState, utc_now
from devices.opening import open_devices
from devices.scanner import ScannerTypes
from devices.scanner.address import parse_scanner
from devices.scanner.serial_scanner import SerialScanner
from devices.scanner.wedge import refuse_keyboard, types

NUMBERS = "usb:FFF1:ABCD"
KEYBOARD = "1000000000007 ff9f207ac14057ff febeffdfffefffff fffffffffffffffe"
MOUSE = "1f0000 0 0 0 0"


@pytest.fixture
def system(tmp_path):
    """A list of input devices as the kernel writes it."""

    def plug(name, vendor, product, keys):
        device = tmp_path / name
        (device / "id").mkdir(parents=True)
        (device / "capabilities").mkdir()
        (device / "id" / "vendor").write_text(f"{vendor}\n")
        (device / "id" / "product").write_text(f"{product}\n")
        (device / "capabilities" / "key").write_text(f"{keys}\n")
        return tmp_path

    return plug


@pytest.mark.parametrize(
    "line", ["wedge:", "keyboard:", "hid:/dev/hidraw0", "WEDGE:usb:1:2", "evdev:/dev/input/event3"]
)
def test_lines_that_ask_for_a_keyboard_are_refused_with_the_reason(line, tmp_path):
    with pytest.raises(ValueError, match=r"devices\.scanner.*whatever window has the focus.*serial mode"):
        open_devices(DeviceLines(scanner=line), utc_now, tmp_path)


def test_a_device_that_types_and_has_no_port_is_known(system):
    folder = system("input7", "fff1", "abcd", KEYBOARD)
    assert types(NUMBERS, folder)
    with pytest.raises(ValueError, match=r"presents itself as a keyboard.*serial mode"):
        refuse_keyboard(NUMBERS, folder)


def test_other_devices_do_not_type(system, tmp_path):
    assert not types(NUMBERS, tmp_path / "nowhere")
    system("input1", "fff1", "abcd", MOUSE)
    system("input2", "046d", "c31c", KEYBOARD)
    system("input3", "", "", "")
    folder = system("input4", "not a number", "abcd", KEYBOARD)
    assert not types(NUMBERS, folder)


def test_of_a_port_that_is_named_nothing_is_asked(system):
    folder = system("input7", "fff1", "abcd", KEYBOARD)
    assert not types("/dev/ttyUSB0", folder)
    assert not types("COM3", folder)


def test_one_that_becomes_a_keyboard_later_is_a_fault_that_says_so(system):
    folder = system("input7", "fff1", "abcd", KEYBOARD)
    scanner = SerialScanner(parse_scanner(f"gm65:{NUMBERS}"), system=folder)
    with pytest.raises(ScannerTypes):
        scanner.scan(0.1, threading.Event())
    assert scanner.board.health.state is HealthState.FAULT
    assert scanner.board.health.reason == "ScannerTypes"


def test_one_that_is_not_there_is_missing(tmp_path):
    scanner = SerialScanner(parse_scanner(f"gm65:{NUMBERS}"), system=tmp_path)
    with pytest.raises(DeviceMissing):
        scanner.scan(0.1, threading.Event())
