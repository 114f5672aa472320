"""axe-core over every resident screen and mode, and the ring that shows where the keys are.

Marks and words once a screen; colours, sizes and places again in every mode. All shapes and languages: `make bench`.
"""

from __future__ import annotations

import pytest

from kiosk.theme import contrast
from tests.browser import tour
from tests.browser.axe import findings
from tests.browser_screen import BrowserScreen

PUT = "(modes) => Object.assign(document.querySelector('#page').dataset, modes)"
USUAL = {"text": "normal", "contrast": "normal", "reach": "normal"}
OTHERS = [{"contrast": "high"}, {"text": "large"}, {"text": "large", "contrast": "high", "reach": "low"}]
RINGS = """() => [...document.querySelectorAll('#page :is(a, button, input:not([type=hidden]))')]
  .filter((node) => !node.disabled && node.tabIndex >= 0 && node.checkVisibility({ visibilityProperty: true }))
  .map((node) => {
    node.focus({ focusVisible: true, preventScroll: true });
    const { outlineStyle, outlineWidth, outlineColor } = getComputedStyle(node);
    let ground = node.parentElement, colour = 'rgba(0, 0, 0, 0)';
    while (ground && colour === 'rgba(0, 0, 0, 0)') {
      colour = getComputedStyle(ground).backgroundColor;
      ground = ground.parentElement;
    }
    const two = (part) => (+part).toString(16).padStart(2, '0');
    const hex = (rgb) => '#' + rgb.match(/\\d+/g).slice(0, 3).map(two).join('');
    return { name: node.innerText || node.name, style: outlineStyle, width: parseFloat(outlineWidth),
      ring: hex(outlineColor), ground: hex(colour) };
  })"""


def rings_hard_to_see(tab):
    """Everything that can be focused and whose ring is thin or pale."""
    return [
        f"ring of {one['name']}: {one['width']} px, {contrast(one['ring'], one['ground']):.1f} to 1"
        for one in tab.evaluate(RINGS)
        if one["style"] == "none" or one["width"] < 4 or contrast(one["ring"], one["ground"]) < 3
    ]


def wrong_on(screen):
    found = findings(screen.tab) + rings_hard_to_see(screen.tab)
    for modes in OTHERS:
        screen.tab.evaluate(PUT, USUAL | modes)
        found += [f"{modes}: {one}" for one in findings(screen.tab, looks=True) + rings_hard_to_see(screen.tab)]
    screen.tab.evaluate(PUT, USUAL)
    return found


@pytest.mark.parametrize("walk", tour.WALKS)
def test_axe_finds_nothing_on_any_screen_in_any_mode(hall, window, watch, walk):
    watch.forgive("/nowhere")
    screen = BrowserScreen(hall, window())
    wrong = {stop: wrong_on(screen) for stop in tour.walk(screen, tour.WALKS[walk])}
    assert "\n".join(f"{stop}: {one}" for stop, found in wrong.items() for one in found) == ""


def test_every_part_in_every_state_is_without_findings(hall, window):
    screen = BrowserScreen(hall, window())
    for query in ("", "?contrast=high", "?text=large"):
        screen.tab.goto(f"{screen.base}/dock/parts{query}")
        assert findings(screen.tab) == []


BROKEN = """() => {
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
    screen.tab.evaluate(BROKEN)
    found = " ".join(findings(screen.tab))
    for rule in ("image-alt", "button-name", "color-contrast", "color-contrast-enhanced"):
        assert rule in found
