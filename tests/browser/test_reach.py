"""Every screen of the resident face, walked at every shape: an elder can read it, reach it and leave it in any mode."""

from __future__ import annotations

import pytest

from tests.browser import tour
from tests.browser.legibility import too_hard
from tests.browser_screen import BrowserScreen

WALKS = {"desk": tour.DESK, "jobs": tour.JOBS, "insurance": tour.INSURANCE, "pension": tour.PENSION}
SMALL = 800 * 0.298 / 100 / 3.2143
"""1280 x 800 has too few pixels for the millimetres of a 27-inch panel: everything is as much smaller, evenly."""
SCALE = {"portrait": 1.0, "landscape": 1.0, "small": SMALL}
PUT = """(modes) => {
  Object.assign(document.querySelector('#page').dataset, modes);
  dispatchEvent(new Event('resize'));
}"""
USUAL = {"text": "normal", "reach": "normal"}
OTHERS = [{"text": "large"}, {"reach": "low"}, {"text": "large", "reach": "low"}]


def hard_to_use(screen, scale):
    """What is wrong with the page as it came, in large letters, and with its controls low."""
    hard = too_hard(screen.tab, scale=scale)
    for modes in OTHERS:
        screen.tab.evaluate(PUT, USUAL | modes)
        elder, low = "text" in modes, "reach" in modes
        hard += [f"{modes}: {wrong}" for wrong in too_hard(screen.tab, elder=elder, low=low, scale=scale)]
    screen.tab.evaluate(PUT, USUAL)
    return hard


@pytest.mark.parametrize("shape", SCALE)
@pytest.mark.parametrize("walk", WALKS)
def test_an_elder_can_read_reach_and_leave_every_screen(hall, window, watch, shape, walk):
    watch.forgive("/nowhere")
    screen = BrowserScreen(hall, window(shape))
    hard = {stop: hard_to_use(screen, SCALE[shape]) for stop in tour.walk(screen, WALKS[walk])}
    assert {stop: found for stop, found in hard.items() if found} == {}


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
  small.after(close);
}"""


def test_the_measure_finds_what_is_wrong(screen):
    assert too_hard(screen.tab) == []
    screen.tab.evaluate(BROKEN)
    found = " ".join(too_hard(screen.tab))
    for wrong in ("target 小", "leaves the screen sideways", "2 titles", "scrolls sideways", "小 and 近"):
        assert wrong in found
