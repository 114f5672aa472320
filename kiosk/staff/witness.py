"""见证: a clerk looks at the person at the kiosk, compares the card, and says whether it is them."""

from __future__ import annotations

import time

from flask import Response, current_app, g, jsonify, make_response, request
from flask.blueprints import BlueprintSetupState

from contract.codes import StaffRole
from kiosk.machine import machine
from kiosk.parking import ParkingLot
from kiosk.staff_duty import StaffDuty, signed_in
from kiosk.when_cut import WhenCut
from kiosk.witness import WitnessRequest

LOOK_AGAIN = 1.0
TICK = 10

SAID = {
    "confirmed": ("good", "已确认，机器上可以继续办了"),
    "refused": ("good", "已回绝，机器上会请他预约"),
    "late": ("wait", "这个请求已经过了时间，或别人先答了"),
}

duty = StaffDuty("witness", title="见证", roles=(StaffRole.CLERK,), when_cut=WhenCut.HERE)


@duty.record_once
def prepare(state: BlueprintSetupState) -> None:
    """Give the face its places for parked requests."""
    state.app.extensions["parking_lot"] = ParkingLot()


@duty.get("/")
def show() -> str:
    """The open request, or that there is none."""
    return page()


@duty.get("/now", by_hand=False)
def show_by_itself() -> str:
    """The same page, fetched by the parked request: no hand made it, so it keeps nobody signed in."""
    return page()


def page() -> str:
    """The page with what it shows."""
    asked = machine().reception.witness.open()
    said = SAID.get(request.args.get("said", ""))
    return duty.page("request", asked=asked, seconds=seconds_of(asked), showing=showing_of(asked), said=said)


def seconds_of(asked: WitnessRequest | None) -> int:
    """Seconds left for the answer, in steps of ten."""
    if asked is None:
        return 0
    return max(int(asked.deadline - machine().clock.monotonic()) // TICK * TICK, 0)


def showing_of(asked: WitnessRequest | None) -> str:
    """A word for what the page shows; a card that was left in the machine is shown on every page of staff."""
    word = f"{asked.request_id}.{seconds_of(asked)}" if asked else "nobody"
    return f"{word}.card-left" if machine().card_left else word


@duty.route("/parked")
def park() -> Response:
    """Wait until the page is no longer true, or 20 s passed; raises TooManyWindows beyond four."""
    lot: ParkingLot = current_app.extensions["parking_lot"]
    with lot.place():
        return wait_for_change(request.args.get("showing", ""), lot.seconds)


def wait_for_change(showing: str, seconds: float) -> Response:
    """Where to go once ``showing`` is not true or nobody is signed in any more; 204 while all is as it was."""
    until = time.monotonic() + seconds
    board = machine().reception.witness
    while not machine().stopping.is_set():
        person = signed_in(seen=False)
        if person is None or StaffRole.CLERK not in person.roles:
            return jsonify({"go": "/sign-in"})
        change = board.changes
        if showing_of(board.open()) != showing:
            return jsonify({"go": "/witness/now"})
        if time.monotonic() >= until:
            break
        board.wait_beyond(change, LOOK_AGAIN)
    return make_response("", 204)


@duty.post("/<request_id>/confirm")
def confirm(request_id: str) -> Response:
    """It is the person; the kiosk goes on."""
    return answer(request_id, confirmed=True)


@duty.post("/<request_id>/refuse")
def refuse(request_id: str) -> Response:
    """It is somebody else, or the clerk cannot say."""
    return answer(request_id, confirmed=False)


def answer(request_id: str, *, confirmed: bool) -> Response:
    """Answer for the signed-in clerk; too late is told."""
    answered = machine().reception.witness.answer(request_id, g.clerk.account, confirmed=confirmed)
    if answered is None:
        return duty.to("show", said="late")
    return duty.to("show", said="confirmed" if confirmed else "refused")
