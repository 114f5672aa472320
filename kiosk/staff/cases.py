"""事项: what residents of the area asked of a person (a visit, an appointment), and how far each is."""

from __future__ import annotations

import re
from urllib.parse import urlencode

from flask import Response, g, request

from contract.codes import CaseState, StaffRole
from contract.identifiers import mask_name
from contract.staff_work import CaseChange, StaffCase, StaffCases
from kiosk.errors import RequestRefused
from kiosk.journal import Happening
from kiosk.machine import machine
from kiosk.staff.staff_county import ask, tell
from kiosk.staff_duty import StaffDuty
from kiosk.when_cut import WhenCut

duty = StaffDuty("cases", title="事项", roles=(StaffRole.CLERK,), when_cut=WhenCut.REFUSE)

MOODS = {CaseState.RECEIVED: "wait", CaseState.IN_PROGRESS: "wait", CaseState.DONE: "good", CaseState.REFUSED: "stop"}
NEXT: dict[CaseState, tuple[tuple[CaseState, str], ...]] = {
    CaseState.RECEIVED: ((CaseState.IN_PROGRESS, "开始办理"), (CaseState.DONE, "办完了")),
    CaseState.IN_PROGRESS: ((CaseState.DONE, "办完了"), (CaseState.REFUSED, "办不了")),
    CaseState.DONE: ((CaseState.IN_PROGRESS, "重新办理"),),
    CaseState.REFUSED: ((CaseState.IN_PROGRESS, "重新办理"),),
}
"""The buttons of a case, the county's other steps aside."""
REMARK, A_PAGE = 200, 50
CURSOR = re.compile(r"[0-9]{0,19}")


@duty.get("/")
def show() -> str:
    """The cases of the clerk's areas, those of one state where one is chosen; whose they are is masked."""
    return page()


@duty.post("/<case_no>/name")
def name(case_no: str) -> str:
    """Show whose one case is, this once; that a clerk looked is on disk before the name is on the screen."""
    machine().journal.write(Happening.NUMBER_UNMASKED, clerk=g.clerk.account, to="clerk", why=f"case {case_no}")
    return page(named=case_no)


def page(named: str = "") -> str:
    """The list; ``named``: the case whose name may be read."""
    asked = chosen()
    found = ask("/v1/staff/cases", StaffCases, limit=str(A_PAGE), **asked)
    here = machine()
    opened = {case.case_no: here.clock.to_local(case.opened_at) for case in found.cases}
    return duty.page(
        "list", cases=found.cases, opened=opened, moods=MOODS, next_states=NEXT, states=CaseState,
        town=here.locality.town_name, named=named, masked=mask_name, more=found.more, asked=asked,
        tail=tail(asked), older=tail(asked | {"cursor": found.cursor}) if found.cursor else "",
    )  # fmt: skip


@duty.post("/<case_no>")
def change(case_no: str) -> Response:
    """Give a case its next state; raises EditConflict where somebody was faster."""
    try:
        seen, state = CaseState(request.form["seen"]), CaseState(request.form["state"])
    except (KeyError, ValueError) as error:
        raise RequestRefused("no such state of a case") from error
    wanted = CaseChange(seen=seen, state=state, remark=request.form.get("remark", "").strip()[:REMARK])
    tell("POST", f"/v1/staff/cases/{case_no}/state", wanted, StaffCase)
    machine().journal.write(Happening.CASE_CHANGED, clerk=g.clerk.account, case=case_no, state=state)
    return duty.to("show", **chosen())


def chosen() -> dict[str, str]:
    """What the clerk looks at: ``state``, none for all; ``cursor``, none for the newest. Raises RequestRefused."""
    state, at = request.args.get("state", ""), request.args.get("cursor", "")
    if (state and state not in set(CaseState)) or not CURSOR.fullmatch(at):
        raise RequestRefused("no such page of cases")
    return {name: value for name, value in (("state", state), ("cursor", at)) if value}


def tail(asked: dict[str, str]) -> str:
    """The same behind an address."""
    return f"?{urlencode(asked)}" if asked else ""
