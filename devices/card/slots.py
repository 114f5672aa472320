"""What a round of SCardGetStatusChange means for the hall: pure rules, no reader (reference/card.md §1.1, §3.4)."""

from __future__ import annotations

import re
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from typing import assert_never

from devices.card import CardEvent, CardInserted, CardMute, CardRemoved, Insertion
from devices.device import HealthBoard

EMPTY = 0x10
PRESENT = 0x20
MUTE = 0x200
GONE = 0x04 | 0x08  # unknown, unavailable
COUNTER_BITS = 16
PSAM_RESETS = (b"\x3b\x6c", b"\x3b\xfc")
VIRTUAL = re.compile(r"virtual\s*(pcd|picc|smart\s*card)|vpcd|vsmartcard", re.IGNORECASE)
"""What readers made of software call themselves; vsmartcard's is "Virtual PCD 00 00"."""
SAM_SLOT = re.compile(r"(?<![a-z])P?SAM(?![a-z])", re.IGNORECASE)


@dataclass(frozen=True)
class Occupant:
    """What is in one slot. ``counter`` is the reader's event counter under the number of the service's life.

    ``atr`` is empty while the reader is still powering the card.
    """

    reader: str
    counter: int
    atr: bytes
    mute: bool

    @property
    def insertion(self) -> Insertion:
        """The same as the desk knows it."""
        return Insertion(self.reader, self.atr, self.counter)

    def remains(self, seen: Sequence[Occupant]) -> bool:
        """True while the very same card sits there; flags of use and power do not matter."""
        mine = (self.reader, self.counter, self.mute)
        return any((other.reader, other.counter, other.mute) == mine for other in seen)


def occupant_of(reader: str, state: int, atr: bytes, life: int) -> Occupant | None:
    """What SCardGetStatusChange says about one slot; None for an empty slot and for a terminal's PSAM."""
    if state & GONE or not state & PRESENT or atr.startswith(PSAM_RESETS):
        return None
    return Occupant(reader, counter_of(state, life), atr, bool(state & MUTE))


def counter_of(state: int, life: int) -> int:
    """The event counter of a state, never equal in two lives of the service."""
    return life << COUNTER_BITS | state >> COUNTER_BITS & 0xFFFF


def is_virtual(reader: str) -> bool:
    """Whether a reader, or a line that asks for one, names a program instead of a device."""
    return VIRTUAL.search(reader) is not None


def chosen(readers: Sequence[str], name_filter: str | None) -> list[str]:
    """The slots residents may use: those whose name holds the filter, never a SAM slot unless it is asked for."""
    if name_filter and SAM_SLOT.search(name_filter):
        return [reader for reader in readers if name_filter in reader]
    return [reader for reader in readers if (name_filter or "") in reader and not SAM_SLOT.search(reader)]


def looked_into(state: int) -> bool:
    """True where a state says what is in the slot; a reader that is away, or not yet powered, says nothing of it."""
    return not state & GONE and bool(state & (EMPTY | PRESENT))


def settle(
    reported: Occupant | None,
    seen: Sequence[Occupant],
    looked: Container[str] | None = None,
    first: Mapping[str, int] | None = None,
) -> tuple[list[CardEvent], Occupant | None]:
    """What to report, and what is reported then. One card at a time: a second slot waits until the first is empty.

    ``looked``: the readers whose slots were looked into, None for all; a card in any other is lost with its reader.
    ``first``: the event counter of each reader at the first look since it was opened.
    """
    events: list[CardEvent] = []
    if reported is not None and not reported.remains(seen):
        events.append(CardRemoved(reported.reader, lost=looked is not None and reported.reader not in looked))
        reported = None
    if reported is None:
        reported = next((occupant for occupant in seen if occupant.mute or occupant.atr), None)
        if reported is not None:
            found = (first or {}).get(reported.reader) == reported.counter
            events.append(CardMute(reported.reader) if reported.mute else CardInserted(reported.insertion, found))
    return events, reported


def note(board: HealthBoard, event: CardEvent) -> None:
    """Count on the reader's board what a clerk may ask about: cards put in, and those that gave no answer."""
    match event:
        case CardInserted():
            board.counted("cards inserted")
        case CardMute():
            board.counted("cards mute")
        case CardRemoved():
            pass
        case _:
            assert_never(event)
