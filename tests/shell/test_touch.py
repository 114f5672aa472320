"""Fingers on the real kiosk, in a browser with the shell's flags: they lead nowhere, enlarge nothing, open no menu."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, CDPSession, sync_playwright

from deploy.shell.supervisor import FLAGS
from tests.browser_screen import FLAGS as TEST_FLAGS
from tests.browser_screen import BrowserScreen, LiveHall, whole_chromium

WIDTH, HEIGHT = 1080, 1920
MIDDLE = (WIDTH / 2, HEIGHT / 2)
EDGES = {
    "left": (2, 900, 700, 900),
    "right": (1078, 900, 300, 900),
    "top": (500, 2, 500, 900),
    "bottom": (500, 1918, 500, 900),
}
MENUS = """() => {
  window.menus = 0;
  const count = (event) => setTimeout(() => { window.menus += event.defaultPrevented ? 0 : 1; });
  document.addEventListener('contextmenu', count, true);
}"""
PICTURE_AND_TEXT = """() => {
  document.querySelector('#page main').innerHTML = `<h1>题目</h1><p id="text">文字</p>
    <a id="link" href="/help">到那里</a><img id="picture" src="/static/icons/kiosk.svg" width="300">`;
}"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    if not whole_chromium():
        pytest.skip("chromium is not installed")
    flags = [flag for flag in FLAGS if flag not in ("--kiosk", "--force-app-mode")]
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=whole_chromium(), args=[*flags, *TEST_FLAGS])
        yield running
        running.close()


@pytest.fixture(scope="module")
def hall(tmp_path_factory, seeds) -> Iterator[LiveHall]:
    opened = LiveHall(tmp_path_factory.mktemp("hall"), seeds)
    yield opened
    opened.close()


@pytest.fixture
def screen(hall, browser) -> Iterator[BrowserScreen]:
    context = browser.new_context(viewport={"width": WIDTH, "height": HEIGHT}, has_touch=True, locale="zh-CN")
    yield BrowserScreen(hall, context)
    context.close()


@pytest.fixture
def fingers(screen) -> CDPSession:
    return screen.context.new_cdp_session(screen.tab)


def how(screen: BrowserScreen) -> dict[str, object]:
    """Where the page is, how large, how far scrolled aside."""
    told: dict[str, object] = screen.tab.evaluate(
        "() => ({ at: location.pathname, scale: visualViewport.scale, aside: scrollX, many: history.length })"
    )
    return told


@pytest.mark.parametrize("scale", [3.0, 0.3])
def test_two_fingers_enlarge_nothing(screen, fingers, scale):
    before = how(screen)
    pinch = {"x": MIDDLE[0], "y": MIDDLE[1], "scaleFactor": scale, "gestureSourceType": "touch"}
    fingers.send("Input.synthesizePinchGesture", pinch)
    assert how(screen) == before


@pytest.mark.parametrize("edge", EDGES)
def test_a_swipe_from_an_edge_leads_nowhere(screen, fingers, edge):
    screen.press("找工作")  # so that there is a page before
    before = how(screen)
    x, y, to_x, to_y = EDGES[edge]
    swipe(fingers, x, y, to_x, to_y)
    assert how(screen) == before
    screen.sees("岗位")


def swipe(fingers: CDPSession, x: float, y: float, to_x: float, to_y: float) -> None:
    """One finger, in ten steps."""
    touch(fingers, "touchStart", (x, y))
    for step in range(1, 11):
        touch(fingers, "touchMove", (x + (to_x - x) * step / 10, y + (to_y - y) * step / 10))
    touch(fingers, "touchEnd")


def touch(fingers: CDPSession, kind: str, *places: tuple[float, float]) -> None:
    points = [{"x": x, "y": y, "id": number} for number, (x, y) in enumerate(places)]
    fingers.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})


@pytest.mark.parametrize("what", ["text", "link", "picture"])
def test_a_long_touch_opens_no_menu(screen, fingers, what):
    screen.tab.evaluate(MENUS)
    screen.tab.evaluate(PICTURE_AND_TEXT)
    box = screen.tab.locator(f"#{what}").bounding_box()
    assert box is not None
    place = {"x": box["x"] + 5, "y": box["y"] + 5, "duration": 1200, "gestureSourceType": "touch"}
    fingers.send("Input.synthesizeTapGesture", place)
    assert screen.tab.evaluate("() => window.menus") == 0
    assert screen.tab.evaluate("() => String(getSelection())") == ""


def test_ten_fingers_at_once_do_nothing(screen, fingers):
    before = how(screen)
    places = [(100.0 + 90 * number, 1000.0) for number in range(10)]
    touch(fingers, "touchStart", *places)
    touch(fingers, "touchMove", *[(x + 30, y - 200) for x, y in places])
    touch(fingers, "touchEnd")
    assert how(screen) == before
