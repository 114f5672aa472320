"""Getting to know a sensor: handshakes, speeds, what it says of itself; and nothing written to anything else."""

import os
import pty
import threading
import time
import tty
from dataclasses import replace

import pytest

from devices.device import DeviceError, DeviceFault, DeviceGarbled, DeviceSilent, HealthState
from devices.fingerprint import LightState, MatchVerdict
from devices.fingerprint.ef01.address import USUAL_RATES, parse_ef01
from devices.fingerprint.ef01.reader import Ef01Reader
from devices.fingerprint.simulated.model import AS608, R308, R503, ZFM20, Lamp
from devices.fingerprint.simulated.sensor import SensorFault, SensorModel
from tests.devices.booth import Listener
from tests.devices.fingerprint.conftest import CALM, QUICK, WIRES, until

pytestmark = pytest.mark.skipif("pty" not in WIRES, reason="pseudo-terminals are a POSIX thing")

HANDSHAKE = bytes.fromhex("EF01FFFFFFFF010007130000000000" + "1B")
MODELS = {"ZFM-20": ZFM20, "AS608": AS608, "R503": R503, "R308": R308}


@pytest.mark.parametrize("name", MODELS)
def test_each_relative_of_the_family_is_greeted_and_compares(build, name):
    booth = build(model=MODELS[name]).once()
    assert booth.reader.board.health.ready
    booth.sensor.place_finger("zhang")
    assert booth.match("zhang", size=MODELS[name].template_size).verdict is MatchVerdict.MATCHED
    booth.sensor.place_finger("li")
    assert booth.match("zhang", size=MODELS[name].template_size).verdict is MatchVerdict.DIFFERENT


@pytest.mark.parametrize(
    ("handshakes", "asked"),
    [((0x13,), [0x13, 0x0F]), ((0x40,), [0x13, 0x40, 0x0F]), ((0x53,), [0x13, 0x40, 0x53, 0x0F])],
)
@pytest.mark.parametrize("unknown", [0x01, 0xFC])
def test_a_model_without_vfypwd_is_greeted_by_the_handshake_it_knows(build, handshakes, asked, unknown):
    booth = build(model=SensorModel(handshakes=handshakes, unknown_code=unknown)).once()
    assert booth.reader.board.health.ready
    assert booth.sensor.commands[: len(asked)] == asked


def test_a_sensor_that_knows_no_handshake_is_not_used(build):
    booth = build(model=SensorModel(handshakes=()))
    with pytest.raises(DeviceFault, match="VERIFY_PASSWORD answered 0x01"):
        booth.once()
    assert set(booth.sensor.commands) == {0x13, 0x40, 0x53}


def test_what_a_sensor_says_of_itself_stands_on_the_board(build):
    facts = build(model=replace(R503, stored=3)).once().facts
    assert facts == {
        "model": "R503",
        "firmware": "R503 FW 1.4.0",
        "baud": "57600",
        "packet_size": "128",
        "security_level": "3",
        "stored_templates": "3 / 200",
    }
    assert build(model=AS608).once().facts["model"] == "EF01 0009/300"
    assert build(model=R308).once().facts["model"] == "EF01"


def test_a_firmware_that_is_silent_to_what_it_does_not_know_is_asked_once_only(build):
    booth = build()
    obey = booth.sensor._obey
    booth.sensor._obey = lambda command, rest: [] if command in (0x3A, 0x1D, 0x35, 0x50) else obey(command, rest)
    booth.reader.light(LightState.INVITING)
    booth.once()
    assert booth.reader.board.health.ready
    booth.sensor.commands.clear()
    booth.sensor.power_on()
    booth.port.restart_sensor()
    booth.sensor.place_finger("zhang")
    assert booth.match("zhang").verdict is MatchVerdict.MATCHED
    assert not {0x3A, 0x1D, 0x35, 0x50} & set(booth.sensor.commands)


