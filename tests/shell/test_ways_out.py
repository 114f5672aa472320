"""Every way out of the shell (tests/shell/ways.py) is tried on a real browser with its policy: it stays where it was.

Shut means: three heartbeats of the page later the same page is there, seen, as large as before; the screen is the same
to the pixel (no dialog, no bubble, no menu); there is no other window; no other place was asked for anything; and
nothing was kept on the disk.
"""

from __future__ import annotations

import time

import pytest

from tests.hall import eventually
from tests.shell.pages import Beat
from tests.shell.screen import HEIGHT, PATIENCE, WIDTH, same
from tests.shell.ways import ACTS, KEYS, Act, Key

MIDDLE = (WIDTH // 2, HEIGHT // 2)


class Before:
    """How it was: the picture, the windows, the page."""

    def __init__(self, tried) -> None:
        self.tried = tried
        self.page = self.beats()[-1]
        self.picture, self.windows = tried.display.steady(), tried.display.windows()

    def beats(self) -> list[Beat]:
        found = self.tried.hostile.next_beats(3, PATIENCE)
        assert len(found) == 3, "the page is gone"
        return found

    def unchanged(self, *, fading: bool = False) -> None:
        """As it was, three beats later; ``fading``: a line of Chromium's that nobody can touch may go first."""
        assert self.beats()[-1] == self.page
        assert self.tried.display.windows() == self.windows
        if fading:
            eventually(lambda: same(self.tried.display.picture(), self.picture), PATIENCE, "the line fades")
        now = self.tried.display.picture()
        assert same(now, self.picture), "something else is on the screen"
        assert self.tried.hostile.sink.asked == []
        assert self.tried.shell.process.poll() is None, self.tried.shell.said()


@pytest.fixture
def begins_anew(tried):
    """Whoever got out does not spoil the tests of the others."""
    yield tried
    if len(tried.hostile.next_beats(1, 5)) < 1 or len(tried.display.windows()) > 1:
        tried.begin()


def put(tried, act: Act, name: str) -> None:
    tried.hostile.show(act, name)
    assert tried.hostile.next_beats(2, PATIENCE), "the page did not come"


@pytest.mark.parametrize("way", KEYS, ids=lambda way: way.keys)
def test_a_key_leads_nowhere(begins_anew, way: Key):
    tried = begins_anew
    if tried.hostile.go != "/attack/keys":
        put(tried, Act("keys", ""), "keys")
        tried.display.click(*MIDDLE)
        tried.before = Before(tried)
    tried.display.press(way.keys)
    tried.before.unchanged()


@pytest.mark.parametrize("number", range(len(ACTS)), ids=[act.name for act in ACTS])
def test_nothing_a_page_or_a_finger_does_leads_out(begins_anew, number):
    tried, way = begins_anew, ACTS[number]
    put(tried, way, f"{number}")
    tried.display.xdotool("mousemove", *MIDDLE)
    before = Before(tried)
    touch(tried.display, way.hand)
    before.unchanged(fading=way.fades)
    assert kept(tried) == [], "something was kept on the disk"


def kept(tried) -> list[str]:
    """Files outside the browser's own profile."""
    home = tried.shell.folder / "home"
    found = [file.relative_to(home).as_posix() for file in home.rglob("*") if file.is_file()]
    return [name for name in found if not name.startswith((".cache/", ".config/", ".pki/"))]


def test_the_policy_alone_lets_nothing_reach_another_place(begins_anew):
    """Without static/shell.js the page may be left for Chromium's own "blocked": nothing elsewhere hears of it."""
    tried = begins_anew
    tried.hostile.guarded = False
    try:
        put(tried, Act("elsewhere", "", script="location.href = 'http://SINK/'"), "unguarded")
        tried.display.click(*MIDDLE)
        eventually(lambda: tried.hostile.next_beats(1, 2) == [], PATIENCE, "the page is left")
        assert tried.hostile.sink.asked == []
        assert len(tried.display.windows()) == 1
    finally:
        tried.hostile.guarded = True
        tried.begin()


def touch(display, hand: str) -> None:
    """With a finger, a mouse, or a mouse and a key."""
    match hand:
        case "middle" | "right":
            display.click(*MIDDLE, 2 if hand == "middle" else 3)
        case "ctrl" | "shift":
            display.xdotool("keydown", hand, "click", 1, "keyup", hand)
        case "hold":
            display.xdotool("mousedown", 1)
            time.sleep(2.0)
            display.xdotool("mouseup", 1)
        case "drag":
            display.xdotool(
                "mousedown", 1, "mousemove", 300, 300, "mousemove", 100, 100, "mouseup", 1, "mousemove", *MIDDLE
            )
        case _:
            display.click(*MIDDLE)
