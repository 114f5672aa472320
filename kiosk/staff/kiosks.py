"""机器登记: an administrator lets a kiosk of their area in, having compared its fingerprint, or shuts one out.

The page is on a staff face of an approved kiosk only: the county serves no other, and signs nobody in there.
"""

from __future__ import annotations

from flask import Response, g, make_response, request
from flask.typing import ResponseReturnValue

from contract.codes import KioskState, StaffRole
from contract.enrolment import KnownKiosk, KnownKiosks
from kiosk.county_errors import CountyRefused
from kiosk.errors import KioskError, RequestRefused
from kiosk.journal import Happening
from kiosk.machine import machine
from kiosk.staff.staff_county import ask, tell, whole
from kiosk.staff_duty import StaffDuty

PATH = "/v1/staff/kiosks"
ACTS = {"approve": ("approval", KioskState.APPROVED), "withdraw": ("withdrawal", KioskState.WITHDRAWN)}

duty = StaffDuty("kiosks", title="机器登记", roles=(StaffRole.ADMINISTRATOR,))


@duty.get("/")
def show() -> str:
    """The machines of one's areas, those that wait first."""
    return page(done=request.args.get("done", ""))


def page(done: str = "", wrong: str = "") -> str:
    """``done``: the fingerprint that was settled; ``wrong``: why nothing was."""
    here = machine()
    known = ask(PATH, KnownKiosks).kiosks
    settled = next((kiosk for kiosk in known if kiosk.fingerprint == done), None)
    return duty.page(
        "registry",
        waiting=[kiosk for kiosk in known if kiosk.state is KioskState.PENDING],
        others=[kiosk for kiosk in known if kiosk.state is not KioskState.PENDING],
        own=here.county.key_mark, town=here.locality.town_name, local=here.clock.to_local, done=settled, wrong=wrong,
    )  # fmt: skip


@duty.post("/settle")
def settle() -> ResponseReturnValue:
    """Let one in (the comparison confirmed), or shut one out; written down here as it is at the county."""
    mark, act = request.form.get("mark", ""), request.form.get("act", "")
    if act not in ACTS:
        raise RequestRefused("neither approve nor withdraw")
    if request.form.get("sure") != "yes":
        return refused("请先逐组核对，打上勾" if act == "approve" else "请先确认，打上勾")
    word, state = ACTS[act]
    try:
        whole(tell("POST", f"{PATH}/{mark}/{word}", None, KnownKiosk), PATH)
    except CountyRefused as refusal:
        return refused(f"县里没有受理（{refusal.problem}）")
    except KioskError as trouble:
        return refused(trouble.words + trouble.next_step, trouble.status)
    machine().journal.write(Happening.KIOSK_SETTLED, clerk=g.clerk.account, mark=mark, state=state)
    return duty.to("show", done=mark)


def refused(wrong: str, status: int = 400) -> Response:
    """The page, with what is wrong."""
    return make_response(page(wrong=wrong), status)
