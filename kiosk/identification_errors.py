"""What goes wrong with a resident ID card (K-13x) and with a code that is shown (K-14x)."""

from __future__ import annotations

from devices.device import DeviceBusy, DeviceError, DeviceHangs, DeviceMissing
from devices.id_card import IdCardForeign, IdCardGone, IdCardStays, IdCardUnreadable, SecurityModuleBroken
from devices.scanner import CodeUnusable, ScannerTypes
from kiosk.errors import KioskError


class IdReaderAway(KioskError):
    """No reader of resident ID cards."""

    code, words = "K-130", "身份证阅读器没有连上。"
    hint = "Check the ID-card reader's cable and power."


class IdReaderFaulty(KioskError):
    """It answers nonsense, or not at all."""

    code, words = "K-131", "身份证阅读器出了点问题。"
    hint = "Unplug the ID-card reader, wait three seconds, plug it in."


class IdModuleBroken(KioskError):
    """Its security module (SAM_V) is out of order or not authorised."""

    code, words = "K-132", "身份证阅读器的安全模块坏了。"
    hint = "The security module (SAM_V) fails its own test or is not authorised: the maker exchanges the reader."


class IdCardLifted(KioskError):
    """The ID card left while it was being read."""

    code, words, next_step = "K-133", "身份证拿开得太早。", "请再放上去，放稳不动。"
    hint = "Ordinary: the card was lifted before it was read."


class NotAnIdCard(KioskError):
    """Another kind of card, or one that the security module does not accept."""

    code, words, next_step = "K-134", "这不是身份证，或者认不出来。", "请换身份证再放。"
    hint = "Bank card, old card or a forged one; the security module refused it. Look at the card."


class IdCardDamaged(KioskError):
    """The text of the ID card is not what the standard says."""

    code, words = "K-135", "身份证里的信息读不全。"
    hint = "A field is empty, wrong or contradicts another; the log names it. Try again; then serve by hand."


class IdCardStillThere(KioskError):
    """The ID card that was read before was never lifted."""

    code, words, next_step = "K-136", "身份证还在阅读器上。", "请拿开，再放一次。"
    hint = "A card is read once each time it is laid down."


class IdCardExpired(KioskError):
    """Past its last day."""

    code, words, next_step = "K-137", "这张身份证已经过了有效期。", "请先到公安机关换证。"
    hint = "The ID card's own last day is past."


class IdReaderBusy(KioskError):
    """Another program holds the reader."""

    code, words, next_step = "K-138", "身份证阅读器正被别的程序占用。", "请稍等再试，或找工作人员。"
    hint = "Close the other program that uses the ID-card reader."


class IdReaderHangs(KioskError):
    """A call to the reader never came back."""

    code, words, next_step = "K-139", "身份证阅读器没有反应。", "请过一会儿再试，或找工作人员。"
    hint = "Its driver was started anew. Again and again: unplug the reader, restart this program."


class ScannerAway(KioskError):
    """No code scanner."""

    code, words = "K-140", "扫码器没有连上。"
    hint = "Check the scanner's cable."


class ScannerFaulty(KioskError):
    """It answers nonsense, refuses commands, or does not answer."""

    code, words = "K-141", "扫码器出了点问题。"
    hint = "Unplug the scanner, wait three seconds, plug it in. Then check its speed and family in [devices] scanner."


class CodeNotUsable(KioskError):
    """A code was scanned that cannot be handed on."""

    code, words, next_step = "K-142", "这个码在这里用不了。", "请打开电子社保卡，再扫一次。"
    hint = "Too long, or with characters that no code for a hall carries. What it was is not written down."


class ScannerIsKeyboard(KioskError):
    """The scanner is set up as a keyboard."""

    code, words = "K-143", "扫码器接成了键盘，不能用。"
    hint = "As a keyboard it types codes into any window. Set it to serial mode (virtual COM) by its own setting code."


class ScannerBusy(KioskError):
    """Another program holds the scanner."""

    code, words, next_step = "K-144", "扫码器正被别的程序占用。", "请稍等再试，或找工作人员。"
    hint = "Close the other program that uses the scanner."


class CodeNeedsCounty(KioskError):
    """A code means nothing to this machine alone, and the county is cut off."""

    code, words, next_step, status = "K-145", "网络断了，电子社保卡现在用不了。", "请插社会保障卡，或到窗口。", 503
    hint = "Look at the county link on the health page. Cards are read as ever."


class CredentialNotTaken(KioskError):
    """The county opens no sitting with an ID card, or with a code."""

    code, words, next_step = "K-146", "县里还不收这种证件。", "请插社会保障卡，或到窗口。"
    hint = "The county answers not-found: set [assurance] id_card or electronic_code of the locality to none."


class NotReadInTime(KioskError):
    """An ID card or a code was not served in time."""

    code, words, next_step = "K-147", "核对的时间太长，没有办成。", "请再试一次，或找工作人员。"
    hint = "The county is slow, or paper of the one before is still under way: look at the health page."


class CodeRefused(KioskError):
    """The county's word for a code that is nobody's, too old, or used."""

    code, words, next_step = "K-148", "这个码过期了，或者用过了。", "请刷新电子社保卡，再扫一次。"
    hint = "Ordinary: a code is good for a minute and one answer. A payment or health code is no social-security one."


class ScannerHangs(KioskError):
    """A call to the scanner never came back."""

    code, words, next_step = "K-149", "扫码器没有反应。", "请过一会儿再试，或找工作人员。"
    hint = "Its driver was started anew. Again and again: unplug the scanner, restart this program."


Rows = tuple[tuple[type[DeviceError], type[KioskError]], ...]

OF_IDENTIFICATION: Rows = (
    (IdCardGone, IdCardLifted),
    (IdCardForeign, NotAnIdCard),
    (IdCardUnreadable, IdCardDamaged),
    (IdCardStays, IdCardStillThere),
    (SecurityModuleBroken, IdModuleBroken),
    (CodeUnusable, CodeNotUsable),
    (ScannerTypes, ScannerIsKeyboard),
)
"""Errors that belong to one kind of device, whoever raised them."""

OF_ID_READER: Rows = (
    (DeviceMissing, IdReaderAway), (DeviceBusy, IdReaderBusy), (DeviceHangs, IdReaderHangs),
    (DeviceError, IdReaderFaulty),
)  # fmt: skip
OF_SCANNER: Rows = (
    (DeviceMissing, ScannerAway), (DeviceBusy, ScannerBusy), (DeviceHangs, ScannerHangs),
    (DeviceError, ScannerFaulty),
)  # fmt: skip
"""General errors; the last row of each catches the rest."""
