"""The county, asked or told: ``ask(question)`` and ``submit(...)``. Copy, client and outbox stand behind the two."""

from __future__ import annotations

import logging
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Generic, Protocol, TypeVar

from pydantic import BaseModel

from contract.credentials import CodePresented, IdCardPresented
from contract.enrolment import KioskStanding
from contract.evidence import SignedEvidence
from contract.problems import ProblemType
from contract.residents import CardPresented, Sitting
from contract.submissions import CountyAnswer, SealedSubmission, SubmissionKind
from kiosk.clock import Clock
from kiosk.county_errors import CountyRefused, CountyUnavailable, KioskNotApproved
from kiosk.errors import SessionEnded, StoreBusy, StoreFull
from kiosk.journal import Happening, Journal
from kiosk.states import ResidentSession
from kiosk.store import Store
from kiosk.uplink.client import CountyClient, Who
from kiosk.uplink.code_words import CodeWords
from kiosk.uplink.feed import Feed
from kiosk.uplink.identity_keys import Signer
from kiosk.uplink.outbox import Held, Outbox
from kiosk.uplink.outbox.rows import short_number
from kiosk.uplink.registration import Registration
from kiosk.uplink.rounds import Rounds
from kiosk.uplink.sealing import CountySeal
from kiosk.uplink.telling.day_figures import FiguresTelling
from kiosk.uplink.telling.heads import HeadTelling

log = logging.getLogger(__name__)

SITTINGS: dict[type[BaseModel], str] = {
    CardPresented: "/v1/sittings", IdCardPresented: "/v1/sittings/id-card",
    CodePresented: "/v1/sittings/electronic-code",
}  # fmt: skip
"""Where a sitting is asked for, by what was shown."""

T = TypeVar("T")
M = TypeVar("M", bound=BaseModel)


@dataclass(frozen=True)
class Answer(Generic[T]):
    """What the county said, as of when, and whether that is fresh."""

    value: T
    as_of: datetime | None
    fresh: bool


class Question(Protocol[T]):
    """Something the county can be asked; it knows how it is answered."""

    def answer(self, county: County) -> Answer[T]:
        """The answer; raises CountyUnavailable or CountyRefused."""
        ...


class Acknowledged(StrEnum):
    """How far a submission came before the resident was told."""

    ACCEPTED = "accepted"
    QUEUED = "queued"


@dataclass(frozen=True)
class Acknowledgement:
    """What became of a submission; ``number`` is the machine's own and exists at once."""

    state: Acknowledged
    number: str
    answer: CountyAnswer | None = None


