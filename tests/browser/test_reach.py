"""Every screen of the resident face, walked at both shapes: an elder can read it, reach it and leave it."""

from __future__ import annotations

import pytest

from tests.browser import tour
from tests.browser.legibility import too_hard
from tests.browser_screen import BrowserScreen

WALKS = {"desk": tour.DESK, "jobs": tour.JOBS, "insurance": tour.INSURANCE, "pension": tour.PENSION}
TEXT = "(size) => { document.querySelector('#page').dataset.text = size; dispatchEvent(new Event('resize')); }"


def hard_to_use(screen):
    """What is wrong with the page, in normal letters and in large ones."""
    normal = too_hard(screen.tab)
    screen.tab.evaluate(TEXT, "large")
    elder = [f"large: {wrong}" for wrong in too_hard(screen.tab, elder=True)]
    screen.tab.evaluate(TEXT, "normal")
    return normal + elder


@pytest.mark.parametrize("shape", ["portrait", "landscape"])
@pytest.mark.parametrize("walk", WALKS)
def test_an_elder_can_read_reach_and_leave_every_screen(hall, window, watch, shape, walk):
    watch.forgive("/nowhere")
    screen = BrowserScreen(hall, window(shape))
    hard = {stop: hard_to_use(screen) for stop in tour.walk(screen, WALKS[walk])}
    assert {stop: found for stop, found in hard.items() if found} == {}


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
}"""


def test_the_measure_finds_what_is_wrong(screen):
    assert too_hard(screen.tab) == []
    screen.tab.evaluate(BROKEN)
    found = " ".join(too_hard(screen.tab))
    for wrong in ("target 小", "leaves the screen sideways", "2 titles", "scrolls sideways"):
        assert wrong in found
