"""What a resident handed in, told back to them: appointments by how far they are, verifications by their answer."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, select

from contract.codes import AnswerStatus, CaseState
from contract.residents import OwnCase
from contract.submissions import CountyAnswer, SubmissionKind
from county.models import cases, submissions

MOST = 100
SETTLED = {
    AnswerStatus.ACCEPTED: CaseState.DONE,
    AnswerStatus.ALREADY_VALID: CaseState.DONE,
    AnswerStatus.REFUSED: CaseState.REFUSED,
    AnswerStatus.QUEUED: CaseState.RECEIVED,
    AnswerStatus.NEEDS_COUNTER: CaseState.RECEIVED,
}
"""How far a submission is that opened no case; one that a person has to look at is told as received, with no reason."""


def own_cases(connection: Connection, resident: int) -> tuple[OwnCase, ...]:
    """The newest hundred of one resident, newest first."""
    rows = (
        select(
            submissions.c.id, submissions.c.kind, submissions.c.received_at, submissions.c.answer,
            cases.c.purpose, cases.c.wanted, cases.c.state, cases.c.changed_at,
        )
        .join_from(submissions, cases, cases.c.submission == submissions.c.id, isouter=True)
        .where(submissions.c.resident == resident)
        .order_by(submissions.c.id.desc())
        .limit(MOST)
    )  # fmt: skip
    return tuple(_told(row) for row in connection.execute(rows))


def _told(row: Any) -> OwnCase:
    answered = CountyAnswer.model_validate_json(row.answer)
    return OwnCase(
        number=answered.result_number,
        kind=SubmissionKind(row.kind),
        purpose=row.purpose or "",
        wanted=row.wanted or "",
        handed_in_at=row.received_at,
        state=CaseState(row.state) if row.state else SETTLED[answered.status],
        changed_at=row.changed_at or row.received_at,
        answer=answered.status,
        next_due=answered.next_due,
    )
