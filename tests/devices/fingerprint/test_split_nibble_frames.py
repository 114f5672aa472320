"""Split-nibble frames (中正, 维尔): the vectors of reference/serial-devices.md §9.4, and every way to break them."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from devices.fingerprint.features import split_nibble_frames as frames
from devices.fingerprint.features.split_nibble_frames import Command, Reply, ReplyParser
from devices.fingerprint.features.split_nibble_simulated import SimulatedSplitNibble

REQUESTS = [
    (frames.encode(Command.RESET), "02 30 30 30 34 30 34 30 30 30 30 30 30 30 30 03"),
    (frames.encode(Command.DESCRIPTOR), "02 30 30 30 34 30 39 30 30 30 30 30 30 30 3D 03"),
    (frames.encode(Command.TEMPLATE), "02 30 30 30 34 30 3B 30 30 30 30 30 30 30 3F 03"),
    (frames.encode(Command.FEATURE_256), "02 30 30 30 34 30 3C 30 30 30 30 30 30 30 38 03"),
    (frames.encode(Command.FEATURE_128), "02 30 30 30 34 31 3C 30 30 30 30 30 30 31 38 03"),
    (frames.encode(Command.IMAGE_SIZE, b"\x00\x01\x00"), "02 30 30 30 34 31 38 30 30 30 31 30 30 31 3D 03"),
    (frames.encode_image_block(0), "02 30 30 30 36 31 39 30 30 30 30 30 30 30 30 30 30 31 3F 03"),
    (frames.encode_image_block(3), "02 30 30 30 36 31 39 30 30 30 30 30 30 30 30 30 33 31 3C 03"),
]
REPLIES = [
    ("02 30 30 30 32 30 31 30 30 30 33 03", Reply(frames.FAILED)),
    ("02 30 30 30 32 30 3A 30 30 30 38 03", Reply(frames.BUSY)),
    ("02 30 30 30 32 30 3C 30 30 30 3E 03", Reply(frames.PRESSED_BADLY)),
    ("02 30 30 30 34 30 30 30 30 3A 3A 3B 3B 31 35 03", Reply(frames.DONE, 0, b"\xaa\xbb")),
]
GOOD = bytes.fromhex(REPLIES[3][0])
LONGEST = 1 + 2 * (2 + 2 + frames.LARGEST_CONTENT + 1) + 1


def reply_of(content: bytes, status: int = 0) -> bytes:
    """A reply as the simulator writes it, which shares nothing with the driver."""
    return SimulatedSplitNibble()._frame(0, status, content)


@pytest.mark.parametrize(("frame", "vector"), REQUESTS)
def test_every_request_is_the_vector_of_the_reference(frame, vector):
    assert frame == bytes.fromhex(vector)


@pytest.mark.parametrize(("vector", "reply"), REPLIES)
def test_every_reply_of_the_reference_is_read(vector, reply):
    assert ReplyParser().feed(bytes.fromhex(vector)) == [reply]


def test_a_feature_of_256_bytes_has_524_on_the_wire():
    assert len(reply_of(bytes(256))) == 524


def test_the_two_sources_of_the_reset_differ_in_its_last_byte_and_the_sensor_takes_both():
    right, seen = frames.encode(Command.RESET), frames.RESET_AS_SEEN
    assert (right[:-2], right[-2:], seen[-2:]) == (seen[:-2], b"\x30\x03", b"\x31\x03")
    for frame in (right, seen):
        sensor = SimulatedSplitNibble()
        sensor.receive(frame)
        assert sensor.commands == [Command.RESET]


@pytest.mark.parametrize("cut", range(1, len(GOOD)))
def test_a_reply_split_at_any_byte_is_whole(cut):
    parser = ReplyParser()
    assert parser.feed(GOOD[:cut]) == []
    assert parser.feed(GOOD[cut:]) == [Reply(0, 0, b"\xaa\xbb")]


def test_replies_glued_together_with_noise_between_are_all_found():
    parser = ReplyParser()
    wire = b"\x00\x02\x30" + GOOD + b"\xff\x02" + GOOD + b"\x03\x03" + reply_of(bytes(256))
    assert [len(reply.content) for reply in parser.feed(wire)] == [2, 2, 256]
    assert parser.held == 0


@pytest.mark.parametrize("place", range(1, len(GOOD) - 1))
def test_one_flipped_bit_spoils_a_reply_and_the_next_one_is_found(place):
    broken = bytearray(GOOD)
    broken[place] ^= 1
    parser = ReplyParser()
    assert parser.feed(bytes(broken) + GOOD) == [Reply(0, 0, b"\xaa\xbb")]
    assert parser.broken_frames


@pytest.mark.parametrize("length", [b"????", b"0000", b"0001", b"0403"])
def test_a_length_that_no_reply_has_is_not_waited_for(length):
    parser = ReplyParser()
    parser.feed(b"\x02" + length + b"0" * 8)
    assert parser.held == 0
    assert parser.feed(GOOD) == [Reply(0, 0, b"\xaa\xbb")]


def test_a_length_that_promises_too_much_is_given_up_and_what_it_swallowed_is_found():
    parser = ReplyParser()
    assert parser.feed(b"\x02" + b"0100" + b"0" * 20) == []
    assert parser.held
    assert parser.give_up() == []
    assert parser.held == 0
    assert parser.feed(GOOD) == [Reply(0, 0, b"\xaa\xbb")]


def test_a_finger_is_not_in_the_words_of_a_reply():
    assert "aa" not in repr(Reply(0, 0, b"\xaa\xbb")).lower().replace("reply", "")


@given(st.binary(max_size=4096), st.integers(1, 97))
def test_any_bytes_give_replies_and_nothing_is_kept_for_ever(wire, piece):
    parser = ReplyParser()
    for start in range(0, len(wire), piece):
        parser.feed(wire[start : start + piece])
        assert parser.held <= LONGEST
    parser.give_up()
    assert parser.held <= LONGEST


@given(st.binary(max_size=300), st.lists(st.binary(max_size=200), max_size=4), st.integers(1, 50))
def test_what_the_sensor_says_is_heard_through_noise_however_it_is_cut(noise, contents, piece):
    quiet = noise.replace(b"\x02", b"")  # a start mark may swallow the reply behind it: that is the checks' own test
    wire = b"".join(quiet + reply_of(content) for content in contents)
    parser, heard = ReplyParser(), []
    for start in range(0, len(wire), piece):
        heard += parser.feed(wire[start : start + piece])
    assert [reply.content for reply in heard] == contents


@settings(max_examples=5, deadline=None)
@given(st.sampled_from([b"\x02", b"\x020", b"\x020400" + b"0" * 2000, b"0" * 100, b"\x03"]))
def test_a_megabyte_of_the_worst_noise_is_over_soon(unit):
    parser, began = ReplyParser(), time.process_time()
    wire = unit * (200_000 // len(unit))
    parser.feed(wire)
    assert time.process_time() - began < 10
    assert parser.held <= LONGEST


@given(st.binary(max_size=400))
def test_what_is_split_is_joined_again(content):
    assert frames.join(frames.split(content)) == content
