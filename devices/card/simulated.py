"""A card reader without a reader: invented cards are put in and pulled out by the dock and by tests.

It obeys the same protocol as the real one, event counter and exclusive connection included.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from devices.card import (
    CardEvent,
    CardGone,
    CardInserted,
    CardMute,
    CardRemoved,
    CardSilent,
    Chip,
    Insertion,
    PinOutcome,
    Transmit,
)
from devices.card.chip import ApduChip
from devices.card.people import CardHolder, load_people
from devices.card.pin_pad import outcome
from devices.card.simulated_pad import SimulatedPad
from devices.card.slots import note
from devices.card.tapped import tapped
from devices.card.virtual.card import CardPulled, VirtualCard
from devices.card.virtual.described import CardDescription, CardFault
from devices.device import DeviceBusy, DeviceMissing, HealthBoard
from devices.tap import NO_TAP, Tap

__all__ = [
    "CardDescription",
    "CardFault",
    "CardHolder",
    "SimulatedPad",
    "SimulatedReader",
    "VirtualCard",
    "load_people",
]

ROUND = 1.0


class _PadAtCard:
    """The keys while one card is open: a PinPad."""

    def __init__(self, pad: SimulatedPad, transmit: Transmit, still_in: Callable[[], object]) -> None:
        self._pad = pad
        self._transmit = transmit
        self._still_in = still_in

    def verify(self) -> PinOutcome:
        """See PinPad."""
        return outcome(self._pad.verify(self._transmit, self._still_in))

    def change(self) -> PinOutcome:
        """See PinPad."""
        return outcome(self._pad.change(self._transmit, self._still_in))


class SimulatedReader:
    """A CardReader in this process. ``insert`` and ``remove`` may be called from any thread.

    The listener hears of them from the thread that runs ``attend``, in order, none lost and none joined.
    ``pad``: its keys, None for a reader without.
    """

    def __init__(
        self,
        board: HealthBoard,
        listener: Callable[[CardEvent], None],
        name: str = "simulated:",
        tap: Tap = NO_TAP,
        pad: SimulatedPad | None = None,
    ) -> None:
        self.name = name
        self.pad = pad
        self.board = board
        self.listener = listener
        self.tap = tap
        self._changed = threading.Condition()
        self._pending: list[CardEvent] = []
        self._card: VirtualCard | None = None
        self._atr = b""
        self._counter = 0
        self._plugged = True
        self._shown = False
        self._held = threading.Lock()

    # --- the hand of the resident ---

    def insert(self, card: VirtualCard) -> None:
        """Put a card into the slot; one that is in there is taken out first."""
        with self._changed:
            self._take_out()
            self._card = card
            self._power()

    def remove(self) -> None:
        """Pull the card; nothing happens where none is in."""
        with self._changed:
            self._take_out()

    @property
    def occupied(self) -> bool:
        """True while a card is in the slot, read or not."""
        return self._card is not None

    @property
    def card(self) -> VirtualCard | None:
        """The card in the slot, for the dock and tests to look at."""
        return self._card

    @property
    def plugged(self) -> bool:
        """True unless the reader is unplugged."""
        return self._plugged

    def disappear(self) -> None:
        """Unplug the reader."""
        with self._changed:
            self._withdraw(lost=True)
            self._plugged = False
            self._counter += 1
            self._changed.notify_all()

    def reappear(self) -> None:
        """Plug it in again; a card that stayed in the slot is found."""
        with self._changed:
            self._plugged = True
            if self._card is not None:
                self._power(found=True)
            self._changed.notify_all()

    def _take_out(self) -> None:
        if self._card is None:
            return
        self._card.power_off()
        self._card = None
        self._counter += 1
        self._withdraw()

    def _withdraw(self, *, lost: bool = False) -> None:
        if self._shown:
            self._shown = False
            self._report(CardRemoved(self.name, lost))

    def _power(self, *, found: bool = False) -> None:
        if self._card is None or not self._plugged:
            return
        self._counter += 1
        self._atr = self._card.power_on()
        if self._atr[:2] in (b"\x3b\x6c", b"\x3b\xfc"):
            return  # a PSAM is no resident's card
        self._shown = True
        self._report(CardInserted(self._present(), found) if self._atr else CardMute(self.name))

    def _present(self) -> Insertion:
        return Insertion(self.name, self._atr, self._counter)

    def _report(self, event: CardEvent) -> None:
        self._pending.append(event)
        self._changed.notify_all()

    # --- the protocol of readers ---

    def attend(self, stop: threading.Event) -> None:
        """Wait up to a second for something to happen and report it."""
        with self._changed:
            if not self._pending and not stop.is_set():
                self._changed.wait(ROUND)
            events, self._pending = self._pending, []
            plugged = self._plugged
        if plugged:
            self.board.learned(reader=self.name)
            self.board.ready()
        else:
            self.board.failed(DeviceMissing("the reader is unplugged"))
        for event in events:
            note(self.board, event)
            self.listener(event)

    @contextmanager
    def connect(self, insertion: Insertion) -> Iterator[Chip]:
        """Open the card of this insertion for one act; unpowered at the end."""
        if not self._held.acquire(blocking=False):
            raise DeviceBusy("another program holds the card")
        try:
            card = self._card_of(insertion)
            card.power_on()
            with tapped(lambda command: self._transmit(insertion, command), self.tap, insertion.atr) as transmit:
                pad = _PadAtCard(self.pad, transmit, lambda: self._card_of(insertion)) if self.pad else None
                yield ApduChip(transmit, insertion.atr, pad, block_wise=card.block_wise)
        finally:
            if self._card is not None:
                self._card.power_off()
            self._held.release()

    def close(self) -> None:
        """Wake the thread that attends; there is nothing to give back."""
        with self._changed:
            self._changed.notify_all()

    def _card_of(self, insertion: Insertion) -> VirtualCard:
        with self._changed:
            if not self._plugged or self._card is None or insertion != self._present():
                raise CardGone("this insertion is over")
            return self._card

    def _transmit(self, insertion: Insertion, command: bytes) -> bytes:
        card = self._card_of(insertion)
        try:
            answer = card.answer(command)
        except CardPulled:
            self.remove()
            raise CardGone("pulled") from None
        self._card_of(insertion)
        if not answer:
            raise CardSilent("no answer to a command")
        return answer
