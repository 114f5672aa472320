"""Faults 15 to 22 of reference/reliability-ux.md §3.6, by number, as the driver and its board show them.

18 stands in test_ef01_noise.py, the wrong device of 22 in test_ef01_greeting.py; a fault that stays, and the way
back from it, in test_ef01_faults.py; what the kiosk makes of it (words, the staffed path, counting of tries) in
tests/services/test_pension_verification.py.
"""

import threading
import tracemalloc
from dataclasses import replace
from pathlib import Path

import pytest

from devices.device import DeviceError, DeviceMissing, HealthState
from devices.fingerprint import Hint, MatchVerdict
from devices.fingerprint.ef01.address import parse_ef01
from devices.fingerprint.ef01.frames import FrameParser
from devices.fingerprint.ef01.reader import Ef01Reader
from devices.fingerprint.simulated.sensor import FingerQuality, SensorFault, SensorModel, SimulatedSensor
from devices.port import find_port
from devices.simulated_ports import PtyPort
from tests.devices.fingerprint.conftest import POLL, QUICK, WIRES, Booth, until

ON_PTY = pytest.mark.skipif("pty" not in WIRES, reason="pseudo-terminals are a POSIX thing")
LATE = SensorModel(late_seconds=0.3)


def recovers(booth):
    """Mended, the sensor is there for the next resident within two seconds, and gives true verdicts."""
    booth.sensor.mend()
    assert until(booth.attends) < 2.0
    for finger, verdict in [("zhang", MatchVerdict.MATCHED), ("li", MatchVerdict.DIFFERENT)]:
        booth.sensor.place_finger(finger)
        assert booth.match("zhang", seconds=20).verdict is verdict


def test_fault_15_no_sensor_at_the_start(build):
    booth = build("socket")
    booth.sensor.fail(SensorFault.UNPLUGGED)
    with pytest.raises(DeviceMissing):
        booth.match("zhang")
    assert booth.reader.board.health.state is HealthState.MISSING
    booth.sensor.mend()
    recovers(booth)


@pytest.mark.parametrize(
    "fault", [SensorFault.DROPS_IN_CONTENT, SensorFault.SHORT_FRAME, SensorFault.UNPLUGGED_MID_FRAME]
)
def test_fault_16_the_line_drops_in_the_middle_of_a_template(build, fault):
    booth = build().once()
    booth.sensor.place_finger("zhang")
    booth.sensor.fail(fault, after=3)  # in the template's way back
    with pytest.raises(DeviceError):
        booth.match("zhang", seconds=20)
    assert 0x03 not in booth.sensor.commands
    recovers(booth)


def test_fault_16_a_drop_that_passes_is_made_good_in_the_same_try(build):
    booth = build().once()
    booth.sensor.place_finger("zhang")
    booth.sensor.fail(SensorFault.DROPS_IN_CONTENT, answers=1, after=3)
    assert booth.match("zhang", seconds=20).verdict is MatchVerdict.MATCHED
    assert booth.sensor.commands.count(0x01) == 1
    assert booth.counters["resyncs"] >= 1


@pytest.mark.parametrize(
    "fault",
    [
        SensorFault.BAD_CHECKSUM,
        SensorFault.LENGTH_ZERO,
        SensorFault.LENGTH_HUGE,
        SensorFault.LYING_LENGTH,
        SensorFault.WRONG_ADDRESS,
        SensorFault.UNKNOWN_PACKET,
        SensorFault.EARLIER_ANSWER,
    ],
)
def test_fault_17_a_bad_frame_is_dropped(build, fault):
    booth = build().once()
    booth.sensor.place_finger("li")
    booth.sensor.fail(fault, answers=1, after=4)  # in the answer that matters: the verdict
    assert booth.match("zhang", seconds=20).verdict is MatchVerdict.DIFFERENT
    assert booth.counters["resyncs"] >= 1


def test_fault_17_a_bad_frame_costs_no_memory():
    liars = [
        bytes.fromhex("EF01FFFFFFFF07FFFF00"),
        bytes.fromhex("EF01FFFFFFFF07000000"),
        bytes.fromhex("EF01FFFFFFFF070102"),
        bytes.fromhex("EF011234567807000300000A"),
        bytes.fromhex("EF01FFFFFFFF050003000008"),
    ]
    parser = FrameParser()
    tracemalloc.start()
    try:
        for liar in liars:
            before = tracemalloc.get_traced_memory()[0]
            tracemalloc.reset_peak()
            parser.feed(liar)
            assert tracemalloc.get_traced_memory()[1] - before < 4096
        assert parser.held < 267
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("fault", [SensorFault.SILENT, SensorFault.LATE_ANSWER])
def test_fault_19_no_answer_or_a_late_one_is_nobodys_verdict(build, fault):
    booth = build(model=LATE).once()
    booth.sensor.place_finger("li")
    booth.sensor.fail(fault)
    with pytest.raises(DeviceError):
        booth.match("zhang", seconds=20)
    recovers(booth)