class County:
    """The county as services see it."""

    def __init__(  # noqa: PLR0917  the parts it stands on
        self, store: Store, client: CountyClient, journal: Journal, clock: Clock, feed: Feed,
        registration: Registration | None = None,
    ) -> None:  # fmt: skip
        self.client = client
        self.feed = feed
        self.registration = registration or Registration(client, journal, clock)
        self.outbox = Outbox(store, client, journal, clock)
        self.seal = CountySeal(feed.keys)
        feed.keys.journal = journal
        self.code_words = CodeWords(feed)
        self.heads = HeadTelling(store, client, journal, clock)
        self.figures = FiguresTelling(store, client, journal, clock, feed.site)
        self.rounds = Rounds(
            client=client, registration=self.registration, feed=feed, seal=self.seal, outbox=self.outbox,
            telling=(self.heads, self.figures), clock=clock,
        )  # fmt: skip
        self._store = store
        self._journal = journal
        self.clock = clock

    def ask(self, question: Question[T]) -> Answer[T]:
        """Ask; personal questions need a session with a sitting and are never cached."""
        return question.answer(self)

    def open_sitting(self, shown: CardPresented | IdCardPresented | CodePresented) -> Sitting:
        """Open a sitting; raises CountyUnavailable or CountyRefused (lost, cancelled, unknown)."""
        sitting = self.client.send("POST", SITTINGS[type(shown)], shown, Sitting).message
        if sitting is None:
            raise CountyUnavailable("an empty sitting")
        return sitting

    def close_sitting(self, sitting: Sitting) -> None:
        """Close it; an unsent close is left to expire."""
        try:
            self.client.send("DELETE", "/v1/sittings/current", None, Sitting, who=Who(sitting=sitting.sitting))
        except (CountyUnavailable, CountyRefused):
            return

    def resident_answer(self, session: ResidentSession, path: str, model: type[M], **query: str | int) -> Answer[M]:
        """One personal answer through the session's sitting."""
        if session.sitting is None:
            raise self.no_answer("the card was read while the county was cut off")
        try:
            reply = self.client.get(f"/v1/residents/me/{path}", model, query, who=Who(sitting=session.sitting.sitting))
        except CountyRefused as refusal:
            if refusal.problem is ProblemType.SITTING_ENDED:
                raise SessionEnded("the county's ten minutes are over: the card and its PIN again") from refusal
            raise
        self._journal.write(
            Happening.ASKED_COUNTY, what_was_asked=path, resident=session.resident.reference, site=self.feed.site
        )
        if reply.about not in ("", session.resident.reference):
            log.error("%s: an answer about another resident than the one who asked; it was thrown away", path)
            self._journal.write(Happening.ANSWER_DISCARDED, what_was_asked=path, resident=session.resident.reference)
            raise CountyUnavailable(f"an answer about another resident to {path}")
        if reply.message is None:
            raise CountyUnavailable(f"an empty answer to {path}")
        return Answer(reply.message, self.clock.now(), fresh=True)

    def submit(
        self, kind: SubmissionKind, content: BaseModel, session: ResidentSession, still_serves: Callable[[str], bool],
        *, offline: bool = False,
    ) -> Acknowledgement:  # fmt: skip
        """Seal, write (with the journal, in one transaction), then try once; QUEUED when the line is cut.

        Raises SessionEnded when the desk no longer serves the session at the moment of writing, StoreFull where there
        is no room: then nothing was written. Raises CountyRefused when the county said no. Without a sitting it is
        always ``offline``; such a submission names no sitting. Where ``content`` has a word for it, it says the same.
        """
        self._store.make_sure_of_room()
        offline = offline or session.sitting is None
        sitting = "" if offline or session.sitting is None else session.sitting.sitting
        submission = self.seal.sealed(str(uuid.uuid4()), kind, content, self.feed.county_time.now(), offline=offline)
        with self._store.begin() as connection:
            self.outbox.put(connection, submission, sitting)
            self._journal.write(
                Happening.SUBMITTED, connection, kind=kind, submission=submission.submission_id,
                resident=session.resident.reference, offline=submission.offline,
            )  # fmt: skip
            if not isinstance(content, SignedEvidence) or content.holder is not None:
                self._journal.write(
                    Happening.NUMBER_UNMASKED, connection, resident=session.resident.reference, to="county", why=kind
                )
            if not still_serves(session.token):
                raise SessionEnded("the card left before the submission was written")
        number = short_number(submission.submission_id, self.clock.to_local(submission.made_at))
        try:
            answer = self._send(submission, content)
        except (CountyUnavailable, Held, StoreFull, StoreBusy):  # an answer that could not be kept is asked for again
            self.outbox.refilled.set()
            return Acknowledgement(Acknowledged.QUEUED, number)
        return Acknowledgement(Acknowledged.ACCEPTED, number, answer)

    def _send(self, submission: SealedSubmission, content: BaseModel) -> CountyAnswer:
        """Try once; where the county has a new key, seal to that one while the content is still at hand."""
        try:
            return self.outbox.send(submission)
        except Held as held:
            if held.problem is not ProblemType.UNKNOWN_KEY:
                raise
        self.seal.renew()
        anew = self.seal.sealed(
            submission.submission_id, submission.kind, content, submission.made_at, offline=submission.offline
        )
        self.outbox.reseal(anew)
        return self.outbox.send(anew)

    @property
    def signer(self) -> Signer:
        """The keys of this kiosk; a machine always has them."""
        if self.client.signer is None:
            raise CountyUnavailable("this machine has no keys")
        return self.client.signer

    @property
    def standing(self) -> KioskStanding | None:
        """How this kiosk stands at the county; None until it said so."""
        return self.registration.standing

    @property
    def approved(self) -> bool | None:
        """Whether the county serves this kiosk, as far as is known; None until it said so."""
        return self.registration.approved

    @property
    def standing_words(self) -> str:
        """The standing as staff read it."""
        return self.standing.state.label if self.standing else "还没有登记"

    @property
    def key_mark(self) -> str:
        """The fingerprint of this kiosk's keys, which an officer compares before approving it."""
        return self.registration.mark

    def no_answer(self, why: str) -> CountyUnavailable:
        """What to raise where the county was not even asked: it is cut off, or does not serve this kiosk."""
        return KioskNotApproved(why) if self.approved is False else CountyUnavailable(why)

    def enrol(self) -> None:
        """Show the county this kiosk's keys until somebody there approved them; then ask now and then if that holds."""
        self.registration.enrol()
