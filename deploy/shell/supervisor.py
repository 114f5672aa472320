"""Shows the kiosk in Chromium, and a plain page of its own while the kiosk's program is down. Standard library only.

One life is one browser: whenever the browser has to begin anew this program ends, and systemd (kiosk-shell.service)
starts it again with the pairing key of that moment. The profile lives in a folder of its own that is emptied each time.

  KIOSK_ADDRESS      http://127.0.0.1:8080      PAIRING_KEY  $CREDENTIALS_DIRECTORY/pairing-key
  SHELL_ADDRESS      127.0.0.1:8079             BROWSER      chromium, with arguments of its own before ours
  RUNTIME_DIRECTORY  where the profile lives    RENEW_AT     3: the hour in which a vacant browser is renewed
  DOWN_SECONDS, SILENT_SECONDS  as below
"""

from __future__ import annotations

import json
import os
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass, replace
from http.client import HTTPException
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import cast

HERE = Path(__file__).resolve().parent
FLAGS = (
    "--kiosk", "--force-app-mode", "--no-first-run", "--no-default-browser-check", "--noerrdialogs", "--disable-pinch",
    "--overscroll-history-navigation=0", "--hide-crash-restore-bubble", "--disable-session-crashed-bubble",
    "--disable-features=Translate,TouchpadOverscrollHistoryNavigation", "--disable-component-update",
    "--disable-background-networking", "--password-store=basic", "--ozone-platform-hint=auto", "--lang=zh-CN",
    "--autoplay-policy=no-user-gesture-required",
)  # fmt: skip
"""The first two leave Chromium without tabs, windows, menus and their keys: the policy file shuts the rest."""
LOOK_SECONDS, ASK_SECONDS = 2.0, 5.0
DOWN_SECONDS = 30.0
"""So long the kiosk's own cover 正在恢复 stands; then ours is the better page."""
SILENT_SECONDS = 60.0
"""A window asks at the latest after 20 s."""
YOUNG_SECONDS = 6 * 3600.0


@dataclass(frozen=True)
class Rules:
    """How long is long. ``renew_at``: the local hour in which a browser is renewed while nobody is served."""

    down: float = DOWN_SECONDS
    silent: float = SILENT_SECONDS
    renew_at: int = 3


@dataclass(frozen=True)
class Seen:
    """What the kiosk said of itself. ``answers``: its program serves; ``quiet``: seconds since its window asked."""

    answers: bool
    vacant: bool = False
    quiet: float | None = None


@dataclass(frozen=True)
class Life:
    """One browser: since when (monotonic seconds), what it was sent to, since when the kiosk answers or does not."""

    began: float
    shows: str = ""
    answers: bool = False
    since: float = 0.0

    def after(self, seen: Seen, now: float) -> Life:
        """With what was seen ``now``."""
        return self if seen.answers is self.answers else replace(self, answers=seen.answers, since=now)


def why_renew(life: Life, seen: Seen, now: float, hour: int, rules: Rules) -> str:
    """Why the browser has to begin anew; "" where it does not. One that asked for nothing yet is given time."""
    if life.shows == "notice":
        return "the kiosk is back" if seen.answers else ""
    if life.shows and not seen.answers:
        return "the kiosk is down" if now - life.since >= rules.down else ""
    asked_for = now - max(life.began, life.since)
    if asked_for >= rules.silent and (seen.quiet is None or seen.quiet >= rules.silent):
        return "its window is silent"
    if seen.vacant and hour == rules.renew_at and now - life.began >= YOUNG_SECONDS:
        return "it is night"
    return ""


def look(address: str) -> Seen:
    """Ask the kiosk how it is. One that has no thread for a page does not answer: nobody could use it."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(f"{address}/health", timeout=ASK_SECONDS) as answer:
            told = json.load(answer)
            moves = float(told.get("held", 0)) < ASK_SECONDS
            return Seen(answers=moves, vacant=told.get("desk") == "vacant", quiet=told.get("window"))
    except (OSError, ValueError, HTTPException):
        return Seen(answers=False)


def stands(address: str) -> bool:
    """True where a kiosk answers at all, be it that it cannot serve (its own page says why)."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        opener.open(f"{address}/health", timeout=ASK_SECONDS).close()
    except urllib.error.HTTPError:
        return True
    except (OSError, HTTPException):
        return False
    return True


def owner_of(port: int, table: Path = Path("/proc/net/tcp")) -> int | None:
    """The user whose program holds this local port of a connection on loopback; None where nobody is found."""
    wanted = f"0100007F:{port:04X}"
    for line in table.read_text(encoding="ascii").splitlines()[1:]:
        words = line.split()
        if words[1] == wanted:
            return int(words[7])
    return None


