"""A social-security card made of software, written from reference/card.md §1 and §2: command in, answer out.

It shares no encoder and no decoder with the driver, so that the two check each other. Development and tests only.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from devices.card.virtual.described import (
    CardDescription,
    CardFault,
    Records,
    answer_to_reset,
    contactless_reset,
    damage,
    holder_records,
    issuer_records,
)
from devices.card.virtual.keys import CardKeys, keys_of
from devices.card.virtual.rights import KeyLock, PinLock

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
    the card leaves the slot: CardPulled. ``answered`` counts the commands. ``keys``: its own, else those that the
    invented master keys give it; ``random`` makes its challenges.
    """

    description: CardDescription
    faults: frozenset[CardFault] = frozenset()
    damaged: int = 0x09
    pull_at: int | None = None
    pause: Callable[[float], None] = time.sleep
    keys: CardKeys | None = None
    random: Callable[[int], bytes] = secrets.token_bytes
    answered: int = field(default=0, init=False)

    def __post_init__(self) -> None:
        described = self.description
        self._pin = PinLock(described.pin, described.tries, blocked=CardFault.BLOCKED in self.faults)
        keys = self.keys or keys_of(described.identification)
        self._lock = KeyLock(keys, described.key_tries, self.faults, self.random)
        self._forget()

    def _forget(self) -> None:
        self._inside = CardFault.SSSE_MISSING in self.faults
        self._file: Records = ()
        self._waiting = b""
        self._pin.forget()
        self._lock.forget()

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
        return contactless_reset(self.description) if self.block_wise else answer_to_reset(self.description)

    @property
    def block_wise(self) -> bool:
        """True for a card that is talked to over T=1, as contactless ones are."""
        return CardFault.CONTACTLESS in self.faults

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
            (0x00, 0x84): self._challenge,
            (0x00, 0x88): self._internal,
            (0x00, 0x82): self._external,
            (0x00, 0x20): self._verify,
            (0x80, 0x5E): self._change_pin,
        }
        if command[0] not in (0x00, 0x80):
            return b"\x6e\x00"
        obey = known.get((command[0], command[1]))
        return obey(command) if obey else b"\x6d\x00"

    # --- files ---

    def _select(self, command: bytes) -> bytes:
        self._lock.forget_challenge()
        wanted, wants_answer = _content(command)
        if command[2] == BY_NAME:
            return self._select_application(wanted, wants_answer=wants_answer)
        if wanted == b"\xdd\xf1":
            self._enter()
            return DONE
        if command[2] == UNDER_DF and CardFault.P1_00_ONLY in self.faults:
            return b"\x6a\x86"
        return self._select_file(wanted)

    def _enter(self) -> None:
        self._inside, self._file = True, ()
        self._pin.forget()
        self._lock.forget()

    def _select_file(self, wanted: bytes) -> bytes:
        files = {
            b"\xef\x05": issuer_records(self.description, self.faults),
            b"\xef\x06": holder_records(self.description, self.faults),
        }
        if not self._inside or wanted not in files or CardFault.SFI_ONLY in self.faults:
            return b"\x6a\x82"
        self._file = files[wanted]
        return DONE

    def _select_application(self, wanted: bytes, *, wants_answer: bool) -> bytes:
        hidden = CardFault.SSSE_MISSING in self.faults or CardFault.DDF1_ONLY in self.faults
        if wanted != SSSE_NAME or hidden:
            return b"\x6a\x82"
        self._enter()
        if self.block_wise and not wants_answer:
            return DONE
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
        guarded = self.description.version.startswith("3") or CardFault.GUARDED in self.faults
        if guarded and tag >= FIRST_GUARDED and not self._lock.opened:
            return b"\x69\x82"
        return self._measured(damage(tag, value, self.faults if tag == self.damaged else frozenset()), command[4])

    def _addressed(self, p2: int) -> tuple[Records, bytes]:
        by_number, short_name = bool(p2 & 0x04), p2 >> 3
        if CardFault.TAG_ONLY in self.faults and by_number:
            return (), b"\x6a\x86"
        if CardFault.NUMBER_ONLY in self.faults and not by_number:
            return (), b"\x69\x81"
        if short_name == ISSUER_SFI:
            self._file = issuer_records(self.description, self.faults)
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

    # --- rights ---

    @property
    def verified(self) -> bool:
        """True while the right that the PIN gave lasts."""
        return self._pin.verified

    @property
    def tries_left(self) -> int:
        """The card's own counter of PINs, for tests and the dock."""
        return self._pin.tries_left

    @property
    def key_tries_left(self) -> int:
        """The card's own counter of its outer key."""
        return self._lock.tries_left

    def _verify(self, command: bytes) -> bytes:
        if not self._inside:
            return b"\x69\x85"
        content, _ = _content(command)
        return self._pin.verify(content)

    def _change_pin(self, command: bytes) -> bytes:
        content, _ = _content(command)
        return self._pin.change(content)

    def _challenge(self, command: bytes) -> bytes:
        if len(command) != WITH_LE or command[4] not in (0, 8):
            return b"\x67\x00"
        return self._lock.challenge()

    def _internal(self, command: bytes) -> bytes:
        content, wants_answer = _content(command)
        if wants_answer != self.block_wise:  # over T=0 nobody may say so, over T=1 one must
            return b"\x67\x00"
        answer = self._lock.internal(content)
        return self._give(answer[:-2]) if answer.endswith(DONE) else answer

    def _external(self, command: bytes) -> bytes:
        content, _ = _content(command)
        return self._lock.external(command[3], content)


def _content(command: bytes) -> tuple[bytes, bool]:
    """What stands behind Lc, and whether an Le follows it."""
    if len(command) <= WITH_LE:
        return b"", False
    content = command[5 : 5 + command[4]]
    return content, len(command) == WITH_LE + command[4] + 1
