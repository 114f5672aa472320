"""Submissions on their way to the county: written first, sealed, sent until answered. Nothing is sent twice as two."""

from __future__ import annotations

import logging
import random
import threading
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import ColumnElement, Connection, Row, delete, func, insert, select, update

from contract.problems import ProblemType
from contract.submissions import CountyAnswer, SealedSubmission, SubmissionKind
from kiosk.clock import Clock
from kiosk.errors import CountyBusy, CountyRefused, CountyUnavailable
from kiosk.journal import Happening, Journal
from kiosk.models import outbox
from kiosk.store import Store
from kiosk.uplink.client import CountyClient, Who

log = logging.getLogger(__name__)

FIRST_PAUSE = timedelta(seconds=5)
LONGEST_PAUSE = timedelta(minutes=10)
SETTLED_KEPT = timedelta(days=30)
STUCK_AFTER = timedelta(days=1)
MOST_TROUBLED = 50

HELD = (ProblemType.UNKNOWN_KEY, ProblemType.NOT_FOUND)
"""No verdict on what was submitted: another key, a wrong address. It stays queued until the county is mended."""


class OutboxState(StrEnum):
    """Life of a row. REFUSED is an answer too: it is never retried, keeps its sealed content, and staff see it."""

    QUEUED = "queued"
    ANSWERED = "answered"
    REFUSED = "refused"


@dataclass(frozen=True)
class OutboxCounts:
    """Rows by state."""

    queued: int
    answered: int
    refused: int


@dataclass(frozen=True)
class Troubled:
    """A row staff should know of: refused, or queued for long or for a reason. ``problem`` is "" while only cut off."""

    number: str
    kind: SubmissionKind
    made_at: datetime
    state: OutboxState
    problem: str


class Held(Exception):
    """The county could not take it as it stands; it stays queued. ``problem`` says why."""

    def __init__(self, problem: ProblemType) -> None:
        super().__init__(problem.value)
        self.problem = problem


def short_number(submission_id: str, local: datetime) -> str:
    """The machine's own number of a submission, to be read out: the hall's date, eight digits of its id."""
    return f"{local:%Y%m%d}-{submission_id[:8].upper()}"


def pause_after(tries: int) -> timedelta:
    """The pause before the next try: doubling, at most ten minutes, with jitter of a fifth."""
    pause = min(FIRST_PAUSE * (1 << min(tries, 10)), LONGEST_PAUSE)
    return pause * random.uniform(0.8, 1.2)  # noqa: S311  jitter, not a secret


