"""What cards say to a new PIN, where none can be given, and readers on whose own keys it is typed."""

from __future__ import annotations

from dataclasses import replace

import pytest

from contract.credentials import Worth
from devices.card.simulated import VirtualCard
from kiosk.card_errors import CardNotAnswering, PadOpen
from kiosk.identity import Assurance
from kiosk.new_pin import NewPinRoom
from kiosk.new_pin_errors import NewPinInitial, NewPinUnsure
from tests.card_in import happened, put_in, served
from tests.hall import eventually
from tests.screen import Screen
from tests.services.pin_change import NEW, digits, takes, types

CLERK = {"account": "clerk", "password": "chuangkou-shili-2026"}
WITH_PAD = {"card": "simulated:?pad=yes"}


# --- what the card says ---


class Deaf(VirtualCard):
    """A card that says ``said`` to CHANGE PIN, or leaves the slot at it; ``takes`` it before or not."""

    said = b""
    takes = True
    pulled = False

    def answer(self, command):
        if command[:2] != b"\x80\x5e":
            return super().answer(command)
        if self.takes:
            super().answer(command)
        if self.pulled:
            self.slot.remove()
        return self.said


def deaf(hall, **how):
    holder = hall.person("李伟")
    card = Deaf(holder.card)
    vars(card).update(how, slot=hall.reader)
    put_in(hall, card)
    return card


def to_the_card(screen, card):
    screen.follow()
    screen.visit("/services/card_pin/")
    for words in (card.description.pin, NEW, NEW):
        types(screen, words)


def test_a_card_that_falls_silent_after_it_was_told_is_told_as_unsure(hall, screen):
    card = deaf(hall)
    to_the_card(screen, card)
    screen.sees("不知道密码改成了没有", "下次先试新密码", "K-166")
    assert len(happened(hall, "pin_change_unsure")) == 1
    assert happened(hall, "pin_changed") == []


def test_a_card_pulled_while_it_is_told_is_written_down_as_unsure(hall, screen):
    card = deaf(hall, pulled=True, said=b"\x90\x00")
    to_the_card(screen, card)
    eventually(lambda: happened(hall, "pin_change_unsure"))
    screen.follow()
    screen.sees("请插入社会保障卡")


def test_a_card_that_does_not_know_the_command_keeps_its_pin(hall, screen):
    card = deaf(hall, takes=False, said=b"\x6d\x00")
    to_the_card(screen, card)
    screen.sees("卡没有收下新密码", "窗口", "K-167")
    assert [entry["why"] for entry in happened(hall, "pin_change_refused")] == ["K-167"]
    assert takes(hall, card.description.pin)


def test_a_card_that_counts_a_try_all_the_same_shows_its_counter(hall, screen):
    card = deaf(hall, takes=False, said=b"\x63\xc1")
    to_the_card(screen, card)
    screen.sees("只剩 1 次，还要试吗")


def room(hall, with_same_card):
    reception = hall.machine.reception
    return NewPinRoom(
        pins=reception.pins, journal=hall.machine.journal, rules=hall.machine.locality.assurance,
        with_same_card=with_same_card,
    )  # fmt: skip


def test_whoever_calls_the_driver_the_rule_is_asked_before(hall):
    """No screen in between: the room that alone changes PINs refuses an initial one and sends nothing."""
    card = VirtualCard(hall.person("李伟").card)
    put_in(hall, card)
    before = card.answered
    old, new = digits(card.description.pin), digits("888888")
    with pytest.raises(NewPinInitial):
        hall.machine.reception.new_pins.change(served(hall), old, new)
    assert card.answered == before
    assert (old, new) == (bytes(6), bytes(6))


def test_nobody_waits_any_more_before_or_after_the_card_was_told(hall):
    card = VirtualCard(hall.person("李伟").card)
    put_in(hall, card)
    session = served(hall)

    def too_early(_session, _act):
        raise CardNotAnswering("the card took too long")

    def too_late(present, act):
        hall.machine.reception._card.ask(present, act)
        raise CardNotAnswering("the card took too long")

    with pytest.raises(CardNotAnswering):
        room(hall, too_early).change(session, digits(card.description.pin), digits(NEW))
    assert happened(hall, "pin_changed") == []
    with pytest.raises(NewPinUnsure):
        room(hall, too_late).change(session, digits(card.description.pin), digits(NEW))
    assert len(happened(hall, "pin_changed")) == 1, "the card's own word, noted in its worker"


# --- where it cannot be done ---


def test_a_card_of_the_first_version_goes_to_the_counter(hall, screen):
    put_in(hall, VirtualCard(replace(hall.person("李伟").card, version="1.00")))
    screen.follow()
    screen.press("修改社保卡密码")
    screen.sees("这张卡在这里改不了密码", "到窗口", "K-164")


