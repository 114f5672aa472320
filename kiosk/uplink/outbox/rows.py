"""What a submission on its way to the county is, as the outbox and staff see it. Nothing of whom it is about."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import Connection, Row, update

from contract.submissions import SealedSubmission, SubmissionKind
from kiosk.models import outbox

FIRST_PAUSE = timedelta(seconds=5)
LONGEST_PAUSE = timedelta(minutes=10)


class OutboxState(StrEnum):
    """Life of a row. REFUSED is an answer too: it is never retried, keeps its sealed content, and staff see it.

    OVERDUE: past its age limit, the owner's to see to; still tried where nothing but a cut line holds it up.
    HANDED_OVER: a clerk saw to it by hand; never sent any more.
    """

    QUEUED = "queued"
    ANSWERED = "answered"
    REFUSED = "refused"
    OVERDUE = "overdue"
    HANDED_OVER = "handed_over"


DEAD = (OutboxState.REFUSED, OutboxState.OVERDUE)
"""Where a person has to act. Such a row is kept until somebody did."""


@dataclass(frozen=True)
class OutboxCounts:
    """Rows by state."""

    queued: int
    answered: int
    refused: int
    overdue: int = 0
    handed_over: int = 0


@dataclass(frozen=True)
class Waiting:
    """A row as staff see it: nothing of whom it is about. ``problem``: the county's word, "" while only cut off."""

    submission_id: str
    number: str
    kind: SubmissionKind
    made_at: datetime
    due_by: datetime | None
    state: OutboxState
    tries: int
    next_try: datetime
    owner: str
    problem: str


def short_number(submission_id: str, local: datetime) -> str:
    """The machine's own number of a submission, to be read out: the hall's date, eight digits of its id."""
    return f"{local:%Y%m%d}-{submission_id[:8].upper()}"


def pause_after(tries: int) -> timedelta:
    """The pause before the next try: doubling, at most ten minutes, with jitter of a fifth."""
    pause = min(FIRST_PAUSE * (1 << min(tries, 10)), LONGEST_PAUSE)
    return pause * random.uniform(0.8, 1.2)  # noqa: S311  jitter, not a secret


def envelope_of(row: Row[tuple[object, ...]]) -> SealedSubmission:
    """The envelope as it travels."""
    return SealedSubmission(
        submission_id=row.submission_id, kind=SubmissionKind(row.kind), offline=row.offline,
        made_at=datetime.fromisoformat(row.made_at), key_id=row.key_id, sealed=row.sealed,
    )  # fmt: skip


def into(connection: Connection, submission_id: str, state: OutboxState, **more: str) -> None:
    """Write the row's new state, and what goes with it."""
    connection.execute(update(outbox).where(outbox.c.submission_id == submission_id).values(state=state, **more))