@pytest.mark.parametrize("after", [0, 1, 3, 4])
def test_fault_19_a_late_answer_is_never_taken_for_the_next_one(build, after):
    booth = build(model=LATE).once()
    booth.sensor.place_finger("li")
    booth.sensor.fail(SensorFault.LATE_ANSWER, answers=1, after=after)
    assert booth.match("zhang", seconds=20).verdict is MatchVerdict.DIFFERENT
    booth.sensor.place_finger("zhang")
    assert booth.match("zhang", seconds=20).verdict is MatchVerdict.MATCHED


@pytest.mark.parametrize(
    ("quality", "hint"),
    [
        (FingerQuality.SHAKY, Hint.LIFTED_EARLY),
        (FingerQuality.WET, Hint.TOO_WET),
        (FingerQuality.DRY, Hint.TOO_DRY),
        (FingerQuality.LEFTOVER, Hint.LEFTOVER),
    ],
)
def test_fault_20_three_misses_are_three_hints_and_no_verdict(build, quality, hint):
    booth = build().once()
    for _ in range(3):
        booth.sensor.place_finger("zhang", quality)
        result = booth.match("zhang", seconds=0.05)
        assert (result.verdict, result.hint) == (MatchVerdict.POOR, hint)
    assert 0x03 not in booth.sensor.commands
    assert booth.reader.board.health.ready
    recovers(booth)


def test_fault_21_a_full_library_is_a_fact_and_no_hindrance(build):
    booth = build()
    booth.sensor.fail(SensorFault.LIBRARY_FULL)
    booth.once()
    assert booth.facts["stored_templates"] == "162 / 162 (full)"
    booth.sensor.place_finger("zhang")
    assert booth.match("zhang").verdict is MatchVerdict.MATCHED


def test_fault_21_somebody_clears_the_library_and_the_next_count_tells(build):
    hourly = replace(QUICK, recount=0.1)
    booth = build(model=SensorModel(stored=40), patience=hourly).attended()
    assert booth.facts["stored_templates"] == "40 / 162"
    assert "changes of the stored templates" not in booth.counters
    booth.sensor.fail(SensorFault.LIBRARY_CLEARED)
    until(lambda: booth.facts["stored_templates"] == "0 / 162")
    assert booth.counters["changes of the stored templates"] == 1
    assert booth.reader.board.health.ready


def test_fault_21_the_count_is_taken_at_the_start_and_then_once_an_hour(build):
    booth = build(patience=replace(QUICK, heartbeat=0.05)).attended()
    until(lambda: booth.sensor.commands.count(0x0F) > 5)
    assert booth.sensor.commands.count(0x1D) == 1


def test_our_use_stores_nothing_in_the_sensor(build):
    booth = build().once()
    booth.sensor.place_finger("zhang")
    booth.match("zhang")
    booth.match("li")
    assert not {0x06, 0x0C, 0x0D, 0x0E, 0x12, 0x15, 0x18} & set(booth.sensor.commands)


@ON_PTY
def test_fault_22_the_port_has_another_number_and_the_same_name(tmp_path):
    by_id = tmp_path / "usb-Sensor_0001-if00-port0"
    sensor, other = SimulatedSensor(), SimulatedSensor(SensorModel(capacity=300))
    first, second = PtyPort(sensor, tmp_path / "ttyUSB0", POLL), PtyPort(other, tmp_path / "ttyUSB1", POLL)
    first.start()
    second.start()
    by_id.symlink_to((tmp_path / "ttyUSB0").readlink())
    reader = Ef01Reader(parse_ef01(str(by_id)), patience=QUICK)
    try:
        assert _attends(reader)
        assert reader.board.record.facts["model"] == "EF01 0000/162"
        sensor.fail(SensorFault.UNPLUGGED)
        until(lambda: not _attends(reader))
        assert not reader.board.health.ready
        by_id.unlink()
        by_id.symlink_to((tmp_path / "ttyUSB1").readlink())
        until(lambda: _attends(reader))
        assert reader.board.record.facts["model"] == "EF01 0000/300"
    finally:
        reader.close()
        first.close()
        second.close()


def _attends(reader) -> bool:
    return Booth(None, None, reader).attends()


def test_fault_22_a_port_is_looked_for_in_the_systems_own_list():
    with pytest.raises(DeviceMissing, match="not plugged in"):
        find_port("usb:FFFE:FFFD:none")
    assert find_port("/dev/serial/by-id/usb-0001") == "/dev/serial/by-id/usb-0001"


@ON_PTY
def test_a_sensor_that_is_forgotten_by_the_system_is_no_defect(tmp_path: Path):
    reader = Ef01Reader(parse_ef01(str(tmp_path / "gone")), patience=QUICK)
    for _ in range(3):
        assert not _attends(reader)
    assert reader.board.health.state is HealthState.MISSING
    reader.close()
    with pytest.raises(DeviceMissing, match="closed"):
        reader.attend(threading.Event())
