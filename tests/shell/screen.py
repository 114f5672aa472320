"""The shell on a screen of its own: Xvfb, Chromium with the managed policy, and a hand at keyboard and mouse (xdotool).

Chromium of Debian reads its policy from /etc/chromium only. A mount of our own (`unshare --mount`) puts the policy
there for this one process: the machine stays as it was. Where that is not allowed, these tests are skipped.
"""

from __future__ import annotations

import json
import os
import shlex
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest
from PIL import Image, ImageChops, ImageGrab

from tests.browser_screen import whole_chromium
from tests.hall import free_port

ROOT = Path(__file__).resolve().parents[2]
SHELL = ROOT / "deploy" / "shell"
WIDTH, HEIGHT = 720, 1280
PATIENCE = 45.0
MOUNTED = 'mount --bind "$0" /etc/chromium && exec "$@"'
AS_TESTS_RUN = (
    "--no-sandbox",
    "--test-type",
    "--disable-gpu",
    f"--window-size={WIDTH},{HEIGHT}",
    "--window-position=0,0",
)
"""Tests may run as root, without a graphics card and without somebody who makes a window as large as the screen."""


def why_not() -> str:
    """Why the shell cannot be tried here; "" where it can."""
    missing = [tool for tool in ("Xvfb", "xdotool", "unshare") if not shutil.which(tool)]
    if missing or not whole_chromium():
        return f"not installed: {', '.join(missing) or 'chromium'}"
    mounts = subprocess.run(["unshare", "--mount", "true"], check=False, capture_output=True)  # noqa: S607 - util-linux
    return "" if mounts.returncode == 0 else "no mounts of our own are allowed here (CAP_SYS_ADMIN)"


def policy(kiosk: str, door: str, **changes: object) -> dict[str, object]:
    """The policy of deploy/shell with the addresses of a test in place of 127.0.0.1:8080 and :8079."""
    text = (SHELL / "policy.json").read_text(encoding="utf-8")
    for written, instead in (("127.0.0.1:8080", kiosk), ("127.0.0.1:8079", door)):
        assert written in text
        text = text.replace(written, instead)
    return {name: value for name, value in (json.loads(text) | changes).items() if value is not None}


def managed(folder: Path, told: dict[str, object]) -> Path:
    """A folder that may stand in the place of /etc/chromium, with this policy in it."""
    place = folder / "etc-chromium"
    shutil.rmtree(place, ignore_errors=True)
    shutil.copytree("/etc/chromium", place)
    (place / "policies" / "managed").mkdir(parents=True)
    (place / "policies" / "managed" / "kiosk.json").write_text(json.dumps(told), encoding="utf-8")
    return place


def under_policy(place: Path) -> list[str]:
    """The words before Chromium's own that put the policy in its place for this process alone."""
    return ["unshare", "--mount", "sh", "-c", MOUNTED, str(place), whole_chromium()]


@dataclass
class Display:
    """A screen without a monitor; the server picks a free number, and says it when it can be used."""

    number: int = field(init=False)

    def __post_init__(self) -> None:
        heard, said = os.pipe()
        words = ["Xvfb", "-displayfd", str(said), "-screen", "0", f"{WIDTH}x{HEIGHT}x24", "-nolisten", "tcp"]
        self._server = subprocess.Popen(words, stderr=subprocess.DEVNULL, pass_fds=(said,))  # noqa: S603 - Debian's
        os.close(said)
        with os.fdopen(heard, encoding="ascii") as line:
            self.number = int(line.readline())

    @property
    def name(self) -> str:
        return f":{self.number}"

    def xdotool(self, *words: object) -> str:
        command = ["xdotool", *map(str, words)]
        environment = os.environ | {"DISPLAY": self.name}
        return subprocess.run(command, env=environment, capture_output=True, text=True, check=False).stdout  # noqa: S603 - Debian's

    def press(self, key: str) -> None:
        """A key, or several held together: "ctrl+p"."""
        self.xdotool("key", "--clearmodifiers", key)

    def click(self, x: int, y: int, button: int = 1) -> None:
        self.xdotool("mousemove", x, y, "click", button)

    def windows(self) -> list[str]:
        """The numbers of all windows with a title that can be seen; the screen itself has none."""
        return sorted(self.xdotool("search", "--onlyvisible", "--name", ".+").split())

    def titles(self) -> str:
        """What the windows are called, all together."""
        return " | ".join(self.xdotool("getwindowname", number).strip() for number in self.windows())

    def picture(self) -> Image.Image:
        return ImageGrab.grab(xdisplay=self.name).convert("RGB")

    def steady(self) -> Image.Image:
        """The picture when it does not change any more."""
        before, until = self.picture(), time.monotonic() + PATIENCE
        while time.monotonic() < until:
            time.sleep(0.1)
            now = self.picture()
            if same(before, now):
                return now
            before = now
        raise AssertionError("the screen never stands still")

    def close(self) -> None:
        self._server.terminate()
        self._server.wait(20)


