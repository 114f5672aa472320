"""A clerk's tests of ID-card reader, scanner and headphone jack. A name is told masked, of a code its length only."""

from __future__ import annotations

import time
from functools import partial

from devices import Devices
from devices.device import DeviceError
from devices.headphones import HeadphoneJack
from devices.id_card import IdCard, IdCardKind, IdCardReader
from devices.scanner import CodeScanner
from kiosk.clock import Clock
from kiosk.device_errors import error_of
from kiosk.device_test_acts import in_trouble
from kiosk.device_tests import Act, Outcome, Patience, Trial, failed
from kiosk.device_words import took
from kiosk.identification_errors import IdCardExpired

KINDS = {
    IdCardKind.CITIZEN: "居民身份证",
    IdCardKind.FOREIGNER: "外国人永久居留身份证（旧版）",
    IdCardKind.FOREIGNER_2023: "外国人永久居留身份证（新版）",
    IdCardKind.HONG_KONG_MACAO_TAIWAN: "港澳台居民居住证",
}


def identification_acts(devices: Devices, clock: Clock, patience: Patience | None = None) -> dict[str, Act]:
    """The tests that this machine's devices allow."""
    given = patience or Patience()
    acts: dict[str, Act] = {}
    if devices.id_card is not None:
        acts["id_card"] = partial(read_an_id_card, devices.id_card, clock, given)
    if devices.scanner is not None:
        acts["scanner"] = partial(scan_a_code, devices.scanner, given)
    if devices.headphones is not None:
        acts["headphones"] = partial(plug_and_pull, devices.headphones, given)
    return acts


def plug_and_pull(jack: HeadphoneJack, patience: Patience, trial: Trial) -> Outcome:
    """In and out, or out and in: the jack has to tell both."""
    known = in_trouble(jack.board, "headphones")
    if known is not None:
        return known
    for told in (jack.inserted, not jack.inserted):
        trial.say(f"请在 {patience.put:.0f} 秒内{'拔下' if told else '插上'}耳机")
        until = time.monotonic() + patience.put
        while jack.wait_for_change(told, 0.2) is told:
            if trial.off.is_set() or time.monotonic() > until:
                missed = "拔下" if told else "插上"
                return Outcome(passed=None, words=(f"没有等到{missed}耳机，没有检测成",))
    return Outcome(passed=True, words=("耳机插口正常", "插上、拔下都认得"))


def read_an_id_card(reader: IdCardReader, clock: Clock, patience: Patience, trial: Trial) -> Outcome:
    """Any ID card; nothing of it is kept, and an expired one is read all the same."""
    known = in_trouble(reader.board, "id_card")
    if known is not None:
        return known
    trial.say(f"请在 {patience.put:.0f} 秒内放一张身份证")
    began = time.monotonic()
    try:
        card = reader.read(patience.put, trial.off)
    except DeviceError as error:
        return failed(error_of(error, "id_card"))
    if card is None:
        return Outcome(passed=None, words=("没有等到身份证，没有检测成",))
    return told_of(card, clock, time.monotonic() - began)


def told_of(card: IdCard, clock: Clock, seconds: float) -> Outcome:
    """What a clerk may see of it."""
    expired = card.expired(clock.local().date())
    told = (f"姓名 {card.masked_name}", KINDS[card.kind], took(seconds))
    late = (IdCardExpired.words,) if expired else ()
    return Outcome(passed=True, words=("读到了，没有留下", *told, *late), code=IdCardExpired.code if expired else "")


def scan_a_code(scanner: CodeScanner, patience: Patience, trial: Trial) -> Outcome:
    """Any code; it is overwritten unread."""
    known = in_trouble(scanner.board, "scanner")
    if known is not None:
        return known
    trial.say(f"请在 {patience.put:.0f} 秒内出示一个码")
    try:
        code = scanner.scan(patience.put, trial.off)
    except DeviceError as error:
        return failed(error_of(error, "scanner"))
    if code is None:
        return Outcome(passed=None, words=("没有扫到码，没有检测成",))
    code.forget()
    return Outcome(passed=True, words=(f"扫到了，长度 {code.length}", "没有留下"))
