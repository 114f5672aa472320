"""What goes wrong while a card is given another PIN (K-16x)."""

from __future__ import annotations

from kiosk.errors import KioskError


class NewPinIsOld(KioskError):
    """The new PIN is the one the card has."""

    code, words, next_step = "K-160", "新密码和旧密码一样。", "请换一个新密码。"
    hint = "Nothing was sent to the card."


class NewPinInitial(KioskError):
    """The new PIN is one that cards come with."""

    code, words, next_step = "K-161", "这是出厂密码，谁都知道。", "请换一个新密码。"
    hint = "[assurance] initial_pins of the locality. Nothing was sent to the card."


class NewPinSimple(KioskError):
    """Six equal digits, or a straight run."""

    code, words, next_step = "K-162", "这个密码太简单，容易被猜到。", "请换一个，不要连号、同号。"
    hint = "Six equal digits, or digits in a row. Nothing was sent to the card."


class NewPinBirthday(KioskError):
    """The day of birth that stands on the card."""

    code, words, next_step = "K-163", "生日容易被猜到，不能做密码。", "请换一个新密码。"
    hint = "The holder's day of birth as YYMMDD. Nothing was sent to the card."


class CardKeepsPin(KioskError):
    """A card of the first version."""

    code, words, next_step = "K-164", "这张卡在这里改不了密码。", "请带身份证到窗口改密码。"
    hint = "A card before version 2.0: its PIN is changed where it was issued."


class NewPinNeedsPad(KioskError):
    """At the counter, without keys that face the resident."""

    code, words, next_step = "K-165", "这里没有密码键盘，改不了密码。", "请到自助机上改，或问工作人员。"
    hint = "A clerk must not see a PIN. Connect a pad that faces the resident, or use the kiosk."


class NewPinUnsure(KioskError):
    """The card was told, and its answer never came."""

    code, words, next_step = "K-166", "不知道密码改成了没有。", "下次先试新密码，不对再试旧密码。"
    hint = "The card left or fell silent after the command was sent. Read it again, try the new PIN first."


class NewPinNotTaken(KioskError):
    """The card refuses the command itself."""

    code, words, next_step = "K-167", "卡没有收下新密码，密码没有变。", "请带身份证到窗口改密码。"
    hint = "The card answered CHANGE PIN with a word that speaks of no PIN (see the log)."
