"""Submissions on their way to the county: written first, sealed, sent until answered. Nothing is sent twice as two."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from datetime import timedelta

from sqlalchemy import ColumnElement, Connection, delete, func, insert, select, update

from contract.problems import ProblemType
from contract.submissions import CountyAnswer, SealedSubmission
from kiosk.clock import Clock
from kiosk.county_errors import CountyBusy, CountyRefused, CountyUnavailable
from kiosk.journal import Happening, Journal
from kiosk.locality import OutboxRules
from kiosk.models import outbox
from kiosk.store import Store
from kiosk.uplink.client import CountyClient, Who
from kiosk.uplink.outbox.clerks import ClerksBook
from kiosk.uplink.outbox.rows import LONGEST_PAUSE, OutboxCounts, OutboxState, envelope_of, into, pause_after

log = logging.getLogger(__name__)

Rules = Callable[[], OutboxRules]
"""The age limit and the owner as they hold when they are asked for."""

SETTLED_KEPT = timedelta(days=30)

HELD = (ProblemType.UNKNOWN_KEY, ProblemType.NOT_FOUND)
"""No verdict on what was submitted: another key, a wrong address. It stays queued until the county is mended."""


class Held(Exception):
    """The county could not take it as it stands; it stays queued. ``problem`` says why."""

    def __init__(self, problem: ProblemType) -> None:
        super().__init__(problem.value)
        self.problem = problem


class Outbox:
    """The rows and the one sender. ``send`` of a row never runs twice at once. ``clerks``: what clerks see and do."""

    def __init__(self, store: Store, client: CountyClient, journal: Journal, clock: Clock) -> None:
        self.rules: Rules = OutboxRules
        self._store = store
        self._client = client
        self._journal = journal
        self._clock = clock
        self._sending = threading.Lock()
        self.refilled = threading.Event()
        rules = lambda: self.rules()  # noqa: E731,PLW0108  asked anew each time: a pack of the county may replace them
        self.clerks = ClerksBook(store, journal, clock, rules, turn=self._sending, refilled=self.refilled)

    def put(self, connection: Connection, submission: SealedSubmission, sitting: str = "") -> None:
        """Write a submission inside the caller's transaction. ``sitting``: in which it was made; every try names it."""
        rules, now = self.rules(), self._clock.now()
        connection.execute(
            insert(outbox).values(
                submission_id=submission.submission_id, kind=submission.kind, made_at=submission.made_at.isoformat(),
                offline=submission.offline, sitting=sitting, key_id=submission.key_id, sealed=submission.sealed,
                state=OutboxState.QUEUED, tries=0, next_try=now.isoformat(), answer="", owner=rules.owner,
                due_by=(now + timedelta(days=rules.age_limit_days)).isoformat(),
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
            if row.state == OutboxState.HANDED_OVER:
                raise CountyUnavailable("a clerk saw to it by hand")
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
        """Queued rows whose pause is over, oldest first; overdue ones too, unless the county held them for a reason."""
        overdue = (outbox.c.state == OutboxState.OVERDUE) & (outbox.c.answer == "")
        waiting = (outbox.c.state == OutboxState.QUEUED) | overdue
        statement = select(outbox).where(waiting, self._is_due()).order_by(outbox.c.made_at)
        with self._store.read() as connection:
            return [envelope_of(row) for row in connection.execute(statement)]

    def _is_due(self) -> ColumnElement[bool]:
        """The pause is over; or longer than any pause: then this machine's clock was set back since."""
        now = self._clock.now()
        clock_went_back = outbox.c.next_try > (now + LONGEST_PAUSE * 2).isoformat()
        return (outbox.c.next_try <= now.isoformat()) | clock_went_back

    def hurry(self) -> None:
        """The line is back: everything queued is due now."""
        with self._store.begin() as connection:
            due_now = {"next_try": self._clock.now().isoformat()}
            on_its_way = outbox.c.state.in_((OutboxState.QUEUED, OutboxState.OVERDUE))
            connection.execute(update(outbox).where(on_its_way).values(**due_now))

    def prune(self) -> None:
        """Let go of what was answered, or seen to by hand, and is older than a month; of nothing else."""
        oldest = (self._clock.now() - SETTLED_KEPT).isoformat()
        over = outbox.c.state.in_((OutboxState.ANSWERED, OutboxState.HANDED_OVER))
        with self._store.begin() as connection:
            connection.execute(delete(outbox).where(over & (outbox.c.made_at < oldest)))

    def age(self) -> None:
        """What is past its age limit becomes the owner's, noted in the journal once. Nothing is dropped."""
        now = self._clock.now().isoformat()
        past = (outbox.c.state == OutboxState.QUEUED) & (outbox.c.due_by != "") & (outbox.c.due_by <= now)
        with self._store.read() as connection:
            late = connection.scalars(select(outbox.c.submission_id).where(past)).all()
        for submission_id in late:
            with self._sending, self._store.begin() as connection:
                row = connection.execute(select(outbox).where(past, outbox.c.submission_id == submission_id)).first()
                if row is None:
                    continue  # answered while we waited for our turn
                into(connection, submission_id, OutboxState.OVERDUE, settled_at=now)
                self._journal.write(
                    Happening.SUBMISSION_OVERDUE, connection, submission=submission_id, kind=row.kind, owner=row.owner
                )

    def counts(self) -> OutboxCounts:
        """Rows by state."""
        with self._store.read() as connection:
            rows = connection.execute(select(outbox.c.state, func.count()).group_by(outbox.c.state)).all()
        by_state = {str(state): int(number) for state, number in rows}
        return OutboxCounts(*(by_state.get(state, 0) for state in OutboxState))