@pytest.mark.parametrize("baud", USUAL_RATES)
def test_the_speed_is_found(build, baud):
    booth = build("tuned", SensorModel(baud=baud), "?baud=auto").once()
    assert booth.facts["baud"] == str(baud)
    booth.sensor.place_finger("zhang")
    assert booth.match("zhang").verdict is MatchVerdict.MATCHED


def test_the_speed_that_worked_is_tried_first_the_next_time(build):
    heard = Listener()
    booth = build("tuned", SensorModel(baud=38400), "?baud=auto", tap=heard).attended()
    assert heard.bauds == [57600, *USUAL_RATES[1:]]
    booth.sensor.fail(SensorFault.UNPLUGGED)
    until(lambda: booth.reader.board.health.state is HealthState.MISSING)
    heard.bauds.clear()
    booth.sensor.mend()
    until(lambda: booth.reader.board.health.ready)
    assert heard.bauds == [38400]


def test_a_sensor_whose_speed_was_changed_meanwhile_is_found_again(build):
    booth = build("tuned", SensorModel(baud=9600), "?baud=auto", patience=replace(QUICK, heartbeat=0.1)).attended()
    booth.port._baud = 115200
    until(lambda: booth.facts["baud"] == "115200" and booth.reader.board.health.ready)


def test_the_search_for_a_speed_is_over_in_bounded_time(build):
    booth = build("tuned", query="?baud=auto").once()
    booth.sensor.fail(SensorFault.SILENT)
    with pytest.raises(DeviceError):
        booth.match("zhang")
    start = time.monotonic()
    with pytest.raises(DeviceSilent, match="no sensor answers at 57600, 115200, 9600, 19200, 38400 baud"):
        booth.once()
    assert time.monotonic() - start < 10 * len(USUAL_RATES) * QUICK.shake


def test_a_sensor_that_boots_while_it_is_looked_for_is_found_in_the_same_round(build):
    booth = build("tuned", SensorModel(baud=57600), "?baud=auto")
    booth.sensor.fail(SensorFault.SILENT, answers=1)
    booth.once()
    assert booth.facts["baud"] == "57600"


def test_a_fixed_speed_is_never_changed(build):
    heard = Listener()
    booth = build("tuned", SensorModel(baud=9600), tap=heard)
    with pytest.raises(DeviceSilent):
        booth.once()
    assert set(heard.bauds) == {57600}


class Stranger:
    """Something else behind a pseudo-terminal, such as a printer; keeps all it is sent."""

    def __init__(self, says: bytes) -> None:
        self._near, self._far = pty.openpty()
        tty.setraw(self._far)
        self.path = os.ttyname(self._far)
        self._says = says
        self.heard = b""
        self._thread = threading.Thread(target=self._listen, daemon=True)
        self._thread.start()

    def _listen(self) -> None:
        while came := os.read(self._near, 4096):
            self.heard += came
            if b"\x00" in came.replace(b"\xef\x01", b"") and came.startswith(b"over"):
                return
            os.write(self._near, self._says)

    def close(self) -> None:
        os.write(self._far, b"over\x00")
        self._thread.join(5)
        os.close(self._near)
        os.close(self._far)


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ("", b""),
        ("", b"\x12"),
        ("", b"\xef\x01\x00\x00"),
        ("", b"\x55" * 40),
        ("?baud=auto", b"ready\r\n"),
        ("?boot=wait", b"\x12"),
    ],
)
def test_fault_22_another_device_hears_handshakes_and_nothing_else(query, says):
    stranger = Stranger(says)
    reader = Ef01Reader(parse_ef01(stranger.path + query), patience=replace(QUICK, shake=0.05))
    try:
        with pytest.raises((DeviceSilent, DeviceGarbled)):
            reader.attend(threading.Event())
        assert not reader.board.health.ready
    finally:
        reader.close()
        stranger.close()
    heard = stranger.heard.removesuffix(b"over\x00")
    assert heard
    assert heard.replace(HANDSHAKE, b"") == b""


