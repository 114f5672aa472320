"""Everything that can go wrong, as a resident and a clerk are told it: a code, plain words, one next step.

Codes: K-1xx card, K-2xx finger, K-3xx paper, K-4xx county, K-5xx session and screen, K-9xx the program itself.
"""

from __future__ import annotations

from typing import ClassVar

from contract.problems import ProblemType
from devices.card import CardForeign, CardGone, CardLocked, CardSilent, CardUnreadable
from devices.device import (
    DeviceBusy,
    DeviceError,
    DeviceFault,
    DeviceGarbled,
    DeviceMissing,
    DeviceSilent,
)
from devices.fingerprint import TemplateRefused
from devices.printer import CoverOpen, OutOfPaper, PrinterJam

TO_COUNTER = "请到窗口找工作人员。"


class KioskError(Exception):
    """A failure with its code, words for the resident, one next step, and a hint for the clerk."""

    code: ClassVar[str] = "K-900"
    words: ClassVar[str] = "机器出了点问题。"
    next_step: ClassVar[str] = TO_COUNTER
    hint: ClassVar[str] = "Look at the log of the kiosk."
    status: ClassVar[int] = 409


class ProgramDefect(KioskError):
    """A defect of the program; its trace is in the log."""

    code, status = "K-901", 500
    words = "机器出了点问题，没有办成任何事。"


class CardPulled(KioskError):
    """The card left while it was needed."""

    code, words, next_step = "K-101", "卡被取走了。", "请重新插入社会保障卡。"
    hint = "Ordinary: the resident took the card out."


class CardNotAnswering(KioskError):
    """A card that gives no answer."""

    code, words = "K-102", "读不出这张卡。"
    next_step = "请取出卡，芯片朝下，再插到底。"
    hint = "Upside down, dirty or broken chip. Wipe the contacts."


class NotASocialSecurityCard(KioskError):
    """Another kind of card."""

    code, words, next_step = "K-103", "这不是社会保障卡。", "请换社会保障卡再插。"
    hint = "Bank card, ID card or other; the chip has no social-security application."


class CardDamaged(KioskError):
    """A record of the card is not what the standard says."""

    code, words = "K-104", "卡里的信息读不全。"
    hint = "A record is short, wrong or contradicts another; the log names the field. Replace the card."


class CardNeedsKeys(KioskError):
    """A card of version 3.0 and no key service."""

    code, words = "K-105", "这种新卡在这台机器上还不能用。"
    hint = "Version 3.0 cards need the county's key service."


class CardExpired(KioskError):
    """Past its last day."""

    code, words, next_step = "K-106", "这张卡已经过了有效期。", "请到窗口换卡。"
    hint = "The card's own date of validity is past."


class CardReportedLost(KioskError):
    """The county says the card was reported lost or cancelled."""

    code, words, next_step = "K-107", "这张卡已经挂失或注销。", "请到窗口办理。"
    hint = "Reported lost or cancelled at the county."


class HolderUnknown(KioskError):
    """The county has no such resident."""

    code, words = "K-108", "本县没有查到您的登记。"
    hint = "The county has no record of this social-security number."


class CardSwapped(KioskError):
    """Another card stands in the slot than the session began with."""

    code, words, next_step = "K-109", "卡换过了，刚才的办理已结束。", "请重新插入社会保障卡。"
    hint = "The event counter or the card number changed during the session."


class ReaderAway(KioskError):
    """No card reader."""

    code, words = "K-110", "读卡器没有连上。"
    hint = "Check the reader's cable and the service pcscd."


class ReaderBusy(KioskError):
    """Another program holds the reader."""

    code, words, next_step = "K-111", "读卡器正被别的程序占用。", "请稍等再试，或找工作人员。"
    hint = "Close the other program that uses the reader."


class TooManyCards(KioskError):
    """More cards that cannot prove themselves than an ordinary hall sees in an hour."""

    code, words, status = "K-112", "这台机器刚才读的卡太多了。", 429
    next_step = "请过几分钟再插卡，或到窗口办。"
    hint = "[assurance] unproven_sessions_per_hour of the locality. Look who stands at the machine: a home-made card?"


class PinBlocked(KioskError):
    """The card refuses PINs."""

    code, words, next_step = "K-121", "密码输错太多次，卡已锁住。", "请带身份证到窗口解锁。"
    hint = "Only an office with the key service can unlock it."


