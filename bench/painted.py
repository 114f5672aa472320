"""Tap to next screen painted in a browser six times slower than this machine, and what the heaviest first load weighs.

At every screen of the tour 大字 is tapped twice: the same screen comes anew, by way of a form, a redirect, the page and
its swap. The taps of the tour itself, on a browser at its own pace, do not count. Painted: the first frame after the
swap has been handed over.
"""

from __future__ import annotations

from typing import Any

from playwright.sync_api import BrowserContext

from bench.figure import Figure, p50, p95
from bench.resident_walk import stops, walked
from tests.browser_screen import BrowserScreen

SLOWER = 6
SETTLED_MS = 700
BAR_MS, BAR_KB = 200.0, 350.0
LISTEN = """(() => {
  let began = 0;
  addEventListener('click', (event) => { began = event.isTrusted ? event.timeStamp : 0; }, { capture: true });
  document.addEventListener('htmx:after:swap', () => {
    if (!began) return;
    const [at, page] = [began, location.pathname];
    began = 0;
    requestAnimationFrame(() => {
      const after = new MessageChannel();
      after.port1.onmessage = () => window.painted(performance.now() - at, page);
      after.port2.postMessage(0);
    });
  });
})()"""
WEIGHT = """async () => {
  const bytes = async (address) => {
    const answer = await fetch(address, { headers: { Accept: 'text/html' } });
    return (await answer.arrayBuffer()).byteLength;
  };
  const places = [...document.querySelectorAll('link[href], script[src], img[src], use')]
    .map((node) => node.getAttribute('href') ?? node.getAttribute('src'));
  const files = new Set(places.map((place) => new URL(place, location).pathname));
  const sizes = await Promise.all([location.href, ...files].map(bytes));
  return sizes.reduce((sum, one) => sum + one, 0);
}"""


def figures() -> list[Figure]:
    """One walk for the taps, one for the weights."""
    return [tapped(), loaded()]


def tapped() -> Figure:
    """p95 over every tap on every screen."""
    seen: list[tuple[str, float]] = []
    taken: list[tuple[str, float]] = []
    with walked("portrait") as (hall, context):
        context.add_init_script(LISTEN)
        context.expose_binding("painted", lambda _source, ms, page: seen.append((page, ms)))
        for _, screen in stops(hall, context):
            slow(context, screen, SLOWER)
            for _ in range(2):
                taken += _tap_again(context, screen, seen)
            slow(context, screen, 1)
    times = [ms for _, ms in taken]
    worst = max(taken, key=lambda one: one[1])
    behind = (
        f"{len(times)} taps on {len({page for page, _ in taken})} addresses, CPU {SLOWER}× slower by CDP; "
        f"p50 {p50(times):.0f} ms, worst {worst[1]:.0f} ms ({worst[0]})"
    )
    return Figure("tap → next screen painted, p95", p95(times), "ms", BAR_MS, behind)


def slow(context: BrowserContext, screen: BrowserScreen, rate: int) -> None:
    """Let the page's processor seem so many times slower."""
    context.new_cdp_session(screen.tab).send("Emulation.setCPUThrottlingRate", {"rate": rate})


def _tap_again(context: BrowserContext, screen: BrowserScreen, seen: list[Any]) -> list[Any]:
    """The mode of large letters, on or off: the same screen anew; what was ``seen`` of it."""
    button = screen.page.locator("footer [name=text]")
    if not button.count() or screen.page.locator(".keyboard").count():  # the tour goes on with that keyboard
        return []
    before = len(seen)
    box = button.bounding_box() or {}
    middle = {"x": box["x"] + box["width"] / 2, "y": box["y"] + box["height"] / 2}
    screen.tab.wait_for_timeout(SETTLED_MS)  # what the last page still did is not this tap's
    finger = context.new_cdp_session(screen.tab)  # a tap of the test tool's own runs its scripts in the slowed page
    for kind in ("mousePressed", "mouseReleased"):
        finger.send("Input.dispatchMouseEvent", {"type": kind, "button": "left", "clickCount": 1} | middle)
    for _ in range(100):
        if len(seen) > before:
            break
        screen.tab.wait_for_timeout(50)
    screen.settle()
    return seen[before:]


def loaded() -> Figure:
    """The page and every file it asks for, uncompressed, at the heaviest screen."""
    found: dict[str, float] = {}
    with walked("portrait") as (hall, context):
        for stop, screen in stops(hall, context):
            found[stop] = screen.tab.evaluate(WEIGHT) / 1000
    heaviest = max(found, key=lambda one: found[one])
    lightest = min(found.values())
    behind = f"{heaviest}, heaviest of {len(found)} screens; the lightest {lightest:.0f} kB; uncompressed"
    return Figure("first load of a page with all its files", found[heaviest], "kB", BAR_KB, behind)
