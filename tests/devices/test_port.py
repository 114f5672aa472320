"""One serial port: real pseudo-terminals, real loss, and the USB numbers by which it is found."""

from __future__ import annotations

import os
import sys
import threading

import pytest
from serial.tools.list_ports_common import ListPortInfo

from devices import DeviceLines
from devices.device import DeviceBusy, DeviceFault, DeviceMissing, utc_now
from devices.opening import open_devices
from devices.port import SerialPort, chosen_port, find_port, usb_name
from tests.hall import eventually

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="pseudo-terminals are a POSIX thing")


class Heard:
    """A tap that writes down what happened."""

    def __init__(self):
        self.said = []

    def opened(self, baud):
        self.said.append(("opened", baud))

    def sent(self, content):
        self.said.append(("sent", content))

    def came(self, content):
        self.said.append(("came", content))

    def closed(self):
        self.said.append(("closed",))


@pytest.fixture
def ends():
    """Both ends of a pseudo-terminal; the device's own, and the one a port is opened on."""
    import tty  # noqa: PLC0415 - POSIX only

    ours, far = os.openpty()
    tty.setraw(far)
    yield ours, far
    for end in (ours, far):
        try:
            os.close(end)
        except OSError:
            continue


@pytest.fixture
def heard():
    return Heard()


@pytest.fixture
def port(ends, heard):
    made = SerialPort(os.ttyname(ends[1]), 57600, heard)
    yield made
    made.close()


def read_all(port, size):
    came = b""

    def enough():
        nonlocal came
        came += port.read()
        return len(came) >= size

    eventually(enough, 20)
    return came


def test_what_goes_and_comes_is_heard(port, ends, heard):
    port.open()
    port.write(b"ask")
    assert os.read(ends[0], 16) == b"ask"
    os.write(ends[0], b"answer")
    assert read_all(port, 6) == b"answer"
    port.close()
    assert heard.said[0] == ("opened", 57600)
    assert heard.said[1] == ("sent", b"ask")
    assert b"".join(one[1] for one in heard.said if one[0] == "came") == b"answer"
    assert heard.said[-1] == ("closed",)


def test_what_came_unasked_is_thrown_away_and_heard(port, ends, heard):
    port.open()
    os.write(ends[0], b"noise")
    idle = b""

    def drained():
        nonlocal idle
        idle += port.drain(100)
        return idle == b"noise"

    eventually(drained, 20)
    assert port.read() == b""


def test_a_second_program_is_told_that_the_port_is_held(port):
    port.open()
    other = SerialPort(port.url, 57600)
    with pytest.raises(DeviceBusy):
        other.open()
    port.close()
    other.open()
    other.close()


def test_a_port_that_vanishes_is_missing_and_its_loss_is_heard_once(port, ends, heard):
    port.open()
    os.close(ends[0])
    os.close(ends[1])
    with pytest.raises(DeviceMissing):
        read_all(port, 1)
    assert not port.is_open
    assert heard.said[-2:] == [("came", b""), ("closed",)]
    with pytest.raises(DeviceMissing, match="not open"):
        port.read()


def test_a_port_closed_under_a_reader_ends_the_read_and_was_not_lost(port, heard):
    port.open()
    errors, began = [], threading.Event()

    def reader():
        try:
            while True:
                began.set()
                port.read()
        except DeviceMissing as error:
            errors.append(error)

    thread = threading.Thread(target=reader)
    thread.start()
    assert began.wait(20)
    port.close()
    thread.join(20)
    assert len(errors) == 1
    assert ("came", b"") not in heard.said


@pytest.mark.parametrize(
    "url", ["/dev/serial/by-id/usb-nothing-if00", "/dev/nothing", "usb:dead:beef", "socket://127.0.0.1:1"]
)
def test_what_is_not_plugged_in_is_missing(url):
    with pytest.raises(DeviceMissing):
        SerialPort(url, 9600).open()


def listed(device, vid=None, pid=None, serial_number=None):
    port = ListPortInfo(device)
    port.vid, port.pid, port.serial_number = vid, pid, serial_number
    return port


ONBOARD = listed("/dev/ttyS0")
SENSOR, PRINTER = listed("/dev/ttyUSB0", 0x1A86, 0x7523, "A"), listed("/dev/ttyUSB1", 0x067B, 0x2303)
TWIN = listed("/dev/ttyUSB2", 0x1A86, 0x7523, "B")


@pytest.mark.parametrize("name", ["/dev/ttyUSB0", "/dev/ttyUSB7"])
def test_a_device_is_found_whatever_its_port_is_called_today(name):
    here = listed(name, 0x1A86, 0x7523, "A")
    assert chosen_port("usb:1a86:7523", usb_name("usb:1a86:7523"), [ONBOARD, PRINTER, here]) == name


def test_two_of_a_kind_are_told_apart_by_their_serial_numbers_or_not_at_all():
    with pytest.raises(DeviceFault, match="serial number"):
        chosen_port("usb:1a86:7523", usb_name("usb:1a86:7523"), [SENSOR, TWIN])
    assert chosen_port("x", usb_name("USB:1A86:7523:B"), [SENSOR, TWIN]) == "/dev/ttyUSB2"
    with pytest.raises(DeviceMissing):
        chosen_port("x", usb_name("usb:1a86:7523:C"), [SENSOR, TWIN])


def test_any_other_url_stays_as_it_is():
    for url in ("/dev/ttyUSB0", "COM3", "socket://127.0.0.1:9", "/dev/serial/by-id/usb-1a86-if00"):
        assert find_port(url) == url
        assert usb_name(url) is None


@pytest.mark.parametrize("url", ["usb:", "usb:1a86", "usb:xyz:7523", "usb::"])
def test_broken_usb_numbers_are_refused_at_the_start(url):
    with pytest.raises(ValueError, match="usb:VID:PID"):
        SerialPort(url, 9600)
    with pytest.raises(ValueError, match="usb:VID:PID"):
        open_devices(DeviceLines(fingerprint=f"ef01:{url}"), utc_now, None)
