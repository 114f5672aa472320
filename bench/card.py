"""From the reader's call to the screen: a real pcscd, a virtual card, the real faces, Chromium."""

from __future__ import annotations

import json
import sys
import threading
import time
from dataclasses import dataclass

from playwright.sync_api import Page

from bench.browser import PORTRAIT, chromium, window
from bench.figure import Figure, p50, p95
from bench.town import ROOT, Town
from devices.card import CardEvent, CardInserted
from devices.card.pcsc import PcscReader
from devices.card.people import CardHolder, load_people
from devices.card.virtual.card import VirtualCard
from devices.card.virtual.vpcd import VirtualSlot
from devices.device import HealthBoard, utc_now, watch
from tests.pcscd import PcscDaemon, missing

CARDS = 40
TRANSCRIPTS = 10
PATIENCE = 15.0
SEEN = """
(() => {
  window.seen = {};
  const words = { reading: "正在读卡", name: "，您想办什么事" };
  const look = () => {
    const said = document.querySelector("#page h1")?.textContent ?? "";
    for (const [what, text] of Object.entries(words)) {
      if (window.seen[what] !== undefined || !said.includes(text)) continue;
      window.seen[what] = 0;
      requestAnimationFrame(() => setTimeout(() => {
        window.seen[what] = performance.timeOrigin + performance.now();
      }));
    }
  };
  new MutationObserver(look).observe(document, { childList: true, subtree: true, characterData: true });
})();
"""
"""Runs in the page: when words stood on the screen (after the frame that shows them), in ms of the wall clock."""


@dataclass(frozen=True)
class Sight:
    """One card, in seconds of the wall clock."""

    inserted: float
    reported: float
    read: float
    reading_seen: float
    name_seen: float


def holder_of(town: Town) -> CardHolder:
    """A resident with an ordinary card."""
    return next(one for one in load_people(town.people) if one.card.version == "2.00" and not one.special)


def until_true(page: Page, expression: str) -> None:
    """Look now and then from outside: the page's own policy lets nothing be evaluated inside it."""
    until = time.monotonic() + PATIENCE
    while not page.evaluate(expression):
        if time.monotonic() > until:
            raise TimeoutError(expression)
        time.sleep(0.1)


def one_card(town: Town, page: Page, slot: VirtualSlot, holder: CardHolder) -> Sight:
    """Put the card in, wait for the name, pull it, wait for the empty home."""
    told = town.folder / "cards.jsonl"
    before = told.read_text().count("\n") if told.exists() else 0
    page.evaluate("window.seen = {}")
    slot.insert(VirtualCard(holder.card))
    inserted = time.time()
    until_true(page, "window.seen.name > 0")
    seen = page.evaluate("window.seen")
    reading = seen.get("reading") or seen["name"]  # a card may be read before the page that says so is there
    slot.remove()
    until_true(page, "document.querySelector('#page').dataset.showing.split('~')[0] === 'vacant'")
    time.sleep(0.2)
    line = json.loads(told.read_text().splitlines()[before])
    return Sight(inserted, line["reported"], line["read"], reading / 1000, seen["name"] / 1000)


def watched(town: Town, daemon: PcscDaemon, holder: CardHolder) -> list[Sight]:
    """Forty cards, one after the other."""
    config = [str(ROOT / "config" / name) for name in ("kiosk.toml", "town.toml")]
    told = str(town.folder / "cards.jsonl")
    town.start("timed", [sys.executable, "-m", "bench.timed_kiosk", *config, told])
    town.await_answer(f"{town.resident}/health")
    town.await_feed()
    slot = VirtualSlot(daemon.port)
    with chromium() as browser:
        page = window(browser, PORTRAIT).new_page()
        page.add_init_script(SEEN)
        page.goto(town.resident)
        time.sleep(1)
        one_card(town, page, slot, holder)
        sights = [one_card(town, page, slot, holder) for _ in range(CARDS)]
    town.stop("timed")
    return sights


def transcript_seconds(daemon: PcscDaemon, holder: CardHolder) -> list[float]:
    """The pure time of the same commands on the same reader: the sum over all calls, nothing of ours between."""
    came: list[CardInserted] = []
    arrived = threading.Event()

    def listen(event: CardEvent) -> None:
        if isinstance(event, CardInserted):
            came.append(event)
            arrived.set()

    reader, stop, slot = (
        PcscReader(None, HealthBoard("card", utc_now), listen),
        threading.Event(),
        VirtualSlot(daemon.port),
    )
    watching = threading.Thread(target=watch, args=(reader, stop), daemon=True)
    watching.start()
    time.sleep(1)
    slot.insert(VirtualCard(holder.card))
    arrived.wait(10)
    sums = [one_transcript(reader, came[0]) for _ in range(TRANSCRIPTS)]
    slot.remove()
    stop.set()
    reader.close()
    watching.join(5)
    return sums


class Stopwatch:
    """A tap that adds up the seconds between a command and its answer."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self._since = 0.0

    def opened(self, baud: int) -> None:
        """The card is open: nothing was spent yet."""
        del baud
        self.seconds = 0.0

    def sent(self, content: bytes) -> None:
        """A command leaves."""
        del content
        self._since = time.perf_counter()

    def came(self, content: bytes) -> None:
        """Its answer is here."""
        del content
        self.seconds += time.perf_counter() - self._since

    def closed(self) -> None:
        """The sum stays."""


def one_transcript(reader: PcscReader, event: CardInserted) -> float:
    """Read the identity once; the seconds spent inside the reader."""
    reader.tap = spent = Stopwatch()
    with reader.connect(event.insertion) as chip:
        chip.identity()
    return spent.seconds


def figures(_town: Town) -> list[Figure]:
    """Both figures, in a town of their own whose card line is pcsc: (nothing where the machine has no pcscd)."""
    if missing():
        print(f"card: left out, {missing()}")
        return []
    with PcscDaemon() as daemon, Town(KIOSK_DEVICES__CARD="pcsc:", **daemon.environment) as town:
        holder = holder_of(town)
        sights = watched(town, daemon, holder)
        pure = p50(transcript_seconds(daemon, holder))
    reading = [1000 * (one.reading_seen - one.reported) for one in sights]
    named = [1000 * (one.name_seen - one.reported - pure) for one in sights]
    polling = [1000 * (one.reported - one.inserted) for one in sights]
    read = p50([1000 * (one.read - one.reported) for one in sights])
    return [
        Figure("reader reports a card → “正在读卡” visible, p95 of 40", p95(reading), "ms", 150.0,
               f"p50 {p50(reading):.0f} ms; before it pcscd's polling: {p50(polling):.0f}, p95 {p95(polling):.0f} ms"),
        Figure("reader reports a card → name on screen − pure APDU time, p95 of 40", p95(named), "ms", 300.0,
               f"p50 {p50(named):.0f} ms; APDUs {1000 * pure:.0f} ms; card, sitting and session {read:.0f} ms"),
    ]  # fmt: skip
