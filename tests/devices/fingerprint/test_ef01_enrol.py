"""Enrolling a finger and measuring a picture of one, over a real pseudo-terminal."""

import pytest

from devices.device import DeviceFault, DeviceGarbled, DeviceSilent
from devices.fingerprint import FingerTemplate, Hint, MatchVerdict, NotOffered, NoUsableFinger, TemplateRefused
from devices.fingerprint.simulated.fingers import likeness
from devices.fingerprint.simulated.model import R503, ZFM20
from devices.fingerprint.simulated.picture import picture_of
from devices.fingerprint.simulated.sensor import FingerQuality, SensorFault, SensorModel, template_of
from tests.devices.booth import Listener
from tests.devices.fingerprint.conftest import WIRES, until

SECONDS = 20.0
UPLOAD_PICTURE = bytes.fromhex("EF01FFFFFFFF0100030A000E")


def hand(booth, *presses):
    """A resident who does as told: each press a seed, or a seed and how it is laid down."""
    coming = [press if isinstance(press, tuple) else (press, FingerQuality.GOOD) for press in presses]

    def hinted(hint):
        booth.told.append(hint)
        if hint is Hint.PLACE and coming:
            booth.sensor.place_finger(*coming.pop(0))
        elif hint is Hint.LIFT:
            booth.sensor.lift_finger()

    return hinted


def enrol(booth, captures, *presses, seconds=SECONDS):
    return booth.reader.enrol(captures, seconds, hand(booth, *presses), booth.cancelled)


@pytest.mark.parametrize("model", [ZFM20, R503, SensorModel(packet_code=0, long_answers=False)])
@pytest.mark.parametrize("captures", [2, 3])
def test_a_finger_is_enrolled_and_recognised_afterwards(build, model, captures):
    booth = build(model=model).once()
    template = enrol(booth, captures, *["zhang"] * captures)
    assert (template.format, len(template.content)) == ("ef01", model.template_size)
    assert likeness(template.content, template_of("zhang", model.template_size)) > 280
    assert booth.told == [Hint.PLACE, Hint.CAPTURED, *[Hint.LIFT, Hint.PLACE, Hint.CAPTURED] * (captures - 1)]
    for finger, verdict in [("zhang", MatchVerdict.MATCHED), ("li", MatchVerdict.DIFFERENT)]:
        booth.sensor.place_finger(finger)
        assert booth.reader.match(template, SECONDS, booth.told.append, booth.cancelled).verdict is verdict


def test_the_template_leaves_the_sensor_and_nothing_of_it_stays(build):
    booth = build().once()
    template = enrol(booth, 2, "zhang", "zhang")
    left = set(booth.sensor.buffers.values())
    assert len(left) == 1
    assert likeness(left.pop(), template.content) < 20
    assert "zhang" not in repr(template)
    assert booth.sensor.own.stored == 0


def test_two_different_fingers_are_not_one(build):
    booth = build().once()
    with pytest.raises(NoUsableFinger) as told:
        enrol(booth, 2, "zhang", "li")
    assert told.value.verdict is MatchVerdict.DIFFERENT
    assert len(set(booth.sensor.buffers.values())) == 1
    assert booth.reader.board.health.ready


def test_a_third_press_of_another_finger_proves_nothing(build):
    booth = build().once()
    with pytest.raises(NoUsableFinger) as told:
        enrol(booth, 3, "zhang", "zhang", "li")
    assert told.value.verdict is MatchVerdict.DIFFERENT


def test_a_poor_press_may_be_mended(build):
    booth = build().once()
    template = enrol(booth, 2, ("zhang", FingerQuality.WET), "zhang", ("zhang", FingerQuality.SMALL), "zhang")
    assert likeness(template.content, template_of("zhang")) > 280
    assert [hint for hint in booth.told if hint in (Hint.TOO_WET, Hint.TOO_SMALL)] == [Hint.TOO_WET, Hint.TOO_SMALL]


def test_a_finger_that_never_leaves_the_glass_is_no_second_press(build):
    booth = build().once()
    booth.sensor.place_finger("zhang")
    with pytest.raises(NoUsableFinger) as told:
        booth.reader.enrol(2, 0.3, booth.told.append, booth.cancelled)
    assert (told.value.verdict, told.value.hint) == (MatchVerdict.POOR, Hint.LIFT)


def test_nobody_comes_to_be_enrolled(build):
    booth = build().once()
    with pytest.raises(NoUsableFinger) as told:
        enrol(booth, 2, seconds=0.2)
    assert told.value.verdict is MatchVerdict.NO_FINGER
    assert booth.reader.board.health.ready


def test_a_cancelled_enrolment_leaves_nothing_either(build):
    booth = build().attended()

    def hinted(hint):
        if hint is Hint.LIFT:
            booth.cancelled.set()

    booth.sensor.place_finger("zhang")
    with pytest.raises(NoUsableFinger) as told:
        booth.reader.enrol(2, SECONDS, hinted, booth.cancelled)
    assert told.value.verdict is MatchVerdict.CANCELLED
    until(lambda: booth.sensor.buffers[1] == booth.sensor.buffers[2] != b"")


@pytest.mark.parametrize("captures", [0, 1, 4])
def test_two_or_three_captures_and_no_other_number(build, captures):
    with pytest.raises(ValueError, match="two or three"):
        enrol(build(), captures)


def test_a_sensor_that_merges_nothing_at_all_is_at_fault(build):
    booth = build().once()
    booth.sensor._merge = None
    booth.sensor._orders[0x05] = lambda _arguments: [bytes.fromhex("EF01FFFFFFFF0700032900") + b"\x33"]
    with pytest.raises(DeviceFault, match="MERGE answered 0x29 sensor hardware fault"):
        enrol(booth, 2, "zhang", "zhang")


