"""Everything that goes wrong with sensors and cables: a clear error, never a wrong verdict, and back by itself."""

import contextlib
import threading
from dataclasses import replace

import pytest

from devices.conversation import FAILURES_UNTIL_LOST
from devices.device import DeviceFault, DeviceGarbled, DeviceMissing, DeviceSilent, HealthState
from devices.fingerprint import FingerTemplate, MatchVerdict
from devices.fingerprint.ef01.line import TRIES
from devices.fingerprint.simulated.sensor import SensorFault, SensorModel, template_of
from tests.devices.fingerprint.conftest import QUICK, WIRES, until

ENDS_IN = {
    SensorFault.BAD_CHECKSUM: DeviceGarbled,
    SensorFault.SHORT_FRAME: DeviceGarbled,
    SensorFault.WRONG_ADDRESS: DeviceGarbled,
    SensorFault.EMPTY_DONE: DeviceSilent,  # the parameters that the probe asks for never come
    SensorFault.SILENT: DeviceSilent,
    SensorFault.LATE_ANSWER: (DeviceSilent, DeviceGarbled),  # half of it may be heard as the wait ends
    SensorFault.NEEDS_PASSWORD: DeviceFault,
    SensorFault.UNKNOWN_COMMAND_01: DeviceFault,
    SensorFault.STRANGE_CODE: DeviceFault,
    SensorFault.UNPLUGGED: DeviceMissing,
    SensorFault.UNPLUGGED_MID_FRAME: DeviceMissing,
    SensorFault.LENGTH_ZERO: DeviceGarbled,
    SensorFault.LENGTH_HUGE: DeviceGarbled,
    SensorFault.LYING_LENGTH: DeviceGarbled,
    SensorFault.UNKNOWN_PACKET: DeviceSilent,
    SensorFault.EARLIER_ANSWER: (DeviceSilent, DeviceGarbled),
    SensorFault.DROPS_IN_CONTENT: DeviceGarbled,
    SensorFault.BROWN_OUT: DeviceSilent,
    SensorFault.BOOT_BYTE_AGAIN: DeviceFault,
    SensorFault.OTHER_DEVICE: DeviceGarbled,
}
BORNE = [
    SensorFault.FLIPPED_BITS,
    SensorFault.LIBRARY_FULL,
    SensorFault.LIBRARY_CLEARED,
    SensorFault.NOISE_BEFORE_HEADER,
    SensorFault.F0_AFTER_DOWNLOAD,
    SensorFault.MISSING_END_PACKET,
    SensorFault.ECHO,
]
MODEL = SensorModel(late_seconds=0.3)
HASTY = replace(QUICK, answer=0.07, probe=0.07, shake=0.07, packet=0.07)


def test_every_fault_has_its_expected_end():
    assert set(ENDS_IN) | set(BORNE) == set(SensorFault)


OVER_SOCKET = [SensorFault.UNPLUGGED, SensorFault.UNPLUGGED_MID_FRAME]


@pytest.mark.parametrize(
    ("wire", "fault"),
    [(WIRES[0], fault) for fault in ENDS_IN] + [("socket", fault) for fault in OVER_SOCKET],
)
def test_a_fault_is_told_and_the_sensor_comes_back_when_mended(build, wire, fault):
    booth = build(wire, MODEL, patience=HASTY).once()
    booth.sensor.place_finger("zhang")
    booth.sensor.fail(fault)
    expected = ENDS_IN[fault] if isinstance(ENDS_IN[fault], tuple) else (ENDS_IN[fault],)
    with pytest.raises(expected) as told:
        booth.match("zhang")
    assert type(told.value) in expected
    assert not booth.reader.board.health.ready
    booth.sensor.mend()
    until(booth.attends)
    assert booth.reader.board.health.ready
    assert booth.match("zhang").verdict is MatchVerdict.MATCHED
    booth.sensor.place_finger("li")
    assert booth.match("zhang").verdict is MatchVerdict.DIFFERENT


@pytest.mark.parametrize("finger", ["zhang", "li"])
@pytest.mark.parametrize("fault", BORNE)
def test_what_the_manuals_allow_does_not_disturb(build, fault, finger):
    booth = build().attended()
    booth.sensor.place_finger(finger)
    booth.sensor.fail(fault)
    verdict = MatchVerdict.MATCHED if finger == "zhang" else MatchVerdict.DIFFERENT
    assert booth.match("zhang").verdict is verdict


def test_a_late_answer_is_never_the_answer_to_the_next_command(build):
    booth = build(model=SensorModel(late_seconds=0.3)).attended()
    booth.sensor.place_finger("zhang")
    booth.sensor.fail(SensorFault.LATE_ANSWER, answers=1)
    assert booth.match("zhang", seconds=3).verdict is MatchVerdict.MATCHED
    assert booth.sensor.commands.count(0x01) == 2
    booth.sensor.place_finger("li")
    assert booth.match("zhang").verdict is MatchVerdict.DIFFERENT


