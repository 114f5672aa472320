"""``/v1/staff/cases`` and ``/v1/staff/figures``: what waits for a person, and what the kiosks did."""

from __future__ import annotations

import re
from datetime import date

from flask import Blueprint, Response, request

from contract.codes import CaseState, StaffRole
from contract.operations import CASE
from contract.problems import ProblemType
from contract.staff_work import CaseChange, StaffFigures
from county.asking import answer, read, staff_asking
from county.hub import hub
from county.refusals import Refused
from county.staff_work.cases import LAST_ROW, SHOWN, cases_within, change_case
from county.staff_work.figures import figures_within

routes = Blueprint("staff_work", __name__, url_prefix="/v1/staff")


@routes.get("/cases")
def cases() -> Response:
    """The cases of the clerk's areas, newest first, by cursor."""
    clerk, state = staff_asking(StaffRole.CLERK), _state(request.args.get("state", ""))
    before, limit = _number("cursor", LAST_ROW, LAST_ROW), _number("limit", SHOWN, SHOWN)
    with hub().store.reading() as connection:
        return answer(cases_within(connection, clerk.areas, state, before, limit))


@routes.post("/cases/<case_no>/state")
def change(case_no: str) -> Response:
    """The case in its next state."""
    clerk, wanted = staff_asking(StaffRole.CLERK), read(CaseChange)
    if not re.fullmatch(CASE.pattern, case_no):
        raise Refused(ProblemType.NOT_FOUND, "no such case")
    with hub().store.writing() as connection:
        return answer(change_case(connection, case_no, wanted, clerk, hub().clock.now()))


@routes.get("/figures")
def figures() -> Response:
    """Figures by day and site, of the member's areas."""
    member = staff_asking()
    first_day, last_day = _day("first_day"), _day("last_day")
    with hub().store.reading() as connection:
        return answer(StaffFigures(figures=figures_within(connection, member.areas, first_day, last_day)))


def _state(text: str) -> CaseState | None:
    try:
        return CaseState(text) if text else None
    except ValueError:
        raise Refused(ProblemType.MALFORMED, "state is none of the list", 400) from None


def _number(name: str, usual: int, largest: int) -> int:
    asked = request.args.get(name, "")
    if asked and (not re.fullmatch(r"[0-9]{1,19}", asked) or not 1 <= int(asked) <= largest):
        raise Refused(ProblemType.MALFORMED, f"{name} lies between 1 and {largest}", 400)
    return int(asked or usual)


def _day(name: str) -> date:
    try:
        return date.fromisoformat(request.args.get(name, ""))
    except ValueError:
        raise Refused(ProblemType.MALFORMED, f"{name} is no day", 400) from None
