"""PIN, keys and challenges of a virtual card: what it must know before it lets itself be read (reference/card.md §2).

The strict reading everywhere: a challenge serves once and no SELECT survives it; rights end with SELECT of SSSE.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from devices.card.virtual.described import CardFault
from devices.card.virtual.keys import CardKeys, cryptogram

DONE = b"\x90\x00"
WRONG_LENGTH, BLOCKED, NO_CHALLENGE, NO_SUCH_KEY = b"\x67\x00", b"\x69\x83", b"\x69\x84", b"\x6a\x88"
BLOCK = 8
READ_KEY = 0x0A
"""RKSSSE."""


class PinLock:
    """The PIN and its counter, which outlive the power."""

    def __init__(self, pin: str, tries: int, *, blocked: bool) -> None:
        self._pin = pin
        self._tries = tries
        self.tries_left = 0 if blocked else tries
        self.verified = False

    def forget(self) -> None:
        """The right that the PIN gave is over."""
        self.verified = False

    def verify(self, content: bytes) -> bytes:
        """The status word to VERIFY with these digits."""
        if self.tries_left == 0:
            return BLOCKED
        if content != bytes.fromhex(packed(self._pin)):
            return self._wrong()
        self.tries_left, self.verified = self._tries, True
        return DONE

    def change(self, content: bytes) -> bytes:
        """The status word to CHANGE PIN: old digits, FF, new digits."""
        if self.tries_left == 0:
            return BLOCKED
        old = bytes.fromhex(packed(self._pin))
        if content[: len(old) + 1] != old + b"\xff":
            return self._wrong()
        self._pin, self.tries_left = content[len(old) + 1 :].hex().rstrip("f"), self._tries
        return DONE

    def _wrong(self) -> bytes:
        self.tries_left -= 1
        self.verified = False
        return bytes([0x63, 0xC0 | self.tries_left])


class KeyLock:
    """The two keys, the counter of the outer one, and the challenge that was given last."""

    def __init__(
        self, keys: CardKeys, tries: int, faults: frozenset[CardFault], random: Callable[[int], bytes]
    ) -> None:
        self._keys = keys
        if CardFault.FORGED in faults:
            self._keys = replace(self._keys, internal=bytes(16))
        if CardFault.KEY_REFUSED in faults:
            self._keys = replace(self._keys, external=bytes(16))
        self._faults = faults
        self._random = random
        self._tries = tries
        self.tries_left = 0 if CardFault.KEY_LOCKED in faults else tries
        self._will_lose = CardFault.CHALLENGE_LOST in faults
        self._challenge = b""
        self.opened = False

    def forget(self) -> None:
        """Power or application changed: the right to read is over, and so is the challenge."""
        self.opened = False
        self._challenge = b""

    def forget_challenge(self) -> None:
        """A file was selected."""
        self._challenge = b""

    def challenge(self) -> bytes:
        """Eight new bytes; those before them serve no longer."""
        self._challenge = self._random(BLOCK)
        return self._challenge + DONE

    def internal(self, content: bytes) -> bytes:
        """The proof that this card knows its inner key: factor and original in, cryptogram out."""
        if CardFault.NO_KEYS in self._faults:
            return NO_SUCH_KEY
        if len(content) not in (2 * BLOCK, 2 * BLOCK + 1):  # the one more is a version of the key
            return WRONG_LENGTH
        return cryptogram(self._keys.internal, content[:BLOCK], content[BLOCK : 2 * BLOCK]) + DONE

    def external(self, key: int, content: bytes) -> bytes:
        """Whether somebody knows the outer key: the last challenge is the factor, and it serves once."""
        factor, self._challenge = self._challenge, b""
        if key != READ_KEY or CardFault.NO_KEYS in self._faults:
            return NO_SUCH_KEY
        if len(content) != 2 * BLOCK:
            return WRONG_LENGTH
        if self._will_lose:
            self._will_lose, factor = False, b""
        if not factor:
            return NO_CHALLENGE
        if self.tries_left == 0:
            return BLOCKED
        if content[:BLOCK] != cryptogram(self._keys.external, factor, content[BLOCK:]):
            self.tries_left -= 1
            return bytes([0x63, 0xC0 | self.tries_left])
        self.tries_left, self.opened = self._tries, True
        return DONE


def packed(pin: str) -> str:
    """The digits as hex text, an odd one filled with F."""
    return pin + "F" * (len(pin) % 2)
