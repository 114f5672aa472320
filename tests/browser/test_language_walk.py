"""Every resident screen in every language of the machine: said whole, nothing cut off, mirrored where it must be."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest

from kiosk.screens.places import place_of
from kiosk.states import ModesChosen, Serving, Visiting, modes_of
from tests.browser import tour
from tests.browser.axe import findings
from tests.browser.legibility import too_hard
from tests.browser_screen import LANDSCAPE, PORTRAIT, BrowserScreen

HAN_ON_SCREEN = """() => {
  const walker = document.createTreeWalker(document.querySelector('#page'), NodeFilter.SHOW_TEXT), found = [];
  for (let node; (node = walker.nextNode());) {
    const owner = node.parentElement;
    const said = node.data.replace(/"[^"]*"/g, '').trim(); // in quotation marks stands what somebody typed
    if (!/[\\u3400-\\u9fff]/.test(said) || owner.closest('[lang]').lang === 'zh-CN') continue;
    if (owner.checkVisibility() && !owner.closest('.logo, .stage')) found.push(said);
  }
  return found;
}"""
OPENED_BY_TYPING = ("jobs-keyboard", "jobs-writing", "jobs-digits")
"""A page in another language is another page: the keyboard is not on it any more. It has a test of its own below."""
LARGE = """() => {
  document.querySelector('#page').dataset.text = 'large';
  dispatchEvent(new Event('resize'));
}"""
PICTURES = os.environ.get("PICTURES", "")
"""A folder: each screen is put there, to be looked at."""


def turned(screen, tag):
    """The page as it stands, in another language."""
    desk, here = screen.hall.machine.desk, screen.tab.url
    state = desk.handle(ModesChosen(replace(modes_of(desk.state), language=tag)))
    if not isinstance(state, Serving | Visiting) or not here.endswith(place_of(state)) or place_of(state) == "/":
        screen.tab.goto(here)  # elsewhere the window asks for the page anew by itself
    screen.tab.wait_for_selector(f'#page[lang="{tag}"]', timeout=60_000)
    screen.settle()


def picture(screen, name):
    if PICTURES:
        screen.tab.screenshot(path=Path(PICTURES) / f"{name}.png")


def wrong_in_english(screen, stop):
    """What is too hard, cut off or not said."""
    turned(screen, "en")
    found = [f"not in English: {words}" for words in screen.tab.evaluate(HAN_ON_SCREEN)]
    found += [one for one in findings(screen.tab) if "obscured" not in one]  # a row of a list under the row of buttons
    for shape, (width, height) in {"portrait": PORTRAIT, "landscape": LANDSCAPE}.items():
        screen.tab.set_viewport_size({"width": width, "height": height})
        found += [f"{shape}: {one}" for one in too_hard(screen.tab)]
        picture(screen, f"{stop}-en-{shape}")
    screen.tab.set_viewport_size({"width": PORTRAIT[0], "height": PORTRAIT[1]})
    screen.tab.evaluate(LARGE)
    found += [f"large: {one}" for one in too_hard(screen.tab, elder=True)]
    picture(screen, f"{stop}-en-large")
    return found


def wrong_in_uyghur(screen, stop):
    """The same; what it does not say is in Chinese."""
    turned(screen, "ug")
    picture(screen, f"{stop}-ug")
    return too_hard(screen.tab)


@pytest.mark.timeout(400)
@pytest.mark.parametrize("walk", tour.WALKS)
def test_every_screen_fits_and_is_whole_in_every_language(hall, window, watch, walk):
    watch.forgive("/nowhere", "AudioContext")  # loaded anew by the test, without a finger
    screen = BrowserScreen(hall, window())
    wrong = []
    for stop in tour.walk(screen, tour.WALKS[walk]):
        if stop in OPENED_BY_TYPING:
            continue
        wrong += [f"{stop}: {one}" for one in wrong_in_english(screen, stop) + wrong_in_uyghur(screen, stop)]
        turned(screen, "zh-CN")
    wrong += [f"missing: {text}" for text in hall.machine.languages.words_of("en").missing]
    assert wrong == [], "\n".join(wrong)


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