def same(one: Image.Image, other: Image.Image) -> bool:
    """True where not a single pixel differs."""
    return ImageChops.difference(one, other).getbbox() is None


class Supervised:
    """deploy/shell/supervisor.py under systemd's rule: whenever it ends it is started again, with the key of then."""

    def __init__(self, folder: Path, display: Display, kiosk: str, **told: str) -> None:
        self.folder, self.kiosk = folder, kiosk
        self.door = f"127.0.0.1:{free_port()}"
        self.key = folder / "pairing-key"
        place = managed(folder, policy(kiosk, self.door))
        (folder / "run").mkdir()
        self.environment = os.environ | told | {
            "DISPLAY": display.name, "HOME": str(folder / "home"), "KIOSK_ADDRESS": f"http://{kiosk}",
            "SHELL_ADDRESS": self.door, "PAIRING_KEY": str(self.key), "RUNTIME_DIRECTORY": str(folder / "run"),
            "BROWSER": shlex.join([*under_policy(place), *AS_TESTS_RUN]),
        }  # fmt: skip
        self.log = folder / "shell.log"
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        with self.log.open("ab") as said:
            self.process = subprocess.Popen(  # noqa: S603 - our own program
                [sys.executable, str(SHELL / "supervisor.py")], env=self.environment, stdout=said, stderr=said
            )

    def said(self) -> list[str]:
        """Why lives ended so far."""
        lines = self.log.read_text(encoding="utf-8", errors="replace").splitlines()
        return [line.removeprefix("shell: ") for line in lines if line.startswith("shell: ")]

    def ends(self, seconds: float = PATIENCE) -> str:
        """Wait until this life is over; why it ended."""
        assert self.process is not None
        self.process.wait(seconds)
        return self.said()[-1]

    def stop(self) -> None:
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            self.process.wait(PATIENCE)

    def again(self, why: str) -> None:
        """As systemd does: when this life is over, for this reason, the next one begins."""
        ended = self.ends()
        assert ended == why, self.log.read_text(encoding="utf-8", errors="replace")[-3000:]
        self.start()

    def processes(self) -> list[int]:
        """The browser's processes."""
        mark = str(self.folder / "run" / "profile").encode()
        found = [one for one in Path("/proc").iterdir() if one.name.isdigit()]
        return [int(one.name) for one in found if mark in words_of(one)]

    def profile(self) -> list[Path]:
        """What is left of the browser's profile."""
        return sorted((self.folder / "run").rglob("*"))


def words_of(process: Path) -> bytes:
    """The command line of a process; nothing where it is gone."""
    try:
        return (process / "cmdline").read_bytes()
    except OSError:
        return b""


def answers(address: str) -> bool:
    try:
        return httpx.get(address, trust_env=False, timeout=5).status_code < 600
    except httpx.HTTPError:
        return False


needs_a_screen = pytest.mark.skipif(bool(why_not()), reason=why_not() or "-")
