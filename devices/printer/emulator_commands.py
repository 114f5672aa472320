"""What an emulated printer makes of the bytes on its line: commands, and what they ask of the mechanism. Pure.

Written from reference/serial-devices.md §3.1 and the manuals behind it; no driver code is used here.
"""

from __future__ import annotations

from dataclasses import dataclass

LINE_DOTS = 34  # 1/6 inch at 203 dpi
FULL_CUTS = frozenset({0, 48, 65})
QR_STORE, QR_PRINT = b"\x31\x50", b"\x31\x51"


@dataclass(frozen=True)
class Dots:
    """One row of dots, a bit each, 1 is black."""

    row: bytes


@dataclass(frozen=True)
class Feed:
    """Blank rows."""

    rows: int


@dataclass(frozen=True)
class Words:
    """A line of characters as the line carried them (GB18030 or a code page), to be set in the ROM's own letters."""

    text: bytes


@dataclass(frozen=True)
class Cut:
    """The knife. ``full``: the slip is off; else it hangs by a thread."""

    full: bool


@dataclass(frozen=True)
class PaperReply:
    """The queued paper status (GS r)."""


@dataclass(frozen=True)
class NameReply:
    """The queued answer to GS I n."""

    number: int


@dataclass(frozen=True)
class Reporting:
    """Automatic status back: which changes are told (GS a n); 0 none."""

    mask: int


@dataclass(frozen=True)
class Kick:
    """A pulse to the cash drawer."""


Step = Dots | Feed | Words | Cut | PaperReply | NameReply | Reporting | Kick

LENGTHS = {
    b"\x10\x04": 3, b"\x10\x05": 3, b"\x10\x14": 5,
    b"\x1b\x40": 2, b"\x1b\x32": 2, b"\x1b\x70": 5,
    b"\x1c\x26": 2, b"\x1c\x2e": 2, b"\x1c\x21": 3, b"\x1c\x2d": 3,
    b"\x1d\x72": 3, b"\x1d\x61": 3, b"\x1d\x49": 3, b"\x1d\x21": 3, b"\x1d\x42": 3, b"\x1d\x62": 3,
    b"\x1d\x48": 3, b"\x1d\x66": 3, b"\x1d\x68": 3, b"\x1d\x77": 3,
} | {bytes((0x1B, letter)): 3 for letter in b"dJtaE!-M{V3RGr "}  # fmt: skip
"""Commands of a fixed length; GS V, GS v 0 and GS ( k tell theirs."""

STARTS = frozenset({0x10, 0x1B, 0x1C, 0x1D})


def command_length(line: bytes | bytearray) -> int:
    """Length of the command at the start of the line, 0 while that cannot be told. Anything else is one byte."""
    head = bytes(line[:2])
    if not head or head[0] not in STARTS:
        return len(head[:1])
    match head:
        case b"\x1d\x56":
            return 0 if len(line) < 3 else 3 if line[2] in {0, 1, 48, 49} else 4  # noqa: PLR2004 - function A has no n
        case b"\x1d\x76":
            size = bytes(line[4:8])
            return 0 if len(size) < 4 else 8 + int.from_bytes(size[:2], "little") * int.from_bytes(size[2:], "little")  # noqa: PLR2004 - the header is 8 bytes
        case b"\x1d\x28":
            return 0 if len(line) < 5 else 5 + int.from_bytes(line[3:5], "little")  # noqa: PLR2004 - GS ( x pL pH
    return 0 if len(head) == 1 else LENGTHS.get(head, 1)


def steps_of(command: bytes) -> list[Step]:
    """What a command asks of the mechanism; unknown commands ask nothing."""
    argument = command[2] if len(command) > 2 else 0  # noqa: PLR2004 - a command with an argument
    match command[:2]:
        case b"\x1d\x76":
            across = int.from_bytes(command[4:6], "little")
            return [Dots(command[at : at + across]) for at in range(8, len(command), across)] if across else []
        case b"\x1d\x56":
            cut = Cut(full=argument in FULL_CUTS)
            return [Feed(command[3]), cut] if len(command) > 3 else [cut]  # noqa: PLR2004 - the form with n
        case b"\x1b\x70" | b"\x10\x14":
            return [Kick()]
        case b"\x1b\x40":
            return [Reporting(0)]
    return _queued(command[:2], argument)


def _queued(head: bytes, argument: int) -> list[Step]:
    match head:
        case b"\x1d\x72":
            return [PaperReply()]
        case b"\x1d\x49":
            return [NameReply(argument)]
        case b"\x1d\x61":
            return [Reporting(argument)]
        case b"\x1b\x64":
            return [Feed(argument * LINE_DOTS)]
        case b"\x1b\x4a":
            return [Feed(argument)]
    return []
