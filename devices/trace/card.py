"""Cards in a trace: commands as they are, records with invented values, PIN digits as zeros; reference/card.md §1, §2.

Written from the layouts, without the driver. Every command and every answer is whole by itself. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from devices.trace.fakes import REGION, Fakes, NameCut
from devices.trace.format import NotUnderstood, Way
from devices.trace.scrubber import Said, Scrubbed, by_length

STATUS, HEADER, BLOCK = 2, 5, 8
SSSE, BANK, PKI = (
    b"sx1.sh." + "社会保障".encode("gbk"),
    bytes.fromhex("A000000333010101"),
    b"PKI." + "社会保障".encode("gbk"),
)
KNOWN_NAMES = (SSSE, BANK, PKI)
CONTROL = re.compile(rb"|\xa5\x06\x9f\x0c\x03\x86\x01[\x01-\x09]", re.DOTALL)
NATIONAL = "D156000005"
IDENTITY_FILES = ("EF05", "EF06", "")
FIXED_HEAD, SERIAL = bytes.fromhex("3B6D0000"), 6
SELECT, RECORD, FETCH, VERIFY, CHANGE, CHALLENGE = 0xA4, 0xB2, 0xC0, 0x20, 0x5E, 0x84
AUTHENTICATIONS = (0x88, 0x82)
BY_NAME, FILE_ID = 0x04, 2
CARD_LENGTHS = {1: 16, 2: 1, 3: 4, 4: 12, 5: 4, 6: 4}


class CardScrubber:
    """A Scrubber for commands and answers of a social-security card, and for its answer to reset."""

    def __init__(self, fakes: Fakes) -> None:
        self._fakes = fakes
        self._values: dict[int, Callable[[bytes], bytes]] = {
            0x01: self._identification, 0x02: bytes, 0x03: self._version, 0x04: self._institution,
            0x05: self._card_day, 0x06: self._card_day, 0x07: self._padded_shape, 0x08: self._number,
            0x09: self._name, 0x4E: self._extension, 0x0A: self._sex, 0x0B: self._group, 0x0C: self._place,
            0x0D: self._born,
        }  # fmt: skip
        self.opened()

    def opened(self) -> None:
        """A card was opened: nothing is selected."""
        self._asked, self._file, self._cut = 0, "", NameCut()

    def sent(self, content: bytes, now: float) -> list[Said]:
        """One command."""
        parts, remark = self._command(content)
        return [Said(now, Way.SENT, parts, remark)]

    def came(self, content: bytes, now: float) -> list[Said]:
        """One answer, or the answer to reset where nothing was asked."""
        parts, remark = self._answer(content)
        return [Said(now, Way.CAME, parts, remark)]

    def rest(self) -> list[Said]:
        """Nothing is ever held."""
        return []

    # --- commands ---

    def _command(self, apdu: bytes) -> Scrubbed:
        if len(apdu) < HEADER - 1 or apdu[0] not in (0x00, 0x80):
            self._asked = -1
            return by_length(apdu)
        instruction, carried = apdu[1], apdu[HEADER:]
        self._asked = self._asked if instruction == FETCH else instruction
        if instruction == SELECT:
            return self._select(apdu, carried)
        if instruction in (VERIFY, CHANGE):
            return (apdu[:HEADER] + _without_digits(carried),), "PIN"
        if instruction in AUTHENTICATIONS:
            return (apdu[:HEADER] + self._blocks(carried),), ""
        if instruction in (RECORD, FETCH, CHALLENGE) and not carried:
            return (apdu,), ""
        self._asked = -1
        return by_length(apdu)

    def _select(self, apdu: bytes, carried: bytes) -> Scrubbed:
        name = carried[: apdu[4]] if len(apdu) > HEADER else b""
        known = name in KNOWN_NAMES if apdu[2] == BY_NAME else len(name) == FILE_ID
        if not known or len(carried) > len(name) + 1:
            self._file, self._asked = "unknown", -1
            return by_length(apdu)
        self._file = "" if apdu[2] == BY_NAME else name.hex().upper()
        return (apdu,), ""

    def _blocks(self, carried: bytes) -> bytes:
        whole = len(carried) // BLOCK * BLOCK
        faked = b"".join(self._block(carried[at : at + BLOCK]) for at in range(0, whole, BLOCK))
        return faked + bytes(len(carried) - whole)

    def _block(self, block: bytes) -> bytes:
        return self._fakes.stream(block, "block")

    # --- answers ---

    def _answer(self, raw: bytes) -> Scrubbed:
        if not self._asked and raw[:1] in (b"\x3b", b"\x3f"):
            return self._reset(raw)
        if len(raw) < STATUS:
            return by_length(raw) if raw else ((), "no answer")
        body, status = raw[:-STATUS], raw[-STATUS:]
        if not body:
            return (status,), ""
        kept = self._body(body) if status == b"\x90\x00" else None
        return ((kept + status,), "") if kept is not None else ((NotUnderstood(len(body)), status), "")

    def _body(self, body: bytes) -> bytes | None:
        if self._asked == SELECT:
            named = body[4 : 4 + body[3]] if len(body) > HEADER else b""
            return body if named in KNOWN_NAMES and CONTROL.fullmatch(body[4 + len(named) :]) else None
        if self._asked == RECORD:
            return self._record(body)
        if self._asked == CHALLENGE or self._asked in AUTHENTICATIONS:
            return self._blocks(body) if len(body) % BLOCK == 0 else None
        return None

    def _record(self, body: bytes) -> bytes | None:
        tag, value = body[0], body[STATUS:]
        invent = self._values.get(tag)
        known_file = self._file in IDENTITY_FILES
        if invent is None or not known_file or len(body) < STATUS or len(body) > 0x40:  # noqa: PLR2004 - longest: 32
            return None
        if len(value) > CARD_LENGTHS.get(tag, len(value)):
            return None
        return body[:STATUS] + (value if not value.strip(b"\xff") or not value.strip(b"\0") else invent(value))

    # --- values of records ---

    def _identification(self, value: bytes) -> bytes:
        national = NATIONAL if value.hex().upper()[6:16] == NATIONAL else "0" * 10
        unique = self._fakes.stream(value, "identification", 8)
        return (bytes.fromhex(REGION + national) + unique)[: len(value)]

    @staticmethod
    def _version(value: bytes) -> bytes:
        return value if re.fullmatch(rb"\d\.\d\d", value) else b"0.00"[: len(value)]

    def _institution(self, value: bytes) -> bytes:
        return _bcd(REGION + self._fakes.shape(b"0" * 18 + value)[:18].decode())[: len(value)]

    @staticmethod
    def _card_day(value: bytes) -> bytes:
        return value if value.hex().isdigit() else bytes(len(value))

    def _padded_shape(self, value: bytes) -> bytes:
        written = value.rstrip(b"\0 \xff")
        return self._fakes.shape(written) + value[len(written) :]

    def _number(self, value: bytes) -> bytes:
        if not value.isascii():
            return self._fakes.shape(value)
        return self._fakes.number(value.decode("ascii")).encode("ascii")

    def _name(self, value: bytes) -> bytes:
        written = value.rstrip(b"\0 ")
        fake, self._cut = self._fakes.name(written)
        return fake + value[len(written) :]

    def _extension(self, value: bytes) -> bytes:
        written = value.rstrip(b"\0 ")
        fake, self._cut = self._fakes.name(written, self._cut)
        return fake + value[len(written) :]

    def _sex(self, value: bytes) -> bytes:
        return self._fakes.sex(value.decode("latin-1")).encode("ascii") if len(value) == 1 else bytes(len(value))

    @staticmethod
    def _group(value: bytes) -> bytes:
        return (b"\x01" + bytes(len(value)))[: len(value)]

    @staticmethod
    def _place(value: bytes) -> bytes:
        return (_bcd(REGION) + bytes(len(value)))[: len(value)]

    def _born(self, value: bytes) -> bytes:
        return (_bcd(self._fakes.day(value.hex())) + bytes(len(value)))[: len(value)]

    def _reset(self, atr: bytes) -> Scrubbed:
        if atr.startswith(FIXED_HEAD) and len(atr) == len(FIXED_HEAD) + 13:
            return (atr[:-SERIAL] + self._fakes.stream(atr[-SERIAL:], "serial"),), "answer to reset"
        return (atr[:2], max(0, len(atr) - 2)), "answer to reset"


def _bcd(digits: str) -> bytes:
    return bytes.fromhex(digits)


def _without_digits(packed: bytes) -> bytes:
    """Every digit 0; the F that fills or parts stays."""
    kept = "".join("0" if sign.isdigit() else "f" for sign in packed.hex())
    return bytes.fromhex(kept)
