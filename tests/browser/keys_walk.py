"""The four keys in real Chromium: nothing is touched, nothing is looked at; what is said is what there is.

``KeyScreen`` is the touchscreen's verbs done by keys: where ``BrowserScreen`` taps, it walks to the stop and chooses.
So every journey of the tour can be gone by somebody who does not see.
"""

from __future__ import annotations

import time

from playwright.sync_api import BrowserContext, Locator

from kiosk.states import OutOfService, modes_of
from kiosk.visit import Keys
from tests.browser_screen import PATIENCE, BrowserScreen, LiveHall
from tests.hall import eventually

BACK, NEXT, CHOOSE, HELP = "ArrowLeft", "ArrowRight", "Enter", "F1"
WAY = """(el) => {
  const stops = hall.keys.stops.map((stop) => stop.el);
  const [from, to] = [stops.indexOf(hall.keys.here), stops.indexOf(el)];
  return to < 0 ? null : to - from;
}"""
"""How many presses of next (back, where negative) lead from the present stop to an element."""
STOPS = """() => hall.keys.stops.map((stop) => {
  const box = stop.el.getBoundingClientRect();
  const fixed = !!stop.el.closest('.actions, footer, header, .keys-only');
  const [first] = hall.speech(stop, 0, 1, document.getElementById('keys-words').dataset);
  return { acts: stop.acts, top: box.top, left: box.left, fixed, named: !!(first.text ?? first) };
})"""
THERE = "(el) => hall.keys.here === el && (el.disabled || document.activeElement === el)"
LATER = "(seen) => window.hall?.keys?.log?.some((one) => one.at > seen)"
OTHER = "(seen) => ![0, seen].includes(window.hall?.keys?.log?.at(-1)?.at ?? 0)"
"""A key may end the visit: then the count begins anew."""
UNSAID = """() => {
  const heard = new Set();
  for (const stop of hall.keys.stops) heard.add(stop.el);
  const unsaid = [];
  const walker = document.createTreeWalker(document.querySelector('#page'), NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const el = node.parentElement;
    const hidden = el.closest('[aria-hidden=true], script, svg:not([role=img])');
    if (!node.data.trim() || hidden || !el.checkVisibility({ visibilityProperty: true })) continue;
    let at = el;
    while (at && !heard.has(at)) at = at.parentElement;
    if (!at && !el.closest('dt, thead')) unsaid.push(node.data.trim());
  }
  return unsaid;
}"""
"""What stands on the page for eyes and belongs to no stop. A fact's name is said with it, a column's with its cells."""


class KeyScreen(BrowserScreen):
    """A hall's touchscreen as somebody uses it who neither touches nor sees it."""

    def __init__(self, hall: LiveHall, context: BrowserContext) -> None:
        super().__init__(hall, context)

    @property
    def log(self) -> list[dict]:
        """Everything said since the keys are in use: ``text``, ``parts`` (text, personal), ``at`` (from 1)."""
        return self.tab.evaluate("() => window.hall?.keys?.log ?? []")

    @property
    def last(self) -> str:
        """What was said last."""
        return self.tab.evaluate("() => window.hall?.keys?.log?.at(-1)?.text ?? ''")

    def key(self, code: str) -> str:
        """Press a key; what is said then."""
        seen = self.tab.evaluate("() => window.hall?.keys?.log?.at(-1)?.at ?? 0")
        self.tab.keyboard.press(code)
        self.tab.wait_for_function(OTHER, arg=seen)
        return self.last

    def begin(self) -> str:
        """Press a key for the first time."""
        said = self.key(NEXT)
        if not isinstance(self.hall.machine.desk.state, OutOfService):
            eventually(
                lambda: modes_of(self.hall.machine.desk.state).keys == Keys.ON, what="the visit knows of the keys"
            )
        self.follow()
        return said

    def hears(self, *words: str, seconds: float = PATIENCE) -> None:
        """Something said, now or a while ago, holds all these words."""
        until = time.monotonic() + seconds
        while not any(all(word in one["text"] for word in words) for one in self.log):
            assert time.monotonic() < until, (
                f"{words} never said on {self.path}: {[one['text'] for one in self.log[-6:]]}"
            )
            self.tab.wait_for_timeout(30)

    def burst(self, code: str, times: int) -> list[str]:
        """Press a key several times, faster than anything is said to its end; what was begun to be said each time."""
        seen = self.tab.evaluate("() => window.hall?.keys?.log?.at(-1)?.at ?? 0")
        for _ in range(times):
            self.tab.keyboard.press(code)
        if times:
            self.tab.wait_for_function(LATER, arg=seen + times - 1)
        return [one["text"] for one in self.log if one["at"] > seen][:times]

    def walk_to(self, target: Locator) -> str:
        """Press next or back until the focus is there; what was said of it."""
        for _ in range(5):  # the page may be drawn anew meanwhile
            handle = target.element_handle()
            way = self.tab.evaluate(WAY, handle)
            if way is None:
                continue
            self.burst(NEXT if way > 0 else BACK, abs(way))
            if way == 0:  # to hear it again, there and back
                self.burst(NEXT, 1)
                self.burst(BACK, 1)
            if self.tab.evaluate(THERE, handle):
                return self.last
        raise AssertionError(f"{target} is not reached by keys on {self.path}")

    def tap(self, target: Locator) -> None:
        """Walk there and choose; something is said of it."""
        if not self.tab.evaluate("() => hall.keys.on"):
            self.begin()
        self.walk_to(target)
        self.key(CHOOSE)

    def stops(self) -> list[dict]:
        """The stops of the page: acts, top, left, fixed (outside what scrolls), named (said by a name of its own)."""
        return self.tab.evaluate(STOPS)

    def unsaid(self) -> list[str]:
        """Words on the page that no stop says."""
        return self.tab.evaluate(UNSAID)

    def heard(self) -> list[str]:
        """Walk the page from its first stop to its last; what each says. Again where it was drawn anew meanwhile."""
        for _ in range(5):
            self.tab.evaluate("() => { document.querySelector('#page').walked = true; }")
            said = self._walked()
            if self.tab.evaluate("() => document.querySelector('#page').walked === true"):
                break
        return said

    def _walked(self) -> list[str]:
        many = len(self.stops())
        here = self.tab.evaluate("() => hall.keys.stops.findIndex((stop) => stop.el === hall.keys.here)")
        self.burst(BACK, max(here, 0))
        if here < 1:
            self.burst(NEXT, 1)
            self.burst(BACK, 1)
        return [self.last, *self.burst(NEXT, many - 1)]