def test_at_the_counter_without_a_pad_nobody_types_a_pin(open_hall):
    screen = Screen(open_hall(kiosk={"mode": "counter"}))
    screen.visit("/")
    screen.press("登录", **CLERK)
    screen.insert_card("李伟")
    screen.visit("/services/card_pin/")
    screen.sees("没有密码键盘", "K-165")
    before = screen.hall.reader.card.answered
    screen.visit("/")
    screen.send("/services/card_pin/", pin="135790")
    assert screen.hall.reader.card.answered == before


def test_with_an_id_card_only_the_card_is_asked_for(open_hall):
    screen = Screen(open_hall(devices={"id_card": "simulated:"}, hub={"worth_of_id_cards": Worth.CARD}))
    screen.lay_id_card("李伟")
    screen.visit("/services/card_pin/")
    screen.sees("这一项请插社会保障卡")


# --- on a pad that faces the resident ---


class AtPad:
    """Somebody at a reader with keys."""

    def __init__(self, hall, screen):
        self.hall, self.screen = hall, screen
        self.holder = screen.insert_card("李伟")
        screen.visit("/services/card_pin/")
        assert screen.path == "/services/card_pin/pad"
        assert not any("pin" in form.fields for form in screen.page.forms)

    @property
    def pad(self):
        return self.hall.reader.pad

    def types(self, words):
        self.screen.press("开始输入" if "开始输入" in self.screen.buttons() else "再输一次")
        eventually(lambda: self.pad.waiting, what="the pad is lit")
        self.screen.sees("先按现在的密码，再按两次新密码", "取消键")
        self.pad.press(words)
        eventually(lambda: not self.pad.waiting, what="the pad took the keys")


@pytest.fixture
def at_pad(open_hall):
    hall = open_hall(devices=WITH_PAD)
    return AtPad(hall, Screen(hall))


def test_on_the_pad_all_three_are_typed_there_and_the_journal_says_that_nobody_saw_them(at_pad):
    at_pad.types(f"{at_pad.holder.card.pin} {NEW} {NEW}")
    at_pad.screen.sees_soon("密码改好了")
    assert [(one["on_pad"], one["rule_asked"]) for one in happened(at_pad.hall, "pin_changed")] == [(True, False)]
    assert served(at_pad.hall).assurance is Assurance.CARD
    at_pad.screen.visit("/services/card_pin/")
    at_pad.types(f"{NEW} 246810 246810")
    at_pad.screen.sees_soon("密码改好了")


@pytest.mark.parametrize(("keys", "words"), [
    ("135790 530217 530218", "两次输入的新密码不一样"), ("cancel", "按了取消"),
    ("000000 530217 530217", "还可以试 2 次"), ("broken", "K-118"),
])  # fmt: skip
def test_what_goes_wrong_at_the_keys_is_said_and_changes_nothing(at_pad, keys, words):
    at_pad.types(keys)
    at_pad.screen.sees_soon(words)
    assert happened(at_pad.hall, "pin_changed") == []
    assert len(happened(at_pad.hall, "pin_change_refused")) == 1


def test_a_pad_that_waits_for_a_new_pin_takes_no_other_and_who_turns_away_is_told_how(at_pad):
    screen = at_pad.screen
    screen.press("开始输入")
    eventually(lambda: at_pad.pad.waiting)
    screen.press("返回")
    screen.sees("请在密码键盘上按取消键")
    screen.visit("/pin/pad/?next=/services/insurance_query/")
    screen.press("开始输入")
    screen.sees(PadOpen.code, "取消键")
    at_pad.pad.press("cancel")
    eventually(lambda: happened(at_pad.hall, "pin_change_refused"))
    screen.visit("/services/card_pin/pad")
    screen.sees("开始输入")


def test_a_new_pin_on_the_pad_is_no_answer_to_a_service_that_asks_for_the_pin(at_pad):
    at_pad.types(f"{at_pad.holder.card.pin} {NEW} {NEW}")
    eventually(lambda: happened(at_pad.hall, "pin_changed"))
    at_pad.screen.visit("/services/insurance_query/")
    at_pad.screen.sees("请在密码键盘上输入密码", "开始输入")


def test_at_the_counter_it_is_typed_on_the_pad(open_hall):
    hall = open_hall(devices=WITH_PAD, kiosk={"mode": "counter"})
    screen = Screen(hall)
    screen.visit("/")
    screen.press("登录", **CLERK)
    at_pad = AtPad(hall, screen)
    screen.sees("请居民在密码键盘上改密码")
    at_pad.types(f"{at_pad.holder.card.pin} {NEW} {NEW}")
    screen.sees_soon("密码改好了")
