"""Every screen of the resident face, walked at every shape: an elder can read it, reach it and leave it in any mode."""

from __future__ import annotations

import pytest

from tests.browser import tour
from tests.browser.legibility import too_hard
from tests.browser_screen import BrowserScreen

SHAPES = {(1080, 1920): 1.0, (1920, 1080): 1.0, (1280, 800): 800 * 0.298 / 100 / 3.2143}
"""Panels, and how much smaller than in millimetres everything stands there: 1280 x 800 has too few pixels for a 27-inch
panel's letters, and shrinks all of it evenly (static/tokens.css, --u)."""
PUT = """(modes) => {
  Object.assign(document.querySelector('#page').dataset, modes);
  dispatchEvent(new Event('resize'));
}"""
MODES = [
    {"text": "normal", "reach": "normal"}, {"text": "large", "reach": "normal"}, {"text": "normal", "reach": "low"},
    {"text": "large", "reach": "low"},
]  # fmt: skip


def hard_to_use(screen):
    """What is wrong with the page on any panel, in any letters, with its controls anywhere."""
    hard = []
    for (width, height), scale in SHAPES.items():
        screen.tab.set_viewport_size({"width": width, "height": height})
        for modes in MODES:
            screen.tab.evaluate(PUT, modes)
            elder, low = modes["text"] == "large", modes["reach"] == "low"
            found = too_hard(screen.tab, elder=elder, low=low, scale=scale)
            hard += [f"{width} x {height} {' '.join(modes.values())}: {wrong}" for wrong in found]
    screen.tab.set_viewport_size({"width": 1080, "height": 1920})
    screen.tab.evaluate(PUT, MODES[0])
    return hard


@pytest.mark.parametrize("walk", tour.WALKS)
def test_an_elder_can_read_reach_and_leave_every_screen(hall, window, watch, walk):
    watch.forgive("/nowhere")
    screen = BrowserScreen(hall, window())
    hard = {stop: hard_to_use(screen) for stop in tour.walk(screen, tour.WALKS[walk])}
    assert "\n".join(f"{stop}: {wrong}" for stop, found in hard.items() for wrong in found) == ""


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


BROKEN = """() => {
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
  main.append(pair);
}"""


def test_the_measure_finds_what_is_wrong(screen):
    assert too_hard(screen.tab) == []
    screen.tab.evaluate(BROKEN)
    found = " ".join(too_hard(screen.tab))
    for wrong in ("target 小", "leaves the screen sideways", "2 titles", "scrolls sideways", "小 and 近"):
        assert wrong in found