class Door(ThreadingHTTPServer):
    """Where the browser begins: sent on to the kiosk with the one-time key, or shown the notice."""

    daemon_threads = True

    def __init__(self, listen: str, kiosk: str, key: Path) -> None:
        host, _, port = listen.rpartition(":")
        super().__init__((host, int(port)), Visitor)
        self.kiosk = kiosk
        self.key_file = key
        self.shows = ""

    def way(self, port: int) -> str:
        """Where the visitor is sent; "" for the notice. Only the first one, and only a program of our own user."""
        if self.shows or owner_of(port) != os.getuid():
            return ""
        self.shows = "notice"
        if not look(self.kiosk).answers:
            return f"{self.kiosk}/" if stands(self.kiosk) else ""
        try:
            key = self.key_file.read_text(encoding="ascii").strip()
        except OSError as error:
            say(f"no pairing key: {error}")
            return ""
        self.shows = "kiosk"
        return f"{self.kiosk}/?key={key}"


class Visitor(BaseHTTPRequestHandler):
    """One request of the browser; anything but the page and its style is not there."""

    def do_GET(self) -> None:
        """The page, its style, or nothing."""
        if self.path == "/notice.css":
            return self._file("notice.css", "text/css")
        if self.path != "/":
            return self.send_error(404)
        way = cast("Door", self.server).way(self.client_address[1])
        if not way:
            return self._file("notice.html", "text/html; charset=utf-8")
        self.send_response(303)
        self.send_header("Location", way)
        self.send_header("Cache-Control", "no-store")
        return self.end_headers()

    def _file(self, name: str, kind: str) -> None:
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Cache-Control", "no-store")
        self.send_header("Content-Security-Policy", "default-src 'none'; style-src 'self'")
        self.end_headers()
        self.wfile.write((HERE / name).read_bytes())

    def log_message(self, *_: object) -> None:
        """Write nothing: the key passes here."""


class Browser:
    """Chromium with a profile that is thrown away."""

    def __init__(self, command: list[str], folder: Path, address: str) -> None:
        self._profile = folder / "profile"
        shutil.rmtree(self._profile, ignore_errors=True)
        words = [*command, *FLAGS, f"--user-data-dir={self._profile}", f"--app=http://{address}/"]
        self._process = subprocess.Popen(words, start_new_session=True)  # noqa: S603 - the browser of this machine

    def lives(self) -> bool:
        """False when it ended."""
        return self._process.poll() is None

    def end(self) -> None:
        """End it and whatever it started, and forget its profile."""
        for word in (signal.SIGTERM, signal.SIGKILL):
            try:
                os.killpg(self._process.pid, word)
                self._process.wait(5)
            except (ProcessLookupError, subprocess.TimeoutExpired):
                continue
        shutil.rmtree(self._profile, ignore_errors=True)


def say(words: str) -> None:
    """A line for the journal of the system."""
    print(f"shell: {words}", file=sys.stderr, flush=True)  # noqa: T201 - it speaks to the journal


def notify(words: str) -> None:
    """Tell systemd, where it listens."""
    place = os.environ.get("NOTIFY_SOCKET", "")
    if place:
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as line:
            line.sendto(words.encode(), "\0" + place[1:] if place.startswith("@") else place)


def live(door: Door, browser: Browser, rules: Rules, ended: threading.Event) -> str:
    """Watch kiosk and browser until one of them needs a new life; why."""
    life = Life(began=time.monotonic(), since=time.monotonic())
    while not ended.wait(LOOK_SECONDS):
        notify("WATCHDOG=1")
        if not browser.lives():
            return "the browser ended"
        seen, now = look(door.kiosk), time.monotonic()
        life = replace(life, shows=door.shows).after(seen, now)
        why = why_renew(life, seen, now, time.localtime().tm_hour, rules)
        if why:
            return why
    return "told to end"


def rules_of(environment: Mapping[str, str]) -> Rules:
    """The rules, with what the environment sets otherwise."""
    return Rules(
        down=float(environment.get("DOWN_SECONDS", DOWN_SECONDS)),
        silent=float(environment.get("SILENT_SECONDS", SILENT_SECONDS)),
        renew_at=int(environment.get("RENEW_AT", "3")),
    )


def main() -> int:
    """One life."""
    ended, told = threading.Event(), os.environ
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: ended.set())
    key = Path(told.get("PAIRING_KEY") or Path(told.get("CREDENTIALS_DIRECTORY", "/nowhere")) / "pairing-key")
    door = Door(told.get("SHELL_ADDRESS", "127.0.0.1:8079"), told.get("KIOSK_ADDRESS", "http://127.0.0.1:8080"), key)
    threading.Thread(target=door.serve_forever, daemon=True).start()
    folder = Path(told.get("RUNTIME_DIRECTORY") or tempfile.mkdtemp(prefix="shell-"))
    browser = Browser(shlex.split(told.get("BROWSER", "chromium")), folder, f"127.0.0.1:{door.server_port}")
    try:
        say(live(door, browser, rules_of(told), ended))
    finally:
        browser.end()
        door.shutdown()
    return 0


if __name__ == "__main__":
    sys.exit(main())
