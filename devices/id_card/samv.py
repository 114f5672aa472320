"""Readers with a SAM_V module on any pyserial URL: find, select, read the text; reference/card.md §4.

Many modules find a card once each time it is laid down, some find it for ever. So the answer to "find" is not trusted:
select is tried all the same and only a good answer to "read" counts. After a read the module is asked at once whether
it finds the same card again; one that does not will find the next card only, with one that does the field must have
been seen empty before a card is taken for another.
"""

from __future__ import annotations

import contextlib
import threading
import time
from enum import Enum

from devices.device import Clock, DeviceFault, DeviceMissing, HealthBoard, utc_now
from devices.id_card import (
    IdCard,
    IdCardForeign,
    IdCardGone,
    IdCardStays,
    IdCardUnreadable,
    SecurityModuleBroken,
)
from devices.id_card.samv_address import Patience, SamvAddress
from devices.id_card.samv_frames import (
    OF_A_STRANGE_CARD,
    OF_THE_MODULE,
    Answer,
    Command,
    Status,
    module_number,
    text_of,
)
from devices.id_card.samv_line import SamvLine
from devices.id_card.text_block import read_text
from devices.tap import NO_TAP, Tap
from devices.turns import Turns

PATIENCE = Patience()
READS_UNTIL_GIVEN_UP = 3
OF_THE_CARD = (IdCardGone, IdCardForeign, IdCardUnreadable, IdCardStays)
"""Errors that say nothing against the reader."""


class Awaited(Enum):
    """What must be seen before a card on the reader is a new one."""

    ANY_CARD = "any card"
    CARD_FOUND = "a card found, or an empty field"
    EMPTY_FIELD = "an empty field"


class SamvReader:
    """A :class:`devices.id_card.IdCardReader`; one lock is held for each conversation with the module."""

    def __init__(
        self,
        address: SamvAddress,
        name: str = "id_card",
        clock: Clock = utc_now,
        patience: Patience = PATIENCE,
        tap: Tap = NO_TAP,
    ) -> None:
        self.name = name
        self.board = HealthBoard(name, clock)
        self._address, self._patience = address, patience
        self._line = SamvLine(address, patience, tap)
        self._turns = Turns()
        self._closed = self._greeted = False
        self._awaited = Awaited.ANY_CARD
        self._spoke = 0.0

    def attend(self, stop: threading.Event) -> None:
        """Open and greet the module, later give it a sign of life now and then; never while a card is read."""
        self._turns.attend(self._look_after, stop, self._patience.idle)

    def read(self, seconds: float, cancelled: threading.Event) -> IdCard | None:
        """One card, see :class:`devices.id_card.IdCardReader`."""
        return self._turns.one_look(
            self._read, seconds, cancelled, board=self.board, harmless=OF_THE_CARD, counted="cards not read"
        )

    def lies(self) -> bool | None:
        """Whether the card that was read last still lies there, see :class:`devices.id_card.IdCardReader`."""
        return {Awaited.ANY_CARD: False, Awaited.EMPTY_FIELD: True}.get(self._awaited)

    def close(self) -> None:
        """Give the port back for good; a read under way ends with DeviceMissing."""
        self._closed = True
        self._line.close()

    def _look_after(self, stop: threading.Event) -> None:
        if self._line.is_open:
            self._line.drain()  # notices a vanished port within one idle round
        self._settle(stop)
        if not self.board.health.ready or time.monotonic() - self._spoke >= self._patience.heartbeat:
            self._check_module(stop)
        if self._awaited is not Awaited.ANY_CARD:
            with contextlib.suppress(*OF_THE_CARD):  # an odd card lies there now
                self._present(stop)
        self.board.ready()

    def _settle(self, abort: threading.Event) -> None:
        if self._closed:
            raise DeviceMissing(f"{self._address.url}: closed")
        if not self._line.is_open:
            self._greeted = False
            self._line.open()
        if not self._greeted:
            self._check_module(abort)
            number = module_number(self._line.ask(Command.NUMBER, abort))
            self.board.learned(model="SAM_V", **({"serial": number} if number else {}))
            self._greeted = True

    def _check_module(self, abort: threading.Event) -> None:
        """The module's own test; one that fails it is reset once."""
        answer = self._line.ask(Command.STATUS, abort)
        if answer.status in OF_THE_MODULE:
            reset = self._line.ask(Command.RESET, abort)
            if reset.status is Status.UNKNOWN_COMMAND:
                self._line.ask(Command.RESET_OLD, abort)
            answer = self._line.ask(Command.STATUS, abort)
        self._expect(Command.STATUS, answer, Status.DONE)
        self._spoke = time.monotonic()

    def _read(self, deadline: float, cancelled: threading.Event) -> IdCard | None:
        """Look for a card until the deadline; a card that lies there from before must leave first."""
        self._settle(cancelled)
        while True:
            lies = self._present(cancelled)
            if lies and self._awaited is Awaited.ANY_CARD:
                return self._take(cancelled)
            if time.monotonic() + self._patience.poll >= deadline:
                break
            if cancelled.wait(self._patience.poll):
                return None
        if lies:
            raise IdCardStays("the card that was read before was never lifted")
        return None

    def _present(self, abort: threading.Event) -> bool:
        """True where a card lies on the reader and is selected; notes what that says of the card before it."""
        nothing = (Status.NOTHING_FOUND, Status.NOT_SELECTED)
        found = self._line.ask(Command.FIND, abort)
        self._expect(Command.FIND, found, Status.FOUND, Status.DONE, *nothing)
        selected = self._line.ask(Command.SELECT, abort)
        self._expect(Command.SELECT, selected, Status.DONE, *nothing)
        lies = selected.status is Status.DONE
        another = self._awaited is Awaited.CARD_FOUND and found.status is Status.FOUND
        if another or not (lies or found.status is Status.FOUND):
            self._awaited = Awaited.ANY_CARD
        return lies

    def _take(self, cancelled: threading.Event) -> IdCard:
        """The text of the selected card; IdCardGone as soon as a failed read leaves an empty field."""
        for _ in range(READS_UNTIL_GIVEN_UP):
            answer = self._line.ask(Command.READ, cancelled)
            if answer.status is Status.DONE:
                self._let_go(cancelled)
                return self._decoded(answer)
            if answer.status is Status.NO_CONTENT:
                self._let_go(cancelled)
                raise IdCardUnreadable("text", "the card holds none")
            self._expect(Command.READ, answer, Status.READ_FAILED)
            if not self._present(cancelled):
                raise IdCardGone("lifted while it was being read")
        self._let_go(cancelled)
        raise IdCardUnreadable("text", "the module could not read it")

    def _let_go(self, abort: threading.Event) -> None:
        """Learn by what the next card can be told from the one that lies there now."""
        found = self._line.ask(Command.FIND, abort).status is Status.FOUND
        self._awaited = Awaited.EMPTY_FIELD if found else Awaited.CARD_FOUND
        self._spoke = time.monotonic()

    def _decoded(self, answer: Answer) -> IdCard:
        card = read_text(text_of(answer))
        self.board.counted("cards read")
        return card

    def _expect(self, command: Command, answer: Answer, *usual: Status) -> None:
        """DeviceError where the module says anything but what this command usually brings."""
        if answer.status in usual:
            return
        said = f"{command.name} answered {answer.status.name if answer.status else f'{answer.code:02X}'}"
        if answer.status in OF_A_STRANGE_CARD:
            raise IdCardForeign(said)
        self._greeted = False
        raise (SecurityModuleBroken if answer.status in OF_THE_MODULE else DeviceFault)(said)
