"""One finger against one template, over a real pseudo-terminal and a real socket."""

import threading
import time
from dataclasses import replace

import pytest

from devices.device import DeviceBusy, DeviceMissing, HealthState
from devices.fingerprint import FingerTemplate, Hint, MatchVerdict, TemplateRefused
from devices.fingerprint.ef01.address import parse_ef01
from devices.fingerprint.ef01.reader import Ef01Reader
from devices.fingerprint.simulated.sensor import FingerQuality, SensorFault, SensorModel, template_of
from tests.devices.fingerprint.conftest import CALM, QUICK, WIRES, until

WIRE = WIRES[0]


def test_the_right_finger_matches(booth):
    booth.sensor.place_finger("zhang")
    result = booth.match("zhang")
    assert result.verdict is MatchVerdict.MATCHED
    assert result.score is not None
    assert result.score > 270
    assert booth.told == [Hint.PLACE, Hint.CAPTURED]


def test_another_finger_is_different(booth):
    booth.sensor.place_finger("li")
    assert booth.match("zhang").verdict is MatchVerdict.DIFFERENT


def test_the_finger_may_come_later(build):
    booth = build()
    threading.Timer(0.3, booth.sensor.place_finger, ["zhang"]).start()
    assert booth.match().verdict is MatchVerdict.MATCHED


def test_nobody_puts_a_finger_down(booth):
    start = time.monotonic()
    assert booth.match(seconds=0.2).verdict is MatchVerdict.NO_FINGER
    assert time.monotonic() - start < 1.0


@pytest.mark.parametrize(
    ("quality", "hint"),
    [
        (FingerQuality.DRY, Hint.TOO_DRY),
        (FingerQuality.WET, Hint.TOO_WET),
        (FingerQuality.SMUDGED, Hint.UNCLEAR),
        (FingerQuality.SMALL, Hint.TOO_SMALL),
        (FingerQuality.LEFTOVER, Hint.LEFTOVER),
        (FingerQuality.SHAKY, Hint.LIFTED_EARLY),
    ],
)
def test_a_poor_press_says_why_and_is_not_a_different_person(build, quality, hint):
    booth = build()
    booth.sensor.place_finger("zhang", quality)
    result = booth.match(seconds=0.2)
    assert (result.verdict, result.hint) == (MatchVerdict.POOR, hint)
    assert booth.told == [Hint.PLACE, hint]
    assert 0x03 not in booth.sensor.commands


def test_a_press_lifted_early_may_be_mended_in_the_same_try(build):
    booth = build()
    booth.sensor.place_finger("zhang", FingerQuality.SHAKY)
    threading.Timer(0.2, booth.sensor.place_finger, ["zhang"]).start()
    assert booth.match().verdict is MatchVerdict.MATCHED
    assert booth.told == [Hint.PLACE, Hint.LIFTED_EARLY, Hint.CAPTURED]


def test_a_pulled_card_ends_the_wait_at_once(booth):
    pulled_at = []

    def pull():
        pulled_at.append(time.monotonic())
        booth.cancelled.set()

    threading.Timer(0.3, pull).start()
    assert booth.match(seconds=30).verdict is MatchVerdict.CANCELLED
    assert time.monotonic() - pulled_at[0] < 5  # of thirty


def test_a_pulled_card_ends_the_try_even_when_the_sensor_is_silent(build):
    booth = build(patience=replace(QUICK, answer=5.0)).attended()
    booth.sensor.fail(SensorFault.SILENT)
    threading.Timer(0.2, booth.cancelled.set).start()
    start = time.monotonic()
    assert booth.match(seconds=30).verdict is MatchVerdict.CANCELLED
    assert time.monotonic() - start < 4  # the answer would be waited for five seconds


def test_neither_finger_nor_template_stays_in_the_sensor(build):
    booth = build()
    booth.sensor.place_finger("zhang")
    booth.match("zhang")
    left = set(booth.sensor.buffers.values())
    assert len(left) == 1
    assert template_of("zhang") not in left
    assert len(left.pop()) == 512


def test_what_a_cancelled_try_leaves_is_overwritten_by_the_watch(build):
    booth = build().attended()
    booth.sensor.place_finger("zhang")

    def hinted(hint):
        if hint is Hint.CAPTURED:  # the card is pulled while the print is in buffer 1
            booth.cancelled.set()

    template = FingerTemplate("ef01", template_of("zhang"))
    assert booth.reader.match(template, 1.0, hinted, booth.cancelled).verdict is MatchVerdict.CANCELLED
    assert booth.sensor.buffers[1] != booth.sensor.buffers[2]
    until(lambda: booth.sensor.buffers[1] == booth.sensor.buffers[2] != b"")


def test_tries_can_follow_each_other(build):
    booth = build()
    for finger, verdict in [("li", MatchVerdict.DIFFERENT), ("zhang", MatchVerdict.MATCHED)] * 2:
        booth.sensor.place_finger(finger)
        assert booth.match("zhang").verdict is verdict


@pytest.mark.parametrize("size", [512, 768, 1536])
def test_the_template_size_is_learned_from_the_sensor(build, size):
    booth = build(WIRE, SensorModel(template_size=size, packet_code=3))
    booth.sensor.place_finger("zhang")
    assert booth.match(size=size).verdict is MatchVerdict.MATCHED


