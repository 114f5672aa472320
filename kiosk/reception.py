"""The conversations behind the desk: card, other credentials, PIN, pad, witness; who is let in, what ends with them.

The watch threads only watch and post events. Everything slow runs in a worker, and every wait of the web is bounded:
a driver that hangs costs its worker, never the screen.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import timedelta
from functools import partial

from devices.card import CardReader, Chip, Insertion, PinOutcome
from kiosk.admission import Admission
from kiosk.card_room import CardRoom
from kiosk.clock import Clock
from kiosk.credential_admission import CredentialAdmission
from kiosk.credential_room import CredentialRoom
from kiosk.desk import Desk
from kiosk.device_errors import PrinterStuck
from kiosk.errors import KioskError
from kiosk.events import CardRead, CardRefused, Proven, SceneChanged
from kiosk.identity import IN_SLOT, Assurance
from kiosk.journal import Happening, Journal
from kiosk.key_room import CardKeys, KeyRoom
from kiosk.locality import AssuranceRules
from kiosk.new_pin import NewPinRoom, answer_of
from kiosk.pin import PinRoom
from kiosk.pin_pad import PadRoom, PadTask, PadWork
from kiosk.printing import PrintRoom
from kiosk.same_card import SessionCard
from kiosk.session_notes import SessionNotes
from kiosk.states import ReadingCard, ResidentSession, Serving, State, Visiting
from kiosk.tries import Tries
from kiosk.uplink import County
from kiosk.witness import WitnessBoard, WitnessRequest, WitnessState
from kiosk.workers import Hung, Worker, nobody

log = logging.getLogger(__name__)

PAD_LIMIT = 100.0
"""An entry on a pad: half a minute until the first key, half a minute after it, and what some makers add."""
PRINT_LOOK_SECONDS = 0.2
PAPER_SHARE = 0.75
"""Of the longest reading: so long a card waits for paper of the one before."""


class Reception:
    """Turns what devices say into events of the desk, and what residents enter into acts of devices."""

    def __init__(
        self, *, desk: Desk, reader: CardReader | None, county: County, journal: Journal, printing: PrintRoom,
        rules: AssuranceRules, clock: Clock, hung: Hung = nobody, keys: CardKeys | None = None,
    ) -> None:  # fmt: skip
        """``keys`` asks the county's key service."""
        self._desk = desk
        self._county = county
        self._journal = journal
        self._printing = printing
        self._clock = clock
        hour = timedelta(hours=1)
        self._card_worker = Worker("card", "card", hung)
        self._card = SessionCard(desk, reader, self._card_worker)
        self.pins = PinRoom(
            desk=desk, journal=journal, rules=rules, tries=Tries(clock, rules.unproven_pins_per_hour, hour),
            with_same_card=self._card.ask,
        )  # fmt: skip
        self.new_pins = NewPinRoom(pins=self.pins, journal=journal, rules=rules, with_same_card=self._card.ask)
        self.pad = PadRoom(desk, self.pins, self._pad_works())
        self._aside = Worker("aside")
        self._notes = SessionNotes(journal, self._aside)
        self._admission = Admission(
            county=county, journal=journal, clock=clock, keys=KeyRoom(keys), notes=self._notes,
            unproven=Tries(clock, rules.unproven_sessions_per_hour, hour),
        )  # fmt: skip
        self.witness = WitnessBoard(clock.monotonic, desk.serves, self._witnessed)
        self.credentials: CredentialRoom | None = None
        """What else than a card opens a session here; None until it is put in place."""
        self.cards = CardRoom(
            desk=desk, reader=reader, worker=self._card_worker, admission=self._admission, monotonic=clock.monotonic,
            let_in=self.let_in, refuse=self.refuse_card,
        )  # fmt: skip
        desk.listen(self._session_changed)

    def let_in(self, session: ResidentSession) -> None:
        """Serve, once no paper of anybody before is under way; while it is, the screen goes on reading."""
        insertion = session.insertion
        until = self._clock.monotonic() + PAPER_SHARE * self._desk.rules.reading
        while self._reads(insertion) and not self._printing.wait_idle(PRINT_LOOK_SECONDS):
            if self._clock.monotonic() >= until:
                self._close_sitting(session)
                self.refuse_card(PrinterStuck("paper of the one before is still under way"), insertion)
                return
        self._desk.handle(CardRead(insertion, session))
        if not self._desk.serves(session.token):
            self._close_sitting(session)

    def _reads(self, insertion: Insertion) -> bool:
        state = self._desk.state
        return isinstance(state, ReadingCard) and state.insertion == insertion

    def refuse_card(self, problem: KioskError, insertion: Insertion) -> None:
        """Say why nobody is served, and write it down."""
        log.warning("%s: refused: %s %s", insertion.reader, problem.code, problem)
        try:
            self._journal.write(Happening.CARD_REFUSED, code=problem.code)
        finally:
            self._desk.handle(CardRefused(problem, insertion))

    def credential_admission(self, rules: Callable[[], AssuranceRules]) -> CredentialAdmission:
        """Who may be served without a social-security card, by the same county, limits and notes; ``rules``: now."""
        hour = timedelta(hours=1)
        return CredentialAdmission(
            admission=self._admission, rules=rules, journal=self._journal, clock=self._clock,
            tries=Tries(self._clock, rules().unproven_sessions_per_hour, hour),
        )  # fmt: skip

    def check_card(self, token: str) -> ResidentSession:
        """Read the card again before an act; raises CardSwapped or SessionEnded when it is not the session's.

        Of an ID card only that it still lies there, where its reader can know.
        """
        session = self._desk.session(token)
        if session.shown != IN_SLOT and self.credentials is not None:
            self.credentials.check(session)
            return session
        self.pad.refuse_while_open()
        self._card.ask(session, lambda _chip: None)
        return self._desk.session(token)

    def _pad_works(self) -> dict[PadTask, PadWork]:
        def on_pad(ask: Callable[[ResidentSession, Chip], PinOutcome]) -> Callable[[ResidentSession], PinOutcome]:
            return lambda session: self._card.ask(session, partial(ask, session), PAD_LIMIT)

        pins, new = self.pins, self.new_pins
        return {
            PadTask.PIN: PadWork(on_pad(pins.ask_on_pad), pins.typed_on_pad, pins.not_typed),
            PadTask.NEW_PIN: PadWork(
                on_pad(new.ask_on_pad), lambda _session, outcome, _wanted: answer_of(outcome),
                partial(new.not_changed, on_pad=True),
            ),
        }  # fmt: skip

    def _witnessed(self, request: WitnessRequest) -> None:
        self._notes.witness(request)
        if request.state is WitnessState.LATE:
            return
        if request.state is WitnessState.CONFIRMED:
            self._desk.handle(Proven(request.token, Assurance.WITNESSED))
        state = self._desk.state
        if isinstance(state, Serving) and state.session.token == request.token:
            self._desk.handle(SceneChanged(state.visit.number))

    def _session_changed(self, before: State, after: State) -> None:
        """Runs after every change of the desk: what belongs to a session ends with it. No I/O here."""
        began = isinstance(after, Serving) and not isinstance(before, Serving)
        if began and isinstance(after, Serving):
            self._notes.began(after.session)
        if isinstance(before, Serving) and not (
            isinstance(after, Serving) and after.session.token == before.session.token
        ):
            self.witness.forget(before.session.token)
            before.visit.forget()
            self._notes.ended(before.session, after)
            self._close_sitting(before.session)
        if isinstance(before, Visiting) and not isinstance(after, Visiting | ReadingCard):
            before.visit.forget()
        if isinstance(before, ReadingCard) and not isinstance(after, Serving | ReadingCard):
            before.visit.forget()

    def _close_sitting(self, session: ResidentSession) -> None:
        if session.sitting is not None:
            self._aside.do(partial(self._county.close_sitting, session.sitting))

    def close(self) -> None:
        """Let the workers finish what they hold and start nothing more."""
        self.pad.close()
        if self.credentials is not None:
            self.credentials.close()
        self._card_worker.close(wait=False, drop=True)
        self._aside.close(wait=True, drop=False)
