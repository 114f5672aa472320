"""Typing at the screen: pinyin with candidates, handwriting, digits; nothing of it stays."""

from __future__ import annotations

import pytest

from tests.browser.legibility import too_hard
from tests.browser.typing_hand import TypingHand
from tests.browser_screen import BrowserScreen
from tests.handwritten import WRITTEN, character


@pytest.fixture
def hand(screen):
    screen.press("找工作")
    return TypingHand(screen)


def test_letters_become_words_of_the_hall_and_then_posts(screen, hand):
    hand.open()
    hand.spell("fwy")
    hand.choose("服务员")
    assert hand.text == "服务员"
    hand.press("找")
    screen.waits_for(lambda: hand.keys.count() == 0)
    assert hand.text == "服务员"
    assert all("服务员" in words for words in screen.page.locator("a.choice").all_inner_texts())


@pytest.mark.parametrize("shape", ["portrait", "landscape"])
def test_the_keys_fit_the_panel_in_letters_of_both_sizes(hall, window, shape):
    screen = BrowserScreen(hall, window(shape))
    screen.press("找工作")
    hand = TypingHand(screen)
    hand.open()
    for tab in ("拼音", "手写", "数字"):
        hand.press(tab)
        for text in ("normal", "large"):
            screen.tab.evaluate(SIZE, text)
            assert too_hard(screen.tab, elder=text == "large") == [], (tab, text)
            assert screen.tab.evaluate(OFF_SCREEN) == [], (tab, text)


def test_low_down_the_keys_stand_in_the_lower_half(screen, hand):
    screen.press("低位")
    screen.page.and_(screen.tab.locator("[data-reach=low]")).wait_for()
    for tab in ("拼音", "手写", "数字"):
        hand.open(tab)
        assert too_hard(screen.tab, low=True) == [], tab


SIZE = "(size) => { document.querySelector('#page').dataset.text = size; dispatchEvent(new Event('resize')); }"
OFF_SCREEN = """() => {
  const row = document.querySelector('#page .actions').getBoundingClientRect();
  const bottom = row.height ? row.top : document.querySelector('#page main').getBoundingClientRect().bottom;
  return [...document.querySelectorAll('.keyboard button, .keyboard canvas')].filter((key) => key.checkVisibility()
    && key.getBoundingClientRect().bottom > bottom + 1).map((key) => key.innerText || key.tagName);
}"""


def test_a_character_is_written_and_chosen_and_the_next_one_begins_on_an_empty_field(screen, hand):
    hand.open("手写")
    hand.write(character(WRITTEN["电"]))
    hand.choose("电")
    hand.write(character(WRITTEN["工"]))
    hand.choose("工")
    assert hand.text == "电工"
    assert hand.offered == []
    hand.press("删")
    screen.waits_for(lambda: hand.text == "电")


def test_strokes_are_taken_back_one_by_one_and_all_at_once(screen, hand):
    hand.open("手写")
    hand.write(character(WRITTEN["土"])[:2])
    screen.waits_for(lambda: "十" in hand.offered)
    hand.write(character(WRITTEN["土"])[2:])
    screen.waits_for(lambda: "土" in hand.offered)
    hand.press("删")
    screen.waits_for(lambda: "十" in hand.offered and "土" not in hand.offered[:1])
    hand.press("重写")
    screen.waits_for(lambda: hand.offered == [])
    assert hand.text == ""


def test_letters_that_became_no_characters_are_looked_for_as_they_are(screen, hand):
    hand.open()
    hand.spell("fwy")
    screen.press("找")
    screen.waits_for(lambda: hand.keys.count() == 0)
    assert hand.text == "fwy"
    assert all("服务员" in words for words in screen.page.locator("a.choice").all_inner_texts())


def test_digits_blank_and_taking_back(screen, hand):
    hand.open("数字")
    for key in ("1", "2", "X", "空格", "3", "删", "删"):
        hand.press(key)
    assert hand.text == "12X"
    hand.press("收起")
    assert hand.keys.count() == 0
    assert hand.text == "12X", "what was typed stays in the field until it is looked for"


