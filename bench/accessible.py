"""axe-core over every resident screen × shape × mode × language: WCAG 2.2 A and AA, and text at 7 to 1."""

from __future__ import annotations

from itertools import product

from bench.figure import Figure
from bench.resident_walk import PUT, SHAPES, stops, walked
from tests.browser.axe import findings
from tests.browser_screen import BrowserScreen

USUAL = {"text": "normal", "contrast": "normal", "reach": "normal"}
MODES = [
    {"text": text, "contrast": contrast, "reach": reach}
    for text, contrast, reach in product(("normal", "large"), ("normal", "high"), ("normal", "low"))
]
LANGUAGES = ("en", "ug")
SPEAK = """async (language) => {
  const body = new URLSearchParams({ language, csrf_token: document.querySelector('[name=csrf_token]').value });
  const source = document.querySelector('footer [name=text]');
  if (!source || document.querySelector('#page .keyboard')) return false;  // a keyboard would be gone
  await window.htmx.ajax('POST', '/modes', { target: '#page', swap: 'outerHTML', select: '#page', source,
    values: { language, text: 'normal' } });
  return true;
}"""


def figures() -> list[Figure]:
    """One figure: how many findings."""
    tried, found = 0, list[str]()
    for shape in SHAPES:
        with walked(shape) as (hall, context):
            for stop, screen in stops(hall, context):
                for language, modes, wrong in states(screen):
                    tried += 1
                    found += [f"{stop} {shape} {language} {modes}: {one}" for one in wrong]
    for one in found[:40]:
        print(one)
    behind = (
        f"{tried} states of screens tried: {len(SHAPES)} shapes, {len(MODES)} modes, {1 + len(LANGUAGES)} languages"
    )
    return [Figure("axe-core 4.14.1: findings", len(found), "", 0, behind)]


def states(screen: BrowserScreen) -> list[tuple[str, str, list[str]]]:
    """The screen in every language and every mode, and what is wrong there."""
    seen = [("zh-CN", *one) for one in in_every_mode(screen)]
    for language in LANGUAGES:
        if screen.tab.evaluate(SPEAK, language):
            screen.settle()
            seen += [(language, *one) for one in in_every_mode(screen)]
    screen.tab.evaluate(SPEAK, "zh-CN")
    screen.settle()
    return seen


def in_every_mode(screen: BrowserScreen) -> list[tuple[str, list[str]]]:
    """Everything once; then what colours, sizes and places alone can break."""
    seen = [("usual", findings(screen.tab))]
    for modes in MODES:
        if modes != USUAL:
            screen.tab.evaluate(PUT, modes)
            seen.append((" ".join(modes.values()), findings(screen.tab, looks=True)))
    screen.tab.evaluate(PUT, USUAL)
    return seen
