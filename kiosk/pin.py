"""PINs: sent to the session's card once, never guessed at without a warning, counted where a card proves nothing."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NoReturn, Protocol

from devices.card import Chip, PinOutcome, PinResult
from kiosk.card_errors import CardNotAnswering, PinInitial, PinMalformed, PinUnproven, TooManyPins
from kiosk.desk import Desk
from kiosk.errors import KioskError
from kiosk.events import Proven
from kiosk.identity import Assurance
from kiosk.journal import Happening, Journal
from kiosk.locality import AssuranceRules
from kiosk.states import ResidentSession
from kiosk.tries import Tries

PIN_DIGITS = 6
CARDS_REMEMBERED = 500


@dataclass(frozen=True)
class PinAnswer:
    """What became of a PIN: accepted, or the card's own count of tries left."""

    accepted: bool
    blocked: bool
    tries_left: int | None


@dataclass(frozen=True)
class WrongPin:
    """The last thing a card said to a wrong PIN. ``token``: the session in which it was typed."""

    token: str
    tries_left: int | None


class WrongPins:
    """What cards said to their last wrong PIN, until they accept one. In memory only, and under a key of this start."""

    def __init__(self) -> None:
        self._key = secrets.token_bytes(32)
        self._lock = threading.Lock()
        self._wrong: OrderedDict[bytes, WrongPin] = OrderedDict()

    def _place(self, identification: str) -> bytes:
        return hmac.digest(self._key, identification.encode(), hashlib.sha256)

    def remember(self, identification: str, wrong: WrongPin) -> None:
        """Keep it; the card that was wrong longest ago makes room."""
        place = self._place(identification)
        with self._lock:
            self._wrong[place] = wrong
            self._wrong.move_to_end(place)
            while len(self._wrong) > CARDS_REMEMBERED:
                self._wrong.popitem(last=False)

    def forget(self, identification: str) -> None:
        """The card took a PIN, or takes none any more."""
        with self._lock:
            self._wrong.pop(self._place(identification), None)

    def last(self, identification: str) -> WrongPin | None:
        """The last wrong PIN of a card, however often it was pulled since."""
        with self._lock:
            return self._wrong.get(self._place(identification))


class Sending:
    """PINs on their way to the card: copies of the digits that nobody else can wipe, wiped once sent or given up.

    ``act`` is handed the chip, the copies, and what it has to call immediately before the command with them.
    """

    def __init__(
        self,
        pins: Sequence[bytearray],
        act: Callable[[Chip, Sequence[bytearray], Callable[[], None]], PinOutcome],
        noted: Callable[[PinOutcome], None],
    ) -> None:
        self._pins = [bytearray(pin) for pin in pins]
        self._act = act
        self._noted = noted
        self._lock = threading.Lock()
        self._begun = False
        self._given_up = False
        self.sent = False
        """Whether the card may have been told: True from immediately before the command."""

    def send(self, chip: Chip) -> PinOutcome:
        """In the card's worker. CardNotAnswering, and nothing is sent, where whoever typed the PIN was told so."""
        with self._lock:
            self._refuse_given_up()
            self._begun = True
        try:
            outcome = self._act(chip, self._pins, self._now)
        finally:
            self._wipe()
        self._noted(outcome)
        return outcome

    def give_up(self) -> None:
        """Nobody waits any more: what is not sent yet never is."""
        with self._lock:
            self._given_up = True
            if not self._begun:
                self._wipe()

    def _now(self) -> None:
        with self._lock:
            self._refuse_given_up()
            self.sent = True

    def _refuse_given_up(self) -> None:
        if self._given_up:
            raise CardNotAnswering("given up before it was sent")

    def _wipe(self) -> None:
        for pin in self._pins:
            pin[:] = bytes(len(pin))


class SameCard(Protocol):
    """An act with the very card of a session; raises CardSwapped, SessionEnded or a device's error as KioskError."""

    def __call__(self, session: ResidentSession, act: Callable[[Chip], PinOutcome]) -> PinOutcome: ...