@pytest.mark.parametrize("model", [ZFM20, R503])
def test_a_good_press_is_measured_as_better_than_a_poor_one(build, model):
    booth = build(model=model).once()
    measured = {}
    for quality in (FingerQuality.GOOD, FingerQuality.SMALL, FingerQuality.DRY):
        booth.sensor.place_finger("zhang", quality)
        measured[quality] = booth.reader.preview(SECONDS, booth.told.append, booth.cancelled)
    good, small, dry = measured.values()
    assert 0.4 < good.coverage <= 1
    assert small.coverage < good.coverage / 2
    assert 0.5 < good.contrast <= 1
    assert dry.contrast < 0.7 * good.contrast
    assert booth.told == [Hint.PLACE, Hint.CAPTURED] * 3


def test_a_preview_needs_a_finger(build):
    booth = build().once()
    with pytest.raises(NoUsableFinger) as told:
        booth.reader.preview(0.2, booth.told.append, booth.cancelled)
    assert told.value.verdict is MatchVerdict.NO_FINGER


def test_a_sensor_that_shows_no_picture_says_so(build):
    booth = build(model=SensorModel(picture_size=0)).once()
    booth.sensor.place_finger("zhang")
    with pytest.raises(NotOffered, match="UPLOAD_PICTURE"):
        booth.reader.preview(SECONDS, booth.told.append, booth.cancelled)
    assert booth.reader.board.health.ready
    assert booth.match("zhang").verdict is MatchVerdict.MATCHED


def blank(size, packet=128):
    """The frames of a picture of so many bytes, all of them zero, checked by hand."""
    frames = b""
    for at in range(0, size, packet):
        body = bytes([8 if at + packet >= size else 2]) + (packet + 2).to_bytes(2, "big") + bytes(packet)
        frames += bytes.fromhex("EF01FFFFFFFF") + body + sum(body).to_bytes(2, "big")
    return frames


def test_a_tap_hears_how_long_a_picture_was_and_no_pixel_of_it(build):
    heard = Listener()
    booth = build(tap=heard).once()
    booth.sensor.place_finger("zhang")
    booth.reader.preview(SECONDS, booth.told.append, booth.cancelled)
    assert heard.sent_frames[-1] == UPLOAD_PICTURE
    acknowledged = bytes.fromhex("EF01FFFFFFFF07000300000A")
    assert bytes(heard.came_bytes).endswith(acknowledged + blank(36864))
    assert no_pixel(heard)
    booth.match("zhang")
    assert template_of("zhang") in b"".join(frame[9:-2] for frame in heard.sent_frames)


def no_pixel(heard):
    """No 16 bytes of the picture that are more than an empty glass were told."""
    picture, came = picture_of("zhang", FingerQuality.GOOD, 36864), bytes(heard.came_bytes)
    pieces = {picture[at : at + 16] for at in range(0, len(picture), 16)}
    return not any(piece in came for piece in pieces if len(set(piece)) > 2)


@pytest.mark.parametrize("fault", [SensorFault.DROPS_IN_CONTENT, SensorFault.BAD_CHECKSUM, SensorFault.SHORT_FRAME])
def test_a_picture_that_breaks_off_is_not_told_either(build, fault):
    heard = Listener()
    booth = build(tap=heard).once()
    booth.sensor.place_finger("zhang")
    booth.sensor.fail(fault, after=1)
    with pytest.raises((DeviceGarbled, DeviceSilent)):  # on a slow machine the half of an answer comes too late
        booth.reader.preview(SECONDS, booth.told.append, booth.cancelled)
    booth.sensor.mend()
    booth.once()
    assert booth.reader.board.health.ready
    assert no_pixel(heard)


@pytest.mark.skipif("pty" not in WIRES, reason="pseudo-terminals are a POSIX thing")
def test_a_preview_that_is_given_up_in_the_middle_leaves_no_pixel_and_a_working_sensor(build):
    heard = Listener()
    booth = build(model=SensorModel(written_at_once=256), tap=heard).once()  # slow enough to be in the middle of it

    def hinted(hint):
        if hint is Hint.CAPTURED:
            booth.cancelled.set()

    booth.sensor.place_finger("zhang")
    with pytest.raises(NoUsableFinger) as told:
        booth.reader.preview(SECONDS, hinted, booth.cancelled)
    assert told.value.verdict is MatchVerdict.CANCELLED
    booth.cancelled.clear()
    booth.once()
    assert booth.match("zhang", seconds=SECONDS).verdict is MatchVerdict.MATCHED
    assert no_pixel(heard)


def test_a_picture_without_an_end_packet_is_measured_all_the_same(build):
    booth = build(query="?template_size=512").once()
    booth.sensor.place_finger("zhang")
    booth.sensor.fail(SensorFault.MISSING_END_PACKET)
    quality = booth.reader.preview(SECONDS, booth.told.append, booth.cancelled)
    assert quality.coverage > 0.4


def test_what_was_enrolled_elsewhere_is_refused_by_a_sensor_of_another_size(build):
    large = enrol(build(model=R503).once(), 2, "zhang", "zhang")
    booth = build().once()
    booth.sensor.place_finger("zhang")
    with pytest.raises(TemplateRefused, match="1536 bytes, sensor takes 512"):
        booth.reader.match(FingerTemplate("ef01", large.content), 1, booth.told.append, booth.cancelled)
