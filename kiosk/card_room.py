"""Cards in the slot of the reader: seen, read in the card's worker, and handed to the reception or refused."""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import partial

from devices.card import CardEvent, CardGone, CardInserted, CardMute, CardReader, CardRemoved, Insertion
from devices.device import DeviceError
from kiosk.admission import Admission
from kiosk.card_errors import CardNotAnswering
from kiosk.desk import Desk
from kiosk.device_errors import error_of
from kiosk.errors import KioskError, ProgramDefect
from kiosk.events import CardIn, CardOut, CardRefused
from kiosk.left_card import SlotMemory
from kiosk.states import ReadingCard, ResidentSession
from kiosk.workers import Worker

log = logging.getLogger(__name__)

READING_LIMIT = 90.0
"""A whole reading, county and the paper of the one before included; longer, and the reader's driver hangs."""
PULLED_LIMIT = 10.0
"""The same once the card is out: nothing that talks to it may take longer."""


class CardRoom:
    """``let_in`` and ``refuse`` are the reception's; ``worker`` is the one in which cards are talked to."""

    def __init__(
        self, *, desk: Desk, reader: CardReader | None, worker: Worker, admission: Admission,
        monotonic: Callable[[], float], let_in: Callable[[ResidentSession], None],
        refuse: Callable[[KioskError, Insertion], None],
    ) -> None:  # fmt: skip
        self._desk = desk
        self._reader = reader
        self._worker = worker
        self._admission = admission
        self._monotonic = monotonic
        self._let_in = let_in
        self._refuse = refuse
        self._slot = SlotMemory()
        self.last_reading: tuple[float, float] = (0.0, 0.0)
        """Monotonic seconds at which the reader reported the last card, and at which its reading was complete."""
        if reader is not None:
            reader.listener = self.card_event

    def card_event(self, event: CardEvent) -> None:
        """The reader's own thread: post the event, hand the reading to the worker, return."""
        match event:
            case CardInserted(insertion, found):
                self._card_in(insertion, stayed=self._slot.inserted(found=found))
            case CardRemoved(lost=lost):
                (self._slot.lost if lost else self._slot.emptied)()
                self._desk.handle(CardOut())
                self._worker.hurry(PULLED_LIMIT)
            case CardMute():
                self._desk.handle(CardIn(Insertion(event.reader, b"", -1)))
                self._desk.handle(CardRefused(CardNotAnswering("no answer to reset")))

    def _card_in(self, insertion: Insertion, *, stayed: bool) -> None:
        self.last_reading = (self._monotonic(), 0.0)
        if not isinstance(self._desk.handle(CardIn(insertion)), ReadingCard):
            return  # out of service: nobody's card is read

        def defect(problem: KioskError) -> None:
            self._refuse(problem, insertion)

        self._worker.do(partial(self._read_card, insertion, stayed=stayed), defect, READING_LIMIT)

    def _read_card(self, insertion: Insertion, *, stayed: bool) -> None:
        try:
            if stayed and not self._is_another(insertion):
                log.info("the card stayed in while the reader was away: its holder has to put it in again")
                self._desk.handle(CardRefused(None, insertion))
                return
            session = self._session_for(insertion)
        except CardGone:
            return
        except DeviceError as error:
            self._refuse(error_of(error, "card"), insertion)
        except KioskError as error:
            self._refuse(error, insertion)
        else:
            self.last_reading = (self.last_reading[0], self._monotonic())
            self._let_in(session)

    def _is_another(self, insertion: Insertion) -> bool:
        """Whether a card found in a slot that was occupied is certainly not the one that was in; else it was left."""
        if not self._slot.known:
            return False
        with self._the_reader().connect(insertion) as chip:
            another = self._slot.is_another(chip.identification())
        if another:
            self._slot.inserted(found=False)
        return another

    def _the_reader(self) -> CardReader:
        if self._reader is None:
            raise ProgramDefect("a card event without a reader")
        return self._reader

    def _session_for(self, insertion: Insertion) -> ResidentSession:
        with self._the_reader().connect(insertion) as chip:
            reading, pin_pad = self._admission.read(chip, insertion), chip.has_pin_pad
        self._slot.read(reading.card.identification)
        return self._admission.session_for(reading, insertion, pin_pad=pin_pad)
