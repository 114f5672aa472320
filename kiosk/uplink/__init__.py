"""The county, asked or told: ``ask(question)`` and ``submit(...)``. Copy, client and outbox stand behind the two."""

from __future__ import annotations

import logging
import threading
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Generic, Protocol, TypeVar

from pydantic import BaseModel

from contract.feed import SealingKey
from contract.residents import CardPresented, Sitting
from contract.sealing import seal
from contract.submissions import CountyAnswer, SealedSubmission, SubmissionKind
from kiosk.clock import Clock
from kiosk.errors import CountyRefused, CountyUnavailable, SessionEnded
from kiosk.journal import Happening, Journal
from kiosk.states import ResidentSession
from kiosk.store import Store
from kiosk.uplink.client import CountyClient, Who
from kiosk.uplink.feed import Feed
from kiosk.uplink.outbox import Outbox

log = logging.getLogger(__name__)

QUICK_SECONDS = 1.0

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

    def __init__(self, store: Store, client: CountyClient, journal: Journal, clock: Clock, feed: Feed) -> None:
        self.client = client
        self.feed = feed
        self.outbox = Outbox(store, client, journal, clock)
        self._store = store
        self._journal = journal
        self.clock = clock

    def ask(self, question: Question[T]) -> Answer[T]:
        """Ask; personal questions need a session with a sitting and are never cached."""
        return question.answer(self)

    def open_sitting(self, card: CardPresented) -> Sitting:
        """Open a sitting; raises CountyUnavailable or CountyRefused (lost, cancelled, unknown)."""
        sitting = self.client.send("POST", "/v1/sittings", card, Sitting).message
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
            raise CountyUnavailable("the card was read while the county was cut off")
        reply = self.client.get(f"/v1/residents/me/{path}", model, query, who=Who(sitting=session.sitting.sitting))
        self._journal.write(Happening.ASKED_COUNTY, what_was_asked=path, resident=session.resident.reference)
        if reply.message is None:
            raise CountyUnavailable(f"an empty answer to {path}")
        return Answer(reply.message, self.clock.now(), fresh=True)

    def submit(
        self, kind: SubmissionKind, content: BaseModel, session: ResidentSession, still_serves: Callable[[str], bool],
        *, offline: bool = False,
    ) -> Acknowledgement:  # fmt: skip
        """Seal, write (with the journal, in one transaction), then try once; QUEUED when the line is cut.

        Raises SessionEnded when the desk no longer serves the session at the moment of writing: then nothing
        was written. Raises CountyRefused when the county said no. Without a sitting it is always ``offline``; such a
        submission names no sitting. Where ``content`` has a word for it, it must say the same.
        """
        offline = offline or session.sitting is None
        sitting = "" if offline or session.sitting is None else session.sitting.sitting
        submission = self._sealed(kind, content, offline=offline)
        with self._store.begin() as connection:
            self.outbox.put(connection, submission, sitting)
            self._journal.write(
                Happening.SUBMITTED, connection, kind=kind, submission=submission.submission_id,
                resident=session.resident.reference, offline=submission.offline,
            )  # fmt: skip
            if not still_serves(session.token):
                raise SessionEnded("the card left before the submission was written")
        number = own_number(submission)
        try:
            answer = self.outbox.send(submission)
        except CountyUnavailable:
            self.outbox.refilled.set()
            return Acknowledgement(Acknowledged.QUEUED, number)
        return Acknowledgement(Acknowledged.ACCEPTED, number, answer)

    def _sealed(self, kind: SubmissionKind, content: BaseModel, *, offline: bool) -> SealedSubmission:
        stored = self._store.recall("county.key")
        if not stored:
            raise CountyUnavailable("this machine has never met the county: it holds no key to seal with")
        key = SealingKey.model_validate_json(stored)
        return SealedSubmission(
            submission_id=str(uuid.uuid4()), kind=kind, made_at=self.clock.now(), offline=offline, key_id=key.key_id,
            sealed=seal(content.model_dump_json().encode(), key.public_key, kind),
        )  # fmt: skip

    def keep_up(self, stop: threading.Event, poll_seconds: float) -> None:
        """Pull the feed and drain the outbox until ``stop``; after a cut, try more often for a while."""
        quick, was_cut = QUICK_SECONDS, False
        while not stop.is_set():
            was_cut = was_cut or not self.client.reachable
            reached = self._one_round()
            if reached and was_cut:
                self.outbox.hurry()
                self.outbox.drain()
            was_cut = not reached
            pause = poll_seconds if reached else min(quick, poll_seconds)
            quick = QUICK_SECONDS if reached else min(quick * 2, poll_seconds)
            self.outbox.refilled.wait(pause)
            self.outbox.refilled.clear()

    def _one_round(self) -> bool:
        try:
            self.feed.pull()
            self.outbox.drain()
        except (CountyUnavailable, CountyRefused) as error:
            log.info("the county cannot be reached: %s", error)
            return False
        return True


def own_number(submission: SealedSubmission) -> str:
    """The machine's own number of a submission, short enough to be read out: date and eight digits of its id."""
    return f"{submission.made_at:%Y%m%d}-{submission.submission_id[:8].upper()}"
