"""What GM65 and Newland scanners say: the vectors of reference/serial-devices.md §4 and §9.4."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.scanner.dialects import (
    BAUD_REGISTER,
    READ,
    WRITE,
    Gm65,
    Mode,
    Newland,
    Verdict,
    gm65_command,
    newland_command,
)
from devices.scanner.simulated import crc, gm65_reply

SUCCESS = bytes.fromhex("02000001003331")
SPEED = gm65_reply(b"\x39\x01")
NEWLAND_REPLY = b"\x02\x010000#SCNTRG1\x06;\x03"

GM65_VECTORS = [
    (gm65_command(WRITE, 0x0002, b"\x01"), "7E000801000201 02DA"),
    (gm65_command(READ, BAUD_REGISTER, b"\x02"), "7E000701002A02 D80F"),
    (gm65_command(WRITE, BAUD_REGISTER, b"\x39\x01"), "7E000802002A3901 A7EA"),
    (gm65_command(WRITE, 0x0000, b"\xd5"), "7E0008010000D5 EF41"),
    (gm65_command(WRITE, 0x0003, b"\x02"), "7E000801000302 0188"),
    (gm65_command(0x09, 0x0000, b"\x00"), "7E000901000000 DEC8"),
]


@pytest.mark.parametrize(("made", "vector"), GM65_VECTORS)
def test_gm65_commands_are_those_of_the_sources(made, vector):
    assert made == bytes.fromhex(vector)
    assert crc(made[2:-2]).to_bytes(2, "big") == made[-2:], "the simulator's CRC is another program"


def test_what_a_gm65_is_told():
    gm65 = Gm65()
    assert gm65.begin == GM65_VECTORS[0][0]
    assert gm65.probe == GM65_VECTORS[1][0]
    assert gm65.greeting == (gm65.probe, GM65_VECTORS[4][0], GM65_VECTORS[3][0])
    assert GM65_VECTORS[5][0] not in gm65.greeting, "nothing is saved for ever"
    assert Gm65(Mode.CONTINUOUS).greeting[-1][6] & 3 == 2


def test_newland_commands_are_those_of_the_sources():
    assert Newland().begin == bytes.fromhex("7E013030303023 53434E54524731 3B03")
    assert Newland().cease == bytes.fromhex("7E013030303023 53434E54524730 3B03")
    assert Newland().probe == newland_command(b"SCNMOD0")
    assert Newland(Mode.CONTINUOUS).probe == newland_command(b"SCNMOD2")
    assert not Newland(Mode.CONTINUOUS).begins


@pytest.mark.parametrize(
    ("reply", "verdict"),
    [
        (SUCCESS, Verdict.DONE), (SPEED, Verdict.DONE), (bytes.fromhex("03000001003331"), Verdict.DONE),
        (gm65_reply(b"\x01"), Verdict.REFUSED), (bytes.fromhex("02000001003332"), Verdict.BROKEN),
        (bytes.fromhex("02010001003331"), Verdict.BROKEN),
    ],
)  # fmt: skip
def test_gm65_replies(reply, verdict):
    gm65 = Gm65()
    assert gm65.verdict(reply) is verdict
    assert gm65.reply_size(reply + b"CODE") == len(reply)
    assert [gm65.reply_size(reply[:cut]) for cut in range(1, len(reply))] == [None] * (len(reply) - 1)


@pytest.mark.parametrize(("word", "verdict"), [(b"\x06", "DONE"), (b"\x15", "REFUSED"), (b"\x05", "REFUSED")])
@pytest.mark.parametrize("tag", [b"#", b"@"])
def test_newland_replies(word, verdict, tag):
    reply = b"\x02\x010000" + tag + b"SCNMOD0" + word + b";\x03"
    newland = Newland()
    assert newland.verdict(reply) is Verdict[verdict]
    assert newland.reply_size(reply + b"CODE") == len(reply)
    assert [newland.reply_size(reply[:cut]) for cut in range(1, len(reply))] == [None] * (len(reply) - 1)


def test_a_code_is_no_reply():
    for dialect in (Gm65(), Newland()):
        assert dialect.reply_size(b"ABC") == 0
    assert Newland().reply_size(b"\x02\x01000012") is None
    assert Newland().reply_size(b"\x02\x029000") == 0
    assert Newland().reply_size(b"\x02\x010000" + b"A" * 70) == 0


@given(st.binary(min_size=1, max_size=300))
def test_any_beginning_has_a_size(buffer):
    for dialect in (Gm65(), Newland()):
        size = dialect.reply_size(buffer)
        assert size is None or 0 <= size <= len(buffer)
        if size:
            assert dialect.verdict(buffer[:size]) in Verdict
