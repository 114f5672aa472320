"""What the journal keeps of sessions: written aside, so that neither desk nor card waits for a disk."""

from __future__ import annotations

from functools import partial

from contract.residents import Sitting
from kiosk.identity import IN_SLOT, IdNumber
from kiosk.journal import Happening, Journal
from kiosk.states import CardLeft, OutOfService, ReadingCard, ResidentSession, State
from kiosk.witness import WitnessRequest, WitnessState
from kiosk.workers import Worker


class SessionNotes:
    """Begun, ended, a number that left the machine, a witness: one entry each."""

    def __init__(self, journal: Journal, aside: Worker) -> None:
        self._journal = journal
        self._aside = aside

    def began(self, session: ResidentSession) -> None:
        """A session began."""
        resident, write = session.resident, self._journal.write
        self._aside.do(partial(
            write, Happening.SESSION_BEGAN, resident=resident.reference, card_version=resident.card_version,
            proven=resident.card_proven, sitting=session.sitting is not None, credential=session.shown.credential,
            assurance=session.assurance.name.lower(),
        ))  # fmt: skip

    def ended(self, session: ResidentSession, after: State) -> None:
        """A session is over; ``after`` is the state that followed it."""
        resident, why = session.resident.reference, why_ended(session, after)
        self._aside.do(partial(self._journal.write, Happening.SESSION_ENDED, resident=resident, why=why))

    def unmasked(self, number: IdNumber, sitting: Sitting | None) -> None:
        """The resident's number was told to the county."""
        self._aside.do(partial(self._unmasked, number, sitting))

    def _unmasked(self, number: IdNumber, sitting: Sitting | None) -> None:
        reference = sitting.reference if sitting else self._journal.reference_of(number)
        self._journal.write(Happening.NUMBER_UNMASKED, resident=reference, to="county", why="sitting")

    def witness(self, request: WitnessRequest) -> None:
        """What became of a witness. One that came too late was found out by a page or by the end of a session: aside.

        A clerk's own answer is on disk before it counts.
        """
        if request.state is WitnessState.LATE:
            self._aside.do(partial(self._witness, request))
        else:
            self._witness(request)

    def _witness(self, request: WitnessRequest) -> None:
        confirmed = request.state is WitnessState.CONFIRMED
        happening = Happening.WITNESS_CONFIRMED if confirmed else Happening.WITNESS_REFUSED
        self._journal.write(
            happening, resident=request.resident, clerk=request.clerk, service=request.service, why=request.state
        )


def why_ended(session: ResidentSession, after: State) -> str:
    """Why a session is over, out of the state that followed it."""
    match after:
        case CardLeft():
            return "time_or_done"
        case OutOfService(reason):
            return reason
        case ReadingCard() if session.shown != IN_SLOT:
            return "another_came"
        case _:
            return "card_out" if session.shown.stays else "time_or_done"
