"""What goes wrong with a social-security card, its reader and its PIN (K-10x to K-12x)."""

from __future__ import annotations

from devices.card import (
    CardForeign,
    CardForged,
    CardGone,
    CardLocked,
    CardSilent,
    CardUnreadable,
    KeyAnswerForeign,
    KeyCounterBurnt,
    PinIsInitial,
    PinPadCancelled,
    PinPadFault,
    PinPadLength,
    PinPadMismatch,
    PinPadMissing,
    PinPadTimeout,
    ReaderVirtual,
)
from devices.device import (
    DeviceBusy,
    DeviceError,
    DeviceHangs,
    DeviceMissing,
)
from kiosk.errors import KioskError


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


class CardNotGenuine(KioskError):
    """The card failed the test that a genuine one passes."""

    code, words, next_step = "K-113", "这张卡没有通过验真。", "请带身份证到窗口办理。"
    hint = "The card's cryptogram differs from the key service's: forged, or the wrong key service. Keep a note of it."


class KeyServiceConfused(KioskError):
    """The key service answered, but not to what this card asked."""

    code, words = "K-114", "这张卡现在验不了。"
    hint = "The key service answered another question; nothing was sent to the card. Tell the county."


class CardKeyRefused(KioskError):
    """The card refused the county's key; its few tries are precious."""

    code, words, next_step = "K-115", "这张卡不认本县的密钥。", "请不要再试，到窗口办理。"
    hint = "A try of the card's own key is used up for ever (the log has how many are left). Do not insert it again."


class ReaderHangs(KioskError):
    """A call to the card reader never came back."""

    code, words = "K-119", "读卡器没有反应。"
    next_step = "请取出卡，过一会儿再插。"
    hint = "Its driver was started anew. Again and again: unplug the reader, restart pcscd, then this program."


class CardNotYetValid(KioskError):
    """Its day of issue is still to come."""

    code, words, next_step = "K-116", "这张卡的发卡日期还没有到。", "请到窗口核对。"
    hint = "The card's own day of issue is in the future. Compare the machine's clock first."


class VirtualReader(KioskError):
    """A reader made of software, where residents are served."""

    code, words, next_step = "K-117", "读卡器不是真的，不能用。", "请到窗口办理。"
    hint = "A program pretends to be a card reader (vsmartcard). Remove it; in production it is never served."


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


class PadAway(KioskError):
    """No pad that faces the resident."""

    code, words, next_step = "K-126", "这台机器没有密码键盘。", "可以请工作人员见证办理。"
    hint = "A PIN is typed only on a pad that faces the resident. Connect one, or witness."


class PadCancelled(KioskError):
    """The resident thought better of it."""

    code, words, next_step = "K-127", "您在密码键盘上按了取消。", "想好了可以再输一次。"
    hint = "Ordinary: nothing was sent to the card, no try is lost."


class PadTimedOut(KioskError):
    """Nobody typed."""

    code, words, next_step = "K-128", "密码键盘上没有等到密码。", "请再输一次，输完按确认键。"
    hint = "Nothing was sent to the card. Does the pad face the resident, and is it lit?"


class NewPinsDiffer(KioskError):
    """A new PIN is typed twice."""

    code, words, next_step = "K-129", "两次输入的新密码不一样。", "请再改一次，两次要一样。"
    hint = "Nothing was changed."


class PadFaulty(KioskError):
    """The pad is there and does not do its work."""

    code, words, next_step = "K-118", "密码键盘出了点问题。", "可以请工作人员见证办理。"
    hint = "The reader refuses its own pad: unplug it, plug it in; pad=no in the card reader's line does without."


class PadOpen(KioskError):
    """The pad still waits for keys, and nothing else can be done with the card until it gives up."""

    code, words, status = "K-120", "密码键盘还在等输入。", 409
    next_step = "请先按键盘上的取消键。"
    hint = "A pad cannot be stopped from here: press its cancel key, or wait until it gives up by itself."


OF_CARD: tuple[tuple[type[DeviceError], type[KioskError]], ...] = (
    (CardGone, CardPulled),
    (CardSilent, CardNotAnswering),
    (CardForeign, NotASocialSecurityCard),
    (CardUnreadable, CardDamaged),
    (CardLocked, CardNeedsKeys),
    (CardForged, CardNotGenuine),
    (KeyAnswerForeign, KeyServiceConfused),
    (KeyCounterBurnt, CardKeyRefused),
    (ReaderVirtual, VirtualReader),
    (PinPadMissing, PadAway),
    (PinPadCancelled, PadCancelled),
    (PinPadTimeout, PadTimedOut),
    (PinPadLength, PinMalformed),
    (PinPadMismatch, NewPinsDiffer),
    (PinPadFault, PadFaulty),
    (PinIsInitial, PinInitial),
)
"""Errors of cards and pads, whoever raised them."""

OF_READER: tuple[tuple[type[DeviceError], type[KioskError]], ...] = (
    (DeviceMissing, ReaderAway),
    (DeviceBusy, ReaderBusy),
    (DeviceHangs, ReaderHangs),
    (DeviceError, CardNotAnswering),
)
"""General errors of the reader; the last row catches the rest."""
