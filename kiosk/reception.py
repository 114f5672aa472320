"""The conversations behind the desk: reading a card, opening a sitting, PIN, finger, witness; one worker a device.

The watch threads only watch and post events. Everything slow runs in a worker, and every wait of the web is bounded:
a driver that hangs costs its worker, never the screen.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as TooLate
from dataclasses import dataclass, replace
from typing import TypeVar

from contract.problems import ProblemType
from contract.residents import CardPresented, Sitting
from devices.card import (
    CardEvent,
    CardGone,
    CardIdentity,
    CardInserted,
    CardMute,
    CardReader,
    CardRemoved,
    Insertion,
    PinOutcome,
    PinResult,
    Transmit,
)
from devices.card.chip import read_identification, read_identity, verify_pin
from devices.device import DeviceError
from kiosk.clock import Clock
from kiosk.desk import Desk
from kiosk.errors import (
    CardExpired,
    CardNotAnswering,
    CardReportedLost,
    CardSwapped,
    CountyRefused,
    CountyUnavailable,
    HolderUnknown,
    KioskError,
    PinInitial,
    PinMalformed,
    PinUnproven,
    ProgramDefect,
    error_of,
)
from kiosk.identity import Assurance, resident_of
from kiosk.journal import Happening, Journal
from kiosk.locality import AssuranceRules
from kiosk.printing import PrintRoom
from kiosk.states import (
    CardIn,
    CardLeft,
    CardOut,
    CardRead,
    CardRefused,
    Finished,
    Proven,
    ReadingCard,
    ResidentSession,
    SceneChanged,
    Serving,
    State,
)
from kiosk.uplink import County
from kiosk.witness import WitnessBoard, WitnessRequest, WitnessState

log = logging.getLogger(__name__)

T = TypeVar("T")

CARD_SECONDS = 20.0
PRINT_SECONDS = 15.0
PIN_DIGITS = 6


@dataclass(frozen=True)
class PinAnswer:
    """What became of a PIN: accepted, or the card's own count of tries left."""

    accepted: bool
    blocked: bool
    tries_left: int | None