class PinInitial(KioskError):
    """Still the PIN the card came with."""

    code, words, next_step = "K-122", "这还是出厂密码，不能用来办事。", "请到窗口先改密码。"
    hint = "An initial PIN proves nobody; it is changed at the counter."


class PinMalformed(KioskError):
    """Too short or not digits."""

    code, words, next_step = "K-123", "密码是 6 位数字。", "请再输一次。"
    hint = "Nothing was sent to the card."


class PinUnproven(KioskError):
    """The locality takes no PIN from a card that cannot prove itself."""

    code, words = "K-124", "这张卡在这里不能用密码办理。"
    hint = "The locality's [assurance] unproven_pin is false and the card did not prove itself."


class TooManyPins(KioskError):
    """More PINs of one resident than anybody mistypes in an hour, from cards that cannot prove themselves."""

    code, words, status = "K-125", "这张卡刚才试密码太多次了。", 429
    next_step = "请过一小时再试，或到窗口办。"
    hint = "[assurance] unproven_pins_per_hour of the locality. Compare the card with the person."


class SensorAway(KioskError):
    """No fingerprint sensor."""

    code, words, next_step = "K-201", "指纹机没有连上。", "可以请工作人员见证办理。"
    hint = "Check the sensor's cable."


class SensorFaulty(KioskError):
    """The sensor answers nonsense or reports a fault."""

    code, words, next_step = "K-202", "指纹机出了点问题。", "可以请工作人员见证办理。"
    hint = "Unplug the sensor, wait three seconds, plug it in."


class TemplateUnusable(KioskError):
    """The enrolled finger does not fit this sensor."""

    code, words, next_step = "K-203", "您登记的指纹在这台机器上用不了。", "可以请工作人员见证办理。"
    hint = "The template has another size or format; enrol again at the counter."


class NoPaper(KioskError):
    """The roll is empty."""

    code, words, next_step = "K-301", "凭条纸用完了，办理结果不受影响。", "请工作人员换纸后再打印。"
    hint = "Put in a new roll."


class PrinterOpen(KioskError):
    """The cover stands open."""

    code, words, next_step = "K-302", "打印机盖子没有关好，办理结果不受影响。", "请工作人员关好后再打印。"
    hint = "Close the cover until it clicks."


class PrinterStuck(KioskError):
    """Cutter or head fault."""

    code, words, next_step = "K-303", "打印机卡住了，办理结果不受影响。", "请工作人员看一下。"
    hint = "Open, remove the paper, close, switch off and on."


class PrinterAway(KioskError):
    """No printer, or silent."""

    code, words, next_step = "K-304", "打印机没有连上，办理结果不受影响。", "请抄下编号，或找工作人员。"
    hint = "Check power and cable of the printer."


class CountyUnavailable(KioskError):
    """The county cannot be reached in time, or answers nonsense."""

    code, words, next_step, status = "K-401", "和县里的网络断了，现在查不了。", "请过一会儿再来，或到窗口。", 503
    hint = "Look at the county link on the health page."


class CountyRefused(KioskError):
    """The county said no; ``problem`` names why."""

    code, words = "K-402", "县里没有受理。"
    hint = "The county's reason is in the log."

    def __init__(self, problem: ProblemType, detail: str = "") -> None:
        super().__init__(f"{problem}: {detail}")
        self.problem = problem


class SessionEnded(KioskError):
    """The page belongs to a visit that is over."""

    code, words, next_step = "K-501", "刚才的办理已经结束。", "请重新插卡，或点返回首页。"
    hint = "Ordinary: card taken, time over, or an old page."


class NotThisScreen(KioskError):
    """A browser that is not the kiosk's own window."""

    code, words, status = "K-502", "这个页面只在自助机屏幕上使用。", 403
    hint = "A second browser, or the shell lost its pairing: restart the shell."


class StrangerRefused(KioskError):
    """Wrong Origin or Sec-Fetch-Site."""

    code, words, status = "K-503", "这个请求不是从本机屏幕来的。", 403
    hint = "Another page tried to use the kiosk."


class FormOutdated(KioskError):
    """A form without its CSRF token, or with an old one."""

    code, words, next_step, status = "K-504", "这一页放得太久了，没有办成任何事。", "请返回首页再点一次。", 400
    hint = "Ordinary: an old page."


class NoSuchPage(KioskError):
    """Unknown address or service."""

    code, words, next_step, status = "K-505", "没有这一页。", "请返回首页。", 404
    hint = "An address that does not exist."


