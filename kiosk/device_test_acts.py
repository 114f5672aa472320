"""The tests themselves, one a kind of device: what the clerk is asked, what is tried, what it says of the device.

Nothing personal is kept: a card is told masked, a code by its length, a finger by how good its picture was.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

from devices import Devices
from devices.card import CardInserted, CardMute, CardReader, CardRemoved, CardSilent
from devices.device import DeviceError, HealthBoard
from devices.fingerprint import FingerprintReader, Hint, MatchVerdict, NotOffered, NoUsableFinger
from devices.printer import Pair, Receipt, ReceiptPrinter, Rule, Text
from kiosk.clock import Clock
from kiosk.device_errors import error_of
from kiosk.device_tests import Act, Outcome, Trial, failed
from kiosk.device_words import PANEL, named
from kiosk.identity import resident_of
from kiosk.panel import TARGETS, Panel, TouchFindings

FINGER_WORDS: Mapping[Hint, str] = {
    Hint.PLACE: "请把手指平放在指纹机上",
    Hint.LIFTED_EARLY: "抬得太快，再放一次",
    Hint.TOO_DRY: "手指太干，哈口气再按",
    Hint.TOO_WET: "手指太湿，擦干再按",
    Hint.UNCLEAR: "没看清，放平再按",
    Hint.TOO_SMALL: "按偏了，放到正中间",
    Hint.LEFTOVER: "擦一擦指纹机再按",
    Hint.LIFT: "可以抬手了",
    Hint.CAPTURED: "按好了",
}
LEAST_COVERAGE = 0.25
RULER = "1234567890" * 4
SAMPLE = "张𬱖 李伟 王秀英，泸县云龙镇"


@dataclass(frozen=True)
class Patience:
    """Seconds that a clerk has: to put something in or on, to take it out, to tap all targets."""

    put: float = 30.0
    take: float = 30.0
    tap: float = 60.0


def acts_of(
    devices: Devices, panel: Panel, clock: Clock, machine: str, patience: Patience | None = None
) -> dict[str, Act]:
    """The tests that this machine's devices allow."""
    given = patience or Patience()
    acts: dict[str, Act] = {PANEL: partial(tap_targets, panel, given)}
    if devices.card is not None:
        acts["card"] = partial(read_a_card, devices.card, given)
    if devices.fingerprint is not None:
        acts["fingerprint"] = partial(place_a_finger, devices.fingerprint, given)
    if devices.printer is not None:
        acts["printer"] = partial(print_a_slip, devices.printer, clock, machine)
    return acts


def in_trouble(board: HealthBoard, kind: str) -> Outcome | None:
    """What is known to be wrong before anybody is asked for anything."""
    problem = None if board.health.ready else named(board.health.reason, kind)
    return failed(problem()) if problem else None


# --- card ---


def read_a_card(reader: CardReader, patience: Patience, trial: Trial) -> Outcome:
    """Any card: what it says, masked, and how long it took; no session comes of it."""
    known = in_trouble(reader.board, "card")
    if known is not None:
        return known
    trial.say(f"请在 {patience.put:.0f} 秒内插一张社会保障卡")
    event = trial.next_card(patience.put)
    if not isinstance(event, CardInserted | CardMute):
        return in_trouble(reader.board, "card") or Outcome(passed=None, words=("没有等到卡，没有检测成",))
    outcome = answer_of(reader, event)
    trial.say(f"{outcome.words[0].rstrip('。')}。请把卡取出来")
    until = time.monotonic() + patience.take
    while not isinstance(trial.next_card(0.2), CardRemoved) and time.monotonic() < until and not trial.off.is_set():
        pass
    return outcome


def answer_of(reader: CardReader, event: CardInserted | CardMute) -> Outcome:
    """Read the card that was put in."""
    began = time.monotonic()
    try:
        if isinstance(event, CardMute):
            raise CardSilent("no answer to reset")
        with reader.connect(event.insertion) as chip:
            card = chip.identity()
    except DeviceError as error:
        return failed(error_of(error, "card"))
    holder, seconds = resident_of(card), time.monotonic() - began
    told = (
        f"姓名 {holder.name}",
        f"号码 {holder.number}",
        f"卡号 {holder.card_number}",
        f"卡版本 {holder.card_version}",
    )
    return Outcome(passed=True, words=("读到了", *told, f"用时 {seconds:.1f} 秒"))


# --- finger ---


