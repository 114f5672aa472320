"""Without touch or sight: four keys reach every screen of the tour, all on it is said, and no key stays unanswered."""

from __future__ import annotations

import re
from io import BytesIO
from itertools import pairwise

import pytest
from PIL import Image

from kiosk.states import Serving, Visiting, modes_of
from kiosk.visit import Curtain, Keys, Modes
from tests.browser import tour
from tests.browser.keys_walk import BACK, CHOOSE, HELP, NEXT, KeyScreen
from tests.hall import eventually

PLACE = re.compile(r"第 (\d+) 项，共 (\d+) 项")
ROW = 40
"""Pixels by which two stops may differ and still stand side by side."""


@pytest.fixture
def keys(hall, window, watch) -> KeyScreen:
    watch.forgive(r"400 \(BAD REQUEST\).*/voice/say")  # nothing more is said of a page whose visit is over
    return KeyScreen(hall, window())


def modes(hall):
    return modes_of(hall.machine.desk.state)


def out_of_order(stops):
    """Neighbours in what scrolls of which the later stands above the earlier and not beside it."""
    inner = [stop for stop in stops if not stop["fixed"]]
    return [
        (one, other)
        for one, other in pairwise(inner)
        if other["top"] < one["top"] - ROW and other["left"] <= one["left"]
    ]


def wrong_for_the_ear(keys):
    """What somebody who only hears would miss or mistake on this page."""
    stops = keys.stops()
    wrong = [f"not said: {words}" for words in keys.unsaid()]
    wrong += [f"out of order: {pair}" for pair in out_of_order(stops)]
    wrong += ["a stop without a name"] * sum(not stop["named"] for stop in stops)
    heard = keys.heard()
    wrong += ["nothing is said of a stop"] * heard.count("")
    wrong += [f"said twice: {one}" for one, other in pairwise(heard) if one == other]
    places = [PLACE.search(said) for said in heard]
    told = [int(place[1]) for place in places if place]
    wrong += [] if told == sorted(told) else [f"miscounted: {told}"]
    return wrong


@pytest.mark.parametrize("walk", tour.WALKS)
def test_every_screen_is_reached_and_heard_by_four_keys(keys, watch, walk):
    watch.forgive("/nowhere")
    keys.begin()
    stops = tuple(stop for stop in tour.WALKS[walk] if stop[0] != "welcome")
    wrong = {stop: wrong_for_the_ear(keys) for stop in tour.walk(keys, stops) if stop != "reading"}
    assert {stop: found for stop, found in wrong.items() if found} == {}


def test_the_five_pictures_of_a_vacant_screen_give_way_to_the_first_key(keys):
    tour.welcome(keys)
    keys.begin()
    keys.hears("语音按键打开了")
    keys.sees("您想办什么事？")
    assert keys.tab.evaluate("() => hall.keys.on")


MUTE = """() => {
  const main = document.querySelector('#page main');
  main.insertAdjacentHTML('beforeend', '<p>同样的话</p><p>同样的话</p><p class="late">后面的话</p><button></button>');
  main.querySelector('.late').style.order = -1;
}"""


def test_the_check_finds_what_is_wrong(keys):
    keys.begin()
    assert wrong_for_the_ear(keys) == []
    keys.tab.evaluate(MUTE)
    found = " ".join(wrong_for_the_ear(keys))
    assert "out of order" in found
    assert "without a name" in found


def dark(keys):
    """The share of the picture that is nearly black."""
    counts = Image.open(BytesIO(keys.tab.screenshot())).convert("L").histogram()
    return sum(counts[:16]) / sum(counts)


def test_the_curtain_hides_every_page_until_a_finger_lifts_it_and_ends_with_the_visit(hall, keys):
    keys.begin()
    keys.insert_card("李伟")
    keys.tab.keyboard.down(HELP)
    keys.hears("屏幕遮住了，别人看不见")
    keys.tab.keyboard.up(HELP)
    assert dark(keys) > 0.97
    eventually(lambda: modes(hall).curtain == Curtain.ON)
    keys.press("找工作")
    keys.hears("找工作", "本页共")
    assert dark(keys) > 0.97
    keys.visit("/")  # a reload does not lift it
    assert dark(keys) > 0.97
    address = keys.tab.url
    keys.tab.touchscreen.tap(540, 1860)  # 叫工作人员 stands there, under the curtain
    keys.hears("屏幕打开了")
    assert dark(keys) < 0.5
    assert keys.tab.url == address
    keys.press("遮住屏幕")
    eventually(lambda: modes(hall).curtain == Curtain.ON)
    assert dark(keys) > 0.97
    keys.remove_card()
    eventually(lambda: modes(hall) == Modes())
    keys.waits_for(lambda: dark(keys) < 0.5)


