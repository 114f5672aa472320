"""Another PIN for the card of whoever is served: the rule asked, sent once, noted without a digit.

Here stands the only call of the kiosk that changes a PIN; the rule is asked immediately before it, whoever calls.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from devices.card import CardGone, CardSilent, CardUnreadable, Chip, PinOutcome, PinResult
from devices.card.new_pin import Objection, objection_to
from devices.device import DeviceError, DeviceHangs
from kiosk.card_errors import CardNotAnswering, NewPinsDiffer, PinMalformed
from kiosk.errors import KioskError
from kiosk.journal import Happening, Journal
from kiosk.locality import AssuranceRules
from kiosk.new_pin_errors import (
    NewPinBirthday,
    NewPinInitial,
    NewPinIsOld,
    NewPinNotTaken,
    NewPinSimple,
    NewPinUnsure,
)
from kiosk.pin import PIN_DIGITS, PinAnswer, PinRoom, SameCard, Sending
from kiosk.states import ResidentSession

WORDS: dict[Objection, type[KioskError]] = {
    Objection.SAME: NewPinIsOld, Objection.INITIAL: NewPinInitial, Objection.SIMPLE: NewPinSimple,
    Objection.BIRTHDAY: NewPinBirthday,
}  # fmt: skip
"""What is said of each objection; a test keeps this complete."""

REFUSED: tuple[type[KioskError], ...] = (*WORDS.values(), NewPinsDiffer, PinMalformed)
"""Said on the same page: nothing was sent, another one may be chosen."""


@dataclass
class PinChange:
    """How far one visit is with its new PIN. ``old`` is one the card took; both are empty, or six digits.

    In memory only, overwritten as soon as they are sent, turned away from, or the visit ends.
    """

    old: bytearray = field(default_factory=bytearray, repr=False)
    new: bytearray = field(default_factory=bytearray, repr=False)
    problem: KioskError | None = None
    changed: bool = False
    lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def zero(self) -> None:
        """See Digits."""
        for digits in (self.old, self.new):
            digits[:] = bytes(len(digits))
        self.old, self.new = bytearray(), bytearray()

    def begin_anew(self) -> None:
        """From the first page on."""
        self.zero()
        self.problem, self.changed = None, False


class NewPinRoom:
    """The new PINs of one machine."""

    def __init__(self, *, pins: PinRoom, journal: Journal, rules: AssuranceRules, with_same_card: SameCard) -> None:
        self._pins = pins
        self._journal = journal
        self._rules = rules
        self._with_same_card = with_same_card

    def check(self, session: ResidentSession, old: bytearray, new: bytearray) -> None:
        """Raise one of REFUSED where ``new`` may not be chosen by this resident; it is written down."""
        if len(new) != PIN_DIGITS or not new.isdigit():
            self.refuse(session, PinMalformed("not six digits"))
        objection = objection_to(new, old, self._rules.initial_pins, session.resident.born_on)
        if objection is not None:
            self.refuse(session, WORDS[objection](f"a new PIN that is {objection}"))

    def refuse(self, session: ResidentSession, refusal: KioskError) -> None:
        """Write down that nothing was changed, and raise it."""
        self.not_changed(session, refusal)
        raise refusal

    def not_changed(self, session: ResidentSession, problem: KioskError, *, on_pad: bool = False) -> None:
        """Write down why nothing was changed; nothing where it was written already."""
        if not isinstance(problem, NewPinUnsure | NewPinNotTaken):
            self._write(Happening.PIN_CHANGE_REFUSED, session, on_pad=on_pad, why=problem.code)

    def change(self, session: ResidentSession, old: bytearray, new: bytearray) -> PinAnswer:
        """Send old and new PIN to the session's card, once; zeroes both.

        Raises one of REFUSED before anything is sent, NewPinUnsure where the card may have been told and its answer
        did not come, NewPinNotTaken, and what the card's acts raise: then the PIN is as it was.
        """
        try:
            self.check(session, old, new)
            sending = Sending([old, new], partial(self._send, session), partial(self._note, session))
            try:
                return answer_of(self._with_same_card(session, sending.send))
            except CardNotAnswering as late:
                if sending.sent:
                    raise NewPinUnsure("nobody waited for the card's answer") from late
                raise
            finally:
                sending.give_up()
        finally:
            for digits in (old, new):
                digits[:] = bytes(len(digits))

    def _send(
        self, session: ResidentSession, chip: Chip, pins: Sequence[bytearray], before_sending: Callable[[], None]
    ) -> PinOutcome:
        sent = False

        def now() -> None:
            nonlocal sent
            before_sending()
            sent = True

        try:
            return chip.change_pin(pins[0], pins[1], now)
        except DeviceError as error:
            if sent:
                self._after_sending(session, error, on_pad=False)
            raise

    def ask_on_pad(self, session: ResidentSession, chip: Chip) -> PinOutcome:
        """Let old and new PIN be typed on the reader's own pad. No rule can be asked: nobody here sees the digits."""
        try:
            outcome = chip.change_pin_on_pad()
        except (CardGone, CardSilent, CardUnreadable, DeviceHangs) as error:
            self._after_sending(session, error, on_pad=True)
            raise
        self._note(session, outcome, on_pad=True)
        return outcome

    def _after_sending(self, session: ResidentSession, error: DeviceError, *, on_pad: bool) -> None:
        """The card refused the command, or nobody knows what it did with it."""
        if isinstance(error, CardUnreadable):
            self._write(Happening.PIN_CHANGE_REFUSED, session, on_pad=on_pad, why=NewPinNotTaken.code)
            raise NewPinNotTaken(str(error)) from error
        self._write(Happening.PIN_CHANGE_UNSURE, session, on_pad=on_pad)
        raise NewPinUnsure(str(error)) from error

    def _note(self, session: ResidentSession, outcome: PinOutcome, *, on_pad: bool = False) -> None:
        """In the card's worker: an answer that comes too late for the page is noted too."""
        self._pins.counted(session, outcome)
        if outcome.result is PinResult.ACCEPTED:
            self._write(Happening.PIN_CHANGED, session, on_pad=on_pad, rule_asked=not on_pad)
        else:
            self._write(Happening.PIN_CHANGE_REFUSED, session, on_pad=on_pad, why=outcome.result.name.lower())

    def _write(self, happening: Happening, session: ResidentSession, **facts: Any) -> None:
        resident = session.resident
        self._journal.write(happening, resident=resident.reference, proven=resident.card_proven, **facts)


def answer_of(outcome: PinOutcome) -> PinAnswer:
    """What a page shows of the card's answer."""
    return PinAnswer(outcome.result is PinResult.ACCEPTED, outcome.result is PinResult.BLOCKED, outcome.tries_left)
