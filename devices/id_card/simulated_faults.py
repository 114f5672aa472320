"""What can be wrong with a simulated ID-card reader or the card on it, and what that does to what it sends."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import StrEnum
from types import MappingProxyType


class IdReaderFault(StrEnum):
    """What can be wrong with an ID-card reader, its cable, or the card that lies on it."""

    SELF_TEST_FAILED = "self_test_failed"
    """The security module fails its own test (60), reset or not."""
    UNAUTHORISED = "unauthorised"
    """The security module is not authorised any more (66): it reads nothing."""
    SILENT = "silent"
    """The cable is in, nothing answers."""
    UNPLUGGED = "unplugged"
    """The cable is out."""
    UNPLUGGED_MID_FRAME = "unplugged_mid_frame"
    """The cable goes in the middle of an answer."""
    BAD_CHECKSUM = "bad_checksum"
    """The last byte of every answer is wrong."""
    NOISE_BEFORE = "noise_before"
    """Stray bytes, among them half a header, stand before every answer."""
    LYING_LENGTH = "lying_length"
    """The length of an answer promises more than comes."""
    LATE_ANSWER = "late_answer"
    """Every answer comes when nobody waits for it any more."""
    ECHO = "echo"
    """What is sent comes back before the answer."""
    STRANGE_STATUS = "strange_status"
    """It answers "select" with a status that no source names."""
    GONE_MID_READ = "gone_mid_read"
    """The card is lifted while the module reads it (41)."""
    READ_FAILED = "read_failed"
    """The card lies still and cannot be read (41)."""
    FOREIGN_CARD = "foreign_card"
    """What lies there is another kind of card (40)."""
    NO_CONTENT = "no_content"
    """The card holds nothing (91)."""
    GARBLED_TEXT = "garbled_text"
    """The text of the card is not text."""
    WRONG_NUMBER = "wrong_number"
    """The check digit of the number is wrong."""
    EXPIRED = "expired"
    """The card's last day is past."""


LIE = 64
CHECKSUM_BIT = 0x01

_SPOILED: Mapping[IdReaderFault, Callable[[bytes, bytes], bytes]] = MappingProxyType(
    {
        IdReaderFault.SILENT: lambda _frame, _asked: b"",
        IdReaderFault.UNPLUGGED: lambda _frame, _asked: b"",
        IdReaderFault.UNPLUGGED_MID_FRAME: lambda frame, _asked: frame[: len(frame) // 2],
        IdReaderFault.BAD_CHECKSUM: lambda frame, _asked: frame[:-1] + bytes([frame[-1] ^ CHECKSUM_BIT]),
        IdReaderFault.NOISE_BEFORE: lambda frame, _asked: b"\x00\xff\xaa\xaa\xaa\x96\xaa" + frame,
        IdReaderFault.LYING_LENGTH: lambda frame, _asked: frame[:5] + longer(frame[5:7]) + frame[7:],
        IdReaderFault.ECHO: lambda frame, asked: asked + frame,
    }
)


def longer(length: bytes) -> bytes:
    """A length field that promises more."""
    return (int.from_bytes(length, "big") + LIE).to_bytes(2, "big")


def spoiled(fault: IdReaderFault | None, frame: bytes, asked: bytes) -> bytes:
    """A good frame as it leaves a broken reader or cable; other faults were already in what was answered."""
    spoil = _SPOILED.get(fault) if fault else None
    return spoil(frame, asked) if spoil else frame
