"""PIN pads of card readers, as PC/SC part 10 (v2.02.09) lays out their structures: pure bytes, no reader, no clock.

The PIN is typed on the reader and goes from there to the card: it never enters this process. What is handed to the
reader is a command with room for the digits, in the form of reference/card.md §2.1: BCD, an odd digit filled with F.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from enum import IntEnum

from devices.card import (
    PinOutcome,
    PinPadCancelled,
    PinPadFault,
    PinPadLength,
    PinPadMismatch,
    PinPadTimeout,
)
from devices.card.pins import pin_outcome
from devices.device import DeviceGarbled

GET_FEATURES = 3400
"""CM_IOCTL_GET_FEATURE_REQUEST before SCARD_CTL_CODE makes a control code of it (another on Windows than elsewhere)."""

VERIFY = bytes.fromhex("00200000")
CHANGE = bytes.fromhex("805E0100")
BETWEEN = b"\xff"
ROOM = b"\xff"
LONGEST_SECONDS = 255
DIGITS = range(4, 17)

BYTES, BCD_LEFT = 0x80, 0x01
KEY_OK = 0x02
OLD_AND_CONFIRM = 0x03
ONE_MESSAGE, THREE_MESSAGES = 0x01, 0x03
CHINESE = 0x0804

TLV = 6
TIMED_OUT, CANCELLED, MISMATCH, LENGTH = 0x6400, 0x6401, 0x6402, 0x6403
REFUSED = frozenset({0x6B80, 0x6D00, 0x6E00})


class Feature(IntEnum):
    """What a reader may offer, by the tags of part 10 §2.3; those this program uses."""

    VERIFY_PIN_DIRECT = 0x06
    MODIFY_PIN_DIRECT = 0x07


@dataclass(frozen=True)
class PadEntry:
    """One entry: how many digits the hall's PINs have (exactly), and how long the pad waits for the first key."""

    digits: int = 6
    seconds: int = 30

    def __post_init__(self) -> None:
        if self.digits not in DIGITS or not 0 < self.seconds <= LONGEST_SECONDS:
            raise ValueError("4 to 16 digits, 1 to 255 seconds")

    @property
    def room(self) -> bytes:
        """The place of the digits in a command: F throughout, so an odd digit is followed by one."""
        return ROOM * ((self.digits + 1) // 2)

    @property
    def limits(self) -> int:
        """wPINMaxExtraDigit: least digits in the high byte, most in the low one."""
        return self.digits << 8 | self.digits


def features(answer: bytes) -> dict[int, int]:
    """The control code of each feature, out of the answer to the feature request (part 10 §2.2).

    Tag, length 4, code in big-endian order, over and over. DeviceGarbled where that is not so.
    """
    if len(answer) % TLV:
        raise DeviceGarbled("the list of features ends inside an entry")
    codes: dict[int, int] = {}
    for place in range(0, len(answer), TLV):
        tag, length, code = struct.unpack_from(">BBI", answer, place)
        if length != TLV - 2:
            raise DeviceGarbled(f"feature {tag:02X} has a length of {length}")
        codes.setdefault(tag, code)
    return codes


def verify_structure(entry: PadEntry) -> bytes:
    """PIN_VERIFY_STRUCTURE (part 10 §2.5.2) for VERIFY: 19 bytes, little-endian, then the command.

    The digits stand from the first byte after Lc, at the left, BCD; no length of the PIN is written into the command.
    """
    command = VERIFY + bytes([len(entry.room)]) + entry.room
    head = struct.pack(
        "<BBBBBHBBHB3sI",
        entry.seconds, entry.seconds, BYTES | BCD_LEFT, len(entry.room), 0, entry.limits,
        KEY_OK, ONE_MESSAGE, CHINESE, 0, bytes(3), len(command),
    )  # fmt: skip
    return head + command


def modify_structure(entry: PadEntry) -> bytes:
    """PIN_MODIFY_STRUCTURE (part 10 §2.5.3) for CHANGE PIN `80 5E 01 00`: 24 bytes, little-endian, then the command.

    Asks for the old PIN, the new one, and the new one again.
    """
    content = entry.room + BETWEEN + entry.room
    command = CHANGE + bytes([len(content)]) + content
    head = struct.pack(
        "<BBBBBBBHBBBHBBB3sI",
        entry.seconds, entry.seconds, BYTES | BCD_LEFT, len(entry.room), 0, 0, len(entry.room) + 1, entry.limits,
        OLD_AND_CONFIRM, KEY_OK, THREE_MESSAGES, CHINESE, 0, 1, 2, bytes(3), len(command),
    )  # fmt: skip
    return head + command


def outcome(answer: bytes) -> PinOutcome:
    """What came of an entry: the card's own status word, or the pad's (part 10 §2.5.6).

    PinPadTimeout, PinPadCancelled, PinPadMismatch, PinPadLength: the card was not asked. PinPadFault: the reader does
    not take the structure. CardUnreadable("pin"): the card knows no PIN. DeviceGarbled: no status word.
    """
    if len(answer) != 2:  # noqa: PLR2004  a status word
        raise DeviceGarbled(f"the pad answers {len(answer)} bytes")
    sw = int.from_bytes(answer)
    if sw in PAD_ERRORS:
        raise PAD_ERRORS[sw](f"the pad answers {sw:04X}")
    if sw in REFUSED:
        raise PinPadFault(f"the reader refuses its own pad ({sw:04X})")
    return pin_outcome(sw)


PAD_ERRORS = {
    TIMED_OUT: PinPadTimeout,
    CANCELLED: PinPadCancelled,
    MISMATCH: PinPadMismatch,
    LENGTH: PinPadLength,
}
"""What the pad itself answers, without having asked the card."""