BEFORE_MATCH = 4  # GenImg, Img2Tz, DownChar, UpChar


@pytest.mark.parametrize("finger", ["zhang", "li"])
@pytest.mark.parametrize(
    "fault", [SensorFault.BAD_CHECKSUM, SensorFault.EMPTY_DONE, SensorFault.SILENT, SensorFault.LATE_ANSWER]
)
def test_a_lost_verdict_is_asked_for_again_once_the_template_was_seen_to_be_there_still(build, fault, finger):
    booth = build(model=MODEL).attended()
    booth.sensor.place_finger(finger)
    booth.sensor.fail(fault, answers=1, after=BEFORE_MATCH)
    verdict = MatchVerdict.MATCHED if finger == "zhang" else MatchVerdict.DIFFERENT
    assert booth.match("zhang").verdict is verdict
    first = booth.sensor.commands.index(0x03)
    again = booth.sensor.commands[first + 1 :]
    assert 0x08 in again[: again.index(0x03)]
    assert 0x01 not in again


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (SensorFault.BAD_CHECKSUM, DeviceGarbled),
        (SensorFault.EMPTY_DONE, (DeviceGarbled, DeviceSilent)),
        (SensorFault.SILENT, DeviceSilent),
        (SensorFault.UNPLUGGED_MID_FRAME, DeviceMissing),
    ],
)
def test_a_verdict_that_never_comes_is_no_verdict(build, fault, error):
    booth = build(model=MODEL).attended()
    booth.sensor.place_finger("zhang")
    booth.sensor.fail(fault, after=BEFORE_MATCH)
    with pytest.raises(error):
        booth.match("zhang")
    assert booth.sensor.commands.count(0x03) <= TRIES


def test_a_sensor_that_lost_its_memory_over_the_verdict_gives_none(build):
    booth = build(model=MODEL, query="?template_size=512").attended()
    booth.sensor.place_finger("zhang")
    booth.sensor.fail(SensorFault.BROWN_OUT, answers=1, after=BEFORE_MATCH)  # no password, no 55: nothing tells
    with pytest.raises(DeviceFault, match="forgot the template"):
        booth.match("zhang")
    assert booth.sensor.commands.count(0x03) == 1
    assert booth.match("zhang").verdict is MatchVerdict.MATCHED


def test_an_unknown_code_is_a_fault_that_keeps_the_raw_byte(build):
    booth = build().attended()
    booth.sensor.place_finger("zhang")
    booth.sensor.fail(SensorFault.STRANGE_CODE)
    with pytest.raises(DeviceFault, match="0x80 unknown confirmation code"):
        booth.match("zhang")


def test_a_restart_in_the_middle_of_a_try_is_an_error_and_the_next_try_works(build):
    booth = build(model=SensorModel(boot_byte=True)).attended()

    def hinted(_hint):
        booth.port.restart_sensor()

    with pytest.raises(DeviceFault, match="restarted"):
        booth.reader.match(FingerTemplate("ef01", template_of("zhang")), 1.0, hinted, booth.cancelled)
    booth.sensor.place_finger("zhang")
    assert booth.match("zhang").verdict is MatchVerdict.MATCHED


@pytest.mark.parametrize("wire", WIRES)
def test_a_boot_byte_while_idle_means_greeting_again(build, wire):
    booth = build(wire, SensorModel(boot_byte=True, password=7), "?password=7").attended()
    booth.sensor.commands.clear()
    booth.port.restart_sensor()
    until(lambda: booth.sensor.commands[:2] == [0x13, 0x0F])
    booth.sensor.place_finger("zhang")
    assert booth.match("zhang").verdict is MatchVerdict.MATCHED


def test_a_silent_restart_is_noticed_by_the_refusal(build):
    booth = build(model=SensorModel(password=7), query="?password=7").attended()
    booth.sensor.power_on()  # no boot byte: an older sensor
    with pytest.raises(DeviceFault, match="0x21 password must be verified first"):
        booth.match("zhang")
    booth.sensor.place_finger("zhang")
    assert booth.match("zhang").verdict is MatchVerdict.MATCHED


def test_a_wrong_password_puts_the_sensor_out_of_service(build):
    booth = build(WIRES[0], SensorModel(password=7))
    with pytest.raises(DeviceFault, match="0x13 wrong password"):
        booth.match()
    assert booth.reader.board.health.state is HealthState.FAULT


