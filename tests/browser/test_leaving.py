"""Leaving in real Chromium: the clock no dialog stops, the bar, the chime, five pictures, equal ways, shades."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest

from kiosk.states import CardLeft, Serving, Vacant, Visiting
from tests.browser.tour import welcome
from tests.browser_screen import BrowserScreen
from tests.hall import eventually

LONG = 40.0
LOOK = """(el) => {
  const style = getComputedStyle(el);
  return ["fontSize", "fontWeight", "color", "backgroundColor", "borderColor"].map((name) => style[name]);
}"""


@pytest.fixture
def rules(hall):
    """Change the rules of the desk; put back at the end. A request that is parked already waits by the old ones."""
    desk, before = hall.machine.desk, hall.machine.desk.rules

    def change(**other):
        desk.rules = replace(desk.rules, **other)

    yield change
    desk.rules = before


def over(hall):
    return not isinstance(hall.machine.desk.state, Serving | Visiting)


def keyboard(screen):
    screen.visit("/services/job_board/")
    screen.tap(screen.page.locator("input[name=q]"))


OPEN = {
    "pin": lambda screen: screen.visit("/pin?next=/"),
    "mine": lambda screen: screen.visit("/mine"),
    "language": lambda screen: screen.visit("/language"),
    "sound": lambda screen: screen.visit("/sound"),
    "keyboard": keyboard,
}


def test_no_page_dialog_or_keyboard_stops_the_clock(hall, screen, rules):
    """Each is left open, the warning over it, until the session ends by itself."""
    for name, go in OPEN.items():
        rules(warn=60.0, end=120.0, form_end=180.0, remind=3600.0)
        screen.insert_card("李伟")
        go(screen)
        rules(warn=0.5, end=1.5, form_end=1.5)
        began = hall.machine.desk.state.touched
        screen.sees("请取走您的卡", "很久没人点，已经替您结束了", seconds=LONG)
        state = hall.machine.desk.state
        assert isinstance(state, CardLeft), name
        assert state.since - began < LONG
        screen.does_not_see("李*")
        screen.remove_card()


def test_the_warning_has_words_a_number_and_a_bar_that_grows_shorter_and_a_tap_takes_it_away(hall, screen, rules):
    screen.insert_card("李伟")
    rules(warn=0.5, end=12.0, form_end=12.0)
    screen.visit("/")
    screen.sees("您还在吗？", "秒后自动结束", "我还在")
    bar = screen.page.locator("#still-there .left")

    def width():
        return bar.bounding_box()["width"]

    first = width()
    screen.waits_for(lambda: width() < first - 5)
    asked = screen.page.locator("#still-there [data-when=asks]")
    assert asked.is_visible()
    assert screen.page.locator("#still-there [data-when=last]").is_hidden()
    screen.tap(screen.page.locator("#still-there button"))
    rules(warn=60.0, end=120.0, form_end=180.0)
    screen.waits_for(lambda: screen.page.locator("#still-there").is_hidden())
    assert isinstance(hall.machine.desk.state, Serving)


def test_the_warning_is_said_aloud_where_the_sound_is_on(screen, rules):
    screen.insert_card("李伟")
    screen.visit("/sound")
    screen.press("读出来")
    screen.waits_for(lambda: screen.page.get_attribute("data-sound") == "on")
    rules(warn=0.5, end=12.0, form_end=12.0)
    screen.visit("/sound")
    screen.sees("您还在吗？")
    screen.waits_for(lambda: "您还在吗" in " ".join(screen.tab.evaluate("() => window.hall.asked")), LONG)


def test_the_end_of_the_longest_session_is_told_and_offers_no_button_that_would_do_nothing(screen, rules):
    screen.insert_card("李伟")
    rules(longest=50.0)
    screen.visit("/")
    screen.sees("时间快用完了", "再插一次卡")
    assert screen.page.locator("#still-there button").is_hidden()


def test_a_tap_in_the_countdowns_last_tenth_counts_or_the_session_is_over_with_words(hall, screen, rules):
    """Twice around the end, by the machine's own clock; whichever it is, window and machine agree."""
    for early in (0.1, 0.0):
        rules(warn=60.0, end=120.0, form_end=180.0, remind=3600.0)
        screen.insert_card("李伟")
        desk = hall.machine.desk
        rules(warn=0.5, end=6.0, form_end=6.0)
        screen.visit("/")
        screen.sees("您还在吗？")
        place = screen.page.locator("#still-there button").bounding_box()
        state = desk.state
        screen.tab.wait_for_timeout(max(0.0, (state.touched + 6.0 - early - desk.monotonic()) * 1000))
        screen.tab.touchscreen.tap(place["x"] + 20, place["y"] + 20)
        if not over(hall):
            rules(warn=60.0, end=120.0, form_end=180.0)
        screen.tab.wait_for_timeout(1500)
        if isinstance(desk.state, Serving):
            assert desk.state.touched > state.touched, "it counted"
            screen.waits_for(lambda: screen.page.locator("#still-there").is_hidden())
            screen.sees("李*")
        else:
            screen.sees("请取走您的卡", "很久没人点，已经替您结束了")
            screen.does_not_see("李*")
        hall.remove()
        screen.follow()


