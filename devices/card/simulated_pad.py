"""A PIN pad without a pad: what stands beside the simulated reader, its keys pressed by the dock and by tests.

It does what PC/SC part 10 says of a reader that enters PINs directly: waits for keys, writes the digits into the
command itself, and answers with a status word, the card's or its own.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from enum import StrEnum

from devices.card import Transmit

WAIT_SECONDS = 30.0
LOOK_SECONDS = 0.05
DIGITS = 6
CANCEL, BROKEN = "cancel", "broken"
TIMED_OUT, CANCELLED, NOT_ALIKE, WRONG_LENGTH = b"\x64\x00", b"\x64\x01", b"\x64\x02", b"\x64\x03"
REFUSED = b"\x6b\x80"


class PadAct(StrEnum):
    """What a resident can do at the keys, and what can be wrong with them. To do nothing is the sixth."""

    RIGHT = "right"
    """The card's own PIN and the key OK."""
    WRONG = "wrong"
    """Six other digits."""
    SHORT = "short"
    """One digit too few."""
    CANCEL = "cancel"
    """The key CANCEL."""
    BROKEN = "broken"
    """The reader does not take the structure it was handed, though it offered to."""


class SimulatedPad:
    """The keys. ``waiting`` is True while somebody is asked to type; what is pressed before that is lost."""

    def __init__(self, seconds: float = WAIT_SECONDS) -> None:
        self.seconds = seconds
        self._changed = threading.Condition()
        self._keys: str | None = None
        self._asked = False

    @property
    def waiting(self) -> bool:
        """True while the pad waits for keys."""
        return self._asked

    def press(self, words: str) -> None:
        """Digits and the key OK, or CANCEL, or "old new again" where a new PIN is asked for."""
        with self._changed:
            self._keys = words if self._asked else None
            self._changed.notify_all()

    def act(self, act: PadAct, pin: str) -> None:
        """Do it, with the PIN of the card that is in."""
        other = "".join(str(9 - int(digit)) for digit in pin)
        words = {PadAct.RIGHT: pin, PadAct.WRONG: other, PadAct.SHORT: pin[:-1]}
        self.press(words.get(act, act.value))

    def verify(self, transmit: Transmit, still_in: Callable[[], object]) -> bytes:
        """Ask for a PIN and send VERIFY; SW1 SW2. ``still_in`` raises where the card has left."""
        keys = self._wait(still_in)
        refusal = _refusal(keys)
        return refusal or transmit(bytes.fromhex("0020000003") + bytes.fromhex(keys or ""))[-2:]

    def change(self, transmit: Transmit, still_in: Callable[[], object]) -> bytes:
        """Ask for the old PIN and twice for the new one, and send CHANGE PIN; SW1 SW2."""
        keys = self._wait(still_in)
        old, new, again = (*(keys or "").split(), "", "", "")[:3]
        refusal = _refusal(keys if keys in (None, CANCEL, BROKEN) else old) or _refusal(new)
        if refusal or new != again:
            return refusal or NOT_ALIKE
        return transmit(bytes.fromhex("805E010007") + bytes.fromhex(f"{old}FF{new}"))[-2:]

    def _wait(self, still_in: Callable[[], object]) -> str | None:
        until = time.monotonic() + self.seconds
        with self._changed:
            self._keys, self._asked = None, True
        try:
            while time.monotonic() < until:
                still_in()
                with self._changed:
                    if self._changed.wait_for(lambda: self._keys is not None, LOOK_SECONDS):
                        return self._keys
            return None
        finally:
            with self._changed:
                self._keys, self._asked = None, False


def _refusal(keys: str | None) -> bytes:
    """What the pad answers without asking the card; empty where it asks."""
    if keys is None:
        return TIMED_OUT
    if keys in (CANCEL, BROKEN):
        return CANCELLED if keys == CANCEL else REFUSED
    return b"" if len(keys) == DIGITS and keys.isdecimal() else WRONG_LENGTH
