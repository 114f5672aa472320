"""A virtual card in a process of its own: it takes no time from the driver's. `python -m bench.card_in_slot PORT BYTE`.

``BYTE``: the seconds that one byte takes on the contacts, 0 for none. It stays in until the standard input ends.
"""

from __future__ import annotations

import sys
import time

from devices.card.virtual.card import VirtualCard
from devices.card.virtual.described import CardDescription, derived_identification
from devices.card.virtual.vpcd import VirtualSlot

ON_THE_CONTACTS = 12 * 372 / 5_000_000
"""The least that a byte takes on a card whose answer to reset is 3B6D0000: no TA1, so 372 clocks a bit, at 5 MHz."""
PROCEDURE_BYTE = 1
HOLDER = CardDescription(
    name="欧阳晓晴",
    number="639900199001010020",
    card_number="X00012345",
    identification=derived_identification("X00012345"),
)


class PacedCard(VirtualCard):
    """A card that takes the time of its contacts."""

    byte_seconds = 0.0

    def answer(self, command: bytes) -> bytes:
        """The same, later."""
        said = super().answer(command)
        if self.byte_seconds:
            time.sleep(self.byte_seconds * (len(command) + PROCEDURE_BYTE + len(said)))
        return said


def main() -> None:
    """Put the card in, wait, pull it out."""
    slot, card = VirtualSlot(int(sys.argv[1])), PacedCard(HOLDER)
    card.byte_seconds = float(sys.argv[2])
    slot.insert(card)
    sys.stdin.read()
    slot.remove()


if __name__ == "__main__":
    main()
