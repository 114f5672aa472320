"""What somebody does who changes the PIN of their card, for the tests of it."""

from __future__ import annotations

from kiosk.new_pin import PinChange
from tests.card_in import served

NEW = "530217"


def digits(words):
    """As they are typed."""
    return bytearray(words.encode())


def types(screen, words):
    """On the keypad of the page, whose form says where the digits go."""
    form = next(form for form in screen.page.forms if "card_pin" in form.action)
    return screen._submit(form, {"pin": words})


def takes(hall, pin):
    return hall.machine.reception.pins.verify(served(hall).token, digits(pin)).accepted


def begin(screen, special="李伟"):
    """The card in, the old PIN given."""
    holder = screen.insert_card(special)
    screen.press("修改社保卡密码")
    screen.sees("请输入现在的密码", "不会留下")
    types(screen, holder.card.pin)
    return holder


def change_of(hall):
    return hall.machine.desk.state.visit.recall(PinChange)