def test_three_silences_in_a_row_give_the_port_up(build):
    booth = build().attended()
    booth.sensor.fail(SensorFault.SILENT)
    stopped = booth.stop
    stopped.set()
    booth.watcher.join(3)
    stopped.clear()
    with pytest.raises(DeviceSilent):
        booth.match()
    assert not booth.reader._sensor._line.is_open
    assert booth.sensor.commands[-FAILURES_UNTIL_LOST:] == [0x01, 0x0F, 0x0F]


def test_an_unplugged_idle_sensor_is_missed_and_found_again(build):
    booth = build().attended()
    booth.sensor.fail(SensorFault.UNPLUGGED)
    until(lambda: booth.reader.board.health.state is HealthState.MISSING, 2.0)
    booth.sensor.mend()
    until(lambda: booth.reader.board.health.ready, 2.0)


def test_a_sensor_without_end_packets_needs_its_size_configured(build):
    booth = build()
    booth.sensor.fail(SensorFault.MISSING_END_PACKET)
    with pytest.raises(DeviceGarbled):
        booth.match()
    told = build(query="?template_size=512")
    told.sensor.fail(SensorFault.MISSING_END_PACKET)
    told.sensor.place_finger("zhang")
    assert told.match("zhang").verdict is MatchVerdict.MATCHED


def test_a_template_that_does_not_arrive_whole_is_never_compared(build):
    booth = build()
    booth.sensor.place_finger("zhang")
    booth.sensor.buffers[2] = b"\x03\x01" + bytes(510)
    booth.sensor._take_content = lambda _payload, *, last: []  # noqa: ARG005 - a sensor that stores nothing
    with pytest.raises(DeviceGarbled, match="not the one sent"):
        booth.match("zhang")
    assert 0x03 not in booth.sensor.commands


def wipes_badly(booth, broken):
    """The sensor drops the last ``broken`` overwritings of buffer 2, as noise would."""
    take = booth.sensor._take_content
    left = [broken]

    def dropped(payload, *, last):
        if last and left[0] and booth.sensor._download[0] == 2 and 0x03 in booth.sensor.commands:
            left[0] -= 1
            booth.sensor._download = None
            return []
        return take(payload, last=last)

    booth.sensor._take_content = dropped


def test_a_template_that_was_not_overwritten_is_found_by_the_watch_and_overwritten(build):
    booth = build().once()
    booth.sensor.place_finger("zhang")
    wipes_badly(booth, 1)
    assert booth.match("zhang").verdict is MatchVerdict.MATCHED
    assert booth.sensor.buffers[2] == template_of("zhang")
    with pytest.raises(DeviceGarbled, match="buffer 2 was not overwritten"):
        booth.once()
    booth.once()
    assert booth.sensor.buffers[1] == booth.sensor.buffers[2] != template_of("zhang")


def test_where_nothing_can_be_read_back_nothing_is(build):
    booth = build(query="?template_size=512&verify=no").once()
    booth.sensor.place_finger("zhang")
    assert booth.match("zhang").verdict is MatchVerdict.MATCHED
    booth.once()
    assert 0x08 not in booth.sensor.commands
    assert booth.reader.board.health.ready


@pytest.mark.parametrize("fault", [SensorFault.BAD_CHECKSUM, SensorFault.SILENT])
@pytest.mark.parametrize("after", [1, 3, BEFORE_MATCH])
def test_one_broken_answer_anywhere_in_a_try_gives_no_false_verdict(build, fault, after):
    booth = build(model=MODEL, query="?template_size=512").attended()
    booth.sensor.place_finger("li")
    booth.sensor.fail(fault, answers=1, after=after)
    assert booth.match("zhang").verdict is MatchVerdict.DIFFERENT


def test_a_verdict_stands_when_the_cable_is_pulled_right_after_it(build):
    booth = build().attended()
    booth.sensor.place_finger("zhang")
    booth.sensor.fail(SensorFault.UNPLUGGED_MID_FRAME, after=BEFORE_MATCH + 1)
    assert booth.match("zhang").verdict is MatchVerdict.MATCHED
    until(lambda: booth.reader.board.health.state is HealthState.MISSING)
    booth.sensor.mend()
    until(lambda: booth.reader.board.health.ready)
    until(lambda: booth.sensor.buffers[1] == booth.sensor.buffers[2] != b"")


def test_a_line_that_babbles_without_end_is_garbled(build):
    booth = build("socket").attended()
    noise = threading.Event()

    def babble():
        with contextlib.suppress(OSError, AttributeError):  # the driver gives the line up
            while not noise.is_set():
                booth.port._wire.write(bytes(1000))

    babbler = threading.Thread(target=babble)
    babbler.start()
    try:
        with pytest.raises(DeviceGarbled):
            booth.match("zhang")
    finally:
        noise.set()
        babbler.join(2)
