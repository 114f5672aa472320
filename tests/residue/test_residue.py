"""Nothing of a resident is left for the next: every flow into every ending, then all is searched for the marks."""

from __future__ import annotations

import contextlib
import os
import signal
import tempfile
import time
from pathlib import Path

import pytest
from playwright.sync_api import Error as PlaywrightError
from playwright.sync_api import sync_playwright

from devices.card.people import load_people
from tests.browser_screen import FLAGS, BrowserFace, whole_chromium
from tests.pcscd import PcscDaemon, missing
from tests.residue.hand import ENDINGS, FLOWS, Hand
from tests.residue.house import PENSIONER, House, in_files, in_memory, marked

pytestmark = [pytest.mark.pcsc, pytest.mark.skipif(bool(missing()), reason=missing() or "nothing")]

UNDER_WAY_SECONDS = 5.0


@pytest.fixture(scope="module")
def house(seeds):
    with tempfile.TemporaryDirectory(prefix="residue-") as folder, PcscDaemon() as daemon:
        opened = House(Path(folder), seeds, daemon)
        yield opened
        opened.close()


@pytest.fixture(scope="module")
def who(house):
    people = load_people(house.folder / "hub" / "people.jsonl")
    return marked(house.hub, next(holder for holder in people if holder.name == PENSIONER))


@pytest.fixture(autouse=True)
def _put_right(house, who):
    yield
    house.set_right(who)


def left(house, who):
    """What of the resident can be found, and where, once what was under way when they left has ended: a slip, say."""
    hidden = [value.encode().hex() for value in who.traits.values()]
    until = time.monotonic() + UNDER_WAY_SECONDS
    while found := in_files(house.kiosk_folder, who) + [f"alive: {one}" for one in house.ask(alive=hidden)]:
        if time.monotonic() > until:
            break
    return found


@pytest.mark.parametrize("ending", ENDINGS)
@pytest.mark.parametrize("flow", FLOWS)
def test_nothing_of_the_resident_is_left(house, who, flow, ending):
    hand = Hand(house, who)
    FLOWS[flow](hand)
    ENDINGS[ending](hand)
    house.set_right(who)
    after = Hand(house, who)
    after.visit("/")
    assert not [trait for trait, value in who.traits.items() if value in after.page.text]
    found = left(house, who)
    assert not found, "\n".join(found)


def test_the_search_finds_what_is_there(house, who):
    """While somebody is served, the process does hold them: the search is not blind."""
    hand = Hand(house, who)
    FLOWS["insurance"](hand)
    hidden = [value.encode().hex() for value in who.traits.values()]
    assert house.ask(alive=hidden)
    assert in_memory(house.process.pid, who)["number"]
    (house.kiosk_folder / "left.txt").write_text(f"{who.traits['number']}", encoding="utf-8")
    assert in_files(house.kiosk_folder, who) == ["number in left.txt"]
    (house.kiosk_folder / "left.txt").unlink()
    house.set_right(who)


def test_what_freed_memory_still_holds_is_counted(house, who, record_property):
    """Python does not wipe what it frees. The PIN is kept in bytes that are; what else lies there is counted."""
    hand = Hand(house, who)
    FLOWS["insurance"](hand)
    ENDINGS["pulled"](hand)
    house.set_right(who)
    counts = in_memory(house.process.pid, who)
    for trait, number in counts.items():
        record_property(f"freed {trait}", number)
    assert set(counts) == set(who.traits)


SEEN = """() => JSON.stringify(
  [document.documentElement.outerHTML, {...localStorage}, {...sessionStorage}, document.cookie])"""


@pytest.mark.browser
@pytest.mark.skipif(not whole_chromium(), reason="chromium is not installed")
@pytest.mark.parametrize("ending", ["pulled", "browser killed"])
def test_a_real_browser_keeps_nothing_on_its_screen_or_in_its_profile(house, who, ending):
    profile = house.kiosk_folder / "home" / f"profile-{ending.partition(' ')[0]}"
    with sync_playwright() as playwright:
        context = playwright.chromium.launch_persistent_context(
            profile,
            executable_path=whole_chromium(),
            args=FLAGS,
            viewport={"width": 1080, "height": 1920},
            has_touch=True,
        )
        window = BrowserFace(context, house.resident)
        window.visit(f"/?key={(house.kiosk_folder / 'secrets' / 'pairing-key').read_text()}")
        house.insert(who)
        window.sees("龘*")
        window.press("参保信息查询")
        for digit in who.holder.card.pin:
            window.tap(window.page.locator(f"[data-digit='{digit}']"))
        window.tap(window.page.locator("[data-send]"))
        window.sees("数据截至")
        if ending == "pulled":
            house.slot.remove()
            window.sees("请插入社会保障卡")
            seen = window.tab.evaluate(SEEN)
            assert not [trait for trait, value in who.traits.items() if value in seen]
        else:
            kill_browser(profile)
        with contextlib.suppress(PlaywrightError):  # the killed one is gone already
            context.close()
    house.set_right(who)
    found = left(house, who)
    assert not found, "\n".join(found)


def kill_browser(profile):
    """As the kernel does where memory runs out."""
    for process in Path("/proc").glob("[0-9]*/cmdline"):
        with contextlib.suppress(OSError):
            if f"--user-data-dir={profile}" in process.read_bytes().decode(errors="replace"):
                os.kill(int(process.parent.name), signal.SIGKILL)