def place_a_finger(reader: FingerprintReader, patience: Patience, trial: Trial) -> Outcome:
    """How good a picture the sensor takes; no template is made, nothing is kept."""
    known = in_trouble(reader.board, "fingerprint")
    if known is not None:
        return known
    trial.say(f"请在 {patience.put:.0f} 秒内按一个手指")
    try:
        quality = reader.preview(patience.put, lambda hint: trial.say(FINGER_WORDS[hint]), trial.off)
    except NotOffered:
        return Outcome(passed=None, words=("指纹机有应答，但这种型号不给看图像",))
    except NoUsableFinger as none:
        if none.verdict in (MatchVerdict.NO_FINGER, MatchVerdict.CANCELLED):
            return Outcome(passed=None, words=("没有等到手指，没有检测成",))
        return failed(error_of(none, "fingerprint"))
    told = (f"盖住玻璃 {quality.coverage:.0%}", f"清楚程度 {quality.contrast:.0%}")
    if quality.coverage < LEAST_COVERAGE:
        return Outcome(passed=None, words=("按到的太少，请放正再试一次", *told))
    return Outcome(passed=True, words=("取到了指纹图像，没有留下", *told))


# --- paper ---


def print_a_slip(printer: ReceiptPrinter, clock: Clock, machine: str, trial: Trial) -> Outcome:
    """A slip with date, ruler and rare characters; the clerk looks at the paper."""
    trial.say("正在打印，请看纸")
    began = time.monotonic()
    printer.print(slip_of(clock, machine))
    return Outcome(
        passed=True,
        words=(
            "打印机说打好了",
            "请看纸：两条横线到边，数字一行不断，𬱖字不缺笔",
            f"用时 {time.monotonic() - began:.1f} 秒",
        ),
    )


def slip_of(clock: Clock, machine: str) -> Receipt:
    """What a printer has to show."""
    at = clock.local()
    return Receipt(
        f"test-{at:%Y%m%d%H%M%S}",
        (
            Text("打印机检测", size=2, centred=True),
            Rule(),
            Pair("时间", f"{at:%Y-%m-%d %H:%M:%S}"),
            Pair("机器", machine),
            Text(RULER),
            Text(SAMPLE),
            Text(SAMPLE, bold=True),
            Rule(),
        ),
    )


# --- panel ---


def tap_targets(panel: Panel, patience: Patience, trial: Trial) -> Outcome:
    """Five targets, one after another, on the resident's screen; every touch is taken down."""
    panel.look()
    if not panel.board.health.ready:
        return Outcome(passed=False, words=("自助机的屏幕没有开着", "怎么办：打开自助机的屏幕，再检测"), code="K-502")
    panel.begin()
    until = time.monotonic() + patience.tap
    for target in range(1, TARGETS + 1):
        trial.show("/touch-test", target)
        trial.say(f"请到自助机前，点屏幕上的圆点：第 {target} 个，共 {TARGETS} 个")
        while not panel.wait_for_hits(target, 0.2):
            if trial.off.is_set() or time.monotonic() > until:
                return told_of(panel.end())
    return told_of(panel.end())


def told_of(found: TouchFindings) -> Outcome:
    """The findings in words."""
    lines = [f"第 {place} 个点：偏 {touch.off_mm:.0f} 毫米" for place, touch in enumerate(found.hits, 1)]
    if found.missed:
        lines.append(f"点偏 {len(found.missed)} 下，最多偏 {max(touch.off_mm for touch in found.missed):.0f} 毫米")
    if found.ghosts:
        where = "、".join(dict.fromkeys(place_of(touch.x, touch.y) for touch in found.ghosts))
        lines.append(f"没有圆点的地方有 {len(found.ghosts)} 下：{where}。擦屏幕，查接线")
    if not found.complete:
        untouched = not (found.hits or found.missed or found.ghosts)
        first = "没有人点屏幕，没有检测成" if untouched else f"只点到 {len(found.hits)} 个，共 {TARGETS} 个"
        return Outcome(passed=None if untouched else False, words=(first, *lines))
    first = "五个都点到了" if found.sound else "都点到了，可是屏幕自己也在动"
    return Outcome(passed=found.sound, words=(first, *lines))


def place_of(x: int, y: int) -> str:
    """A place of the screen in words; thousandths."""
    rows, columns = ("上", "中", "下"), ("左", "中", "右")
    return f"{rows[min(y * 3 // 1000, 2)]}{columns[min(x * 3 // 1000, 2)]}".replace("中中", "正中")