def test_a_template_of_another_size_or_family_is_refused_before_any_finger(build):
    booth = build()
    with pytest.raises(TemplateRefused, match="768 bytes, sensor takes 512"):
        booth.match(size=768)
    with pytest.raises(TemplateRefused, match="format 'iso19794-2'"):
        booth.reader.match(FingerTemplate("iso19794-2", bytes(512)), 1, booth.told.append, booth.cancelled)
    assert booth.told == []
    assert 0x01 not in booth.sensor.commands


def test_a_configured_template_size_is_not_asked_of_the_sensor(build):
    booth = build(WIRE, SensorModel(template_size=768), "?template_size=768&verify=no")
    booth.sensor.place_finger("zhang")
    assert booth.match(size=768).verdict is MatchVerdict.MATCHED
    assert 0x08 not in booth.sensor.commands


def test_a_sensor_that_uploads_no_empty_buffer_is_taken_to_be_of_the_usual_size(build):
    booth = build(WIRE, SensorModel(uploads_empty_buffer=False))
    booth.sensor.place_finger("zhang")
    assert booth.match().verdict is MatchVerdict.MATCHED


@pytest.mark.parametrize("model", [SensorModel(system_id=9, long_answers=False), SensorModel(knows_parameters=False)])
@pytest.mark.parametrize("finger", ["zhang", "li"])
def test_clones_with_short_answers_and_an_r308_do_the_same_work(build, model, finger):
    booth = build(model=model)
    booth.sensor.place_finger(finger)
    verdict = MatchVerdict.MATCHED if finger == "zhang" else MatchVerdict.DIFFERENT
    assert booth.match("zhang").verdict is verdict


def test_a_sensor_with_a_password_is_greeted_with_it(build):
    booth = build(WIRE, SensorModel(password=0xABCD), "?password=abcd")
    booth.sensor.place_finger("zhang")
    assert booth.match().verdict is MatchVerdict.MATCHED


@pytest.mark.parametrize("packet_code", [0, 1, 2, 3])
def test_answers_that_come_in_pieces_are_answers(build, packet_code):
    booth = build(model=SensorModel(packet_code=packet_code, written_at_once=64, boot_byte=True))
    booth.sensor.place_finger("zhang")
    assert booth.match(seconds=2).verdict is MatchVerdict.MATCHED


def test_answers_that_come_byte_by_byte_are_answers(build):
    booth = build(WIRE, SensorModel(written_at_once=1), "?template_size=512&verify=no", patience=CALM)
    for finger, verdict in [("zhang", MatchVerdict.MATCHED), ("li", MatchVerdict.DIFFERENT)]:
        booth.sensor.place_finger(finger)
        assert booth.match("zhang", seconds=20).verdict is verdict


def test_the_idle_sensor_gets_a_sign_of_life_and_a_running_try_none(build):
    booth = build(patience=replace(QUICK, heartbeat=0.1)).attended()
    before = booth.sensor.commands.count(0x0F)
    until(lambda: booth.sensor.commands.count(0x0F) >= before + 2)
    trying = threading.Thread(target=booth.match, args=("zhang", 0.4))
    trying.start()
    until(lambda: 0x01 in booth.sensor.commands)
    first = booth.sensor.commands.index(0x01)
    trying.join()
    during = booth.sensor.commands[first:]
    assert during.count(0x01) > 5
    assert set(during[: during.count(0x01)]) == {0x01}


def test_an_r308_gets_its_sign_of_life_too(build):
    model = SensorModel(knows_parameters=False)
    booth = build(WIRE, model, patience=replace(QUICK, heartbeat=0.1)).attended()
    booth.sensor.commands.clear()
    until(lambda: booth.sensor.commands.count(0x13) >= 2)


def test_the_watch_ends_within_a_second(build):
    booth = build().attended()
    booth.stop.set()
    start = time.monotonic()
    booth.watcher.join(2)
    assert time.monotonic() - start < 1.0


def test_a_second_program_cannot_take_the_port(build):
    first = build().attended()
    second = Ef01Reader(parse_ef01(first.port.url), patience=QUICK)
    with pytest.raises(DeviceBusy):
        second.attend(threading.Event())
    assert first.reader.board.health.ready


def test_a_port_that_is_not_there_is_a_missing_device(build):
    booth = build()
    booth.port.close()
    with pytest.raises(DeviceMissing):
        booth.match()
    assert booth.reader.board.health.state is HealthState.MISSING


@pytest.mark.parametrize("wire", ["pty", "socket"])
def test_closing_the_reader_ends_a_running_try(build, wire):
    booth = build(wire)
    threading.Timer(0.3, booth.reader.close).start()
    with pytest.raises(DeviceMissing):
        booth.match(seconds=10)
    with pytest.raises(DeviceMissing, match="closed"):
        booth.match()


def test_two_residents_never_share_the_sensor(build):
    booth = build(WIRE, patience=QUICK)
    first = threading.Thread(target=booth.match, args=("zhang", 0.5))
    first.start()
    until(lambda: Hint.PLACE in booth.told)
    impatient = threading.Event()
    threading.Timer(0.1, impatient.set).start()
    template = FingerTemplate("ef01", template_of("li"))
    told: list[Hint] = []
    assert booth.reader.match(template, 5, told.append, impatient).verdict is MatchVerdict.CANCELLED
    assert told == []
    first.join()