def test_the_keys_end_with_the_visit_and_nothing_said_is_kept(hall, keys):
    keys.begin()
    keys.insert_card("李伟")
    keys.hears("李某，您想办什么事？")
    keys.remove_card()
    keys.hears("已经结束")
    assert modes(hall).keys == Keys.OFF
    assert "李" not in "".join(one["text"] for one in keys.log)
    assert not keys.tab.evaluate("() => hall.keys.on")
    assert "语音按键打开了" in keys.begin()  # the next one is told what the keys are


def test_the_end_of_a_page_and_what_cannot_be_chosen_are_said(keys):
    keys.begin()
    many = len(keys.stops())
    said = [keys.key(NEXT) for _ in range(many + 1)]
    assert any("到底了" in one for one in said)
    while "第 1 项" not in keys.last:
        keys.key(BACK)
    assert "这是第一项" in keys.key(BACK)
    assert "只能听" in keys.key(CHOOSE)


def test_the_question_whether_somebody_is_there_is_answered_by_any_key_and_nothing_else_happens(open_hall, window):
    hall = open_hall(session={"warn_seconds": 6.0, "end_seconds": 14.0, "form_end_seconds": 14.0})
    keys = KeyScreen(hall, window())
    keys.begin()
    keys.insert_card("李伟")
    keys.walk_to(keys.pressable("找工作"))
    bar = keys.tab.locator("#still-there")
    keys.waits_for(bar.is_visible)
    keys.hears("您还在吗？")
    assert "好的，请接着用" in keys.key(CHOOSE)
    keys.waits_for(bar.is_hidden)
    assert keys.path == "/"
    assert isinstance(hall.machine.desk.state, Serving)


OTHERS = ["a", "Z", "1", "Space", "Escape", "Home", "End", "PageDown", "F2", "F3", "F7", "F10", "Delete", "Insert"]
COMBINATIONS = ["a", "c", "f", "g", "p", "s", "u", "d", "h", "j", "o", "Enter", "ArrowRight", "F1"]


def test_another_keyboard_does_nothing_bad(hall, keys):
    keys.begin()
    for key in OTHERS:
        keys.tab.keyboard.press(key)
    for key in COMBINATIONS:
        for held in ("Control", "Alt", "Control+Shift"):
            keys.tab.keyboard.press(f"{held}+{key}")
    keys.settle()
    assert keys.path == "/"
    assert isinstance(hall.machine.desk.state, Visiting)
    assert keys.tab.evaluate("() => hall.keys.on")
    assert len(keys.context.pages) == 1
    first = keys.key("Tab")
    second = keys.key("Tab")
    assert PLACE.search(second)[1] == str(int(PLACE.search(first)[1]) + 1)
    assert keys.key("Shift+Tab") == first
    keys.tab.keyboard.press("F5")
    keys.settle()
    assert keys.path == "/"
    assert PLACE.search(keys.key(NEXT))


def test_held_down_a_key_is_one_press(keys):
    keys.begin()
    keys.press("找工作")
    keys.walk_to(keys.pressable("改条件"))
    seen = len(keys.log)
    for _ in range(20):
        keys.tab.keyboard.down(NEXT)
    keys.tab.keyboard.up(NEXT)
    keys.waits_for(lambda: len(keys.log) > seen)
    assert len(keys.log) == seen + 1


def test_a_finger_in_a_field_types_and_begins_nothing(keys, hall):
    keys.visit("/services/job_board/")
    keys.tab.locator("#page [name=q]").focus()
    keys.tab.keyboard.press("ArrowRight")
    assert not keys.tab.evaluate("() => hall.keys.on")


def test_a_keypad_that_sends_other_codes_is_named_in_the_settings(open_hall, window):
    hall = open_hall(keypad={"next": ("F13",), "back": ("F14",), "choose": ("F16",), "help": ("F17",)})
    keys = KeyScreen(hall, window())
    keys.tab.keyboard.press("ArrowRight")
    assert not keys.tab.evaluate("() => hall.keys.on")
    press(keys, "F13")
    keys.hears("语音按键打开了")
    eventually(lambda: modes(hall).keys == Keys.ON)
    keys.follow()
    press(keys, "F15")  # headphones
    while "找工作" not in keys.last:
        seen = keys.last
        press(keys, "F13")
        keys.waits_for(lambda seen=seen: keys.last != seen)
    press(keys, "F16")
    keys.sees("个岗位")
    assert isinstance(hall.machine.desk.state, Visiting)


def press(keys, code):
    """A key that playwright's keyboard does not know."""
    keys.tab.evaluate(
        "(code) => ['keydown', 'keyup'].forEach((kind) => document.body.dispatchEvent("
        "new KeyboardEvent(kind, { code, key: code, bubbles: true, cancelable: true })))",
        code,
    )


def test_headphones_put_in_begin_it_and_the_counter_has_no_keys(keys, open_hall, window):
    press(keys, "F15")
    keys.hears("语音按键打开了")
    counter = KeyScreen(open_hall(kiosk={"mode": "counter"}), window("monitor"))
    assert counter.tab.locator("meta[name=keypad]").count() == 0
    assert counter.tab.evaluate("() => window.hall?.keys === undefined")
    counter.context.close()  # before its hall
