"""Every screen of the resident face, walked once: at every shape, in every mode and language an elder can read, reach
and leave it, and axe-core finds nothing. All of these multiplied with each other: `make bench` (bench/accessible.py).
"""

from __future__ import annotations

import pytest

from tests.browser import tour
from tests.browser.axe import OTHERS, findings, wrong_on
from tests.browser.legibility import HARDEST, MODES, hard_to_use, too_hard
from tests.browser.tongues import HAN_ON_SCREEN, turned, wrong_in_other_languages
from tests.browser_screen import BrowserScreen

AT_EVERY_RUN = ("desk", "insurance", "pension-result")
"""The walks of every `make test`, in the hardest modes; `make soak` and `make bench` (axe) do all of them."""


def asked(walk, thorough):
    """One walk, in the hardest modes or in every one."""
    marks = () if walk in AT_EVERY_RUN and not thorough else pytest.mark.soak
    return pytest.param(walk, thorough, marks=marks, id=f"{walk}-{'every' if thorough else 'hardest'}")


@pytest.mark.timeout(400)
@pytest.mark.parametrize(
    ("walk", "thorough"), [asked(walk, thorough) for walk in tour.WALKS for thorough in (False, True)]
)
def test_every_screen_can_be_read_reached_and_left_by_everybody(hall, window, watch, walk, thorough):
    """``hardest``: the modes between which all others lie; ``every`` one of them: `make soak`."""
    watch.forgive("/nowhere", "AudioContext")  # a page loaded anew by the test was touched by no finger
    screen, wrong = BrowserScreen(hall, window()), []
    for stop in tour.walk(screen, tour.WALKS[walk]):
        found = hard_to_use(screen.tab, MODES if thorough else HARDEST)
        found += wrong_on(screen.tab, OTHERS if thorough else OTHERS[:1])
        found += wrong_in_other_languages(screen, stop, thorough=thorough)
        wrong += [f"{stop}: {one}" for one in found]
    wrong += [f"missing: {text}" for text in hall.machine.languages.words_of("en").missing]
    assert wrong == [], "\n".join(wrong)


def test_low_reach_is_one_touch_away_and_really_moves_what_is_pressed(screen):
    assert any("too high" in wrong for wrong in too_hard(screen.tab, low=True))
    screen.press("低位")
    assert too_hard(screen.tab, low=True) == []
    screen.press("低位")
    assert any("too high" in wrong for wrong in too_hard(screen.tab, low=True))


def test_the_question_whether_somebody_is_there_covers_what_it_must_and_can_itself_be_reached(hall, window):
    screen = BrowserScreen(hall, window())
    screen.insert_card("李伟")
    tour.warning(screen)
    button = screen.page.locator("#still-there button")
    box = button.bounding_box()
    assert box is not None
    assert min(box["width"], box["height"]) >= 64
    screen.tap(button)
    assert screen.page.locator("#still-there").is_hidden()


HARD = """() => {
  const main = document.querySelector('#page main');
  const small = document.createElement('a');
  small.href = '/'; small.textContent = '小'; small.className = 'tiny';
  main.prepend(small);
  const wide = document.createElement('p');
  wide.textContent = '长'.repeat(80); wide.style.width = '1500px';
  main.append(wide);
  main.append(document.createElement('h1'));
  const close = small.cloneNode(true);
  close.textContent = '近';
  const pair = document.createElement('div');
  pair.append(small.cloneNode(true), ' ', close);
  main.prepend(pair);
}"""


def test_the_measure_finds_what_is_wrong(screen):
    assert too_hard(screen.tab) == []
    screen.tab.evaluate(HARD)
    found = " ".join(too_hard(screen.tab))
    for wrong in ("target 小", "leaves the screen sideways", "2 titles", "scrolls sideways", "小 and 近"):
        assert wrong in found


def test_every_part_in_every_state_is_without_findings(hall, window):
    screen = BrowserScreen(hall, window())
    for query in ("", "?contrast=high", "?text=large"):
        screen.tab.goto(f"{screen.base}/dock/parts{query}")
        assert findings(screen.tab) == []


PALE = """() => {
  const main = document.querySelector('#page main');
  main.insertAdjacentHTML('beforeend', '<img src="/static/icons/kiosk.svg"><button></button>');
  const pale = document.createElement('p');
  pale.className = 'note wait';
  pale.textContent = '看不清';
  pale.style.color = '#aaaaaa';
  main.prepend(pale);
}"""


def test_axe_finds_what_is_wrong(screen, watch):
    watch.forgive("Content Security Policy", "style")
    assert findings(screen.tab) == []
    screen.tab.evaluate(PALE)
    found = " ".join(findings(screen.tab))
    for rule in ("image-alt", "button-name", "color-contrast", "color-contrast-enhanced"):
        assert rule in found


def test_the_keyboard_speaks_the_language_of_its_page(screen):
    screen.press("找工作")
    turned(screen, "en")
    screen.tap(screen.page.locator("input[name=q]"))
    screen.page.locator("[data-kb-letter=g]").wait_for()
    assert screen.tab.evaluate(HAN_ON_SCREEN) == []
    assert too_hard(screen.tab) == []
    screen.press("Handwriting")
    screen.page.locator(".keyboard canvas").wait_for()
    assert screen.tab.evaluate(HAN_ON_SCREEN) == []
    assert too_hard(screen.tab) == []


def test_digits_stand_in_their_own_order_on_a_page_from_right_to_left(hall, window):
    screen = BrowserScreen(hall, window())
    screen.insert_card("李伟")
    screen.visit("/pin?next=/")
    turned(screen, "ug")
    places = [screen.tab.locator(f'[data-digit="{digit}"]').bounding_box()["x"] for digit in "123"]
    assert places == sorted(places)
    assert screen.tab.evaluate("getComputedStyle(document.querySelector('#page')).direction") == "rtl"


def test_the_whole_document_says_its_language(screen):
    screen.press("语言")
    screen.press("English")
    screen.tab.wait_for_selector('html[lang="en"]')
    screen.press("Language")
    screen.press("ئۇيغۇرچە")
    screen.tab.wait_for_selector('html[lang="ug"][dir="rtl"]')
