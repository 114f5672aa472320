"""What systemd hears of the program: ready when it serves, alive while its own face answers, else silence."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from kiosk.watchdog import Watchdog
from tests.hall import LOCALITY, eventually, free_port

ROOT = Path(__file__).resolve().parents[2]


class Systemd:
    """The socket that systemd listens on."""

    def __init__(self, folder: Path) -> None:
        self.path = str(folder / "notify")
        self._line = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._line.bind(self.path)

    def hears(self, seconds: float = 60.0) -> str:
        """The next word; "" where none comes."""
        self._line.settimeout(seconds)
        try:
            return self._line.recv(100).decode()
        except TimeoutError:
            return ""

    def close(self) -> None:
        self._line.close()


@pytest.fixture
def systemd(tmp_path):
    listening = Systemd(tmp_path)
    yield listening
    listening.close()


@pytest.fixture
def ended():
    event = threading.Event()
    yield event
    event.set()


def test_the_program_says_that_it_serves_and_then_that_it_ends(tmp_path, systemd):
    faces = {name: f"127.0.0.1:{free_port()}" for name in ("resident", "staff", "display")}
    (tmp_path / "site.toml").write_text(
        f'[kiosk]\nstage = "development"\nfolder = "{tmp_path}/state"\nlocality = "{LOCALITY}"\n'
        f'[devices]\ncard = "simulated:"\npeople = "{tmp_path}/nobody.jsonl"\n[county]\nurl = "http://127.0.0.1:9"\n'
        "[faces]\n" + "".join(f'{name} = "{address}"\n' for name, address in faces.items())
    )
    (tmp_path / "nobody.jsonl").touch()
    words = [sys.executable, "run.py", "--config", str(tmp_path / "site.toml"), "kiosk"]
    program = subprocess.Popen(words, cwd=ROOT, env=os.environ | {"NOTIFY_SOCKET": systemd.path})  # noqa: S603 - ours
    try:
        assert systemd.hears(90) == "READY=1"
        assert systemd.hears(90) == "WATCHDOG=1"
        program.send_signal(signal.SIGTERM)
        eventually(lambda: systemd.hears() == "STOPPING=1", 60)
        assert program.wait(60) == 0
    finally:
        program.kill()


def test_a_face_that_answers_nothing_is_not_called_alive(systemd, ended):
    with socket.create_server(("127.0.0.1", 0)) as deaf:
        Watchdog(systemd.path, f"127.0.0.1:{deaf.getsockname()[1]}").start(ended)
        deaf.settimeout(60)
        asking, _ = deaf.accept()  # it asks, and nobody says anything
        assert systemd.hears(1.0) == ""
        asking.sendall(b"nonsense\r\n\r\n")
        asking.close()
        again, _ = deaf.accept()  # a thread that died of the nonsense would not ask again
        again.close()


def test_without_systemd_nobody_is_told(ended):
    before = set(threading.enumerate())
    Watchdog("", "127.0.0.1:9").start(ended)
    assert "watchdog" not in {thread.name for thread in set(threading.enumerate()) - before}
