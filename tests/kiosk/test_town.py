"""The ten-minute town as a newcomer starts it: a real process with its child, its addresses, and a clean end."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest

from tests.hall import eventually, free_port

ROOT = Path(__file__).parents[2]
RUN = ROOT / "run.py"
KEYS = {"version", "mode", "devices", "county", "outbox", "voice", "handwriting", "held"}


def environment(folder):
    """A town of its own: free ports, its own folder."""
    ports = {name: free_port() for name in ("resident", "staff", "display", "hub")}
    hub = {"LISTEN": f"127.0.0.1:{ports['hub']}", "DATABASE": f"sqlite:///{folder / 'county.sqlite'}"}
    hub |= {"MEDIA": str(folder / "media"), "KEYS": str(folder / "key"), "PEOPLE": str(folder / "people.jsonl")}
    faces = {name.upper(): f"127.0.0.1:{ports[name]}" for name in ("resident", "staff", "display")}
    own = {f"KIOSK_HUB__{key}": value for key, value in hub.items()}
    own |= {f"KIOSK_FACES__{key}": value for key, value in faces.items()}
    own |= {"KIOSK_KIOSK__FOLDER": str(folder), "KIOSK_DEVICES__PEOPLE": str(folder / "people.jsonl")}
    own |= {"KIOSK_COUNTY__URL": f"http://{hub['LISTEN']}", "PYTHONUNBUFFERED": "1"}
    return os.environ | own


class RunningTown:
    """``run.py town`` until its addresses are printed."""

    def __init__(self, folder, own=None, verb=("town",)):
        self.own = own or environment(folder)
        self.said = folder / f"said-{time.monotonic_ns()}.txt"
        with self.said.open("wb") as out:
            command = [sys.executable, str(RUN), *verb]
            self.process = subprocess.Popen(command, cwd=ROOT, env=self.own, stdout=out, stderr=subprocess.STDOUT)  # noqa: S603  our own program

    @property
    def text(self):
        return self.said.read_text(encoding="utf-8")

    def started(self):
        eventually(lambda: "Ctrl-C" in self.text or self.process.poll() is not None, 90, "the town starts")
        assert self.process.poll() is None, self.text
        return self

    def url(self, face):
        return "http://" + self.own[f"KIOSK_FACES__{face.upper()}"]

    def end(self, by=signal.SIGINT):
        if self.process.poll() is None:
            self.process.send_signal(by)
        return self.process.wait(30)


@pytest.fixture
def start(tmp_path):
    running = []

    def starting(own=None, verb=("town",)):
        running.append(RunningTown(tmp_path, own, verb))
        return running[-1]

    yield starting
    for town in running:
        if town.process.poll() is None:
            town.process.kill()
            town.process.wait(10)


def processes_with(word):
    """Command lines of living processes that hold ``word`` in their environment."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if (
                word.encode() in (folder / "environ").read_bytes()
                and "Z" not in (folder / "stat").read_text().split()[2]
            ):
                found.append((folder / "cmdline").read_bytes())
        except OSError:
            continue
    return found


def test_the_town_starts_says_where_it_is_answers_and_ends_with_nothing_left(start, tmp_path):
    town = start().started()
    for face in ("resident", "staff", "display"):
        assert town.url(face) in town.text
        told = httpx.get(town.url(face) + "/health").json()
        assert set(told) == KEYS | ({"desk", "window"} if face == "resident" else set())
    assert "editor / bianji-shili-2026" in town.text
    assert "approver / shenhe-shili-2026" in town.text
    assert "/dock/" in town.text
    assert "请插入社会保障卡" in httpx.get(town.url("resident") + "/").text
    eventually(lambda: httpx.get(town.url("resident") + "/health").json()["county"]["as_of"], 20)
    invented = (tmp_path / "people.jsonl").stat().st_mtime_ns
    assert town.end() == 0
    assert "Traceback" not in town.text
    if sys.platform == "linux":
        eventually(lambda: processes_with(str(tmp_path)) == [], 10, "no process is left")
    again = start(town.own).started()
    assert (tmp_path / "people.jsonl").stat().st_mtime_ns == invented, "the town is there already"
    assert again.end(signal.SIGTERM) == 0


