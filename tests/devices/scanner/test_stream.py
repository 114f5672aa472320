"""Pieces of what a scanner sends: replies, codes with and without an end, noise, too much."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.scanner import LONGEST_CODE
from devices.scanner.dialects import Gm65, Newland
from devices.scanner.stream import Code, Reply, ScannerStream
from tests.devices.scanner.test_dialects import NEWLAND_REPLY, SPEED, SUCCESS

CODE = b"6B86B273FF34FCE19D6B804EFF5A3F57"


def stream_of(family="gm65"):
    return ScannerStream((Gm65() if family == "gm65" else Newland()).reply_size)


def told(pieces):
    return [piece.raw if isinstance(piece, Reply) else (bytes(piece.content), piece.end) for piece in pieces]


@pytest.mark.parametrize(
    ("family", "wire", "pieces"),
    [
        ("gm65", SUCCESS + CODE + b"\r", [SUCCESS, (CODE, b"\r")]),
        ("gm65", SPEED + SUCCESS, [SPEED, SUCCESS]),
        ("gm65", CODE + b"\r\n", [(CODE, b"\r"), (b"", b"\n")]),
        ("gm65", CODE + b"\r" + CODE + b"\r", [(CODE, b"\r"), (CODE, b"\r")]),
        ("gm65", b"\x15\r", [(b"\x15", b"\r")]),
        ("newland", NEWLAND_REPLY + CODE + b"\n", [NEWLAND_REPLY, (CODE, b"\n")]),
    ],
)
def test_what_comes_is_told_apart_however_it_is_cut(family, wire, pieces):
    assert told(stream_of(family).feed(wire)) == pieces
    for cut in range(1, len(wire)):
        stream = stream_of(family)
        assert told(stream.feed(wire[:cut]) + stream.feed(wire[cut:])) == pieces
    stream = stream_of(family)
    assert told([piece for byte in wire for piece in stream.feed(bytes([byte]))]) == pieces
    assert stream.held == 0


def test_silence_ends_a_code_without_a_suffix():
    stream = stream_of()
    assert stream.feed(CODE) == []
    assert stream.held == len(CODE)
    assert told(stream.end()) == [(CODE, b"")]
    assert stream.end() == []


def test_a_reply_inside_a_code_belongs_to_the_code():
    (code,) = stream_of().feed(CODE + SUCCESS + b"\r")
    assert not code.printable


@pytest.mark.parametrize("length", [LONGEST_CODE, LONGEST_CODE + 1, 3 * LONGEST_CODE])
def test_of_a_code_that_is_too_long_only_the_length_is_kept(length):
    stream = stream_of()
    (code,) = stream.feed(b"9" * length + b"\r")
    assert (code.length, code.whole) == (length, length <= LONGEST_CODE)
    assert len(code.content) == (length if length <= LONGEST_CODE else 0)
    assert told(stream.feed(CODE + b"\r")) == [(CODE, b"\r")]


def test_too_much_without_an_end_is_never_held():
    stream = stream_of()
    for _ in range(50):
        stream.feed(b"9" * 1000)
        assert len(stream._buffer) <= LONGEST_CODE + 300
    (code,) = stream.end()
    assert (code.length, code.whole) == (50000, False)


def test_only_printable_characters_are_a_code_for_a_hall():
    good, bad = (Code(bytearray(content), b"\r", len(content)) for content in (b" ~AZ09", b"A\x1bB"))
    assert good.printable
    assert not bad.printable
    assert not Code(bytearray("中".encode()), b"\r", 3).printable


def test_a_tap_is_given_stars_of_the_same_number():
    pieces = stream_of().feed(SUCCESS + CODE + b"\r")
    assert b"".join(piece.for_tap for piece in pieces) == SUCCESS + b"*" * len(CODE) + b"\r"
    assert CODE.decode() not in repr(pieces)


def test_what_was_let_go_is_overwritten():
    stream = stream_of()
    buffer = stream._buffer
    stream.feed(CODE[:10])
    stream.reset()
    assert (bytes(buffer), stream.held) == (b"", 0)


@given(st.lists(st.binary(max_size=700), max_size=8), st.sampled_from(["gm65", "newland"]))
def test_any_bytes_are_bounded_pieces_and_none_is_lost(portions, family):
    stream = stream_of(family)
    pieces = [piece for portion in portions for piece in stream.feed(portion)]
    assert len(stream._buffer) <= LONGEST_CODE + 300
    pieces += stream.end()
    assert stream.held == 0
    assert sum(len(piece.for_tap) for piece in pieces) == sum(map(len, portions))
