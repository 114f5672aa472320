"""A live hall and a window at it, for figures that are taken while a resident walks every screen."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import BrowserContext

from bench.browser import LANDSCAPE, PORTRAIT, chromium
from tests.browser import tour
from tests.browser_screen import BrowserScreen, LiveHall
from tests.hall import Seeds

SHAPES = {"portrait": PORTRAIT, "landscape": LANDSCAPE, "small": (1280, 800)}
PUT = """(modes) => {
  Object.assign(document.querySelector('#page').dataset, modes);
  dispatchEvent(new Event('resize'));
}"""


@contextmanager
def walked(shape: str) -> Iterator[tuple[LiveHall, BrowserContext]]:
    """A hall of its own and a window of this shape; both go away at the end."""
    folder, seeds = Path(tempfile.mkdtemp(prefix="kiosk-walk-")), Seeds()
    hall = LiveHall(folder, seeds)
    width, height = SHAPES[shape]
    try:
        with chromium() as browser:
            yield (
                hall,
                browser.new_context(viewport={"width": width, "height": height}, has_touch=True, locale="zh-CN"),
            )
    finally:
        hall.close()
        seeds.close()
        shutil.rmtree(folder, ignore_errors=True)


def stops(hall: LiveHall, context: BrowserContext) -> Iterator[tuple[str, BrowserScreen]]:
    """Every screen as it stands, by name, and the window that shows it."""
    for walk in tour.WALKS.values():
        screen = BrowserScreen(hall, context)
        for stop in tour.walk(screen, walk):
            yield stop, screen
        screen.tab.close()
        hall.set_right()
