"""PINs typed on a pad that faces the resident: at the kiosk whose line asks for it, and at the counter."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from devices.card.simulated_pad import PadAct
from kiosk.card_errors import PadOpen
from kiosk.identity import Assurance
from kiosk.screens.dock_words import PAD_WORDS
from tests.dock import Dock
from tests.hall import LOCALITY, eventually

CLERK = {"account": "clerk", "password": "chuangkou-shili-2026"}
WITH_PAD = {"card": "simulated:?pad=yes"}
SECRET = "/services/trial/secret"
WHERE_IT_LEADS = {
    PadAct.CANCEL: "按了取消", PadAct.SHORT: "密码是 6 位数字", PadAct.WRONG: "还可以试 2 次", PadAct.BROKEN: "K-118",
    PadAct.RIGHT: "的秘密",
}  # fmt: skip


def entries(hall, what):
    told = [json.loads(entry.text) for entry in hall.machine.journal.entries()]
    return [entry for entry in told if entry["what"] == what]


class Resident:
    """Somebody at a screen with keys beside it."""

    def __init__(self, trial):
        self.hall = trial.hall
        self.screen = trial.screen

    @property
    def pad(self):
        return self.hall.reader.pad

    @property
    def tries_left(self):
        return self.hall.reader.card.tries_left

    @property
    def assurance(self):
        return self.hall.machine.desk.state.session.assurance

    def asked(self):
        """The pad is lit."""
        eventually(lambda: self.pad.waiting, 8, "the pad waits for keys")

    def presses(self, words):
        """Type on the pad; the screen follows."""
        self.asked()
        self.pad.press(words)
        eventually(lambda: not self.pad.waiting, 8, "the pad took the keys")


@pytest.fixture
def at_kiosk(open_hall, trial_in):
    resident = Resident(trial_in(open_hall(devices=WITH_PAD)))
    resident.holder = resident.screen.insert_card("李伟")
    return resident


@pytest.fixture
def at_counter(open_hall, trial_in):
    resident = Resident(trial_in(open_hall(devices=WITH_PAD, kiosk={"mode": "counter"})))
    resident.screen.visit("/")
    resident.screen.press("登录", **CLERK)
    resident.holder = resident.screen.insert_card("李伟")
    return resident


def test_at_the_counter_the_resident_types_on_the_pad_and_the_clerk_sees_nothing(at_counter):
    screen = at_counter.screen
    screen.visit(SECRET)
    assert screen.path.startswith("/pin/pad/")
    screen.sees("请居民在密码键盘上输入密码", "窗口确认")
    assert not any("pin" in form.fields for form in screen.page.forms)
    screen.press("开始输入")
    screen.sees("请居民在密码键盘上输入密码", "按确认键", "取消键")
    at_counter.presses(at_counter.holder.card.pin)
    screen.sees_soon(at_counter.holder.number)
    assert at_counter.assurance is Assurance.PIN
    accepted = entries(at_counter.hall, "pin_accepted")
    assert [(entry["on_pad"], entry["initial_checked"]) for entry in accepted] == [(True, False)]


def test_at_the_counter_the_clerk_may_still_witness(at_counter):
    screen = at_counter.screen
    screen.visit(SECRET)
    screen.press("窗口确认")
    screen.press("确认本人")
    screen.sees(at_counter.holder.number)
    assert at_counter.assurance is Assurance.WITNESSED


def test_nothing_else_is_done_with_the_card_while_the_pad_waits(at_counter):
    screen = at_counter.screen
    screen.visit(SECRET)
    screen.press("开始输入")
    at_counter.asked()
    screen.press("返回")
    assert screen.path == "/"
    screen.visit(f"/counter/witness?next={SECRET}")
    screen.press("确认本人")
    screen.sees(PadOpen.code, "取消键")
    assert at_counter.assurance is Assurance.CARD
    at_counter.presses("cancel")
    eventually(lambda: entries(at_counter.hall, "pin_refused"), 8)
    screen.visit(f"/counter/witness?next={SECRET}")
    screen.press("确认本人")
    screen.sees(at_counter.holder.number)


def test_a_wrong_pin_on_the_pad_is_told_and_the_last_try_is_asked_for(at_kiosk):
    screen = at_kiosk.screen
    screen.visit(SECRET)
    screen.sees("请在密码键盘上输入密码")
    screen.does_not_see("居民", "窗口确认")
    screen.press("开始输入")
    at_kiosk.presses("000000")
    screen.sees_soon("密码不对", "还可以试 2 次")
    screen.press("再输一次")
    screen.sees("还可以试 2 次")
    at_kiosk.presses("000000")
    screen.sees_soon("只剩 1 次，还要试吗")
    screen.send("/pin/pad/")
    assert not at_kiosk.pad.waiting, "nothing is asked of the card that was not asked of the resident"
    screen.press("再试一次")
    screen.sees("只剩 1 次")
    screen.press("再输一次")
    at_kiosk.presses("000000")
    screen.sees_soon("K-121", "卡已锁住")
    assert at_kiosk.tries_left == 0
    assert [entry["why"] for entry in entries(at_kiosk.hall, "pin_refused")] == ["wrong", "wrong", "blocked"]


@pytest.mark.parametrize(
    ("words", "said", "code"), [("cancel", "按了取消", "K-127"), ("12345", "密码是 6 位数字", "K-123")]
)
def test_what_happens_at_the_keys_costs_nothing_and_leads_back_one_step(at_kiosk, words, said, code):
    screen = at_kiosk.screen
    screen.visit(SECRET)
    screen.press("开始输入")
    at_kiosk.presses(words)
    screen.sees_soon(said, "再输一次")
    assert at_kiosk.tries_left == 3
    assert [entry["why"] for entry in entries(at_kiosk.hall, "pin_refused")] == [code]
    screen.press("再输一次")
    at_kiosk.presses(at_kiosk.holder.card.pin)
    screen.sees_soon(at_kiosk.holder.number)


def test_nobody_types_and_the_pad_gives_up(at_kiosk):
    at_kiosk.pad.seconds = 0.3
    screen = at_kiosk.screen
    screen.visit(SECRET)
    screen.press("开始输入")
    screen.sees_soon("没有等到密码", "再输一次")
    assert at_kiosk.assurance is Assurance.CARD


def test_a_pin_typed_after_turning_away_raises_nobody(at_kiosk):
    screen = at_kiosk.screen
    screen.visit(SECRET)
    screen.press("开始输入")
    at_kiosk.asked()
    screen.press("返回")
    at_kiosk.presses(at_kiosk.holder.card.pin)
    eventually(lambda: entries(at_kiosk.hall, "pin_accepted"), 8)
    assert at_kiosk.assurance is Assurance.CARD
    screen.visit(SECRET)
    screen.sees("开始输入")


def test_coming_back_to_a_pad_that_still_waits_goes_on(at_kiosk):
    screen = at_kiosk.screen
    screen.visit(SECRET)
    screen.press("开始输入")
    at_kiosk.asked()
    screen.press("返回")
    screen.visit(SECRET)
    screen.press("开始输入")
    at_kiosk.presses(at_kiosk.holder.card.pin)
    screen.sees_soon(at_kiosk.holder.number)


def test_a_card_pulled_while_the_pad_waits_ends_the_session_and_the_next_is_served(at_kiosk):
    screen = at_kiosk.screen
    screen.visit(SECRET)
    screen.press("开始输入")
    at_kiosk.asked()
    screen.remove_card()
    screen.sees("请插入社会保障卡")
    holder = screen.insert_card("王秀英")
    screen.visit(SECRET)
    screen.press("开始输入")
    at_kiosk.presses(holder.card.pin)
    screen.sees_soon(holder.number)


def test_no_pin_typed_on_the_screen_is_sent_where_the_reader_has_a_pad(at_kiosk):
    answered = at_kiosk.hall.reader.card.answered
    at_kiosk.screen.visit("/pin?next=/")
    at_kiosk.screen.sees("密码键盘")
    at_kiosk.screen.send("/pin?next=/", pin=at_kiosk.holder.card.pin)
    at_kiosk.screen.sees("密码键盘")
    assert at_kiosk.hall.reader.card.answered == answered


def test_a_reader_without_keys_has_no_such_page(screen):
    screen.insert_card("李伟")
    for ask in (lambda: screen.visit("/pin/pad/"), lambda: screen.send("/pin/pad/")):
        ask()
        screen.sees("K-505")


def test_an_unproven_card_is_asked_on_the_pad_only_as_often_as_on_the_screen(open_hall, trial_in, tmp_path):
    text = (Path(LOCALITY) / "locality.toml").read_text(encoding="utf-8")
    text = re.sub(r"(?m)^unproven_pins_per_hour = .*$", "unproven_pins_per_hour = 1", text)
    (tmp_path / "locality.toml").write_text(text, "utf-8")
    resident = Resident(trial_in(open_hall(devices=WITH_PAD, kiosk={"locality": str(tmp_path)})))
    resident.screen.insert_card("李伟")
    resident.screen.visit(SECRET)
    resident.screen.press("开始输入")
    resident.presses("cancel")
    resident.screen.sees_soon("按了取消")
    resident.screen.press("再输一次")
    resident.screen.sees("K-125")
    assert not resident.pad.waiting


class TestDock:
    """The keys of a pad that is not there."""

    @pytest.fixture
    def dock(self, at_kiosk):
        return Dock(at_kiosk.hall)

    def test_every_act_at_the_keys_has_its_button_and_leads_somewhere(self, at_kiosk, dock):
        assert set(PAD_WORDS) == set(PadAct)
        screen, led = at_kiosk.screen, {}
        for act in (PadAct.CANCEL, PadAct.SHORT, PadAct.WRONG, PadAct.BROKEN, PadAct.RIGHT):
            screen.visit(SECRET)
            screen.press("再输一次" if "再输一次" in screen.buttons() else "开始输入")
            at_kiosk.asked()
            dock.visit("/dock/")
            dock.sees("键盘在等输入")
            dock.press(PAD_WORDS[act])
            dock.sees(f"密码键盘：{PAD_WORDS[act]}")
            eventually(lambda: not at_kiosk.pad.waiting, 8)
            screen.sees_soon(WHERE_IT_LEADS[act])
            led[act] = screen.page.text
        assert at_kiosk.holder.number in led[PadAct.RIGHT]

    def test_keys_that_nobody_waits_for_are_refused(self, at_kiosk, dock):
        dock.send("/dock/pad", act="right")
        dock.sees("密码键盘没有在等输入")

    def test_a_reader_without_keys_shows_none(self, screen, hall):
        dock = Dock(hall)
        dock.does_not_see("密码键盘")
        dock.send("/dock/pad", act="right")
        dock.sees("读卡器没有密码键盘")
