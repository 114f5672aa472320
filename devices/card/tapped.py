"""The one place where somebody may listen to what a card and its reader say (devices/tap.py). No PIN gets that far."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from devices.card import CardSilent, Transmit
from devices.tap import NO_TAP, Tap

CARRY_PINS = frozenset({(0x00, 0x20), (0x80, 0x5E)})
"""VERIFY and CHANGE PIN (reference/card.md §2.1)."""
HEADER_AND_LENGTH = 5
DIGITS = range(10)


@contextmanager
def tapped(transmit: Transmit, tap: Tap, atr: bytes = b"") -> Iterator[Transmit]:
    """A transmit that ``tap`` hears, from the opening of the card to its end; PIN digits reach it as zeros.

    ``atr``, the answer to reset, is what came first. A card that is there and does not answer came with nothing.
    """

    def heard(command: bytes) -> bytes:
        tap.sent(without_pin(command))
        try:
            answer = transmit(command)
        except CardSilent:
            tap.came(b"")
            raise
        tap.came(answer)
        return answer

    if tap is NO_TAP:
        yield transmit
        return
    tap.opened(0)
    if atr:
        tap.came(atr)
    try:
        yield heard
    finally:
        tap.closed()


def without_pin(command: bytes) -> bytes:
    """The command as it is; of one that carries PINs every digit is 0, its length and its filling stay."""
    if tuple(command[:2]) not in CARRY_PINS:
        return bytes(command)
    wiped = bytearray(command[:HEADER_AND_LENGTH])
    for packed in command[HEADER_AND_LENGTH:]:
        high = 0 if packed >> 4 in DIGITS else packed & 0xF0
        wiped.append(high | (0 if packed & 0x0F in DIGITS else packed & 0x0F))
    return bytes(wiped)