class Reception:
    """Turns what devices say into events of the desk, and what residents enter into acts of devices."""

    def __init__(
        self, *, desk: Desk, reader: CardReader | None, county: County, journal: Journal, printing: PrintRoom,
        rules: AssuranceRules, clock: Clock,
    ) -> None:  # fmt: skip
        self._desk = desk
        self._reader = reader
        self._county = county
        self._journal = journal
        self._printing = printing
        self._rules = rules
        self._clock = clock
        self._card_worker = ThreadPoolExecutor(max_workers=1, thread_name_prefix="card")
        self._aside = ThreadPoolExecutor(max_workers=1, thread_name_prefix="aside")
        self.witness = WitnessBoard(clock.monotonic, self._witnessed)
        self.last_reading: tuple[float, float] = (0.0, 0.0)
        """Monotonic seconds at which the reader reported the last card, and at which its reading was complete."""
        if reader is not None:
            reader.listener = self.card_event
        desk.listen(self._session_changed)

    def card_event(self, event: CardEvent) -> None:
        """The reader's own thread: post the event, hand the reading to the worker, return."""
        match event:
            case CardInserted(insertion):
                self.last_reading = (self._clock.monotonic(), 0.0)
                self._desk.handle(CardIn(insertion))
                self._card_worker.submit(self._read_card, insertion)
            case CardRemoved():
                self._desk.handle(CardOut())
            case CardMute():
                self._desk.handle(CardIn(Insertion(event.reader, b"", -1)))
                self._desk.handle(CardRefused(CardNotAnswering("no answer to reset")))

    def _read_card(self, insertion: Insertion) -> None:
        try:
            self._printing.wait_idle(PRINT_SECONDS)
            session = self._session_for(insertion)
        except CardGone:
            return
        except DeviceError as error:
            self._refuse_card(error_of(error, "card"), insertion)
        except KioskError as error:
            self._refuse_card(error, insertion)
        except Exception as defect:
            log.exception("reading a card: a defect")
            self._refuse_card(ProgramDefect(repr(defect)), insertion)
            raise
        else:
            self.last_reading = (self.last_reading[0], self._clock.monotonic())
            self._desk.handle(CardRead(insertion, session))

    def _refuse_card(self, problem: KioskError, insertion: Insertion) -> None:
        log.warning("card refused: %s %s", problem.code, problem)
        self._journal.write(Happening.CARD_REFUSED, code=problem.code)
        self._desk.handle(CardRefused(problem, insertion))

    def _session_for(self, insertion: Insertion) -> ResidentSession:
        if self._reader is None:
            raise ProgramDefect("a card event without a reader")
        with self._reader.connect(insertion) as transmit:
            card = read_identity(transmit, insertion.atr)
        if card.valid_until is not None and card.valid_until < self._clock.local().date():
            raise CardExpired("the card's own last day is past")
        sitting = self._open_sitting(card, insertion)
        resident = resident_of(card)
        reference = sitting.reference if sitting else self._journal.reference_of(resident.number)
        return ResidentSession(
            resident=replace(resident, reference=reference), insertion=insertion, identification=card.identification,
            assurance=Assurance.CARD, sitting=sitting, began=self._clock.monotonic(),
        )  # fmt: skip

    def _open_sitting(self, card: CardIdentity, insertion: Insertion) -> Sitting | None:
        presented = CardPresented(
            social_security_no=card.social_security_no, card_number=card.card_number, card_version=card.version,
            identification=card.identification, proven=card.proven, insertion=str(insertion.counter),
        )  # fmt: skip
        try:
            return self._county.open_sitting(presented)
        except CountyUnavailable:
            return None
        except CountyRefused as refusal:
            raise problem_of(refusal) from refusal

    def verify_pin(self, token: str, pin: bytearray) -> PinAnswer:
        """Send a PIN to the session's card once, and raise the assurance where it is accepted; zeroes ``pin``.

        Raises PinMalformed, PinInitial or PinUnproven before or instead of counting it, SessionEnded or CardSwapped
        when the card is another, DeviceErrors as KioskErrors.
        """
        try:
            session = self._desk.session(token)
            if len(pin) != PIN_DIGITS or not bytes(pin).isdigit():
                raise PinMalformed("not six digits")
            if not (session.resident.card_proven or self._rules.unproven_pin):
                raise PinUnproven("the locality takes no PIN from a card that cannot prove itself")
            initial = bytes(pin).decode() in self._rules.initial_pins
            outcome = self._in_card_worker(
                lambda: self._with_same_card(session, lambda transmit: verify_pin(transmit, pin))
            )
        finally:
            pin[:] = bytes(len(pin))
        return self._pin_answer(session, outcome, initial=initial)

    def _pin_answer(self, session: ResidentSession, outcome: PinOutcome, *, initial: bool) -> PinAnswer:
        accepted = outcome.result is PinResult.ACCEPTED
        happening = Happening.PIN_ACCEPTED if accepted and not initial else Happening.PIN_REFUSED
        self._journal.write(happening, resident=session.resident.reference, proven=session.resident.card_proven)
        if accepted and initial:
            raise PinInitial("an initial PIN proves nobody")
        if accepted:
            self._desk.handle(Proven(session.token, Assurance.PIN))
        return PinAnswer(accepted, outcome.result is PinResult.BLOCKED, outcome.tries_left)

    def check_card(self, token: str) -> ResidentSession:
        """Read the card again before an act; raises CardSwapped or SessionEnded when it is not the session's."""
        session = self._desk.session(token)
        self._in_card_worker(lambda: self._with_same_card(session, lambda _transmit: None))
        return self._desk.session(token)

    def _with_same_card(self, session: ResidentSession, act: Callable[[Transmit], T]) -> T:
        if self._reader is None:
            raise ProgramDefect("a session without a reader")
        with self._reader.connect(session.insertion) as transmit:
            if read_identification(transmit) != session.identification:
                self._desk.handle(Finished(CardSwapped("another card answers")))
                raise CardSwapped("another card answers")
            return act(transmit)

    def _in_card_worker(self, act: Callable[[], T]) -> T:
        task: Future[T] = self._card_worker.submit(act)
        try:
            return task.result(timeout=CARD_SECONDS)
        except TooLate as late:
            task.cancel()
            raise CardNotAnswering("the card took too long") from late
        except DeviceError as error:
            raise error_of(error, "card") from error

    def _witnessed(self, request: WitnessRequest) -> None:
        confirmed = request.state is WitnessState.CONFIRMED
        happening = Happening.WITNESS_CONFIRMED if confirmed else Happening.WITNESS_REFUSED
        self._journal.write(happening, clerk=request.clerk, service=request.service)
        if confirmed:
            self._desk.handle(Proven(request.token, Assurance.WITNESSED))
        state = self._desk.state
        if isinstance(state, Serving) and state.session.token == request.token:
            self._desk.handle(SceneChanged(state.visit.number))

    def _session_changed(self, before: State, after: State) -> None:
        """Runs after every change of the desk: what belongs to a session ends with it. No I/O here."""
        began = isinstance(after, Serving) and not isinstance(before, Serving)
        if began and isinstance(after, Serving):
            self._aside.submit(self._note_began, after.session)
        if isinstance(before, Serving) and not (
            isinstance(after, Serving) and after.session.token == before.session.token
        ):
            self.witness.forget()
            before.visit.forget()
            self._aside.submit(self._end_sitting, before.session, after)
        if isinstance(before, ReadingCard) and not isinstance(after, Serving | ReadingCard):
            before.visit.forget()

    def _note_began(self, session: ResidentSession) -> None:
        self._journal.write(
            Happening.SESSION_BEGAN, resident=session.resident.reference, card_version=session.resident.card_version,
            proven=session.resident.card_proven, sitting=session.sitting is not None,
        )  # fmt: skip

    def _end_sitting(self, session: ResidentSession, after: State) -> None:
        why = "time_or_done" if isinstance(after, CardLeft) else "card_out"
        self._journal.write(Happening.SESSION_ENDED, resident=session.resident.reference, why=why)
        if session.sitting is not None:
            self._county.close_sitting(session.sitting)

    def close(self) -> None:
        """Let the workers finish what they hold and start nothing more."""
        self._card_worker.shutdown(wait=False, cancel_futures=True)
        self._aside.shutdown(wait=True)


def problem_of(refusal: CountyRefused) -> KioskError:
    """The resident's words for a county that will not open a sitting."""
    match refusal.problem:
        case ProblemType.CARD_LOST | ProblemType.CARD_CANCELLED:
            return CardReportedLost(str(refusal))
        case ProblemType.UNKNOWN_RESIDENT:
            return HolderUnknown(str(refusal))
        case _:
            return refusal
