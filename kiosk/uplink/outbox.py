"""Submissions on their way to the county: written first, sealed, sent until answered. Nothing is sent twice as two."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, Row, delete, func, insert, select, update

from contract.problems import ProblemType
from contract.submissions import CountyAnswer, SealedSubmission, SubmissionKind
from kiosk.clock import Clock
from kiosk.errors import CountyBusy, CountyRefused, CountyUnavailable, SubmissionSettled
from kiosk.journal import Happening, Journal
from kiosk.locality import OutboxRules
from kiosk.models import outbox
from kiosk.store import Store
from kiosk.uplink.client import CountyClient, Who
from kiosk.uplink.outbox_rows import (
    DEAD,
    LONGEST_PAUSE,
    OutboxCounts,
    OutboxState,
    Troubled,
    Waiting,
    envelope_of,
    pause_after,
    short_number,
)

log = logging.getLogger(__name__)

Rules = Callable[[], OutboxRules]
"""The age limit and the owner as they hold when they are asked for."""

SETTLED_KEPT = timedelta(days=30)
STUCK_AFTER = timedelta(days=1)
MOST_TROUBLED = 50
MOST_WAITING = 200

HELD = (ProblemType.UNKNOWN_KEY, ProblemType.NOT_FOUND)
"""No verdict on what was submitted: another key, a wrong address. It stays queued until the county is mended."""


class Held(Exception):
    """The county could not take it as it stands; it stays queued. ``problem`` says why."""

    def __init__(self, problem: ProblemType) -> None:
        super().__init__(problem.value)
        self.problem = problem


class Outbox:
    """The rows and the one sender. ``send`` of a row never runs twice at once."""

    def __init__(self, store: Store, client: CountyClient, journal: Journal, clock: Clock) -> None:
        self.rules: Rules = OutboxRules
        self._store = store
        self._client = client
        self._journal = journal
        self._clock = clock
        self._sending = threading.Lock()
        self.refilled = threading.Event()

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
                self._into(connection, submission_id, OutboxState.OVERDUE, settled_at=now)
                self._journal.write(
                    Happening.SUBMISSION_OVERDUE, connection, submission=submission_id, kind=row.kind, owner=row.owner
                )

    @staticmethod
    def _into(connection: Connection, submission_id: str, state: OutboxState, **more: str) -> None:
        connection.execute(update(outbox).where(outbox.c.submission_id == submission_id).values(state=state, **more))

    def send_again(self, submission_id: str, clerk: str) -> None:
        """A clerk has an overdue one tried again, with a new age limit; SubmissionSettled where it is not overdue."""
        now = self._clock.now()
        limit = (now + timedelta(days=self.rules().age_limit_days)).isoformat()
        with self._sending, self._store.begin() as connection:
            self._in_state(connection, submission_id, (OutboxState.OVERDUE,))
            self._into(connection, submission_id, OutboxState.QUEUED, due_by=limit, next_try=now.isoformat())
            self._journal.write(
                Happening.SUBMISSION_SENT_AGAIN, connection, submission=submission_id, clerk=clerk
            )  # fmt: skip
        self.refilled.set()

    def hand_over(self, submission_id: str, clerk: str) -> None:
        """A clerk saw to it by hand: it is sent no more. SubmissionSettled where nobody had to."""
        with self._sending, self._store.begin() as connection:
            was = self._in_state(connection, submission_id, DEAD).state
            now = self._clock.now().isoformat()
            self._into(connection, submission_id, OutboxState.HANDED_OVER, settled_at=now, settled_by=clerk)
            self._journal.write(
                Happening.SUBMISSION_HANDED_OVER, connection, submission=submission_id, clerk=clerk, was=was
            )  # fmt: skip

    def sealed_copy(self, submission_id: str) -> SealedSubmission:
        """The envelope of a dead row, to be carried to the county; nobody here can open it. SubmissionSettled."""
        with self._store.read() as connection:
            return envelope_of(self._in_state(connection, submission_id, DEAD))

    @staticmethod
    def _in_state(
        connection: Connection, submission_id: str, states: tuple[OutboxState, ...]
    ) -> Row[tuple[object, ...]]:  # fmt: skip
        row = connection.execute(select(outbox).where(outbox.c.submission_id == submission_id)).first()
        if row is None or row.state not in states:
            raise SubmissionSettled(f"{submission_id[:8]} is {row.state if row else 'gone'}")
        return row

    def waiting(self) -> tuple[Waiting, ...]:
        """Everything that has not come to its end, oldest first, at most MOST_WAITING."""
        open_states = (OutboxState.QUEUED, *DEAD)
        statement = select(outbox).where(outbox.c.state.in_(open_states)).order_by(outbox.c.made_at)
        with self._store.read() as connection:
            rows = connection.execute(statement.limit(MOST_WAITING)).all()
        return tuple(self._waiting(row) for row in rows)

    def _waiting(self, row: Row[tuple[object, ...]]) -> Waiting:
        made_at = datetime.fromisoformat(row.made_at)
        return Waiting(
            row.submission_id, short_number(row.submission_id, self._clock.to_local(made_at)), SubmissionKind(row.kind),
            made_at, datetime.fromisoformat(row.due_by) if row.due_by else None, OutboxState(row.state), row.tries,
            datetime.fromisoformat(row.next_try), row.owner, row.answer,
        )  # fmt: skip

    def troubled(self) -> tuple[Troubled, ...]:
        """Refused and stuck rows, newest first, at most MOST_TROUBLED."""
        long_ago = (self._clock.now() - STUCK_AFTER).isoformat()
        stuck = (outbox.c.state == OutboxState.QUEUED) & ((outbox.c.answer != "") | (outbox.c.made_at < long_ago))
        statement = select(outbox).where(outbox.c.state.in_(DEAD) | stuck)
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
