"""送件: everything on its way to the county with its age, and what to do about what does not arrive. Nobody's name."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import Response, g, make_response

from contract.codes import StaffRole
from contract.problems import ProblemType
from kiosk.county_errors import SubmissionOverdue
from kiosk.machine import machine
from kiosk.staff.submission_words import KINDS, reason_of
from kiosk.staff_duty import StaffDuty
from kiosk.uplink.outbox.rows import OutboxState, Waiting
from kiosk.when_cut import WhenCut

duty = StaffDuty("submissions", title="送件", roles=tuple(StaffRole), when_cut=WhenCut.HERE)

STATES = {
    OutboxState.QUEUED: ("wait", "还在等"),
    OutboxState.OVERDUE: ("stop", "超过期限"),
    OutboxState.REFUSED: ("stop", "没有受理"),
}


@dataclass(frozen=True)
class Row:
    """One submission as a clerk reads it; ``number`` stands on the resident's slip. ``acts``: whether staff may act."""

    submission_id: str
    number: str
    kind: str
    age: str
    mood: str
    state: str
    reason: str
    tries: int
    owner: str
    overdue: bool
    dead: bool


@duty.get("/")
def show() -> str:
    """All that has not come to its end, oldest first."""
    here = machine()
    now = here.clock.now()
    found = [row_of(waiting, now) for waiting in here.county.outbox.clerks.waiting()]
    return duty.page(
        "waiting", rows=found, reachable=here.county.client.reachable, counts=here.county.outbox.counts(),
        overdue=SubmissionOverdue, days=here.locality.outbox.age_limit_days, owner=here.locality.outbox.owner,
    )  # fmt: skip


@duty.post("/<submission_id>/again", roles=(StaffRole.CLERK, StaffRole.ADMINISTRATOR))
def send_again(submission_id: str) -> Response:
    """An overdue one is tried again at once; raises SubmissionSettled."""
    machine().county.outbox.clerks.send_again(submission_id, g.clerk.account)
    return duty.to("show")


@duty.post("/<submission_id>/handed-over", roles=(StaffRole.CLERK, StaffRole.ADMINISTRATOR))
def hand_over(submission_id: str) -> Response:
    """The clerk saw to it by hand; raises SubmissionSettled."""
    machine().county.outbox.clerks.hand_over(submission_id, g.clerk.account)
    return duty.to("show")


@duty.get("/<submission_id>/sealed", roles=(StaffRole.CLERK, StaffRole.ADMINISTRATOR))
def sealed(submission_id: str) -> Response:
    """The sealed envelope as a file to be carried to the county, which alone opens it; raises SubmissionSettled."""
    envelope = machine().county.outbox.clerks.sealed_copy(submission_id)
    answer = make_response(envelope.model_dump_json(indent=2))
    answer.headers["Content-Type"] = "application/json"
    answer.headers["Content-Disposition"] = f'attachment; filename="submission-{submission_id[:8]}.json"'
    return answer


def row_of(waiting: Waiting, now: datetime) -> Row:
    """One row in words."""
    mood, state = STATES[waiting.state]
    problem = ProblemType(waiting.problem) if waiting.problem else None
    return Row(
        waiting.submission_id, waiting.number, KINDS[waiting.kind], age_in_words(now - waiting.made_at), mood, state,
        reason_of(problem, refused=waiting.state is OutboxState.REFUSED), waiting.tries, waiting.owner,
        overdue=waiting.state is OutboxState.OVERDUE, dead=waiting.state is not OutboxState.QUEUED,
    )  # fmt: skip


def age_in_words(age: timedelta) -> str:
    """How long ago, in the largest unit that says it."""
    seconds = max(0, int(age.total_seconds()))
    for unit, words in ((86400, "天"), (3600, "小时"), (60, "分钟")):
        if seconds >= unit:
            return f"{seconds // unit} {words}"
    return "刚才"
