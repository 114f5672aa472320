"""Somebody gives their card another PIN on the touchscreen: the rule, the steps, the card pulled at each."""

from __future__ import annotations

from datetime import date

import pytest

from devices.card.new_pin import Objection, objection_to
from kiosk.identity import Assurance
from kiosk.new_pin import WORDS
from tests.card_in import happened, put_in, served
from tests.services.pin_change import NEW, begin, change_of, digits, takes, types

# --- the rule ---


@pytest.mark.parametrize(
    ("new", "objection"),
    [
        ("246810", Objection.SAME), ("888888", Objection.INITIAL), ("123456", Objection.INITIAL),
        ("000000", Objection.SIMPLE), ("555555", Objection.SIMPLE), ("234567", Objection.SIMPLE),
        ("987654", Objection.SIMPLE), ("789012", Objection.SIMPLE), ("210987", Objection.SIMPLE),
        ("510302", Objection.BIRTHDAY), ("510303", None), ("112233", None), ("135790", None), (NEW, None),
    ],
)  # fmt: skip
def test_what_may_not_be_a_new_pin(new, objection):
    born_on = date(1951, 3, 2)
    assert objection_to(digits(new), digits("246810"), ("123456", "888888"), born_on) is objection


def test_without_a_day_of_birth_the_rest_of_the_rule_stands():
    assert objection_to(digits("888888"), digits("246810"), ("888888",), None) is Objection.INITIAL
    assert objection_to(digits("510302"), digits("246810"), ("888888",), None) is None


def test_every_objection_has_its_words():
    assert set(WORDS) == set(Objection)


# --- on the touchscreen ---


def journal_text(hall):
    return "".join(entry.text for entry in hall.machine.journal.entries())


def test_the_old_pin_the_new_one_and_again_and_the_card_has_it(hall, screen):
    holder = begin(screen)
    screen.sees("请输入新密码", "不要用生日")
    types(screen, NEW)
    screen.sees("请再输一次新密码", "先别取卡")
    types(screen, NEW)
    screen.sees("密码改好了", "银行密码没有变")
    change = change_of(hall)
    assert (change.old, change.new) == (b"", b"")
    assert [entry["rule_asked"] for entry in happened(hall, "pin_changed")] == [True]
    assert NEW not in journal_text(hall)
    assert holder.card.pin not in [entry.get("pin") for entry in happened(hall, "pin_changed")]
    screen.press("回到首页")
    assert takes(hall, NEW)
    assert not takes(hall, holder.card.pin)


def test_what_is_easily_guessed_is_refused_in_words_and_another_may_be_chosen(hall, screen):
    holder = begin(screen)
    assert holder.card.pin == "135790"
    before = hall.reader.card.answered
    refusals = {
        "135790": "K-160", "888888": "K-161", "222222": "K-162", "345678": "K-162", holder.number[8:14]: "K-163",
        "": "K-123", "12a456": "K-123",
    }  # fmt: skip
    for chosen, code in refusals.items():
        types(screen, chosen)
        screen.sees("请输入新密码", code)
    assert hall.reader.card.answered == before, "nothing was sent"
    assert [entry["why"] for entry in happened(hall, "pin_change_refused")] == list(refusals.values())
    types(screen, NEW)
    types(screen, NEW)
    screen.sees("密码改好了")


def test_two_that_differ_change_nothing_and_both_are_forgotten(hall, screen):
    holder = begin(screen)
    types(screen, NEW)
    held = change_of(hall).new
    types(screen, "530218")
    screen.sees("请输入新密码", "两次输入的新密码不一样", "K-129")
    assert held == bytes(6)
    assert happened(hall, "pin_changed") == []
    assert takes(hall, holder.card.pin)


def test_a_wrong_old_pin_is_counted_by_the_card_and_the_last_try_asked_for(hall, screen):
    screen.insert_card("李伟")
    screen.press("修改社保卡密码")
    types(screen, "000000")
    screen.sees("请输入现在的密码", "还可以试 2 次")
    types(screen, "000000")
    screen.sees("只剩 1 次，还要试吗", "请找工作人员")
    screen.send("/services/card_pin/", pin="000000")
    assert hall.reader.card.tries_left == 1, "not without being asked"
    screen.press("再试一次")
    types(screen, "000000")
    screen.sees("K-121", "卡已锁住")
    assert change_of(hall).old == b""


def test_an_initial_pin_leads_to_the_counter_here_and_at_a_service(hall, screen):
    holder = screen.insert_card("还在用初始密码")
    screen.press("修改社保卡密码")
    types(screen, holder.card.pin)
    screen.sees("这还是出厂密码", "请到窗口先改密码", "K-122")
    assert change_of(hall).old == b""
    screen.visit("/services/insurance_query/")
    screen.enter_pin(holder.card.pin)
    screen.sees("这还是出厂密码", "请到窗口先改密码", "K-122")
    assert served(hall).assurance is Assurance.CARD


@pytest.mark.parametrize("step", ["new", "again", "done"])
def test_no_step_can_be_reached_past_the_old_pin(hall, screen, step):
    screen.insert_card("李伟")
    screen.visit(f"/services/card_pin/{step}")
    screen.sees("请输入现在的密码")


@pytest.mark.parametrize("step", ["new", "again"])
def test_nothing_is_sent_past_the_old_pin(hall, screen, step):
    screen.insert_card("李伟")
    before = hall.reader.card.answered
    screen.visit("/services/card_pin/")
    screen.send(f"/services/card_pin/{step}", pin=NEW)
    screen.sees("请输入现在的密码")
    assert hall.reader.card.answered == before


def test_the_button_pressed_twice_changes_once(hall, screen):
    begin(screen)
    types(screen, NEW)
    types(screen, NEW)
    screen.send("/services/card_pin/again", pin=NEW)
    screen.sees("密码改好了")
    assert len(happened(hall, "pin_changed")) == 1


@pytest.mark.parametrize("steps", [0, 1, 2, 3])
def test_pulled_at_any_step_the_card_keeps_its_pin_or_has_the_new_one_and_no_digit_stays(hall, screen, steps):
    holder, card = screen.insert_card("李伟"), hall.reader.card
    screen.press("修改社保卡密码")
    for words in (holder.card.pin, NEW, NEW)[:steps]:
        types(screen, words)
    change = change_of(hall)
    held = (change.old, change.new)
    screen.remove_card()
    screen.sees("请插入社会保障卡")
    assert all(not any(one) for one in held), "overwritten"
    assert (change.old, change.new) == (b"", b"")
    screen.send("/services/card_pin/again", pin=NEW)
    assert not card.verified
    put_in(hall, card)
    screen.follow()
    assert takes(hall, NEW if steps == 3 else holder.card.pin)
    screen.visit("/services/card_pin/new")
    screen.sees("请输入现在的密码")


def test_what_this_machine_knows_of_me_names_and_wipes_a_pin_on_its_way(hall, screen):
    begin(screen)
    old = change_of(hall).old
    screen.visit("/mine")
    screen.sees("正在改的密码")
    screen.press("现在清掉")
    assert not any(old)
    screen.visit("/services/card_pin/new")
    screen.sees("请输入现在的密码")


def test_while_the_county_is_cut_the_card_is_changed_all_the_same(hall, screen):
    hall.cut()
    begin(screen)
    types(screen, NEW)
    types(screen, NEW)
    screen.sees("密码改好了")
    assert takes(hall, NEW)
