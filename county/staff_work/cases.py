"""Cases as clerks work on them: those of their areas, and one step at a time on top of what was seen."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, Row, Select, or_, select, update

from contract.codes import CaseState
from contract.problems import ProblemType
from contract.staff_work import CaseChange, StaffCase, StaffCases
from county.clock import local_day
from county.databases import hold
from county.models import cases, residents
from county.refusals import Refused
from county.staff_sessions import SignedIn

SHOWN = 200
DAY_DIGITS = 8
LAST_ROW = 2**31 - 1
"""Beyond it PostgreSQL knows no row."""
STEPS = {
    CaseState.RECEIVED: frozenset({CaseState.IN_PROGRESS, CaseState.DONE, CaseState.REFUSED}),
    CaseState.IN_PROGRESS: frozenset({CaseState.IN_PROGRESS, CaseState.DONE, CaseState.REFUSED}),
    CaseState.DONE: frozenset({CaseState.IN_PROGRESS}),
    CaseState.REFUSED: frozenset({CaseState.IN_PROGRESS}),
}
"""Which state may follow which; what was ended by mistake is taken up again."""


def cases_within(
    connection: Connection, areas: Sequence[str], state: CaseState | None, before: int = LAST_ROW, limit: int = SHOWN
) -> StaffCases:
    """The newest cases whose site lies in one of ``areas``, at most ``limit``; older than the row ``before``."""
    wanted = _cases().where(or_(*(cases.c.site.startswith(area, autoescape=True) for area in areas)))
    if state is not None:
        wanted = wanted.where(cases.c.state == state.value)
    wanted = wanted.where(cases.c.id < before).order_by(cases.c.id.desc())
    rows = connection.execute(wanted.limit(limit + 1)).all()
    shown, more = rows[:limit], len(rows) > limit
    return StaffCases(cases=tuple(_as_case(row) for row in shown), more=more, cursor=str(shown[-1].id) if more else "")


def change_case(connection: Connection, case_no: str, change: CaseChange, clerk: SignedIn, now: datetime) -> StaffCase:
    """The case in its next state; NOT_FOUND, OUTSIDE_AREA, EDIT_CONFLICT, MALFORMED where no such step leads on."""
    row = _held(connection, case_no)
    clerk.must_cover(row.site)
    if row.state != change.seen:
        raise Refused(ProblemType.EDIT_CONFLICT, f"the case is {row.state}")
    if change.state not in STEPS[change.seen]:
        raise Refused(ProblemType.MALFORMED, f"state: {change.state} does not follow {change.seen}")
    changed = {
        "state": change.state.value, "changed_at": now, "changed_by": clerk.account, "remark": change.remark,
    }  # fmt: skip
    connection.execute(update(cases).where(cases.c.id == row.id).values(changed))
    return _as_case(_held(connection, case_no))


def _cases() -> Select[tuple[object, ...]]:
    return select(cases, residents.c.name, residents.c.number).join_from(
        cases, residents, cases.c.resident == residents.c.id
    )


def _held(connection: Connection, case_no: str) -> Row[tuple[object, ...]]:
    submission = int(case_no[DAY_DIGITS:])
    hold(connection, f"case:{submission}")
    there = submission <= LAST_ROW
    row = connection.execute(_cases().where(cases.c.submission == submission)).one_or_none() if there else None
    if row is None or number_of(row) != case_no:
        raise Refused(ProblemType.NOT_FOUND, "no such case")
    return row


def number_of(row: Row[tuple[object, ...]]) -> str:
    """The number of a case: that of the submission it began with, as the resident was told it."""
    return f"{local_day(row.opened_at):%Y%m%d}{row.submission:08}"


def _as_case(row: Row[tuple[object, ...]]) -> StaffCase:
    return StaffCase(
        case_no=number_of(row), state=CaseState(row.state), purpose=row.purpose, wanted=row.wanted,
        resident_name=row.name, last_four=row.number[-4:], site=row.site, opened_at=row.opened_at,
        changed_at=row.changed_at, changed_by=row.changed_by or "", remark=row.remark,
    )  # fmt: skip