def test_a_hub_whose_kiosk_was_killed_ends_too(start, tmp_path):
    if sys.platform != "linux":
        pytest.skip("looks at /proc")
    town = start().started()
    town.process.kill()
    town.process.wait(10)
    eventually(lambda: processes_with(str(tmp_path)) == [], 15, "the hub follows its starter")
    assert town.process.returncode == -signal.SIGKILL


@pytest.mark.parametrize("taken", ["KIOSK_FACES__STAFF", "KIOSK_HUB__LISTEN"])
def test_a_port_in_use_is_one_clear_line(start, tmp_path, taken):
    own = environment(tmp_path)
    address = own[taken]
    with socket.socket() as other:
        other.bind(("127.0.0.1", int(address.rpartition(":")[2])))
        other.listen()
        town = start(own)
        assert town.process.wait(90) == 2
    assert "Traceback" not in town.text
    last = town.text.strip().splitlines()[-1]
    assert last.startswith("run.py town: ")
    assert address in last


def test_another_hub_at_our_address_is_not_taken_for_ours(start, tmp_path):
    first = start().started()
    own = environment(tmp_path) | {"KIOSK_HUB__LISTEN": first.own["KIOSK_HUB__LISTEN"]}
    second = start(own)
    assert second.process.wait(60) == 2
    assert own["KIOSK_HUB__LISTEN"] in second.text.strip().splitlines()[-1]
    assert first.end() == 0


def run(folder, *words, said=""):
    return subprocess.run(  # noqa: S603  our own program
        [sys.executable, str(RUN), *words],
        cwd=ROOT,
        env=environment(folder),
        input=said,
        capture_output=True,
        text=True,
        check=False,
        timeout=90,
    )


def test_people_are_printed_one_a_line_with_all_that_a_card_needs(tmp_path):
    done = run(tmp_path, "people")
    people = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.returncode == 0
    assert len(people) >= 300
    for key in ("name", "number", "card_number", "card_version", "pin", "special"):
        assert all(key in person for person in people)
    assert run(tmp_path, "people").stdout == done.stdout


def test_an_account_made_on_the_command_line_signs_in(start, tmp_path):
    town = start().started()
    command = [sys.executable, str(RUN), "staff", "add", "xin", "辛窗口", "--role", "clerk", "--area", "510521109"]
    made = subprocess.run(  # noqa: S603  our own program
        command,
        cwd=ROOT,
        env=town.own,
        input="yi-ge-mima-2026\n",
        capture_output=True,
        text=True,
        check=False,
        timeout=90,
    )
    assert made.returncode == 0, made.stderr
    with httpx.Client(base_url=town.url("staff"), follow_redirects=True) as browser:
        eventually(lambda: "县里已批准" in browser.get("/sign-in").text, 60, "the county knows the kiosk")
        page = browser.get("/sign-in").text
        token = re.search(r'name="csrf_token" value="([^"]+)"', page)[1]
        page = browser.post(
            "/sign-in", data={"csrf_token": token, "account": "xin", "password": "yi-ge-mima-2026"}
        ).text
    assert "辛窗口" in page
    assert town.end() == 0


@pytest.mark.parametrize(
    ("words", "named"),
    [
        (("--config", "nowhere.toml", "kiosk"), "nowhere.toml"),
        (("--config", "{folder}/wrong.toml", "kiosk"), "kiosk.nmae: unknown key"),
        (("--config", "{folder}/text.toml", "kiosk"), "not TOML"),
    ],
)
def test_a_configuration_that_cannot_be_used_is_one_line(tmp_path, words, named):
    (tmp_path / "wrong.toml").write_text("[kiosk]\nnmae = 'x'\n", encoding="utf-8")
    (tmp_path / "text.toml").write_text("hello", encoding="utf-8")
    done = run(tmp_path, *(word.format(folder=tmp_path) for word in words))
    assert done.returncode == 2
    assert named in done.stderr.strip().splitlines()[-1]
    assert "Traceback" not in done.stderr