def test_a_sensor_that_gets_its_power_with_the_port_is_waited_for(build):
    booth = build("socket", SensorModel(boot_byte=True), "?boot=wait").once()
    assert booth.reader.board.health.ready
    assert booth.sensor.commands.count(0x13) == 1


def test_one_that_is_ready_without_a_word_is_waited_for_only_so_long(build):
    booth = build("socket", SensorModel(), "?boot=wait")
    start = time.monotonic()
    booth.once()
    assert time.monotonic() - start >= QUICK.boot
    assert booth.reader.board.health.ready


def test_a_second_boot_byte_in_the_greeting_means_greeting_again(build):
    booth = build(model=SensorModel(boot_byte=True, password=7), query="?password=7")
    booth.sensor.fail(SensorFault.BOOT_BYTE_AGAIN, answers=2)  # 55 before both of the first two answers
    booth.once()
    assert booth.reader.board.health.ready
    assert booth.sensor.commands[:4] == [0x13, 0x0F, 0x13, 0x0F]


def test_a_sensor_that_restarts_without_end_is_a_fault(build):
    booth = build()
    booth.sensor.fail(SensorFault.BOOT_BYTE_AGAIN)
    with pytest.raises(DeviceFault, match="again and again"):
        booth.once()


@pytest.mark.parametrize("code", [0x00, 0xF0])
@pytest.mark.parametrize("query", ["", "?verify=no"])
def test_a_receipt_after_each_download_is_learned_and_disturbs_nothing(build, code, query):
    booth = build(model=SensorModel(receipt_code=code), query=query, patience=CALM).once()
    for finger, verdict in [("li", MatchVerdict.DIFFERENT), ("zhang", MatchVerdict.MATCHED)] * 2:
        booth.sensor.place_finger(finger)
        assert booth.match("zhang").verdict is verdict
    assert booth.counters.get("resyncs", 0) == 0


def test_the_ring_of_an_r503_says_what_it_is_told(build):
    booth = build(model=R503).once()
    assert booth.sensor.own.lamp is None
    for state, shown in [
        (LightState.INVITING, "01600200"),
        (LightState.REFUSED, "02300103"),
        (LightState.OFF, "04000200"),
    ]:
        booth.reader.light(state)
        booth.once()
        assert booth.sensor.own.lamp == bytes.fromhex(shown)


def test_a_lamp_changes_while_a_finger_is_awaited(build):
    booth = build(model=R503).once()
    trying = threading.Thread(target=booth.match, kwargs={"seconds": 20, "size": 1536})
    trying.start()
    booth.reader.light(LightState.INVITING)
    until(lambda: booth.sensor.own.lamp is not None)
    booth.cancelled.set()
    trying.join(5)


def test_a_plain_lamp_goes_on_and_off_and_a_model_without_one_is_left_in_peace(build):
    lamp = build(model=AS608).once()
    for state, shown in [(LightState.ACCEPTED, b"on"), (LightState.OFF, b"off")]:
        lamp.reader.light(state)
        lamp.once()
        assert lamp.sensor.own.lamp == shown
    dark = build(model=SensorModel(lamp=Lamp.NONE)).once()
    dark.reader.light(LightState.INVITING)
    dark.once().once()
    assert dark.reader.board.health.ready
    assert dark.sensor.commands.count(0x35) == 2  # asked twice, as older ones say 01 to what came in broken, too
    dark.reader.light(LightState.OFF)
    dark.once()
    assert dark.sensor.commands.count(0x35) == 2


def test_the_lamp_is_told_again_after_a_restart(build):
    booth = build(model=R503).once()
    booth.reader.light(LightState.INVITING)
    booth.once()
    booth.port.restart_sensor()
    assert booth.sensor.own.lamp is None
    until = time.monotonic() + 10
    while booth.sensor.own.lamp is None and time.monotonic() < until:  # the 55 may be under way
        booth.once()
    assert booth.sensor.own.lamp is not None
