"""The kiosk's program dies under the browser's hands and comes back: covered at once, healed by itself."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest

from tests.browser_screen import BrowserScreen
from tests.hall import LOCALITY, RunningHub, eventually, free_port

GONE = ("htmx:error: Failed to fetch", "ERR_CONNECTION", "ERR_EMPTY_RESPONSE", "ERR_INCOMPLETE_CHUNKED", "ERR_SOCKET")
ROOT = Path(__file__).parents[2]


class OwnProcess:
    """The kiosk as it runs in a hall: its own process, by run.py, on its own folder."""

    def __init__(self, folder: Path, hub: RunningHub) -> None:
        self.folder = folder / "kiosk"
        self.address = f"127.0.0.1:{free_port()}"
        self.config = folder / "site.toml"
        others = {face: f"127.0.0.1:{free_port()}" for face in ("staff", "display")}
        sections = {
            "kiosk": {"stage": "development", "folder": str(self.folder), "locality": LOCALITY},
            "faces": {"resident": self.address} | others,
            "devices": {"card": "simulated:", "people": str(hub.settings.people)},
            "county": {"url": hub.url},
        }  # fmt: skip
        lines = [
            f"[{name}]\n" + "\n".join(f"{key} = {json.dumps(value)}" for key, value in section.items())
            for name, section in sections.items()
        ]
        self.config.write_text("\n".join(lines), encoding="utf-8")

    def start(self) -> None:
        command = [sys.executable, str(ROOT / "run.py"), "--config", str(self.config), "kiosk"]
        self.process = subprocess.Popen(  # noqa: S603 - our own program
            command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=dict(os.environ)
        )
        until = time.monotonic() + 30
        while not self.answers():
            assert self.process.poll() is None, "the kiosk ended at its start"
            assert time.monotonic() < until, "the kiosk does not answer"
            time.sleep(0.1)

    def answers(self) -> bool:
        try:
            return httpx.get(f"http://{self.address}/health", timeout=1).status_code == 200
        except httpx.HTTPError:
            return False

    def wait_for_the_feed(self) -> None:
        def arrived():
            return httpx.get(f"http://{self.address}/health").json()["county"]["as_of"]

        eventually(arrived, 15, "the kiosk holds the county's postings")

    def kill(self) -> None:
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(10)

    def stop(self) -> int:
        self.process.terminate()
        return self.process.wait(15)


class Window(BrowserScreen):
    """The screen before a kiosk of its own process."""

    def __init__(self, kiosk: OwnProcess, context) -> None:
        super(BrowserScreen, self).__init__(context, kiosk.address)
        self.visit(f"/?key={(kiosk.folder / 'secrets' / 'pairing-key').read_text()}")


@pytest.fixture
def kiosk(tmp_path, seeds):
    hub = RunningHub(seeds.copy(tmp_path / "hub"))
    running = OwnProcess(tmp_path, hub)
    running.start()
    yield running
    if running.process.poll() is None:
        assert running.stop() == 0
    hub.stop()


def test_the_kiosk_killed_covers_the_screen_and_a_restart_heals_it_without_a_touch(kiosk, window, watch):
    watch.forgive(*GONE)
    kiosk.wait_for_the_feed()
    screen = Window(kiosk, window())
    screen.press("找工作")
    screen.open_first()
    screen.sees("有效到")
    kiosk.kill()
    screen.sees("正在恢复，请稍候")
    assert screen.tab.locator("#cover").bounding_box()["height"] == 1920
    kiosk.start()
    screen.sees("请插入社会保障卡", seconds=15)
    assert screen.tab.locator("#cover").is_hidden()
    assert screen.path == "/"
    screen.press("找工作")
    screen.sees("个岗位")


def test_a_touch_into_the_void_covers_the_screen_too(kiosk, window, watch):
    watch.forgive(*GONE)
    screen = Window(kiosk, window())
    kiosk.kill()
    screen.tap(screen.pressable("找工作"))
    screen.sees("正在恢复，请稍候")
    kiosk.start()
    screen.sees("请插入社会保障卡", seconds=15)


def test_the_kiosk_ends_cleanly_while_a_window_is_open(kiosk, window, watch):
    watch.forgive(*GONE)
    screen = Window(kiosk, window())
    screen.sees("请插入社会保障卡")
    began = time.monotonic()
    assert kiosk.stop() == 0
    assert time.monotonic() - began < 8
    screen.sees("正在恢复，请稍候")
