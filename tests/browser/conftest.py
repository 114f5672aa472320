"""One Chromium for the tests of a worker, a fresh context for each window, live halls, and a watch over every page."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Playwright, sync_playwright

from tests.browser_screen import (
    LANDSCAPE,
    MONITOR,
    PORTRAIT,
    BrowserScreen,
    BrowserStaff,
    BrowserWall,
    LiveHall,
    Watch,
    chromium,
    launch,
)

SIZES = {
    "portrait": PORTRAIT, "landscape": LANDSCAPE, "small": (1280, 800), "monitor": MONITOR, "wall": LANDSCAPE,
}  # fmt: skip


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)
            if not chromium():
                item.add_marker(pytest.mark.skip(reason="chromium is not installed"))


class Held:
    """Playwright and its browser from one file of this folder to the next.

    Ended before any other test: its loop in this thread would be in the way of those with a loop of their own.
    """

    def __init__(self) -> None:
        self._playwright: Playwright | None = None
        self._browser: Browser | None = None

    def playwright(self) -> Playwright:
        self._playwright = self._playwright or sync_playwright().start()
        return self._playwright

    def browser(self) -> Browser:
        self._browser = self._browser or launch(self.playwright())
        return self._browser

    def end(self) -> None:
        if self._browser:
            self._browser.close()
        if self._playwright:
            self._playwright.stop()
        self._playwright = self._browser = None


HELD = Held()


@pytest.hookimpl(trylast=True)
def pytest_runtest_teardown(nextitem: pytest.Item | None) -> None:
    if nextitem is None or Path(__file__).parent not in nextitem.path.parents:
        HELD.end()


@pytest.fixture
def playwright() -> Playwright:
    return HELD.playwright()


@pytest.fixture
def browser() -> Browser:
    return HELD.browser()


@pytest.fixture
def watch() -> Iterator[Watch]:
    watching = Watch()
    yield watching
    assert watching.unforgiven() == []


@pytest.fixture
def window(browser: Browser, watch: Watch):
    """Open a window of one's own: its own cookies, its own size."""
    opened: list[BrowserContext] = []

    def opening(shape: str = "portrait") -> BrowserContext:
        width, height = SIZES[shape]
        touch = shape in ("portrait", "landscape", "small")
        context = browser.new_context(viewport={"width": width, "height": height}, has_touch=touch, locale="zh-CN")
        opened.append(watch.over(context))
        return context

    yield opening
    for context in opened:
        context.close()


@pytest.fixture
def open_hall(tmp_path, seeds):
    """Open a live hall with settings of one's own; closed at the end."""
    opened: list[LiveHall] = []

    def opening(**sections) -> LiveHall:
        opened.append(LiveHall(tmp_path / f"hall-{len(opened)}", seeds, **sections))
        return opened[-1]

    yield opening
    for hall in opened:
        hall.close()


@pytest.fixture(scope="module")
def shared_hall(tmp_path_factory, seeds) -> Iterator[LiveHall]:
    """One ordinary hall for the tests of a file: what a test does to it, ``hall`` puts right again."""
    opened = LiveHall(tmp_path_factory.mktemp("hall"), seeds)
    yield opened
    opened.close()


@pytest.fixture
def hall(shared_hall) -> Iterator[LiveHall]:
    yield shared_hall
    shared_hall.set_right()


@pytest.fixture
def screen(hall, window) -> BrowserScreen:
    return BrowserScreen(hall, window())


@pytest.fixture
def staff(hall, window) -> BrowserStaff:
    return BrowserStaff(hall, window("monitor"))


@pytest.fixture
def wall(hall, window) -> BrowserWall:
    return BrowserWall(hall, window("wall"))
