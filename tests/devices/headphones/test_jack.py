"""A plug in the jack: real files and a real kernel's answers where there are any, never a guess for "in"."""

from __future__ import annotations

import os
import struct
import threading

import pytest

from devices import DeviceLines
from devices.device import DeviceFault, DeviceMissing, utc_now
from devices.headphones.evdev_jack import EvdevJack, ask_switches
from devices.headphones.simulated_jack import SimulatedJack
from devices.headphones.switches import GET_SWITCHES, has_jack, plug_is_in
from devices.opening import open_devices
from tests.hall import eventually

IN, OUT = bytes([0b100, 0, 0, 0, 0, 0, 0, 0]), bytes(8)
EVENT = struct.pack("llHHi", 0, 0, 5, 2, 1)


class Kernel:
    """An input device as a pipe: its events come through it, its switches are told by ``bits``."""

    def __init__(self, folder):
        self.path = folder / "event7"
        os.mkfifo(self.path)
        self.bits = OUT
        self.hand = os.open(self.path, os.O_RDWR)

    def ask(self, _device: int) -> bytes:
        return self.bits

    def happens(self, bits: bytes) -> None:
        self.bits = bits
        os.write(self.hand, EVENT)


@pytest.fixture
def kernel(tmp_path):
    made = Kernel(tmp_path)
    yield made
    os.close(made.hand)


@pytest.mark.parametrize(("bits", "there"), [(IN, True), (OUT, False), (b"", False), (bytes([0b11111011]), False)])
def test_the_switch_is_the_third_bit(bits, there):
    assert plug_is_in(bits) is there


def test_the_question_is_the_kernels_own_number():
    assert GET_SWITCHES == 0x8008451B


@pytest.mark.parametrize(("text", "has"), [("14\n", True), ("4", True), ("0", False), ("10", False), ("", False),
                                           ("zz", False), ("1 0", False), ("1 4", True)])  # fmt: skip
def test_a_device_says_whether_it_has_a_jack(text, has):
    assert has_jack(text) is has


def test_a_plug_that_is_in_from_the_start_is_known(kernel):
    kernel.bits = IN
    jack = EvdevJack(str(kernel.path), ask=kernel.ask)
    jack.attend(threading.Event())
    assert jack.inserted
    assert jack.board.health.ready


def test_who_waits_hears_of_the_plug_coming_out(kernel):
    kernel.bits = IN
    jack, stop = EvdevJack(str(kernel.path), ask=kernel.ask), threading.Event()

    def attend():
        while not stop.is_set():
            jack.attend(stop)

    thread = threading.Thread(target=attend, daemon=True)
    thread.start()
    eventually(lambda: jack.inserted, what="the plug is known")
    kernel.happens(OUT)
    assert jack.wait_for_change(told=True, seconds=20) is False
    stop.set()
    thread.join(10)
    assert jack.board.record.counters == {"plug in": 1, "plug out": 1}


def test_a_jack_that_goes_takes_its_plug_along(kernel):
    kernel.bits = IN
    jack = EvdevJack(str(kernel.path), ask=kernel.ask)
    jack.attend(threading.Event())

    def gone(_device: int) -> bytes:
        raise OSError(19, "No such device")

    jack._ask = gone
    with pytest.raises(DeviceFault):
        jack.attend(threading.Event())
    assert not jack.inserted


def test_a_file_that_is_no_input_device_is_a_fault_and_no_plug(tmp_path):
    (tmp_path / "file").write_bytes(b"no device")
    jack = EvdevJack(str(tmp_path / "file"), ask=ask_switches)
    with pytest.raises(DeviceFault):
        jack.attend(threading.Event())
    assert not jack.inserted


def test_what_is_not_there_is_missing(tmp_path):
    with pytest.raises(DeviceMissing):
        EvdevJack(str(tmp_path / "nothing")).attend(threading.Event())


def test_a_stopped_jack_does_nothing(tmp_path):
    stop = threading.Event()
    stop.set()
    jack = EvdevJack(str(tmp_path / "nothing"))
    jack.attend(stop)
    assert not jack.inserted


def test_the_simulated_jack_loses_its_plug_with_the_sound_card():
    jack = SimulatedJack()
    jack.attend(threading.Event())
    jack.plug_in()
    assert jack.inserted
    jack.vanish()
    assert not jack.inserted
    with pytest.raises(DeviceMissing):
        jack.attend(threading.Event())


@pytest.mark.parametrize(("line", "there"), [("", False), ("simulated:", True), ("evdev:/dev/input/event99", True)])
def test_a_line_names_the_jack(line, there, tmp_path):
    devices = open_devices(DeviceLines(headphones=line), utc_now, tmp_path)
    assert (devices.headphones is not None) is there
    assert (devices.simulators.headphones is not None) is (line == "simulated:")
    devices.close()


@pytest.mark.parametrize("line", ["alsa:0", "evdev:", "evdev:event3"])
def test_a_line_that_means_nothing_is_refused(line, tmp_path):
    with pytest.raises(ValueError, match=r"devices\.headphones"):
        open_devices(DeviceLines(headphones=line), utc_now, tmp_path)
