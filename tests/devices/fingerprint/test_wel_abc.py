"""The "ABC" dialect of 维尔 sensors (reference/serial-devices.md §2.2): frames, fingers, faults."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.device import DeviceGarbled, DeviceMissing, DeviceSilent
from devices.fingerprint import MatchVerdict, NotOffered
from devices.fingerprint.features import wel_abc_frames as frames
from devices.fingerprint.features.faults import FeatureFault
from devices.fingerprint.features.wel_abc_frames import ReplyParser
from devices.fingerprint.features.wel_abc_simulated import ABC_WORDS, SimulatedWelAbc
from tests.devices.fingerprint.feature_booth import HASTY, Booth, until

RECORD = bytes(6) + bytes(range(256))
TEXT = base64.b64encode(RECORD)


def test_the_questions_are_those_of_the_reference():
    assert frames.VERSION_QUESTION.hex() == "1a56"
    assert base64.b64decode(frames.FEATURE_QUESTION[1:-1]) == bytes.fromhex("0003376cd12fde")
    sensor = SimulatedWelAbc()
    sensor.receive(b"\x00" + frames.VERSION_QUESTION + frames.FEATURE_QUESTION)
    assert sensor.commands == [0x56, 0x37]


@pytest.mark.parametrize("trailing", [b"", b"\x1c", b"\x03", b"\xff", b"A", b"9", b"="])
def test_two_sources_end_a_reply_with_one_or_two_bytes_and_both_are_read(trailing):
    texts = ReplyParser().feed(b"\x02" + TEXT + trailing + b"\x03")
    assert [frames.read_feature(text) for text in texts] == [RECORD[6:]]


@pytest.mark.parametrize("cut", [1, 2, 100, len(TEXT), len(TEXT) + 1, len(TEXT) + 2])
def test_a_reply_split_anywhere_is_whole(cut):
    wire, parser = b"\x02" + TEXT + b"\x1c\x03", ReplyParser()
    assert parser.feed(wire[:cut]) == []
    assert parser.feed(wire[cut:]) == [TEXT]


@pytest.mark.parametrize("text", [b"", b"!", TEXT[:100], b"AAM3bNEv3g==", ABC_WORDS.encode()])
def test_what_holds_no_feature_gives_none(text):
    assert frames.read_feature(text) is None


def test_a_version_of_another_dialect_is_told_apart():
    assert frames.speaks_abc(b"WEL-401 TYPICAL_ALL V2.1")
    assert frames.speaks_abc(b"ABC-NJDW 1.0")
    assert not frames.speaks_abc(b"WEL-401 V2.1")


@given(st.binary(max_size=4096), st.integers(1, 97))
def test_any_bytes_give_texts_and_nothing_is_kept_for_ever(wire, piece):
    parser = ReplyParser()
    for start in range(0, len(wire), piece):
        for text in parser.feed(wire[start : start + piece]):
            frames.read_feature(text)
        assert parser.held <= frames.LONGEST_TEXT + 3
    parser.give_up()
    assert parser.held <= frames.LONGEST_TEXT + 3


@given(st.binary(max_size=300), st.lists(st.binary(max_size=200), max_size=4), st.integers(1, 50))
def test_texts_are_heard_through_noise_however_they_are_cut(noise, contents, piece):
    texts = [base64.b64encode(content) for content in contents]
    wire = b"".join(noise.replace(b"\x02", b"") + b"\x02" + text + b"\x03" for text in texts)
    parser, heard = ReplyParser(), []
    for start in range(0, len(wire), piece):
        heard += parser.feed(wire[start : start + piece])
    assert heard == texts


@pytest.mark.parametrize("wire", ["pty", "socket"])
def test_a_finger_is_matched_and_another_is_not(wire):
    with Booth("wel-abc", wire).attended() as booth:
        assert booth.reader.board.record.facts == {"firmware": ABC_WORDS}
        booth.sensor.place_finger("zhang")
        assert booth.match("zhang").verdict is MatchVerdict.MATCHED
        booth.sensor.place_finger("li")
        assert booth.match("zhang").verdict is MatchVerdict.DIFFERENT


def test_a_refusal_nobody_has_described_is_no_finger_yet():
    with Booth("wel-abc").attended() as booth:
        booth.sensor.place_finger("zhang")
        for fault in (FeatureFault.BUSY, FeatureFault.FAILING, FeatureFault.LIFTED_EARLY, FeatureFault.STRANGE_STATUS):
            booth.sensor.fail(fault)
            assert booth.match("zhang", seconds=0.1).verdict is MatchVerdict.NO_FINGER
        booth.sensor.mend()
        assert booth.match("zhang").verdict is MatchVerdict.MATCHED


def test_a_sensor_whose_version_names_another_dialect_hears_nothing_more():
    with Booth("wel-abc", patience=HASTY, words="WEL-401 V2.1") as booth:
        with pytest.raises((DeviceSilent, DeviceGarbled)):
            booth.match("zhang")
        assert set(booth.sensor.commands) == {0x56}


@pytest.mark.parametrize(
    ("fault", "errors"),
    [
        (FeatureFault.BAD_CHECK, (DeviceGarbled,)),
        (FeatureFault.LYING_LENGTH, (DeviceGarbled,)),
        (FeatureFault.SHORT_FRAME, (DeviceGarbled,)),
        (FeatureFault.SILENT, (DeviceSilent,)),
        (FeatureFault.UNPLUGGED_MID_FRAME, (DeviceMissing,)),
        (FeatureFault.UNPLUGGED, (DeviceMissing,)),
    ],
)
def test_a_fault_is_told_and_the_sensor_comes_back_when_mended(fault, errors):
    with Booth("wel-abc", patience=HASTY).attended() as booth:
        booth.sensor.place_finger("zhang")
        booth.sensor.fail(fault)
        with pytest.raises(errors):
            booth.match("zhang", seconds=0.2)
        booth.sensor.mend()
        until(lambda: booth.reader.board.health.ready)
        assert booth.in_the_end("zhang") is MatchVerdict.MATCHED
        booth.sensor.place_finger("li")
        assert booth.in_the_end("zhang") is MatchVerdict.DIFFERENT


@pytest.mark.parametrize("fault", [FeatureFault.NOISE_BEFORE_FRAME, FeatureFault.ECHO])
def test_a_half_duplex_adapter_and_noise_do_not_disturb(fault):
    with Booth("wel-abc").attended() as booth:
        booth.sensor.fail(fault)
        booth.sensor.place_finger("zhang")
        assert booth.match("zhang").verdict is MatchVerdict.MATCHED


def test_enrolment_and_pictures_are_refused():
    with Booth("wel-abc").attended() as booth:
        with pytest.raises(NotOffered, match="enrol"):
            booth.reader.enrol(3, 1.0, booth.told.append, booth.cancelled)
        with pytest.raises(NotOffered, match="picture"):
            booth.reader.preview(1.0, booth.told.append, booth.cancelled)
        assert booth.reader.board.health.ready