def test_a_field_for_a_number_opens_on_digits_with_the_x_an_id_number_may_end_in(screen, hand):
    screen.tab.evaluate("document.querySelector('.keyboard-place').dataset.keyboardKind = 'number'")
    hand.open()
    for key in "11010519491231002X":
        hand.press(key)
    assert hand.text == "11010519491231002X"


CLICK = "(key) => key.click()"
"""Fingers that turn faster than eight pages a second are taken for a broken panel (kiosk.js)."""


def test_the_pages_of_candidates_are_turned_to_the_rarest_character(screen, hand):
    hand.open()
    hand.spell("yi")
    screen.waits_for(lambda: "一" in hand.offered)
    seen = list(hand.offered)
    further, back = (hand.keys.locator(f"[data-kb-turn='{way}']") for way in ("1", "-1"))
    while further.is_enabled():
        further.evaluate(CLICK)
        screen.waits_for(lambda seen=seen: hand.offered[0] not in seen)
        seen += hand.offered
    assert len(seen) == len(set(seen))
    assert len(seen) > 60
    while back.is_enabled():
        back.evaluate(CLICK)
    assert hand.offered == seen[: len(hand.offered)]


def test_without_touch_enter_opens_the_keys_all_of_them_take_the_focus_and_escape_closes_them(screen, hand):
    """What the four keys make of them: tests/browser/keys_walk.py."""
    hand.field.focus()
    hand.field.press("Enter")
    hand.keys.wait_for()
    assert hand.keys.evaluate(UNREACHED) == []
    hand.field.press("Escape")
    assert hand.keys.count() == 0
    assert screen.path == "/services/job_board/", "the keys are gone, the page stays"


UNREACHED = """(keys) => [...keys.querySelectorAll('[data-kb-letter], [data-kb-tab], [data-kb-erase], [data-kb-send]')]
  .filter((key) => key.checkVisibility()).filter((key) => { key.focus(); return document.activeElement !== key; })
  .map((key) => key.innerText)"""


def test_the_keys_go_with_the_visit_and_nothing_of_them_is_there_for_the_next(screen, hand, watch):
    """Fields without memory, nothing in any storage, and the next one's keyboard is empty."""
    hand.open()
    hand.spell("liao")
    hand.choose("嘹")
    hand.spell("dg")
    screen.press("完成")
    screen.visit("/")
    screen.press("找工作")
    assert hand.text == ""
    hand.open()
    assert hand.offered == []
    assert hand.keys.locator("[data-kb-letters]").inner_text() == ""
    kept = screen.tab.evaluate(
        "async () => [localStorage.length, sessionStorage.length, (await indexedDB.databases()).length]"
    )
    assert kept == [0, 0, 0]
    assert hand.field.get_attribute("autocomplete") == "off"
    assert hand.field.get_attribute("inputmode") == "none", "no keyboard of the system"
    screen.does_not_see("嘹")


def test_ten_fingers_on_the_field_are_one_stroke(screen, hand):
    hand.open("手写")
    screen.tab.evaluate(TEN_FINGERS)
    screen.waits_for(lambda: hand.offered)
    hand.press("删")
    screen.waits_for(lambda: hand.offered == [])


TEN_FINGERS = """() => {
  const canvas = document.querySelector('.keyboard canvas'), box = canvas.getBoundingClientRect();
  canvas.setPointerCapture = () => undefined;  // these fingers are no real ones
  const say = (kind, finger, x) => canvas.dispatchEvent(new PointerEvent(kind, {
    bubbles: true, pointerId: finger, isPrimary: finger === 1, clientX: box.x + x, clientY: box.y + 90 }));
  for (const [kind, x] of [['pointerdown', 40], ['pointermove', 90], ['pointermove', 160], ['pointerup', 160]]) {
    for (let finger = 1; finger <= 10; finger += 1) say(kind, finger, x + 9 * finger);
  }
}"""
