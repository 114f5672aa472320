"""The sensor of the ten-minute town: its fingers, its buffers, and the whole of it behind the real driver."""

import hashlib
import subprocess
import sys
import threading

import pytest

from devices.fingerprint import FingerTemplate, MatchVerdict
from devices.fingerprint.simulated.fingers import capture_of, likeness
from devices.fingerprint.simulated.reader import open_simulated
from devices.fingerprint.simulated.sensor import SensorFault, SensorModel, SimulatedSensor, template_of


def test_a_template_is_made_as_its_description_says():
    said = b"\x03\x01" + hashlib.shake_256(b"ef01 template\n" + "王秀英/1".encode()).digest(510)
    assert template_of("王秀英/1") == said == template_of("王秀英/1".encode())
    assert len(template_of("zhang", 1536)) == 1536
    assert template_of("zhang", 1536)[:512] == template_of("zhang")


def test_no_two_presses_are_the_same_and_all_are_like_the_finger():
    presses = [capture_of("zhang", n) for n in range(50)]
    assert len(set(presses)) == 50
    assert min(likeness(press, template_of("zhang")) for press in presses) >= 285
    assert presses[7] == capture_of("zhang", 7)


def test_other_fingers_are_unlike():
    assert max(likeness(template_of(f"other {n}"), template_of("zhang")) for n in range(200)) < 20
    assert likeness(template_of("zhang", 768), template_of("zhang", 512)) == 0


def frame(payload: str) -> bytes:
    body = bytes.fromhex(payload)
    return bytes.fromhex("EF01FFFFFFFF") + body + sum(body).to_bytes(2, "big")


def answers(sensor: SimulatedSensor, wire: bytes) -> list[str]:
    return [answer.wire[6:-2].hex() for answer in sensor.receive(wire)]


def test_the_sensor_looks_at_its_buffers_and_at_nothing_else():
    sensor = SimulatedSensor()
    sensor.buffers.update({1: template_of("zhang"), 2: capture_of("zhang", 1)})
    [matched] = answers(sensor, frame("01000303"))
    assert matched.startswith("07000500")
    sensor.buffers[2] = template_of("li")
    assert answers(sensor, frame("01000303")) == ["070005080000"]


def test_what_reaches_the_sensor_broken_is_answered_with_a_receive_error():
    assert answers(SimulatedSensor(), frame("01000301")[:-1] + b"\xff") == ["07000301"]


def test_commands_for_another_sensor_and_noise_get_no_answer():
    foreign = bytes.fromhex("EF0112345678") + frame("01000301")[6:]
    assert answers(SimulatedSensor(), foreign) == []
    assert answers(SimulatedSensor(), b"\x00\x55\xef" * 100) == []


def test_a_command_cut_in_two_is_answered_once_whole():
    sensor, command = SimulatedSensor(), frame("01000301")
    assert answers(sensor, command[:5]) == []
    assert answers(sensor, command[5:]) == ["07000302"]


def test_a_command_the_sensor_does_not_know():
    assert answers(SimulatedSensor(), frame("0100037e")) == ["07000301"]


def test_without_an_image_there_is_nothing_to_extract():
    assert answers(SimulatedSensor(), frame("0100040201")) == ["07000315"]


def test_a_template_of_the_wrong_length_is_not_kept():
    sensor = SimulatedSensor(SensorModel(template_size=512))
    assert answers(sensor, frame("0100040902")) == ["07000300"]
    assert answers(sensor, frame("080006" + "00112233")) == []
    assert sensor.buffers[2] == b""


def test_data_that_follows_no_command_is_ignored():
    sensor = SimulatedSensor()
    assert answers(sensor, frame("080006" + "00112233")) == []
    assert sensor.buffers == {1: b"", 2: b""}


def test_a_fault_can_be_announced_for_later_and_passes():
    sensor = SimulatedSensor()
    sensor.fail(SensorFault.SILENT, answers=1, after=2)
    assert [answers(sensor, frame("01000301")) for _ in range(4)] == [
        ["07000302"],
        ["07000302"],
        [""],
        ["07000302"],
    ]


def test_the_town_has_a_sensor_behind_the_real_driver():
    town = open_simulated(name="the town's sensor")
    try:
        town.reader.attend(threading.Event())
        assert town.reader.board.health.ready
        town.sensor.place_finger("zhang")
        template = FingerTemplate("ef01", template_of("zhang"))
        result = town.reader.match(template, 2.0, lambda _hint: None, threading.Event())
        assert result.verdict is MatchVerdict.MATCHED
    finally:
        town.close()


@pytest.mark.parametrize("module", ["fingerprint.simulated.sensor", "simulated_ports"])
def test_the_simulator_shares_nothing_with_the_driver(module):
    code = f"import sys, devices.{module}; print([m for m in sys.modules if 'ef01' in m or 'serial' in m])"
    ran = subprocess.run(  # noqa: S603 - our own interpreter on our own line
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=30
    )
    assert ran.stdout.strip() == "[]"
