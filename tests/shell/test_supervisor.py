"""The supervisor: its rule, its door, and its lives before a real kiosk that is dead, comes, dies and comes back."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
from pathlib import Path

import httpx
import pytest

from deploy.shell.door import Door, Seen, look, owner_of, stands
from deploy.shell.supervisor import Life, Rules, why_renew
from tests.hall import LOCALITY, eventually
from tests.processes import Processes
from tests.shell.screen import PATIENCE, SHELL, Supervised, needs_a_screen

NOON, NIGHT = 12, 3
OLD = 100_000.0
GOOD = Seen(answers=True, vacant=True, quiet=5.0)
DEAD = Seen(answers=False)
KIOSK = Life(began=0.0, shows="kiosk", answers=True, since=0.0)
DOWN = Life(began=0.0, shows="kiosk", answers=False, since=100.0)


@pytest.mark.parametrize(
    ("life", "seen", "now", "hour", "why"),
    [
        (KIOSK, GOOD, 1000.0, NOON, ""),
        (KIOSK, GOOD, OLD, NIGHT, "it is night"),
        (KIOSK, GOOD, OLD, NOON, ""),
        (KIOSK, GOOD, 600.0, NIGHT, ""),  # renewed already
        (KIOSK, Seen(answers=True, vacant=False, quiet=5.0), OLD, NIGHT, ""),  # somebody is served
        (DOWN, DEAD, 129.0, NOON, ""),
        (DOWN, DEAD, 130.0, NOON, "the kiosk is down"),
        (Life(began=0.0, shows="notice"), DEAD, OLD, NIGHT, ""),
        (Life(began=0.0, shows="notice"), GOOD, 3.0, NOON, "the kiosk is back"),
        (KIOSK, Seen(answers=True, quiet=61.0), 1000.0, NOON, "its window is silent"),
        (KIOSK, Seen(answers=True, quiet=None), 59.0, NOON, ""),
        (KIOSK, Seen(answers=True, quiet=None), 61.0, NOON, "its window is silent"),
        (Life(began=0.0, shows="kiosk", answers=True, since=990.0), Seen(answers=True), 1000.0, NOON, ""),
        (Life(began=0.0), Seen(answers=True), 61.0, NOON, "its window is silent"),  # a browser that asked for nothing
        (Life(began=0.0), DEAD, 59.0, NOON, ""),  # a slow terminal after power came back: it still starts
        (Life(began=0.0), DEAD, 61.0, NOON, "its window is silent"),
    ],
)
def test_when_the_browser_begins_anew(life, seen, now, hour, why):
    assert why_renew(life, seen, now, hour, Rules()) == why


def test_a_kiosk_that_says_nonsense_is_one_that_does_not_answer():
    with socket.create_server(("127.0.0.1", 0)) as odd:
        address = f"http://127.0.0.1:{odd.getsockname()[1]}"

        def talk():
            for _ in range(2):
                asking, _ = odd.accept()
                asking.sendall(b"nonsense\r\n\r\n")
                asking.close()

        threading.Thread(target=talk, daemon=True).start()
        assert look(address) == Seen(answers=False)
        assert not stands(address)


@pytest.mark.parametrize(("held", "answers"), [(4.9, True), (5.0, False)])
def test_a_kiosk_that_has_no_thread_for_a_page_is_one_that_does_not_answer(held, answers):
    body = f'{{"desk": "vacant", "window": 1.0, "held": {held}}}'.encode()
    with socket.create_server(("127.0.0.1", 0)) as busy:

        def talk():
            asking, _ = busy.accept()
            asking.recv(65536)
            asking.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(body) + body)
            asking.close()

        threading.Thread(target=talk, daemon=True).start()
        seen = look(f"http://127.0.0.1:{busy.getsockname()[1]}")
        assert seen == Seen(answers=answers, vacant=True, quiet=1.0)


def test_a_life_remembers_since_when_the_kiosk_does_not_answer():
    life = KIOSK.after(DEAD, 50.0).after(DEAD, 70.0)
    assert (life.answers, life.since) == (False, 50.0)
    assert life.after(GOOD, 80.0).since == 80.0


@pytest.fixture
def kiosk(tmp_path, seeds):
    running = Processes(tmp_path, seeds, LOCALITY)
    yield running
    running.end()


@pytest.fixture
def door(tmp_path):
    opened: list[Door] = []

    def opening(kiosk: str) -> str:
        key = tmp_path / "pairing-key"
        key.write_text("a-key", encoding="ascii")
        opened.append(Door("127.0.0.1:0", kiosk, key))
        threading.Thread(target=opened[-1].serve_forever, daemon=True).start()
        return f"http://127.0.0.1:{opened[-1].server_port}/"

    yield opening
    for one in opened:
        one.shutdown()
        one.server_close()


def test_the_key_is_handed_out_once_and_only_to_a_program_of_the_same_user(door, hostile):
    address = door(f"http://{hostile.address}")
    if os.getuid() == 0 and shutil.which("setpriv"):
        asking = "import sys, urllib.request as u; print(u.urlopen(sys.argv[1]).read().decode())"
        words = ["setpriv", "--reuid=65534", "--clear-groups", "/usr/bin/python3", "-c", asking, address]
        stranger = subprocess.run(words, capture_output=True, text=True, check=False, timeout=60)  # noqa: S603 - fixed words
        assert "设备维护中" in stranger.stdout, stranger.stderr
    first = httpx.get(address, trust_env=False)
    assert first.status_code == 303, first.text
    assert first.headers["Location"] == f"http://{hostile.address}/?key=a-key"
    second = httpx.get(address, trust_env=False)
    assert second.status_code == 200
    assert "设备维护中" in second.text
    assert "a-key" not in second.text


def test_the_door_has_nothing_else(door):
    address = door("http://127.0.0.1:9")
    assert httpx.get(f"{address}notice.css", trust_env=False).headers["Content-Type"] == "text/css"
    for path in ("supervisor.py", "door.py", "../policy.json", "%2e%2e/update.sh", "pairing-key"):
        assert httpx.get(address + path, trust_env=False).status_code == 404, path
    assert httpx.post(address, trust_env=False).status_code == 501
    page = httpx.get(address, trust_env=False)
    assert page.headers["Content-Security-Policy"] == "default-src 'none'; style-src 'self'"
    for address in ("http:", "https:"):
        assert address not in page.text.replace("http://www.w3.org/2000/svg", "")


def test_whose_a_connection_is(door):
    there = int(door("http://127.0.0.1:9").rstrip("/").rpartition(":")[2])
    with socket.create_connection(("127.0.0.1", there)) as line:
        here = line.getsockname()[1]
        assert owner_of(here, there) == os.getuid()
        assert owner_of(here, 9) is None
    eventually(lambda: owner_of(here, there) is None, what="a connection that is closed is nobody's")


def test_a_port_of_several_connections_and_one_that_was_closed(tmp_path):
    table = tmp_path / "tcp"
    table.write_text(
        "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n"
        "   0: 0100007F:C001 0100007F:1F8F 06 00000000:00000000 03:00000000 00000000     0        0 0\n"
        "   1: 0100007F:C001 0100007F:1F90 01 00000000:00000000 00:00000000 00000000     7        0 1\n"
        "   2: 0100007F:C001 0100007F:1F8F 01 00000000:00000000 00:00000000 00000000  1000        0 2\n"
    )
    assert owner_of(0xC001, 0x1F8F, table) == 1000
    assert owner_of(0xC001, 0x1F90, table) == 7
    assert owner_of(0xC002, 0x1F8F, table) is None


@needs_a_screen
def test_a_kiosk_that_is_dead_comes_dies_and_comes_back(display, kiosk, tmp_path):
    """The browser is shown the notice by itself, and the kiosk by itself; nobody touches anything."""
    folder = tmp_path / "shell"
    folder.mkdir()
    shell = Supervised(folder, display, kiosk.addresses["resident"], DOWN_SECONDS="3")
    shell.key = kiosk.kiosk_folder / "secrets" / "pairing-key"
    shell.environment["PAIRING_KEY"] = str(shell.key)
    try:
        shell.start()
        eventually(lambda: "设备维护中" in display.titles(), PATIENCE, "the notice")
        kiosk.start("kiosk")
        shell.again("the kiosk is back")
        eventually(lambda: kiosk.health()["window"] is not None, PATIENCE, "the kiosk's window asks")
        eventually(lambda: "设备维护中" not in display.titles(), PATIENCE)
        key_is_on_no_command_line(shell)
        kiosk.kill("kiosk")
        shell.again("the kiosk is down")
        eventually(lambda: "设备维护中" in display.titles(), PATIENCE, "the notice")
        os.kill(min(shell.processes()), signal.SIGKILL)
        assert shell.ends() == "the browser ended"
        assert shell.profile() == [], "what the browser remembered is gone with it"
    finally:
        shell.stop()


def key_is_on_no_command_line(shell: Supervised) -> None:
    """Any user of the machine may read the command lines of all."""
    for number in shell.processes():
        assert b"key=" not in Path(f"/proc/{number}/cmdline").read_bytes()


def test_it_runs_on_the_systems_own_python_without_any_part_of_ours():
    words = ["/usr/bin/python3", "-I", "-c", f"import runpy; runpy.run_path({str(SHELL / 'supervisor.py')!r})"]
    python = words if Path(words[0]).exists() else [sys.executable, *words[1:]]
    assert subprocess.run(python, check=False, timeout=60).returncode == 0  # noqa: S603 - fixed words