class PinRoom:
    """The PINs of one machine. ``tries`` counts those of cards that cannot prove themselves, by resident."""

    def __init__(
        self, *, desk: Desk, journal: Journal, rules: AssuranceRules, tries: Tries, with_same_card: SameCard
    ) -> None:
        self._desk = desk
        self._journal = journal
        self._rules = rules
        self._tries = tries
        self._with_same_card = with_same_card
        self._wrong = WrongPins()

    def last_wrong(self, session: ResidentSession) -> WrongPin | None:
        """What this card said to its last wrong PIN here."""
        return self._wrong.last(session.identification)

    def verify(self, token: str, pin: bytearray) -> PinAnswer:
        """Send a PIN to the session's card once, and raise the assurance where it is accepted; zeroes ``pin``.

        Raises PinMalformed, PinUnproven or TooManyPins before anything is sent, PinInitial instead of counting it,
        SessionEnded or CardSwapped when the card is another, DeviceErrors as KioskErrors.
        """
        try:
            session = self._desk.session(token)
            self._admit(session, pin)
            initial = any(hmac.compare_digest(pin, known.encode()) for known in self._rules.initial_pins)
            sending = Sending(
                [pin],
                lambda chip, pins, now: chip.verify_pin(pins[0], now),
                lambda outcome: self._note(session, outcome, initial=initial),
            )
            try:
                outcome = self._with_same_card(session, sending.send)
            finally:
                sending.give_up()
        finally:
            pin[:] = bytes(len(pin))
        return self._answer(session, outcome, initial=initial)

    def ask_on_pad(self, session: ResidentSession, chip: Chip) -> PinOutcome:
        """Let the PIN be typed on the reader's own pad, and note what the card said, though nobody waits any more."""
        outcome = chip.verify_pin_on_pad()
        self._note(session, outcome, on_pad=True)
        return outcome

    def typed_on_pad(self, session: ResidentSession, outcome: PinOutcome, wanted: bool) -> PinAnswer:  # noqa: FBT001 - one of the answers of a PadWork
        """What came of a PIN typed on the reader's own pad (:meth:`ask_on_pad`); it counts if it is still ``wanted``.

        Whether it was an initial PIN nobody here can know: it counts, and the journal says that it was not looked at.
        """
        return self._answer(session, outcome, wanted=wanted)

    def not_typed(self, session: ResidentSession, problem: KioskError) -> None:
        """The pad gave no PIN to the card: cancelled, too late, broken."""
        self._journal.write(Happening.PIN_REFUSED, resident=session.resident.reference, why=problem.code, on_pad=True)

    def admit(self, session: ResidentSession) -> None:
        """Raise PinUnproven or TooManyPins where this card may not be asked; counts a try."""
        refusal = None if session.resident.card_proven else self._unproven(session)
        if refusal is not None:
            self._refuse(session, refusal)

    def _admit(self, session: ResidentSession, pin: bytearray) -> None:
        if len(pin) != PIN_DIGITS or not pin.isdigit():
            self._refuse(session, PinMalformed("not six digits"))
        self.admit(session)

    def _refuse(self, session: ResidentSession, refusal: KioskError) -> NoReturn:
        self._journal.write(Happening.PIN_REFUSED, resident=session.resident.reference, why=refusal.code)
        raise refusal

    def _unproven(self, session: ResidentSession) -> KioskError | None:
        if not self._rules.unproven_pin:
            return PinUnproven("the locality takes no PIN from a card that cannot prove itself")
        if not self._tries.enter(session.resident.reference):
            return TooManyPins("too many PINs of this resident's card in an hour")
        return None

    def _answer(
        self, session: ResidentSession, outcome: PinOutcome, *, initial: bool = False, wanted: bool = True
    ) -> PinAnswer:
        accepted = outcome.result is PinResult.ACCEPTED
        if accepted and initial:
            raise PinInitial("an initial PIN proves nobody")
        if accepted and wanted:
            self._desk.handle(Proven(session.token, Assurance.PIN))
        return PinAnswer(accepted, outcome.result is PinResult.BLOCKED, outcome.tries_left)

    def counted(self, session: ResidentSession, outcome: PinOutcome) -> None:
        """Remember what the card said of its own counter, to whatever PIN it was asked for."""
        if outcome.result is PinResult.WRONG:
            self._wrong.remember(session.identification, WrongPin(session.token, outcome.tries_left))
        else:
            self._wrong.forget(session.identification)

    def _note(
        self, session: ResidentSession, outcome: PinOutcome, *, initial: bool = False, on_pad: bool = False
    ) -> None:
        """Where the card answers, in its worker: an answer that comes too late for the page still counts."""
        self.counted(session, outcome)
        reference, proven = session.resident.reference, session.resident.card_proven
        accepted = outcome.result is PinResult.ACCEPTED
        if accepted and not initial:
            self._journal.write(
                Happening.PIN_ACCEPTED, resident=reference, proven=proven, on_pad=on_pad, initial_checked=not on_pad
            )
            return
        why = PinInitial.code if accepted else outcome.result.name.lower()
        self._journal.write(Happening.PIN_REFUSED, resident=reference, proven=proven, why=why, on_pad=on_pad)
