"""The dock: a second window in development, where a newcomer puts cards in, breaks devices and moves the clock.

Every button is a form; the same addresses serve scripts, with the CSRF token that the page carries.
"""

from __future__ import annotations

import io
from datetime import timedelta
from enum import Enum
from typing import Any, TypeVar

from flask import Blueprint, Flask, Response, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from devices.card.simulated_pad import PadAct
from devices.card.virtual.described import CardFault
from devices.fingerprint.features.faults import FeatureFault
from devices.fingerprint.features.simulated import SimulatedFeatureSensor
from devices.fingerprint.simulated.faults import SensorFault
from devices.fingerprint.simulated.fingers import FingerQuality
from devices.id_card.simulated_cards import SampleCard
from devices.id_card.simulated_faults import IdReaderFault
from devices.printer.emulator import PrinterFault
from devices.scanner.simulated_faults import ScannerFault
from kiosk.errors import NoSuchPage, RequestRefused
from kiosk.face import errors_as, make_face
from kiosk.machine import Machine, machine
from kiosk.screens.dock_hand import ClockStep, DockHand
from kiosk.screens.dock_pattern import pattern
from kiosk.screens.dock_view import dock_view, people_list
from kiosk.screens.dock_words import CARD_WORDS, PAD_WORDS, QUALITY_WORDS, finger_words
from kiosk.settings import SettingsError
from kiosk.visit import Modes

screen = Blueprint("dock", __name__)

Word = TypeVar("Word", bound=Enum)


def create_dock_app(machine: Machine) -> Flask:
    """The dock of one machine, to be mounted under /dock of the resident face. Raises SettingsError in production."""
    settings = machine.settings
    if settings.kiosk.stage != "development":
        raise SettingsError("kiosk.stage: the dock exists in development only")
    app = make_face(machine, "dock", settings.faces.resident, cookie="dock")
    app.extensions["dock_hand"] = DockHand(machine)
    app.context_processor(dock_values)
    app.register_blueprint(screen)
    errors_as(app, "dock/error.html", dock_values)
    return app


def dock_values() -> dict[str, Any]:
    """What every template of the dock sees."""
    return {"hall": machine().locality.hall, "now_local": machine().clock.local()}


def hand() -> DockHand:
    """The hand of this dock."""
    found = current_app.extensions["dock_hand"]
    if not isinstance(found, DockHand):
        raise TypeError("this app is no dock")
    return found


@screen.get("/")
def page() -> str:
    """Everything on one page."""
    asked = request.args.get("q", "").strip()[:60]
    return render_template(
        "dock/page.html", q=asked, people=people_list(hand(), asked), view=dock_view(machine(), hand()),
        card_faults=CARD_WORDS, people_file=machine().settings.devices.people,
    )  # fmt: skip


@screen.get("/status")
def status() -> str:
    """The part that is asked again every two seconds."""
    return render_template("dock/status.html", view=dock_view(machine(), hand()))


@screen.get("/parts")
def parts() -> str:
    """Every part of the screens in its states, in the modes of the query."""
    try:
        modes = Modes().changed(request.args)
    except ValueError as error:
        raise RequestRefused("没有这种样子。") from error
    return render_template("dock/parts.html", pattern=pattern(machine().clock.local()), modes=modes)


@screen.get("/receipt/<int:place>.png")
def receipt_picture(place: int) -> Response:
    """The paper as it came out, counted from the oldest kept, from 1."""
    kept = hand().printer.receipts
    sheet = kept[place - 1].sheet if 1 <= place <= len(kept) else None
    if sheet is None:
        raise NoSuchPage(f"receipt {place}")
    picture = io.BytesIO()
    sheet.image.save(picture, "PNG")
    return Response(picture.getvalue(), mimetype="image/png")


@screen.post("/insert")
def insert() -> ResponseReturnValue:
    """Put a card in: ``number``, any ``fault``, ``pull_at`` (from 1), ``fresh`` for a new PIN counter."""
    faults = frozenset(chosen(CardFault, fault) for fault in request.form.getlist("fault"))
    pull_at = whole_number("pull_at") if request.form.get("pull_at") else None
    if pull_at is not None and pull_at < 1:
        raise RequestRefused("指令从 1 数起。")
    person = hand().insert(request.form.get("number", ""), faults, pull_at, fresh="fresh" in request.form)
    return done(f"已插入 {person.name} 的卡，密码 {person.card.pin}")


@screen.post("/remove")
def remove() -> ResponseReturnValue:
    """Pull the card."""
    hand().reader.remove()
    return done("已拔卡")


@screen.post("/reader")
def reader() -> ResponseReturnValue:
    """``plugged`` 1 or 0."""
    plugged = yes_or_no("plugged")
    hand().plug_reader(plugged=plugged)
    return done("读卡器已插好" if plugged else "读卡器已拔掉")


@screen.post("/pad")
def pad() -> ResponseReturnValue:
    """An ``act`` at the keys of the PIN pad."""
    act = chosen(PadAct, request.form.get("act", ""))
    hand().at_pad(act)
    return done(f"密码键盘：{PAD_WORDS[act]}")


