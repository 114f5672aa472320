"""The buttons of the dock that act on devices: slot, pad, glass, paper, ID card, code, headphones; and their faults."""

from __future__ import annotations

from flask import Blueprint, request
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
from kiosk.errors import RequestRefused
from kiosk.screens.dock_forms import chosen, done, hand, whole_number, yes_or_no
from kiosk.screens.dock_words import PAD_WORDS, QUALITY_WORDS, finger_words

screen = Blueprint("dock_devices", __name__)


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