def test_the_card_is_called_for_with_a_chime_again_and_again(hall, screen, rules):
    screen.insert_card("李伟")
    screen.press("结束")
    screen.sees("请取走您的卡")
    assert screen.page.locator("svg.slot-picture").is_visible()
    box = screen.page.locator("svg.slot-picture use").bounding_box()
    assert min(box["width"], box["height"]) > 100, "the picture is drawn"
    screen.waits_for(lambda: screen.tab.evaluate("() => window.hall.chimes") == 1)
    rules(remind=2.0)
    screen.sees("一直不取，会请工作人员来保管")
    screen.waits_for(lambda: screen.tab.evaluate("() => window.hall.chimes") >= 2)
    screen.remove_card()
    screen.sees("办完了，请慢走")


@pytest.mark.parametrize("shape", ["portrait", "landscape"])
def test_five_pictures_stand_still_and_a_touch_anywhere_leads_home(hall, window, rules, shape):
    screen = BrowserScreen(hall, window(shape))
    welcome(screen)
    drawn = screen.page.locator(".pictures svg use")
    assert drawn.count() == 5
    boxes = [{"width": 0, "height": 0}]
    while min(min(box["width"], box["height"]) for box in boxes) <= 60:  # the drawings are a file of their own
        screen.tab.wait_for_timeout(50)
        boxes = [one.bounding_box() for one in drawn.all()]
    moving = screen.tab.evaluate("() => document.getAnimations().filter((one) => one.playState === 'running').length")
    assert moving == 0
    rules(attract=0.0)
    middle = boxes[1]
    screen.tab.touchscreen.tap(middle["x"] + 10, middle["y"] + 10)
    screen.sees("请插入社会保障卡", "您想办什么事？")
    assert isinstance(hall.machine.desk.state, Vacant)


def test_the_foot_stays_usable_on_the_pictures_and_a_key_leads_on(hall, screen, rules):
    welcome(screen)
    rules(attract=0.0)
    screen.press("大字")
    screen.waits_for(lambda: screen.page.get_attribute("data-text") == "large")
    assert isinstance(hall.machine.desk.state, Visiting)


@pytest.mark.parametrize("shape", ["portrait", "landscape"])
@pytest.mark.parametrize("size", ["normal", "large"])
def test_both_ways_to_be_recognised_are_of_one_size_and_look(hall, window, shape, size):
    screen = BrowserScreen(hall, window(shape))
    holder = screen.insert_card("郭仁富")
    screen.visit("/services/pension_verification/consent")
    screen.enter_pin(holder.card.pin)
    screen.sees("可以按指纹吗？")
    screen.tab.evaluate("(size) => { document.querySelector('#page').dataset.text = size; }", size)
    ways = [screen.page.locator("button", has_text=words) for words in ("不按，请工作人员", "同意，按指纹")]
    boxes = [way.bounding_box() for way in ways]
    assert boxes[0]["width"] == pytest.approx(boxes[1]["width"], abs=1)
    assert boxes[0]["height"] == pytest.approx(boxes[1]["height"], abs=1)
    looks = [way.evaluate(LOOK) for way in ways]
    assert looks[0] == looks[1]


def test_an_amount_is_seen_only_while_a_finger_rests_and_is_in_no_name_a_screen_reader_says(hall, screen):
    holder = screen.insert_card("李伟")
    screen.visit("/services/insurance_query/")
    screen.enter_pin(holder.card.pin)
    screen.open_first()
    shade = screen.page.locator("[data-amount]").first
    amount = shade.get_attribute("data-amount")
    assert amount
    assert amount not in screen.text
    names = screen.tab.locator("body").aria_snapshot()
    assert amount not in names
    shade.dispatch_event("pointerdown")
    assert amount in screen.text
    assert screen.page.get_by_role("button", name="金额已遮住，按住显示").first.get_attribute("data-amount") == amount
    hall.remove()
    screen.follow()
    assert amount not in screen.text
    assert amount not in screen.tab.content()


def test_ghost_touches_at_one_place_keep_no_session_alive(hall, screen, rules):
    screen.insert_card("李伟")
    for _ in range(14):
        screen.tab.touchscreen.tap(540, 1200)
    rules(warn=0.5, end=4.0, form_end=4.0, remind=3600.0)
    until = time.monotonic() + LONG
    while not over(hall) and time.monotonic() < until:
        screen.tab.touchscreen.tap(540, 1200)
        screen.tab.wait_for_timeout(60)
    eventually(lambda: over(hall), what="ghosts are nobody")
