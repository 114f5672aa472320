"""A page in the other languages of the machine: said whole, nothing cut off, mirrored where it must be."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

from kiosk.events import ModesChosen
from kiosk.screens.places import place_of
from kiosk.states import Serving, Visiting, modes_of
from tests.browser.legibility import too_hard
from tests.browser_screen import BrowserScreen

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


def turned(screen: BrowserScreen, tag: str) -> None:
    """The page as it stands, in another language."""
    desk, here = screen.hall.machine.desk, screen.tab.url
    state = desk.handle(ModesChosen(replace(modes_of(desk.state), language=tag)))
    if not isinstance(state, Serving | Visiting) or not here.endswith(place_of(state)) or place_of(state) == "/":
        screen.tab.goto(here)  # elsewhere the window asks for the page anew by itself
    screen.tab.wait_for_selector(f'#page[lang="{tag}"]', timeout=60_000)
    screen.settle()


def picture(screen: BrowserScreen, name: str) -> None:
    if PICTURES:
        screen.tab.screenshot(path=Path(PICTURES) / f"{name}.png")


def wrong_in_english(screen: BrowserScreen, stop: str, *, thorough: bool) -> list[str]:
    """What is too hard, cut off or not said, in letters of both sizes."""
    turned(screen, "en")
    found = [f"not in English: {words}" for words in screen.tab.evaluate(HAN_ON_SCREEN)]
    found += [f"en: {one}" for one in too_hard(screen.tab)]
    picture(screen, f"{stop}-en")
    if not thorough:
        return found
    screen.tab.evaluate(LARGE)
    found += [f"en large: {one}" for one in too_hard(screen.tab, elder=True)]
    picture(screen, f"{stop}-en-large")
    return found


def wrong_in_uyghur(screen: BrowserScreen, stop: str) -> list[str]:
    """The same; what it does not say is in Chinese."""
    turned(screen, "ug")
    picture(screen, f"{stop}-ug")
    return too_hard(screen.tab)


def wrong_in_other_languages(screen: BrowserScreen, stop: str, *, thorough: bool = True) -> list[str]:
    """What is wrong in English and in Uyghur; the page stands in Chinese afterwards."""
    if stop in OPENED_BY_TYPING:
        return []
    found = wrong_in_english(screen, stop, thorough=thorough) + wrong_in_uyghur(screen, stop)
    turned(screen, "zh-CN")
    return found