class Outbox:
    """The rows and the one sender. ``send`` of a row never runs twice at once."""

    def __init__(self, store: Store, client: CountyClient, journal: Journal, clock: Clock) -> None:
        self._store = store
        self._client = client
        self._journal = journal
        self._clock = clock
        self._sending = threading.Lock()
        self.refilled = threading.Event()

    def put(self, connection: Connection, submission: SealedSubmission, sitting: str = "") -> None:
        """Write a submission inside the caller's transaction. ``sitting``: in which it was made; every try names it."""
        connection.execute(
            insert(outbox).values(
                submission_id=submission.submission_id, kind=submission.kind, made_at=submission.made_at.isoformat(),
                offline=submission.offline, sitting=sitting, key_id=submission.key_id, sealed=submission.sealed,
                state=OutboxState.QUEUED, tries=0, next_try=self._clock.now().isoformat(), answer="",
            )
        )  # fmt: skip

    def send(self, submission: SealedSubmission) -> CountyAnswer:
        """Try once; raises CountyUnavailable or Held (stays queued), or CountyRefused (kept, never retried)."""
        with self._sending:
            with self._store.read() as connection:
                row = connection.execute(select(outbox).where(outbox.c.submission_id == submission.submission_id)).one()
            if row.state == OutboxState.ANSWERED:
                return CountyAnswer.model_validate_json(row.answer)
            if row.state == OutboxState.REFUSED:
                raise CountyRefused(ProblemType(row.answer), "refused before")
            return self._try(submission, row.sitting)

    def _try(self, submission: SealedSubmission, sitting: str) -> CountyAnswer:
        try:
            reply = self._client.send(
                "POST", submission.kind.path, submission, CountyAnswer, who=Who(sitting=sitting),
                key=submission.submission_id,
            )  # fmt: skip
        except CountyRefused as refusal:
            if refusal.problem in HELD:
                self._postpone(submission.submission_id, refusal.problem.value)
                raise Held(refusal.problem) from refusal
            self._settle(submission.submission_id, OutboxState.REFUSED, refusal.problem.value)
            raise
        except CountyUnavailable as cut:
            rest = cut.seconds if isinstance(cut, CountyBusy) else 0.0
            self._postpone(submission.submission_id, at_least=rest)
            raise
        if reply.message is None:
            self._postpone(submission.submission_id)
            raise CountyUnavailable("an empty answer to a submission")
        self._settle(submission.submission_id, OutboxState.ANSWERED, reply.message.model_dump_json())
        return reply.message

    def reseal(self, submission: SealedSubmission) -> None:
        """Put another envelope in the place of a queued one with the same id."""
        with self._store.begin() as connection:
            connection.execute(
                update(outbox)
                .where(outbox.c.submission_id == submission.submission_id, outbox.c.state == OutboxState.QUEUED)
                .values(key_id=submission.key_id, sealed=submission.sealed)
            )

    def _settle(self, submission_id: str, state: OutboxState, answer: str) -> None:
        done_with = {"sealed": ""} if state is OutboxState.ANSWERED else {}
        with self._store.begin() as connection:
            connection.execute(
                update(outbox)
                .where(outbox.c.submission_id == submission_id)
                .values(state=state, answer=answer, sitting="", tries=outbox.c.tries + 1, **done_with)
            )
            self._journal.write(Happening.COUNTY_ANSWERED, connection, submission=submission_id, state=state)

    def _postpone(self, submission_id: str, problem: str = "", at_least: float = 0.0) -> None:
        """``at_least``: seconds the county asked for (Retry-After)."""
        with self._store.begin() as connection:
            tries = connection.scalar(select(outbox.c.tries).where(outbox.c.submission_id == submission_id)) or 0
            later = self._clock.now() + max(pause_after(tries), timedelta(seconds=at_least))
            connection.execute(
                update(outbox)
                .where(outbox.c.submission_id == submission_id)
                .values(tries=tries + 1, next_try=later.isoformat(), answer=problem)
            )

    def drain(self) -> None:
        """Send what is due, oldest first; stops at the first cut. What is refused or held does not stop the others."""
        for submission in self.due():
            try:
                self.send(submission)
            except (CountyRefused, Held) as no:
                log.warning("submission %.8s: %s", submission.submission_id, no)
            except CountyUnavailable:
                return

    def due(self) -> list[SealedSubmission]:
        """Queued rows whose pause is over, oldest first."""
        statement = (
            select(outbox).where(outbox.c.state == OutboxState.QUEUED, self._is_due()).order_by(outbox.c.made_at)
        )
        with self._store.read() as connection:
            return [
                SealedSubmission(
                    submission_id=row.submission_id, kind=SubmissionKind(row.kind), offline=row.offline,
                    made_at=datetime.fromisoformat(row.made_at), key_id=row.key_id, sealed=row.sealed,
                )
                for row in connection.execute(statement)
            ]  # fmt: skip

    def _is_due(self) -> ColumnElement[bool]:
        """The pause is over; or longer than any pause: then this machine's clock was set back since."""
        now = self._clock.now()
        clock_went_back = outbox.c.next_try > (now + LONGEST_PAUSE * 2).isoformat()
        return (outbox.c.next_try <= now.isoformat()) | clock_went_back

    def hurry(self) -> None:
        """The line is back: everything queued is due now."""
        with self._store.begin() as connection:
            due_now = {"next_try": self._clock.now().isoformat()}
            connection.execute(update(outbox).where(outbox.c.state == OutboxState.QUEUED).values(**due_now))

    def prune(self) -> None:
        """Let go of what was answered or refused, and is older than a month."""
        oldest = (self._clock.now() - SETTLED_KEPT).isoformat()
        with self._store.begin() as connection:
            settled = (outbox.c.state != OutboxState.QUEUED) & (outbox.c.made_at < oldest)
            connection.execute(delete(outbox).where(settled))

    def troubled(self) -> tuple[Troubled, ...]:
        """Refused and stuck rows, newest first, at most MOST_TROUBLED."""
        long_ago = (self._clock.now() - STUCK_AFTER).isoformat()
        stuck = (outbox.c.state == OutboxState.QUEUED) & ((outbox.c.answer != "") | (outbox.c.made_at < long_ago))
        statement = select(outbox).where((outbox.c.state == OutboxState.REFUSED) | stuck)
        with self._store.read() as connection:
            rows = connection.execute(statement.order_by(outbox.c.made_at.desc()).limit(MOST_TROUBLED)).all()
        return tuple(self._troubled(row) for row in rows)

    def _troubled(self, row: Row[tuple[object, ...]]) -> Troubled:
        made_at = datetime.fromisoformat(row.made_at)
        number = short_number(row.submission_id, self._clock.to_local(made_at))
        return Troubled(number, SubmissionKind(row.kind), made_at, OutboxState(row.state), row.answer)

    def counts(self) -> OutboxCounts:
        """Rows by state."""
        with self._store.read() as connection:
            rows = connection.execute(select(outbox.c.state, func.count()).group_by(outbox.c.state)).all()
        by_state = {str(state): int(number) for state, number in rows}
        return OutboxCounts(*(by_state.get(state, 0) for state in OutboxState))