@screen.post("/finger")
def finger() -> ResponseReturnValue:
    """Put a ``finger`` on the glass, of the person whose card is in (or ``number``), or a stranger's; ``quality``."""
    quality = chosen(FingerQuality, request.form.get("quality") or FingerQuality.GOOD)
    name = request.form.get("finger", "")
    hand().place_finger(name, quality, request.form.get("number", ""))
    return done(f"{finger_words(name)}：{QUALITY_WORDS[quality]}")


@screen.post("/lift")
def lift() -> ResponseReturnValue:
    """Take the finger off."""
    hand().sensor.lift_finger()
    return done("手指已拿开")


@screen.post("/sensor")
def sensor() -> ResponseReturnValue:
    """Let a ``fault`` of the sensor begin; an empty one mends it."""
    fault, device = request.form.get("fault", ""), hand().sensor
    if not fault:
        device.mend()
    elif isinstance(device, SimulatedFeatureSensor):
        device.fail(chosen(FeatureFault, fault))
    else:
        device.fail(chosen(SensorFault, fault))
    return done("指纹机出故障了" if fault else "指纹机修好了")


@screen.post("/printer")
def printer() -> ResponseReturnValue:
    """Let a ``fault`` of the printer begin, or end with ``on`` 0; an empty one mends everything."""
    fault = request.form.get("fault", "")
    on = yes_or_no("on") if "on" in request.form else True
    hand().trouble_printer(chosen(PrinterFault, fault) if fault else None, on=on)
    return done("打印机出故障了" if fault and on else "打印机修好了")


@screen.post("/id-card")
def lay() -> ResponseReturnValue:
    """Put the ID card of ``number`` on its reader, or a ``sample``."""
    sample = request.form.get("sample", "")
    name = hand().lay_id_card(request.form.get("number", ""), chosen(SampleCard, sample) if sample else None)
    return done(f"身份证阅读器上是 {name} 的证")


@screen.post("/id-card/lifted")
def pick_up() -> ResponseReturnValue:
    """Take it off."""
    hand().id_reader.lift()
    return done("身份证已拿开")


@screen.post("/id-reader")
def id_reader() -> ResponseReturnValue:
    """Let a ``fault`` of the ID-card reader begin; an empty one mends it."""
    fault = request.form.get("fault", "")
    if fault:
        hand().id_reader.fail(chosen(IdReaderFault, fault))
    else:
        hand().id_reader.mend()
    return done("身份证阅读器出故障了" if fault else "身份证阅读器修好了")


@screen.post("/code")
def code() -> ResponseReturnValue:
    """``shown`` 1 or 0: hold an invented code before the scanner, or take it away."""
    if yes_or_no("shown"):
        return done(f"扫码器前有一个码，长 {hand().scanner.show()}")
    hand().scanner.hide()
    return done("码已拿开")


@screen.post("/code/of")
def code_of() -> ResponseReturnValue:
    """Hold a fresh code of the electronic card of ``number`` before the scanner."""
    return done(f"扫码器前是 {hand().show_code(request.form.get('number', ''))} 的电子社保卡")


@screen.post("/scanner")
def scanner() -> ResponseReturnValue:
    """Let a ``fault`` of the scanner begin; an empty one mends it."""
    fault = request.form.get("fault", "")
    if fault:
        hand().scanner.fail(chosen(ScannerFault, fault))
    else:
        hand().scanner.mend()
    return done("扫码器出故障了" if fault else "扫码器修好了")


@screen.post("/headphones")
def headphones() -> ResponseReturnValue:
    """``plugged`` 1 or 0: put headphones in, or take them out."""
    if yes_or_no("plugged"):
        hand().jack.plug_in()
        return done("耳机插上了")
    hand().jack.pull_out()
    return done("耳机拔下了")


@screen.post("/county")
def county() -> ResponseReturnValue:
    """``cut`` 1 or 0: the line to the county."""
    cut = yes_or_no("cut")
    answers = hand().cut(cut=cut)
    mended = "县里接通了" if answers else "线接上了，县里没有回答"
    return done("县里断开了" if cut else mended)


@screen.post("/clock")
def clock() -> ResponseReturnValue:
    """Move hub and kiosk together: ``offset_seconds`` from the system's time, or a ``step``."""
    if "step" in request.form:
        offset = hand().offset_after(chosen(ClockStep, request.form["step"]))
    else:
        offset = timedelta(seconds=whole_number("offset_seconds"))
    hand().move_clock(offset)
    return done(f"现在是 {machine().clock.local():%Y-%m-%d %H:%M:%S}")


def done(said: str) -> ResponseReturnValue:
    """Back to the page, which says what was done."""
    flash(said)
    return redirect(url_for("dock.page", q=request.form.get("q") or None), code=303)


def chosen(words: type[Word], text: str) -> Word:
    """The member that a button named."""
    try:
        return words(text)
    except ValueError as error:
        raise RequestRefused(f"没有这个选项：{text[:40]}") from error


def whole_number(field: str) -> int:
    """A form field that must be a number."""
    try:
        return int(request.form.get(field, "")[:12])
    except ValueError as error:
        raise RequestRefused(f"{field} 要填整数。") from error


def yes_or_no(field: str) -> bool:
    """A form field that is 1 or 0."""
    text = request.form.get(field, "")
    if text not in ("1", "0"):
        raise RequestRefused(f"{field} 要填 1 或 0。")
    return text == "1"
