"""What a clerk sees of submissions that are on their way, and does with those that nobody answers."""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, Row, select

from contract.submissions import SealedSubmission, SubmissionKind
from kiosk.clock import Clock
from kiosk.county_errors import SubmissionSettled
from kiosk.journal import Happening, Journal
from kiosk.locality import OutboxRules
from kiosk.models import outbox
from kiosk.store import Store
from kiosk.uplink.outbox.rows import DEAD, OutboxState, Waiting, envelope_of, into, short_number

STUCK_AFTER = timedelta(days=1)
MOST_TROUBLED = 50
MOST_WAITING = 200


class ClerksBook:
    """``turn`` is the sender's lock: a row changes hands only between two tries. ``refilled`` tells it to look."""

    def __init__(
        self, store: Store, journal: Journal, clock: Clock, rules: Callable[[], OutboxRules], *,
        turn: threading.Lock, refilled: threading.Event,
    ) -> None:  # fmt: skip
        self._store = store
        self._journal = journal
        self._clock = clock
        self._rules = rules
        self._turn = turn
        self._refilled = refilled

    def send_again(self, submission_id: str, clerk: str) -> None:
        """A clerk has an overdue one tried again, with a new age limit; SubmissionSettled where it is not overdue."""
        now = self._clock.now()
        limit = (now + timedelta(days=self._rules().age_limit_days)).isoformat()
        with self._turn, self._store.begin() as connection:
            self._in_state(connection, submission_id, (OutboxState.OVERDUE,))
            into(connection, submission_id, OutboxState.QUEUED, due_by=limit, next_try=now.isoformat())
            self._journal.write(
                Happening.SUBMISSION_SENT_AGAIN, connection, submission=submission_id, clerk=clerk
            )  # fmt: skip
        self._refilled.set()

    def hand_over(self, submission_id: str, clerk: str) -> None:
        """A clerk saw to it by hand: it is sent no more. SubmissionSettled where nobody had to."""
        with self._turn, self._store.begin() as connection:
            was = self._in_state(connection, submission_id, DEAD).state
            now = self._clock.now().isoformat()
            into(connection, submission_id, OutboxState.HANDED_OVER, settled_at=now, settled_by=clerk)
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
        return self._rows(outbox.c.state.in_(open_states), outbox.c.made_at.asc(), MOST_WAITING)

    def troubled(self) -> tuple[Waiting, ...]:
        """Refused rows, and those queued for long or for a reason; newest first, at most MOST_TROUBLED."""
        long_ago = (self._clock.now() - STUCK_AFTER).isoformat()
        stuck = (outbox.c.state == OutboxState.QUEUED) & ((outbox.c.answer != "") | (outbox.c.made_at < long_ago))
        return self._rows(outbox.c.state.in_(DEAD) | stuck, outbox.c.made_at.desc(), MOST_TROUBLED)

    def rows_of(self, submission_ids: Collection[str]) -> tuple[Waiting, ...]:
        """Rows by their ids, whatever became of them, newest first, at most MOST_WAITING."""
        return self._rows(outbox.c.submission_id.in_(submission_ids), outbox.c.made_at.desc(), MOST_WAITING)

    def _rows(self, which: ColumnElement[bool], order: ColumnElement[str], most: int) -> tuple[Waiting, ...]:
        with self._store.read() as connection:
            rows = connection.execute(select(outbox).where(which).order_by(order).limit(most)).all()
        return tuple(self._waiting(row) for row in rows)

    def _waiting(self, row: Row[tuple[object, ...]]) -> Waiting:
        made_at = datetime.fromisoformat(row.made_at)
        return Waiting(
            row.submission_id, short_number(row.submission_id, self._clock.to_local(made_at)), SubmissionKind(row.kind),
            made_at, datetime.fromisoformat(row.due_by) if row.due_by else None, OutboxState(row.state), row.tries,
            datetime.fromisoformat(row.next_try), row.owner, row.answer,
        )  # fmt: skip
