"""What the two families say: Grow GM65 (GM60, GM805, GM812) and Newland (NLS, EM, FM). Bytes only, no port, no clock.

reference/serial-devices.md §4.1, §4.2, §9.4. GM65: ``7E 00``, type, length, address (2), content, CRC (2); answered by
``02 00 00``, length, content, CRC. Newland: ``7E 01 "0000"``, tag, words, ``; 03``; answered by ``02 01 "0000"`` … with
06, 15 or 05 before ``; 03``. Nothing is written to a scanner's lasting memory: it is told anew each time it is greeted.
"""

from __future__ import annotations

from binascii import crc_hqx
from dataclasses import dataclass
from enum import Enum
from typing import Protocol


class Verdict(Enum):
    """What a reply means."""

    DONE = "done"
    REFUSED = "refused"
    BROKEN = "broken"


class Mode(Enum):
    """``COMMAND``: it looks when told to. ``CONTINUOUS``: it looks always, what comes unasked is thrown away."""

    COMMAND = "command"
    CONTINUOUS = "continuous"


class Dialect(Protocol):
    """One family. ``greeting``: commands that make it ready, each answered; ``probe``: one that changes nothing.

    ``begins``: it looks when told to, by ``begin`` and until ``cease`` ("" where it stops by itself).
    ``answer_seconds``: how long a reply may take. ``nothing_read``: what it says in place of a code.
    """

    @property
    def family(self) -> str: ...

    @property
    def greeting(self) -> tuple[bytes, ...]: ...

    @property
    def probe(self) -> bytes: ...

    @property
    def begins(self) -> bool: ...

    @property
    def begin(self) -> bytes: ...

    @property
    def cease(self) -> bytes: ...

    @property
    def answer_seconds(self) -> float: ...

    @property
    def nothing_read(self) -> bytes: ...

    def reply_size(self, buffer: bytes) -> int | None: ...

    def verdict(self, reply: bytes) -> Verdict: ...


READ, WRITE = 0x07, 0x08
MODE_REGISTER, TRIGGER_REGISTER, SETTING_CODES_REGISTER, BAUD_REGISTER = 0x0000, 0x0002, 0x0003, 0x002A
COMMAND_MODE, CONTINUOUS_MODE = 0xD5, 0xD6
SETTING_CODES_OFF = 0x02

_GM65_REPLIES = (0x02, 0x03)
_GM65_HEAD, _CRC = 4, 2


def gm65_command(kind: int, register: int, content: bytes) -> bytes:
    """A command; the CRC covers type to content."""
    covered = bytes([kind, len(content)]) + register.to_bytes(2, "big") + content
    return b"\x7e\x00" + covered + crc_hqx(covered, 0).to_bytes(_CRC, "big")


@dataclass(frozen=True)
class Gm65:
    """The Grow family. Setting codes are switched off: a printed one could turn the scanner into a keyboard (§4.3)."""

    mode: Mode = Mode.COMMAND
    family: str = "GM65"
    answer_seconds: float = 1.0
    nothing_read: bytes = b"\x15"
    cease: bytes = b""

    @property
    def begins(self) -> bool:
        return self.mode is Mode.COMMAND

    @property
    def greeting(self) -> tuple[bytes, ...]:
        looking = COMMAND_MODE if self.mode is Mode.COMMAND else CONTINUOUS_MODE
        return (
            self.probe,
            gm65_command(WRITE, SETTING_CODES_REGISTER, bytes([SETTING_CODES_OFF])),
            gm65_command(WRITE, MODE_REGISTER, bytes([looking])),
        )

    @property
    def probe(self) -> bytes:
        return gm65_command(READ, BAUD_REGISTER, b"\x02")

    @property
    def begin(self) -> bytes:
        return gm65_command(WRITE, TRIGGER_REGISTER, b"\x01")

    def reply_size(self, buffer: bytes) -> int | None:
        """02 begins an answer to a command, 03 one to a heartbeat."""
        if buffer[0] not in _GM65_REPLIES:
            return 0
        size = _GM65_HEAD + buffer[3] + _CRC if len(buffer) >= _GM65_HEAD else _GM65_HEAD + _CRC
        return size if len(buffer) >= max(size, _GM65_HEAD) else None

    def verdict(self, reply: bytes) -> Verdict:
        """Two bytes (the speed) answer the probe, one zero answers all else."""
        covered, crc = reply[1:-_CRC], reply[-_CRC:]
        if crc_hqx(covered, 0).to_bytes(_CRC, "big") != crc:
            return Verdict.BROKEN
        good = covered[:2] == b"\x00\x00" and (len(covered) == 5 or covered[3:] == b"\x00")  # noqa: PLR2004 - above
        return Verdict.DONE if good else Verdict.REFUSED


_NEWLAND_REPLY, _NEWLAND_END = b"\x02\x010000", b";\x03"
_LONGEST_NEWLAND_REPLY = 64
_ACCEPTED = 0x06
NOT_SAVED = b"#"


def newland_command(words: bytes) -> bytes:
    """A command that is forgotten when the power goes."""
    return b"\x7e\x010000" + NOT_SAVED + words + _NEWLAND_END


@dataclass(frozen=True)
class Newland:
    """The Newland family, unified commands. No source tells how its setting codes are switched off."""

    mode: Mode = Mode.COMMAND
    family: str = "Newland"
    answer_seconds: float = 5.0
    nothing_read: bytes = b""
    begin: bytes = newland_command(b"SCNTRG1")
    cease: bytes = newland_command(b"SCNTRG0")

    @property
    def begins(self) -> bool:
        return self.mode is Mode.COMMAND

    @property
    def greeting(self) -> tuple[bytes, ...]:
        return (self.probe,)

    @property
    def probe(self) -> bytes:
        return newland_command(b"SCNMOD0" if self.mode is Mode.COMMAND else b"SCNMOD2")

    def reply_size(self, buffer: bytes) -> int | None:
        """From its first six bytes to the next ``;`` 03."""
        if not _NEWLAND_REPLY.startswith(buffer[: len(_NEWLAND_REPLY)]):
            return 0
        end = buffer.find(_NEWLAND_END, len(_NEWLAND_REPLY), _LONGEST_NEWLAND_REPLY)
        if end >= 0:
            return end + len(_NEWLAND_END)
        return None if len(buffer) < _LONGEST_NEWLAND_REPLY else 0

    def verdict(self, reply: bytes) -> Verdict:
        """06 accepted; 15 refused, 05 not known."""
        return Verdict.DONE if reply[-3] == _ACCEPTED else Verdict.REFUSED
