"""The card in the slot, and whether somebody put it there just now.

A reader that blinks reports a card as put in that stayed in all the time, and whose holder may be gone.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
import threading


class SlotMemory:
    """Whether a card that is found in the slot was there before. Of a card only a digest, under a key of this start."""

    def __init__(self) -> None:
        self._key = secrets.token_bytes(32)
        self._lock = threading.Lock()
        self._occupied = False
        self._card = b""

    def inserted(self, *, found: bool) -> bool:
        """A card is reported: True when it may be one that stayed in.

        ``found``: nobody was seen putting it in. Else the slot was empty before, and it is somebody's who is here.
        """
        with self._lock:
            stayed = found and self._occupied
            if not stayed:
                self._occupied, self._card = True, b""
            return stayed

    def lost(self) -> None:
        """The reader vanished with the card."""
        with self._lock:
            self._occupied = True

    def emptied(self) -> None:
        """The slot was seen empty."""
        with self._lock:
            self._occupied, self._card = False, b""

    def read(self, identification: str) -> None:
        """The card in the slot is this one."""
        with self._lock:
            self._card = self._digest(identification)

    @property
    def known(self) -> bool:
        """True when the card in the slot was read before it was lost: then another one can be told from it."""
        return bool(self._card)

    def is_another(self, identification: str) -> bool:
        """True when the card in the slot before was read, and was not this one."""
        with self._lock:
            return bool(self._card) and not hmac.compare_digest(self._card, self._digest(identification))

    def _digest(self, identification: str) -> bytes:
        return hmac.digest(self._key, identification.encode(), hashlib.sha256)
