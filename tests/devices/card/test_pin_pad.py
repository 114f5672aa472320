"""The structures of PC/SC part 10, byte by byte as the specification lays them out, and what a pad answers."""

from __future__ import annotations

import re
from itertools import takewhile

import pytest

from devices.card import (
    CardUnreadable,
    PinOutcome,
    PinPadCancelled,
    PinPadFault,
    PinPadLength,
    PinPadMismatch,
    PinPadTimeout,
    PinResult,
)
from devices.card.pin_pad import Feature, PadEntry, features, modify_structure, outcome, verify_structure
from devices.device import DeviceGarbled

VERIFY_SIX = """
1E          bTimerOut                 30 seconds until the first key
1E          bTimerOut2                30 seconds after it
81          bmFormatString            bit 7: units are bytes; bits 6-3: PIN at 0 after Lc; bit 2: left; bits 1-0: BCD
03          bmPINBlockString          bits 7-4: no length in the command; bits 3-0: a block of three bytes
00          bmPINLengthFormat         none
06 06       wPINMaxExtraDigit         six to six digits (both bytes alike: any order)
02          bEntryValidationCondition the key OK
01          bNumberMessage            one prompt
04 08       wLangId                   0x0804, low byte first
00          bMsgIndex
00 00 00    bTeoPrologue
08 00 00 00 ulDataLength              low byte first
00 20 00 00 03 FF FF FF
"""
VERIFY_FIVE = """
0A          bTimerOut
0A          bTimerOut2
81          bmFormatString
03          bmPINBlockString          five digits and an F: three bytes
00          bmPINLengthFormat
05 05       wPINMaxExtraDigit
02          bEntryValidationCondition
01          bNumberMessage
04 08       wLangId
00          bMsgIndex
00 00 00    bTeoPrologue
08 00 00 00 ulDataLength
00 20 00 00 03 FF FF FF
"""
CHANGE_SIX = """
1E          bTimerOut
1E          bTimerOut2
81          bmFormatString
03          bmPINBlockString
00          bmPINLengthFormat
00          bInsertionOffsetOld       the first byte after Lc
04          bInsertionOffsetNew       behind the old PIN and FF
06 06       wPINMaxExtraDigit
03          bConfirmPIN               ask for the old one, ask twice for the new one
02          bEntryValidationCondition
03          bNumberMessage
04 08       wLangId
00          bMsgIndex1
01          bMsgIndex2
02          bMsgIndex3
00 00 00    bTeoPrologue
0C 00 00 00 ulDataLength
80 5E 01 00 07 FF FF FF FF FF FF FF
"""


def layout(table: str) -> bytes:
    """The bytes at the start of each line of such a table."""
    rows = (takewhile(re.compile("[0-9A-F]{2}").fullmatch, line.split()) for line in table.splitlines())
    return b"".join(bytes.fromhex("".join(row)) for row in rows)


@pytest.mark.parametrize(
    ("made", "table"),
    [
        (verify_structure(PadEntry()), VERIFY_SIX),
        (verify_structure(PadEntry(digits=5, seconds=10)), VERIFY_FIVE),
        (modify_structure(PadEntry()), CHANGE_SIX),
    ],
    ids=["verify six digits", "verify five digits", "change six digits"],
)
def test_the_bytes_stand_as_the_specification_lays_them_out(made, table):
    assert made.hex(" ").upper() == layout(table).hex(" ").upper()


def test_a_longer_pin_has_a_longer_block():
    assert verify_structure(PadEntry(digits=8))[19:] == bytes.fromhex("0020000004FFFFFFFF")


@pytest.mark.parametrize("wrong", [{"digits": 3}, {"digits": 17}, {"seconds": 0}, {"seconds": 256}])
def test_an_entry_that_no_pad_could_take_is_refused(wrong):
    with pytest.raises(ValueError, match="digits"):
        PadEntry(**wrong)


def test_the_features_of_a_reader_are_found_by_tag_with_codes_in_big_endian_order():
    listed = bytes.fromhex("0604 42330006 0704 42330007 1204 42330012")
    assert features(listed) == {0x06: 0x42330006, 0x07: 0x42330007, 0x12: 0x42330012}
    assert Feature.VERIFY_PIN_DIRECT in features(listed)
    assert features(b"") == {}


@pytest.mark.parametrize("wrong", ["06", "0604423300", "060342330006", "06044233000607"])
def test_a_list_of_features_that_is_none_is_garbled(wrong):
    with pytest.raises(DeviceGarbled):
        features(bytes.fromhex(wrong))


@pytest.mark.parametrize(
    ("answer", "meaning"),
    [
        ("9000", PinOutcome(PinResult.ACCEPTED)),
        ("63C2", PinOutcome(PinResult.WRONG, 2)),
        ("63C1", PinOutcome(PinResult.WRONG, 1)),
        ("63C0", PinOutcome(PinResult.BLOCKED, 0)),
        ("6983", PinOutcome(PinResult.BLOCKED, 0)),
    ],
)
def test_the_cards_own_word_comes_through(answer, meaning):
    assert outcome(bytes.fromhex(answer)) == meaning


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        ("6400", PinPadTimeout),
        ("6401", PinPadCancelled),
        ("6402", PinPadMismatch),
        ("6403", PinPadLength),
        ("6B80", PinPadFault),
        ("6D00", PinPadFault),
        ("6A88", CardUnreadable),
        ("", DeviceGarbled),
        ("90", DeviceGarbled),
        ("019000", DeviceGarbled),
    ],
)
def test_what_the_pad_says_itself_is_said_in_a_clerks_words(answer, error):
    with pytest.raises(error):
        outcome(bytes.fromhex(answer))
