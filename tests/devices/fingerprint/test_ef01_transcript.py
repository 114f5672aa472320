"""The vectors of reference/serial-devices.md §9 as a conversation: what the driver says, what the simulator answers."""

from dataclasses import replace
from pathlib import Path

import pytest

from devices.fingerprint import FingerTemplate, Hint, MatchVerdict
from devices.fingerprint.simulated.model import AS608, R503, ZFM20
from devices.fingerprint.simulated.sensor import SensorModel, SimulatedSensor
from tests.devices.booth import Listener

LINES = (Path(__file__).parent / "ef01_vectors.txt").read_text(encoding="utf-8").splitlines()[1:]
VECTORS = {line.split(" ", 1)[0]: bytes.fromhex(line.split(" ", 1)[1]) for line in LINES}
TEMPLATE = b"".join(VECTORS[f"D06.{n}"][9:-2] for n in (1, 2, 3, 4))
LOADED = ["D06.1", "D06.2", "D06.3", "D06.4"]


def names(frames):
    by_frame = {VECTORS[name]: name for name in sorted(VECTORS, reverse=True)}
    return [by_frame.get(frame, frame.hex()) for frame in frames]


def test_the_greeting_and_the_comparison_of_9_3(build):
    heard = Listener()
    booth = build(query="?template_size=512", tap=heard).once()
    assert names(heard.sent_frames)[:2] == ["C01", "C02"]
    heard.sent_frames.clear()
    heard.came_bytes.clear()
    lay_down = {Hint.PLACE: lambda: booth.sensor.place_finger("somebody")}
    result = booth.reader.match(
        FingerTemplate("ef01", TEMPLATE), 20, lambda hint: lay_down.get(hint, int)(), booth.cancelled
    )
    assert result.verdict is MatchVerdict.DIFFERENT
    assert names(heard.sent_frames)[:9] == ["C03", "C04", "C06", *LOADED, "C07", "C08"]
    said = b"".join(VECTORS[name] for name in ["R03", "R01", "R06", "R01", *LOADED, "R08b"])
    assert bytes(heard.came_bytes).startswith(said)


def test_a_template_that_looks_like_frames_is_a_template(build):
    """EF 01 inside the payload, whole answers inside it, on the way there and on the way back."""
    hidden = VECTORS["R08"] + VECTORS["R01"] + VECTORS["C08"]
    content = (b"\x03\x01" + hidden * 20)[:512]
    booth = build(query="?template_size=512").once()
    booth.sensor.place_finger("somebody")
    result = booth.reader.match(FingerTemplate("ef01", content), 20, lambda _hint: None, booth.cancelled)
    assert result.verdict is MatchVerdict.DIFFERENT
    assert booth.sensor.commands.count(0x03) == 1


def test_while_nobody_puts_a_finger_down_only_that_is_asked(build):
    heard = Listener()
    booth = build(tap=heard).once()
    heard.sent_frames.clear()
    booth.match("zhang", seconds=0.2)
    assert set(names(heard.sent_frames)) == {"C03"}


def answers(model: SensorModel, *commands: str) -> list[str]:
    """What the simulated sensor says to these vectors, as vectors."""
    sensor = SimulatedSensor(model)
    return names([answer.wire for command in commands for answer in sensor.receive(VECTORS[command])])


R30X = SensorModel(system_id=9, capacity=1000)
SAME = {"R01": "R01", "R03": "R01", "R06": "R01"}  # one frame, three names


@pytest.mark.parametrize(
    ("model", "command", "expected"),
    [
        (ZFM20, "C01", "R01"),
        (SensorModel(password=7), "C01", "R01b"),
        (SensorModel(password=7), "C03", "R01c"),
        (ZFM20, "C02", "R02"),
        (ZFM20, "C03", "R03b"),
        (ZFM20, "C04", "R04d"),
        (ZFM20, "C05", "R05b"),
        (ZFM20, "C08", "R08b"),
        (replace(ZFM20, long_answers=False), "C08", "R08c"),
        (replace(ZFM20, uploads_empty_buffer=False), "C07", "R07b"),
        (SensorModel(stored=3), "C14", "R14"),
        (ZFM20, "C19", "R19b"),
        (R503, "C20", "R01"),
        (R503, "C21", "R01"),
        (R503, "C22", "R25"),
        (AS608, "C22", "R22"),
        (AS608, "C24", "R01"),
        (AS608, "C25", "R01"),
        (ZFM20, "C16", "R01d"),
    ],
)
def test_the_simulated_sensor_answers_as_the_vectors_say(model, command, expected):
    [said] = answers(model, command)
    assert VECTORS[said] == VECTORS[expected]


def test_two_more_sensors_say_their_parameters_but_for_the_status_that_theirs_had():
    for model, expected in ((R30X, "R02b"), (replace(R503, unknown_code=1), "R02c")):
        [said] = SimulatedSensor(model).receive(VECTORS["C02"])
        assert said.wire[12:26] == VECTORS[expected][12:26]


def test_a_template_that_was_loaded_comes_back_packet_by_packet():
    assert answers(ZFM20, "C06", *LOADED, "C07")[-4:] == LOADED


def test_the_zero_length_probe_is_passed_over():
    sensor = SimulatedSensor()
    assert sensor.receive(VECTORS["C26"]) == []
    assert names([answer.wire for answer in sensor.receive(VECTORS["C03"])]) == ["R03b"]
