"""``7E 42`` frames (天诚盛业): the vectors of reference/serial-devices.md §9.4, and every way to break them."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from devices.device import DeviceGarbled
from devices.fingerprint.features import frame7e42_frames as frames
from devices.fingerprint.features.frame7e42_frames import Command, Reply, ReplyParser
from devices.fingerprint.features.frame7e42_simulated import SimulatedFrame7E42

REQUESTS = [
    (frames.encode(Command.VERSION, frames.VERSION_DATA), "7E 42 61 00 00 00 01 00 22"),
    (frames.encode(Command.SET_BAUD, frames.BAUD_115200_DATA), "7E 42 62 00 00 00 01 07 26"),
    (frames.encode(Command.FEATURE, frames.FEATURE_DATA), "7E 42 64 00 00 00 01 02 25"),
    (frames.encode_image_block(0), "7E 42 84 00 00 00 0C 00 00 0B 00 00 00 00 00 00 00 03 C0 02"),
]
REPLIES = [
    ("7E 42 64 03 00 00 00 00 25", Reply(Command.FEATURE, frames.TIME_OUT)),
    ("7E 42 64 FF 00 00 00 00 D9", Reply(Command.FEATURE, frames.BUSY)),
]
GOOD = bytes.fromhex(REPLIES[0][0])
LONGEST = 9 + frames.LARGEST_CONTENT


def reply_of(content: bytes, command: int = 0x64, status: int = 0) -> bytes:
    """A reply as the simulator writes it, which shares nothing with the driver."""
    return SimulatedFrame7E42()._frame(command, status, content)


@pytest.mark.parametrize(("frame", "vector"), REQUESTS)
def test_every_request_is_the_vector_of_the_reference(frame, vector):
    assert frame == bytes.fromhex(vector)


@pytest.mark.parametrize(("vector", "reply"), REPLIES)
def test_every_reply_of_the_reference_is_read(vector, reply):
    assert ReplyParser().feed(bytes.fromhex(vector)) == [reply]


def test_the_module_understands_the_vectors():
    module = SimulatedFrame7E42()
    module.receive(b"".join(bytes.fromhex(vector) for _, vector in REQUESTS))
    assert module.commands == [Command.VERSION, Command.SET_BAUD, Command.FEATURE, Command.IMAGE]


@pytest.mark.parametrize("cut", range(1, len(GOOD)))
def test_a_reply_split_at_any_byte_is_whole(cut):
    parser = ReplyParser()
    assert parser.feed(GOOD[:cut]) == []
    assert parser.feed(GOOD[cut:]) == [REPLIES[0][1]]


def test_replies_glued_together_with_noise_between_are_all_found():
    parser = ReplyParser()
    wire = b"\x00\x7e\x41" + GOOD + b"\xff\x7e" + GOOD + b"\x42" + reply_of(b"\x7e\x42" * 100)
    assert [len(reply.content) for reply in parser.feed(wire)] == [0, 0, 200]
    assert parser.held == 0


@pytest.mark.parametrize("place", [2, 3, 6, 7, 8])
def test_one_flipped_bit_spoils_a_reply_and_the_next_one_is_found(place):
    broken = bytearray(reply_of(b"finger"))
    broken[place] ^= 1
    parser = ReplyParser()
    heard = parser.feed(bytes(broken)) + parser.give_up() + parser.feed(GOOD)
    assert heard == [REPLIES[0][1]]
    assert parser.broken_frames


@pytest.mark.parametrize("length", ["FFFFFFFF", "00010000", "00000401"])
def test_a_length_that_no_reply_has_is_not_waited_for(length):
    parser = ReplyParser()
    assert parser.feed(bytes.fromhex("7E426400" + length) + bytes(5)) == []
    assert parser.held == 0
    assert parser.feed(GOOD) == [REPLIES[0][1]]


def test_a_length_that_promises_too_much_is_given_up_and_what_it_swallowed_is_found():
    parser = ReplyParser()
    assert parser.feed(bytes.fromhex("7E42640000000300") + GOOD) == []
    assert parser.give_up() == [REPLIES[0][1]]


def test_a_feature_stands_behind_the_users_own_bytes():
    assert frames.read_feature(b"\x04\x03" + b"0001" + b"abc") == b"abc"


@pytest.mark.parametrize("content", [b"", b"\x00", b"\x00\x00", b"\x01\x00a", b"\x00\x03ab", b"\x00\x03abcd"])
def test_a_feature_record_whose_lengths_do_not_fit_is_garbled(content):
    with pytest.raises(DeviceGarbled):
        frames.read_feature(content)


@given(st.binary(max_size=4096), st.integers(1, 97))
def test_any_bytes_give_replies_and_nothing_is_kept_for_ever(wire, piece):
    parser = ReplyParser()
    for start in range(0, len(wire), piece):
        parser.feed(wire[start : start + piece])
        assert parser.held <= LONGEST
    parser.give_up()
    assert parser.held <= LONGEST


@given(st.binary(max_size=300), st.lists(st.binary(max_size=200), max_size=4), st.integers(1, 50))
def test_what_the_module_says_is_heard_through_noise_however_it_is_cut(noise, contents, piece):
    quiet = noise.replace(b"\x7e", b"")
    wire = b"".join(quiet + reply_of(content) for content in contents)
    parser, heard = ReplyParser(), []
    for start in range(0, len(wire), piece):
        heard += parser.feed(wire[start : start + piece])
    assert [reply.content for reply in heard] == contents


@settings(max_examples=4, deadline=None)
@given(st.sampled_from([b"\x7e", b"\x7e\x42", b"\x7e\x42\x64\x00\x00\x00\x04\x00" + bytes(1000), b"\x42"]))
def test_a_stream_of_the_worst_noise_is_over_soon(unit):
    parser, began = ReplyParser(), time.process_time()
    parser.feed(unit * (200_000 // len(unit)))
    assert time.process_time() - began < 10
    assert parser.held <= LONGEST