class RequestRefused(KioskError):
    """A request that no button of ours makes."""

    code, words, next_step, status = "K-506", "这个操作机器不认识。", "请返回首页再点一次。", 400
    hint = "A malformed request."


class TooManyWindows(KioskError):
    """More parked requests than windows."""

    code, words, status = "K-507", "打开的窗口太多了。", 503
    hint = "Close browser windows on this machine."


class LimitReached(KioskError):
    """A per-visit limit is used up."""

    code, words, status = "K-508", "这次看得够多了。", 429
    hint = "The limit per visit is in the locality pack."


class AssuranceMissing(KioskError):
    """The step needs more proof than was given."""

    code, words, status = "K-509", "这一步要先确认是您本人。", 403
    hint = "The route asks for a higher assurance."


class StaffSignInFailed(KioskError):
    """Wrong name or password."""

    code, words, next_step, status = "K-601", "账号或密码不对。", "请再试一次；连错 5 次锁 15 分钟。", 403
    hint = "An administrator can reset the password."


class StaffLocked(KioskError):
    """Too many wrong tries."""

    code, words, next_step, status = "K-602", "连错 5 次，账号锁 15 分钟。", "请稍后再试，或找管理员。", 403
    hint = "The lock ends by itself."


class StaffNotAllowed(KioskError):
    """Signed in, but without the role or outside the area."""

    code, words, next_step, status = "K-603", "您的账号没有这项权限。", "请找管理员。", 403
    hint = "Roles and areas are set with `run.py staff add`."


class EditConflict(KioskError):
    """Somebody else changed the item."""

    code, words, next_step = "K-604", "别人刚改过这一条。", "请看新内容，再改一次。"
    hint = "Versions differ."


class PictureRefused(KioskError):
    """Not a picture we take."""

    code, words, next_step, status = "K-605", "这张图片不能用。", "请用 5MB 以内的 JPG 或 PNG。", 400
    hint = "Broken, too large, SVG or another format."


class OwnWork(KioskError):
    """The author wants to approve, or an administrator to reset the own password."""

    code, words, next_step, status = "K-606", "自己写的，不能自己审核。", "请另一位同事来审核。", 403
    hint = "Four eyes: whoever wrote on this version cannot approve it."


class StaffSessionEnded(KioskError):
    """Signed in here, but not (any more) at the county."""

    code, words, next_step, status = "K-607", "和县里的登录已经结束。", "请退出登录，再登录一次。", 403
    hint = "The county ends a sign-in after 15 idle minutes; one made while cut off is good for this machine only."


_OF_DEVICE: tuple[tuple[type[DeviceError], type[KioskError]], ...] = (
    (CardGone, CardPulled),
    (CardSilent, CardNotAnswering),
    (CardForeign, NotASocialSecurityCard),
    (CardUnreadable, CardDamaged),
    (CardLocked, CardNeedsKeys),
    (TemplateRefused, TemplateUnusable),
    (OutOfPaper, NoPaper),
    (CoverOpen, PrinterOpen),
    (PrinterJam, PrinterStuck),
)
"""Errors that belong to one kind of device, whoever raised them."""

_OF_KIND: dict[str, tuple[tuple[type[DeviceError], type[KioskError]], ...]] = {
    "card": ((DeviceMissing, ReaderAway), (DeviceBusy, ReaderBusy), (DeviceError, CardNotAnswering)),
    "fingerprint": ((DeviceMissing, SensorAway), (DeviceError, SensorFaulty)),
    "printer": ((DeviceMissing, PrinterAway), (DeviceSilent, PrinterAway), (DeviceError, PrinterStuck)),
}
"""General errors, by the kind of device that raised them; the last row of each catches the rest."""

GENERAL_ERRORS = (DeviceMissing, DeviceBusy, DeviceSilent, DeviceGarbled, DeviceFault)


def trouble_of(error: type[DeviceError], kind: str) -> type[KioskError]:
    """What a device error of ``kind`` ("card", "fingerprint", "printer") means; total by test."""
    for device_error, kiosk_error in (*_OF_DEVICE, *_OF_KIND[kind]):
        if issubclass(error, device_error):
            return kiosk_error
    raise AssertionError(f"no code for {error!r}")


def error_of(error: DeviceError, kind: str) -> KioskError:
    """The kiosk's error for a device error of ``kind``."""
    return trouble_of(type(error), kind)(str(error))


def every_error() -> list[type[KioskError]]:
    """All errors with a code of their own, by code."""
    return sorted(KioskError.__subclasses__(), key=lambda error: error.code)
