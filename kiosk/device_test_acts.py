"""Tests of what is put in or on: card and finger (ID card and code: identification_tests.py); and who tests what.

Nothing personal is kept: a card is told masked, a code by its length, a finger by how good its picture was.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from functools import partial

from devices import Devices
from devices.card import CardInserted, CardLocked, CardMute, CardReader, CardRemoved, CardSilent
from devices.device import DeviceError, HealthBoard
from devices.fingerprint import FingerprintReader, Hint, MatchVerdict, NotOffered, NoUsableFinger
from kiosk.device_errors import error_of
from kiosk.device_test_paper import print_a_page, print_a_slip
from kiosk.device_test_touch import tap_targets
from kiosk.device_tests import Act, Outcome, Patience, Trial, failed
from kiosk.device_words import PANEL, named, took
from kiosk.identity import resident_of
from kiosk.panel import Panel
from kiosk.receipts import Stamp

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


def acts_of(
    devices: Devices, panel: Panel, stamp: Callable[[], Stamp], patience: Patience | None = None
) -> dict[str, Act]:
    """The tests that this machine's devices allow, by kind."""
    given = patience or Patience()
    acts: dict[str, Act] = {PANEL: partial(tap_targets, panel, given)}
    if devices.card is not None:
        acts["card"] = partial(read_a_card, devices.card, given)
    if devices.fingerprint is not None:
        acts["fingerprint"] = partial(place_a_finger, devices.fingerprint, given)
    if devices.printer is not None:
        acts["printer"] = partial(print_a_slip, devices.printer, stamp)
    if devices.page_printer is not None:
        acts["page_printer"] = partial(print_a_page, devices.page_printer, stamp)
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
    except CardLocked:  # no key service is asked here: the reader did all that it can do
        return Outcome(passed=True, words=("读卡器正常", "这张卡要县里的密钥才能读", "插卡办事时会向县里要"))
    except DeviceError as error:
        return failed(error_of(error, "card"))
    holder, seconds = resident_of(card), time.monotonic() - began
    told = (
        f"姓名 {holder.name}",
        f"号码 {holder.number}",
        f"卡号 {holder.card_number}",
        f"卡版本 {holder.card_version}",
    )
    return Outcome(passed=True, words=("读到了", *told, took(seconds)))


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
