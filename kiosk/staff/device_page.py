"""设备检测: each device with all that is known of it, and a button that tests it."""

from __future__ import annotations

import time

from flask import Response, current_app, g, jsonify, make_response, request
from flask.blueprints import BlueprintSetupState

from contract.codes import StaffRole
from kiosk.machine import machine
from kiosk.parking import ParkingLot
from kiosk.staff.device_rows import DeviceRow, rows, sheets
from kiosk.staff_duty import StaffDuty, signed_in
from kiosk.when_cut import WhenCut

LOOK_AGAIN = 1.0
MOODS = ("stop", "wait", "good", "none")
BUTTONS = {
    "card": "试一张卡",
    "fingerprint": "试一个手指",
    "printer": "打一张纸",
    "page_printer": "打一页 A4",
    "id_card": "试一张身份证",
    "scanner": "试扫一个码",
    "headphones": "试插耳机",
    "panel": "点五个点",
}

duty = StaffDuty("device_page", title="设备检测", roles=tuple(StaffRole), when_cut=WhenCut.HERE)


@duty.record_once
def prepare(state: BlueprintSetupState) -> None:
    """Give the face its places for parked requests, where no other duty did."""
    state.app.extensions.setdefault("parking_lot", ParkingLot())


@duty.get("/")
def show() -> str:
    """Every device, those in trouble first."""
    view = machine().device_tests.view
    found = sorted(sheets(machine()), key=lambda sheet: MOODS.index(sheet.row.mood))
    return duty.page("devices", sheets=found, buttons=BUTTONS, running=view.running)


@duty.post("/<kind>/test")
def begin(kind: str) -> Response:
    """Test one device; raises MachineInUse, DeviceTestRuns, RequestRefused."""
    machine().device_tests.begin(kind, g.clerk.account)
    return duty.to("test")


@duty.post("/test/off")
def call_off() -> Response:
    """End the running test."""
    machine().device_tests.call_off()
    return duty.to("test")


@duty.get("/test")
def test() -> str:
    """The test that runs, or how the last one went."""
    return page()


@duty.get("/test/now", by_hand=False)
def test_by_itself() -> str:
    """The same page, fetched by the parked request: no hand made it, so it keeps nobody signed in."""
    return page()


def page() -> str:
    """The test and the device it is of."""
    view = machine().device_tests.view
    return duty.page("test", view=view, row=row_of_kind(view.kind), showing=view.showing)


def row_of_kind(kind: str) -> DeviceRow | None:
    """The device of this kind; None where there is none."""
    return next((row for row in rows(machine()) if row.kind == kind), None)


@duty.route("/parked")
def park() -> Response:
    """Wait until the test shows something else, or 20 s passed; raises TooManyWindows beyond four."""
    lot: ParkingLot = current_app.extensions["parking_lot"]
    with lot.place():
        return wait_for_change(request.args.get("showing", ""), lot.seconds)


def wait_for_change(showing: str, seconds: float) -> Response:
    """Where to go once ``showing`` is not true or nobody is signed in any more; 204 while all is as it was."""
    until, room = time.monotonic() + seconds, machine().device_tests
    while not machine().stopping.is_set():
        if signed_in(seen=False) is None:
            return jsonify({"go": "/sign-in"})
        if room.view.showing != showing:
            return jsonify({"go": "/device_page/test/now"})
        if time.monotonic() >= until:
            break
        room.wait_beyond(showing, LOOK_AGAIN)
    return make_response("", 204)
