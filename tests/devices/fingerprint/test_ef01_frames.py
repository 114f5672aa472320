"""The EF01 frames of the reference, good and broken, whole and in pieces."""

import hashlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.device import DeviceGarbled
from devices.fingerprint.ef01 import frames
from devices.fingerprint.ef01.codes import CAPTURE_HINTS, MERGE_FAILED, PRESENT, UNSUPPORTED, Command, meaning_of
from devices.fingerprint.ef01.frames import Comparison, Frame, FrameKind, FrameParser, SensorParameters

LINES = (Path(__file__).parent / "ef01_vectors.txt").read_text(encoding="utf-8").splitlines()[1:]
VECTORS = {line.split(" ", 1)[0]: bytes.fromhex(line.split(" ", 1)[1]) for line in LINES}
REPLIES = sorted(key for key in VECTORS if key[0] in "RD")
COMMANDS = sorted(key for key in VECTORS if key[0] == "C")
OK = Frame(FrameKind.ACKNOWLEDGE, b"\x00")
TEMPLATE = b"\x03\x01" + bytes((73 * i + 11 + 5 * (i // 128)) % 256 for i in range(510))


def heard(received: bytes) -> list[Frame]:
    return FrameParser().feed(received)


def answer_to(command: Command, key: str) -> frames.Acknowledgement:
    return frames.read_acknowledgement(command, heard(VECTORS[key])[0])


@pytest.mark.parametrize("key", REPLIES)
def test_every_good_reply_is_read(key):
    [frame] = heard(VECTORS[key])
    assert frame.payload == VECTORS[key][9:-2]
    assert frame.kind == VECTORS[key][6]
    assert not frame.after_boot


@pytest.mark.parametrize("key", REPLIES)
def test_a_reply_split_at_every_byte_is_read_once_it_is_whole(key):
    whole = heard(VECTORS[key])
    for cut in range(1, len(VECTORS[key])):
        parser = FrameParser()
        assert parser.feed(VECTORS[key][:cut]) == []
        assert parser.feed(VECTORS[key][cut:]) == whole


def test_replies_glued_together_and_fed_byte_by_byte_are_all_read():
    parser = FrameParser()
    stream = b"".join(VECTORS[key] for key in REPLIES)
    found = [frame for byte in stream for frame in parser.feed(bytes([byte]))]
    assert [frame.payload for frame in found] == [VECTORS[key][9:-2] for key in REPLIES]
    assert found == heard(stream)


@pytest.mark.parametrize("key", COMMANDS)
def test_our_own_command_coming_back_is_not_an_answer(key):
    assert heard(VECTORS[key] + VECTORS["R01"]) == [OK]


SENT = {
    "C01": (Command.VERIFY_PASSWORD, bytes(4)),
    "C02": (Command.READ_PARAMETERS, b""),
    "C03": (Command.GET_IMAGE, b""),
    "C04": (Command.EXTRACT, b"\x01"),
    "C04b": (Command.EXTRACT, b"\x02"),
    "C06": (Command.DOWNLOAD, b"\x02"),
    "C07": (Command.UPLOAD, b"\x02"),
    "C07b": (Command.UPLOAD, b"\x01"),
    "C08": (Command.MATCH, b""),
    "C05": (Command.MERGE, b""),
    "C14": (Command.COUNT_TEMPLATES, b""),
    "C19": (Command.UPLOAD_PICTURE, b""),
    "C20": (Command.COLOUR_LIGHT, b"\x03\x00\x02\x00"),
    "C21": (Command.HANDSHAKE, b""),
    "C22": (Command.ECHO, b""),
    "C24": (Command.LIGHT_ON, b""),
    "C25": (Command.LIGHT_OFF, b""),
}


@pytest.mark.parametrize("key", SENT)
def test_commands_are_encoded_as_the_manual_says(key):
    assert frames.encode_command(*SENT[key]) == VECTORS[key]


def test_any_frame_of_the_reference_is_encoded_from_its_parts():
    for key in [*REPLIES, *COMMANDS]:
        if key == "C26":  # the zero-length probe has no checksum and is never sent by us
            continue
        wire = VECTORS[key]
        assert frames.encode(FrameKind(wire[6]), wire[9:-2]) == wire


def test_a_template_goes_out_in_four_packets():
    assert hashlib.sha256(TEMPLATE).hexdigest().startswith("4b0df0886f21a401")
    assert list(frames.encode_content(TEMPLATE, 128)) == [VECTORS[f"D06.{n}"] for n in (1, 2, 3, 4)]


def test_no_command_of_ours_writes_to_the_flash_or_searches_it():
    ours = {VECTORS[key][9] for key in SENT} | {Command.READ_FIRMWARE, Command.READ_PRODUCT}
    assert ours == set(Command)  # each has its vector, but for two that the reference gives in words only
    never = {"C09", "C10", "C11", "C12", "C13", "C17", "C18", "C23"}
    assert not {VECTORS[key][9] for key in never} & set(Command)


def test_the_answers_that_carry_something_carry_exactly_that():
    assert answer_to(Command.COUNT_TEMPLATES, "R14").extra == b"\x00\x03"
    assert answer_to(Command.ECHO, "R22").code == PRESENT
    assert answer_to(Command.COLOUR_LIGHT, "R25").code == UNSUPPORTED
    assert answer_to(Command.MERGE, "R05b").code == MERGE_FAILED
    with pytest.raises(DeviceGarbled, match="COUNT_TEMPLATES done with 0 bytes"):
        answer_to(Command.COUNT_TEMPLATES, "R01")


def test_the_last_packet_may_be_short():
    sizes = [len(packet) - 11 for packet in frames.encode_content(bytes(700), 128)]
    assert sizes == [128] * 5 + [60]


@pytest.mark.parametrize("payload", [b"", bytes(257)])
def test_a_frame_of_impossible_size_is_not_sent(payload):
    with pytest.raises(ValueError, match="1 to 256"):
        frames.encode(FrameKind.COMMAND, payload)


NOTHING_HEARD = ["B01", "B02", "B03", "B04", "B07", "B08", "B09", "B09b", "B09c", "B10"]


@pytest.mark.parametrize("key", NOTHING_HEARD)
def test_a_broken_frame_is_not_an_answer_and_hides_no_later_one(key):
    parser = FrameParser()
    assert parser.feed(VECTORS[key]) == []
    if key in ("B03", "B04"):  # cut off: the driver drains before the next command
        parser.reset()
    assert parser.feed(VECTORS["R01"]) == [OK]


@pytest.mark.parametrize("key", ["B05", "B06", "B06b", "B15"])
def test_an_answer_behind_noise_or_echo_is_found(key):
    assert heard(VECTORS[key]) == [OK]


def test_one_byte_is_dropped_and_the_hunt_goes_on_inside_the_broken_frame():
    hidden = VECTORS["R01"]
    broken = b"\xef\x01\xff\xff\xff\xff\x07\x00\x10" + hidden + b"\x00\x00\x00\x00"
    parser = FrameParser()
    assert parser.feed(broken) == [OK]
    assert parser.broken_frames == 1


def test_a_bit_flipped_in_the_score_is_no_match():  # B02
    parser = FrameParser()
    assert parser.feed(VECTORS["B02"]) == []
    assert parser.broken_frames == 1


def test_data_where_an_answer_is_due_is_garbled():  # B11
    with pytest.raises(DeviceGarbled, match="MORE_CONTENT where the answer to VERIFY_PASSWORD"):
        answer_to(Command.VERIFY_PASSWORD, "B11")


def test_two_answers_glued_are_two_answers():  # B12
    assert [frame.payload for frame in heard(VECTORS["B12"])] == [b"\x02", b"\x00"]


def test_a_boot_byte_before_an_answer_is_noted():  # B13
    [frame] = heard(VECTORS["B13"])
    assert frame.after_boot
    assert frame.payload == b"\x00"
    assert not heard(VECTORS["B05"])[0].after_boot  # a 55 among noise says nothing


def test_a_lone_boot_byte_announces_a_restart():  # B14
    assert frames.announces_restart(VECTORS["B14"])
    assert frames.announces_restart(b"\x00\x55")
    assert not frames.announces_restart(b"")
    assert not frames.announces_restart(b"\x00")
    assert not frames.announces_restart(VECTORS["R22"])


def test_done_without_a_score_is_no_match():  # B16
    with pytest.raises(DeviceGarbled, match="MATCH done with 0 bytes"):
        answer_to(Command.MATCH, "B16")


def test_a_header_inside_a_payload_starts_no_frame():  # B17
    [frame] = heard(VECTORS["B17"])
    assert frame.kind is FrameKind.MORE_CONTENT
    assert VECTORS["R01"] in frame.payload + b"\x00\x0a"


def test_a_lying_length_never_holds_more_than_one_frame():
    liar = b"\xef\x01\xff\xff\xff\xff\x07\x01\x02"  # says 258, is followed by good answers
    parser = FrameParser()
    found = parser.feed(liar + VECTORS["R01"] * 40)
    assert len(found) == 40
    assert parser.held == 0


def test_a_foreign_sensor_address_is_heard_by_its_own_reader_only():
    assert FrameParser(0x12345678).feed(VECTORS["B07"]) == [OK]
    assert FrameParser(0x12345678).feed(VECTORS["R01"]) == []


def test_parameters_of_three_kinds_of_sensor():
    read = {key: frames.read_parameters(answer_to(Command.READ_PARAMETERS, key)) for key in ("R02", "R02b", "R02c")}
    assert read["R02"] == SensorParameters(0, 0, 162, 3, 0xFFFFFFFF, 128, 57600)
    assert read["R02b"] == SensorParameters(4, 9, 1000, 3, 0xFFFFFFFF, 128, 57600)
    assert read["R02c"] == SensorParameters(4, 0, 200, 3, 0xFFFFFFFF, 128, 57600)


def test_an_impossible_packet_size_is_garbled():
    extra = bytearray(answer_to(Command.READ_PARAMETERS, "R02").extra)
    extra[13] = 9
    with pytest.raises(DeviceGarbled, match="packet size code 9"):
        frames.read_parameters(frames.Acknowledgement(0, bytes(extra)))


def test_the_verdict_in_all_its_forms():
    compare = {key: frames.read_comparison(answer_to(Command.MATCH, key)) for key in ("R08", "R08b", "R08c", "R01d")}
    assert compare["R08"] == Comparison(same=True, score=100)
    assert compare["R08b"] == Comparison(same=False, score=0)
    assert compare["R08c"] == Comparison(same=False, score=None)
    assert compare["R01d"] is None


def test_a_verdict_of_odd_length_is_garbled():
    with pytest.raises(DeviceGarbled, match="with 1 bytes"):
        frames.read_comparison(frames.Acknowledgement(8, b"\x00"))


def test_an_unknown_code_keeps_its_raw_byte():
    assert meaning_of(0x80) == "0x80 unknown confirmation code"
    assert meaning_of(0x21) == "0x21 password must be verified first"
    assert 0x80 not in CAPTURE_HINTS


def test_no_template_byte_shows_in_a_log_line():
    [frame] = heard(VECTORS["D06.1"])
    assert repr(frame) == "Frame(MORE_CONTENT, 128 bytes)"


@given(st.lists(st.binary(max_size=600), max_size=8))
def test_whatever_comes_the_parser_stays_small_and_finds_only_good_frames(portions):
    parser = FrameParser()
    received = b"".join(portions)
    found = [frame for portion in portions for frame in parser.feed(portion)]
    assert parser.held < 267
    for frame in found:
        assert frames.encode(frame.kind, frame.payload) in received


@given(
    st.lists(st.sampled_from(REPLIES), min_size=1, max_size=5),
    st.lists(st.binary(max_size=30).filter(lambda noise: b"\xef" not in noise), min_size=5, max_size=5),
    st.integers(1, 40),
)
def test_frames_between_noise_are_all_found_however_they_are_cut(keys, noise, portion):
    stream = b"".join(before + VECTORS[key] for before, key in zip(noise, keys, strict=False))
    parser = FrameParser()
    found = [frame for at in range(0, len(stream), portion) for frame in parser.feed(stream[at : at + portion])]
    assert [frame.payload for frame in found] == [VECTORS[key][9:-2] for key in keys]


@given(st.sampled_from(REPLIES), st.integers(0, 8 * 11 - 1))
def test_no_single_flipped_bit_ever_changes_an_answer(key, bit):
    wire = bytearray(VECTORS[key])
    place = bit // 8 % len(wire)
    wire[place] ^= 1 << bit % 8
    assert all(frame.payload == VECTORS[key][9:-2] for frame in heard(bytes(wire)) if frame.kind == VECTORS[key][6])
