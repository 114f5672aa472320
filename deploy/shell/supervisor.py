"""Shows the kiosk in Chromium, and a plain page of its own while the kiosk's program is down. Standard library only.

One life is one browser: whenever the browser has to begin anew this program ends, and systemd (kiosk-shell.service)
starts it again with the pairing key of that moment. The profile lives in a folder of its own that is emptied each time.

  KIOSK_ADDRESS      http://127.0.0.1:8080      PAIRING_KEY  $CREDENTIALS_DIRECTORY/pairing-key
  SHELL_ADDRESS      127.0.0.1:8079             BROWSER      chromium, with arguments of its own before ours
  RUNTIME_DIRECTORY  where the profile lives    RENEW_AT     3: the hour in which a vacant browser is renewed
  DOWN_SECONDS, SILENT_SECONDS  as below
"""

from __future__ import annotations

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
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))  # a script, wherever it is started from and however
from door import Door, Seen, look, say

FLAGS = (
    "--kiosk", "--force-app-mode", "--no-first-run", "--no-default-browser-check", "--noerrdialogs", "--disable-pinch",
    "--overscroll-history-navigation=0", "--hide-crash-restore-bubble", "--disable-session-crashed-bubble",
    "--disable-features=Translate,TouchpadOverscrollHistoryNavigation", "--disable-component-update",
    "--disable-background-networking", "--password-store=basic", "--ozone-platform-hint=auto", "--lang=zh-CN",
    "--autoplay-policy=no-user-gesture-required",
)  # fmt: skip
"""The first two leave Chromium without tabs, windows, menus and their keys: the policy file shuts the rest."""
LOOK_SECONDS = 2.0
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
