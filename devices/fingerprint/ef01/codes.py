"""The words of the EF01 protocol: commands and confirmation codes; reference/serial-devices.md §1.2, §1.3."""

from __future__ import annotations

from collections.abc import Mapping
from enum import IntEnum
from types import MappingProxyType

from devices.fingerprint import Hint


class Command(IntEnum):
    """The commands this program sends; nothing here writes to the sensor's flash."""

    GET_IMAGE = 0x01
    EXTRACT = 0x02
    MATCH = 0x03
    MERGE = 0x05
    UPLOAD = 0x08
    DOWNLOAD = 0x09
    UPLOAD_PICTURE = 0x0A
    READ_PARAMETERS = 0x0F
    VERIFY_PASSWORD = 0x13
    COUNT_TEMPLATES = 0x1D
    COLOUR_LIGHT = 0x35
    READ_FIRMWARE = 0x3A
    READ_PRODUCT = 0x3C
    HANDSHAKE = 0x40
    LIGHT_ON = 0x50
    LIGHT_OFF = 0x51
    ECHO = 0x53


DONE = 0x00
RECEIVE_ERROR = 0x01
NO_FINGER = 0x02
DIFFERENT = 0x08
MERGE_FAILED = 0x0A
WRONG_PASSWORD = 0x13
VERIFY_FIRST = 0x21
PRESENT = 0x55
GOOD_RECEIPT = 0xF0
UNSUPPORTED = 0xFC

UNKNOWN_HERE = (RECEIVE_ERROR, UNSUPPORTED)
"""What sensors say to a command they do not know; older ones say it, too, to one that came in broken."""

REPLY_LENGTH: Mapping[Command, int] = MappingProxyType(
    {
        Command.MATCH: 2,
        Command.READ_PARAMETERS: 16,
        Command.COUNT_TEMPLATES: 2,
        Command.READ_FIRMWARE: 32,
        Command.READ_PRODUCT: 46,
    }
)
"""Bytes that follow the confirmation code of a successful reply; none where a command is not named."""

CAPTURE_HINTS: Mapping[int, Hint] = MappingProxyType(
    {
        0x03: Hint.LIFTED_EARLY,
        0x04: Hint.TOO_DRY,
        0x05: Hint.TOO_WET,
        0x06: Hint.UNCLEAR,
        0x07: Hint.TOO_SMALL,
        0x15: Hint.UNCLEAR,
        0x17: Hint.LEFTOVER,
    }
)
"""Codes that speak of the finger and not of the sensor: press again, never "a different person"."""

_MEANINGS: Mapping[int, str] = MappingProxyType(
    {
        0x00: "done",
        0x01: "packet receive error, or command unknown to this sensor",
        0x02: "no finger",
        0x03: "capture failed",
        0x04: "too dry for features",
        0x05: "too wet for features",
        0x06: "too disordered for features",
        0x07: "too few points or too small an area",
        0x08: "the two prints do not match",
        0x09: "nothing found in the library",
        0x0A: "merge failed",
        0x0B: "page outside the library",
        0x0C: "template in the library unreadable",
        0x0D: "template upload failed",
        0x0E: "cannot take the following data packets",
        0x0F: "image upload failed",
        0x10: "delete failed",
        0x11: "clear failed",
        0x12: "cannot enter low power",
        0x13: "wrong password",
        0x14: "system reset failed",
        0x15: "no valid image in the buffer",
        0x16: "online upgrade failed",
        0x17: "leftover print, or finger not moved",
        0x18: "flash read or write error",
        0x19: "undefined error",
        0x1A: "bad register number",
        0x1B: "bad register value",
        0x1C: "bad notepad page",
        0x1D: "port operation failed",
        0x1E: "automatic enrolment failed",
        0x1F: "library full",
        0x20: "address code wrong",
        0x21: "password must be verified first",
        0x22: "template empty",
        0x24: "library empty",
        0x26: "time-out",
        0x27: "already enrolled",
        0x29: "sensor hardware fault",
        0x55: "present (answer to a handshake)",
        0xF0: "following packets received well",
        0xF1: "preceding command received well",
        0xFC: "unsupported command",
        0xFD: "hardware error",
        0xFE: "command failed",
    }
)


def meaning_of(code: int) -> str:
    """The code with its meaning for the log, such as ``0x21 password must be verified first``."""
    return f"0x{code:02X} {_MEANINGS.get(code, 'unknown confirmation code')}"
