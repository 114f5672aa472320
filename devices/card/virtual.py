"""A social-security card made of software, written from reference/card.md §1 and §2.1: command in, answer out.

It shares no encoder and no decoder with chip.py, so that the two check each other. Development and tests only.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from devices.card.described import (
    CardDescription,
    CardFault,
    Records,
    answer_to_reset,
    damage,
    holder_records,
    issuer_records,
)

SSSE_NAME = b"sx1.sh." + "社会保障".encode("gbk")
SLOW_ANSWER = 2.0
DONE = b"\x90\x00"
HEADER, WITH_LE = 4, 5
BY_NAME, UNDER_DF = 0x04, 0x02
ISSUER_SFI, HOLDER_SFI = 5, 6
FIRST_GUARDED = 0x07


class CardPulled(Exception):
    """The card left the slot at the command it was told to leave at."""


@dataclass
class VirtualCard:
    """One card. Keeps its PIN counter over resets, forgets its rights at power-off, like the real one.

    ``damaged`` is the tag that WRONG_TAG, SHORT_RECORD and FF_FILLED fall on. At its ``pull_at``-th command (from 1)
    the card leaves the slot: CardPulled. ``answered`` counts the commands.
    """

    description: CardDescription
    faults: frozenset[CardFault] = frozenset()
    damaged: int = 0x09
    pull_at: int | None = None
    pause: Callable[[float], None] = time.sleep
    answered: int = field(default=0, init=False)

    def __post_init__(self) -> None:
        self._pin = self.description.pin
        self._tries_left = 0 if CardFault.BLOCKED in self.faults else self.description.tries
        self._forget()

    def _forget(self) -> None:
        self._inside = CardFault.SSSE_MISSING in self.faults
        self._file: Records = ()
        self._waiting = b""
        self.verified = False

    def power_on(self) -> bytes:
        """Reset: forget every right, give the answer to reset; empty from a silent card."""
        self._forget()
        return self.atr

    @property
    def atr(self) -> bytes:
        """The answer to reset, without a reset."""
        if CardFault.SILENT in self.faults:
            return b""
        if CardFault.PSAM in self.faults:
            return bytes.fromhex("3B6C00025362862038370011223344AA")
        if CardFault.FOREIGN in self.faults:
            return bytes.fromhex("3B6D00000031C071C66438D00300008290 00")
        return answer_to_reset(self.description)

    def power_off(self) -> None:
        """Forget every right and every selected file."""
        self._forget()

    def answer(self, command: bytes) -> bytes:
        """Data and status word for one command; empty from a card that has gone dumb."""
        self.answered += 1
        if self.pull_at is not None and self.answered >= self.pull_at:
            raise CardPulled
        if CardFault.SLOW in self.faults:
            self.pause(SLOW_ANSWER)
        if CardFault.DUMB in self.faults:
            return b""
        if CardFault.FOREIGN in self.faults or CardFault.PSAM in self.faults:
            return b"\x6a\x82" if command[1:2] == b"\xa4" else b"\x6d\x00"
        return self._obey(bytes(command))

    def _obey(self, command: bytes) -> bytes:
        if len(command) < HEADER:
            return b"\x67\x00"
        known = {
            (0x00, 0xA4): self._select,
            (0x00, 0xB2): self._read,
            (0x00, 0xC0): self._fetch,
            (0x00, 0x20): self._verify,
            (0x80, 0x5E): self._change_pin,
        }
        if command[0] not in (0x00, 0x80):
            return b"\x6e\x00"
        obey = known.get((command[0], command[1]))
        return obey(command) if obey else b"\x6d\x00"

    # --- files ---

    def _select(self, command: bytes) -> bytes:
        wanted = command[5 : 5 + command[4]] if len(command) > HEADER else b""
        if command[2] == BY_NAME:
            return self._select_application(wanted)
        if wanted == b"\xdd\xf1":
            self._inside, self._file, self.verified = True, (), False
            return DONE
        if command[2] == UNDER_DF and CardFault.P1_00_ONLY in self.faults:
            return b"\x6a\x86"
        files = {
            b"\xef\x05": issuer_records(self.description),
            b"\xef\x06": holder_records(self.description, self.faults),
        }
        if not self._inside or wanted not in files:
            return b"\x6a\x82"
        self._file = files[wanted]
        return DONE

    def _select_application(self, wanted: bytes) -> bytes:
        hidden = CardFault.SSSE_MISSING in self.faults or CardFault.DDF1_ONLY in self.faults
        if wanted != SSSE_NAME or hidden:
            return b"\x6a\x82"
        self._inside, self._file, self.verified = True, (), False
        control = bytes.fromhex("A5069F0C038601") + bytes([self.description.algorithm])
        named = b"\x84" + bytes([len(SSSE_NAME)]) + SSSE_NAME + control
        return self._give(b"\x6f" + bytes([len(named)]) + named)

    def _give(self, content: bytes) -> bytes:
        if CardFault.SW61 not in self.faults:
            return content + DONE
        self._waiting = content
        return bytes([0x61, len(content)])

    def _fetch(self, command: bytes) -> bytes:
        if not self._waiting or len(command) != WITH_LE:
            return b"\x69\x85"
        if command[4] != len(self._waiting):
            return bytes([0x6C, len(self._waiting)])
        content, self._waiting = self._waiting, b""
        return content + DONE

    def _read(self, command: bytes) -> bytes:
        if len(command) != WITH_LE:
            return b"\x67\x00"
        file, refusal = self._addressed(command[3])
        if refusal:
            return refusal
        tag, value = self._pick(file, command[2], by_number=bool(command[3] & 0x04))
        if not tag:
            return b"\x6a\x83"
        if self.description.version.startswith("3") and tag >= FIRST_GUARDED:
            return b"\x69\x82"
        return self._measured(damage(tag, value, self.faults if tag == self.damaged else frozenset()), command[4])

    def _addressed(self, p2: int) -> tuple[Records, bytes]:
        by_number, short_name = bool(p2 & 0x04), p2 >> 3
        if CardFault.TAG_ONLY in self.faults and by_number:
            return (), b"\x6a\x86"
        if CardFault.NUMBER_ONLY in self.faults and not by_number:
            return (), b"\x69\x81"
        if short_name == ISSUER_SFI:
            self._file = issuer_records(self.description)
        elif short_name == HOLDER_SFI:
            self._file = holder_records(self.description, self.faults)
        return self._file, b"" if self._file else b"\x69\x86"

    @staticmethod
    def _pick(file: Records, place: int, *, by_number: bool) -> tuple[int, bytes]:
        if by_number:
            return file[place - 1] if 1 <= place <= len(file) else (0, b"")
        return next(((tag, value) for tag, value in file if tag == place), (0, b""))

    def _measured(self, record: bytes, expected: int) -> bytes:
        free = expected == 0 and CardFault.SW61 not in self.faults
        if CardFault.SW61 in self.faults and expected == len(record):
            return self._give(record)
        if free or expected == len(record):
            return record + DONE
        return bytes([0x6C, len(record)])

    # --- PIN ---

    def _verify(self, command: bytes) -> bytes:
        if not self._inside:
            return b"\x69\x85"
        if self._tries_left == 0:
            return b"\x69\x83"
        if command[5:] == bytes.fromhex(packed(self._pin)) and command[4] == len(command) - 5:
            self._tries_left, self.verified = self.description.tries, True
            return DONE
        return self._wrong()

    def _wrong(self) -> bytes:
        self._tries_left -= 1
        self.verified = False
        return bytes([0x63, 0xC0 | self._tries_left])

    def _change_pin(self, command: bytes) -> bytes:
        if self._tries_left == 0:
            return b"\x69\x83"
        old, _, new = command[5:].partition(b"\xff")
        if old != bytes.fromhex(packed(self._pin)):
            return self._wrong()
        self._pin, self._tries_left = new.hex().rstrip("f"), self.description.tries
        return DONE

    @property
    def tries_left(self) -> int:
        """The card's own counter, for tests and the dock."""
        return self._tries_left


def packed(pin: str) -> str:
    """The digits as hex text, an odd one filled with F."""
    return pin + "F" * (len(pin) % 2)
