"""The counter: the same services on a clerk's PC of 1366 x 768, with the keyboard alone."""

from __future__ import annotations

import json

import pytest

from kiosk.journal import Happening
from kiosk.states import Serving
from tests.browser_screen import BrowserScreen, LiveHall

FOCUSED = """() => {
  const here = document.activeElement;
  return (here.innerText || here.getAttribute('aria-label') || here.name || '').trim().replace(/\\s+/g, ' ');
}"""
SEEN = """() => {
  const here = document.activeElement, style = getComputedStyle(here);
  return here.matches(':focus-visible') && parseFloat(style.outlineWidth) >= 2;
}"""


class Counter(BrowserScreen):
    """A clerk who has no mouse."""

    def __init__(self, hall, context):
        super().__init__(hall, context)
        self.touch = False

    def key(self, *keys):
        for key in keys:
            self.tab.keyboard.press(key)

    def reach(self, words):
        """Tab to the link, button or field of these words; what has the focus can be seen."""
        for _ in range(60):
            self.key("Tab")
            if words in self.tab.evaluate(FOCUSED):
                assert self.tab.evaluate(SEEN), f"the focus on {words} cannot be seen"
                return
        raise AssertionError(f"{words!r} is not reached by Tab: {self.buttons()}")

    def press(self, words, **fields):
        for name, typed in fields.items():
            self.reach_field(name)
            self.tab.keyboard.type(typed)
        self.reach(words)
        self.key("Enter")
        self.settle()

    def reach_field(self, name):
        for _ in range(60):
            if self.tab.evaluate("() => document.activeElement.name") == name:
                return
            self.key("Tab")
        raise AssertionError(f"no field {name}")


@pytest.fixture(scope="module")
def shared_hall(tmp_path_factory, seeds):
    opened = LiveHall(tmp_path_factory.mktemp("counter"), seeds, kiosk={"mode": "counter"})
    yield opened
    opened.close()


@pytest.fixture
def counter(hall, window):
    return Counter(hall, window("monitor"))


def sign_in(counter):
    counter.sees("请窗口人员先登录")
    counter.press("登录", account="clerk", password="chuangkou-shili-2026")
    counter.sees("您想办什么事？", "没有插卡")


def witnesses(hall):
    """The accounts of the clerks who confirmed somebody, as the journal has them."""
    entries = [json.loads(link.text) for link in hall.machine.journal.entries()]
    return {entry["clerk"] for entry in entries if entry["what"] == Happening.WITNESS_CONFIRMED}


def test_nothing_is_shown_before_a_clerk_signed_in(counter):
    for path in ("/", "/services/job_board/", "/services/insurance_query/"):
        counter.visit(path)
        counter.sees("请窗口人员先登录")


def test_a_clerk_serves_all_three_by_keyboard_and_no_pin_is_typed(hall, counter):
    sign_in(counter)
    counter.press("找工作")
    counter.press("找", q="服务员")
    counter.sees("个岗位")
    counter.key("Escape")
    counter.settle()
    counter.insert_card("王秀英")
    counter.sees("正在为", "王", "办理，卡在机内")
    counter.visit("/")
    counter.press("参保信息查询")
    counter.sees("请确认是本人在办")
    counter.does_not_see("data-pad")
    counter.press("确认本人")
    counter.sees("数据截至")
    counter.visit("/")
    counter.press("养老待遇资格认证")
    counter.press("开始认证")
    counter.sees("还差最后一步")
    counter.press("提交认证")
    counter.sees("认证已通过", "编号")
    assert isinstance(hall.machine.desk.state, Serving)
    assert witnesses(hall) == {"clerk"}
    counter.remove_card()
    counter.sees("没有插卡")
    counter.does_not_see("王*", "认证已通过")


@pytest.mark.parametrize("path", ["/", "/services/job_board/", "/help"])
def test_a_page_of_the_counter_fits_its_monitor(counter, path):
    sign_in(counter)
    counter.visit(path)
    wide = counter.tab.evaluate("() => document.documentElement.scrollWidth")
    assert wide <= 1366
    least = counter.tab.evaluate(
        "() => Math.min(...[...document.querySelectorAll('#page *')].filter((one) => one.checkVisibility()"
        " && one.innerText).map((one) => parseFloat(getComputedStyle(one).fontSize)))"
    )
    assert least >= 16
