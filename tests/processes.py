"""A kiosk and a hub as the processes they are, to be killed at any moment; and somebody who uses them meanwhile."""

from __future__ import annotations

import json
import os
import re
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import httpx

from contract.chain import Link, first_break
from tests.hall import Seeds, free_port
from tests.signing import enrolment_in

ROOT = Path(__file__).parents[1]
START_SECONDS = 90.0
TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')
NUMBER = re.compile(r"<b[^>]*>(?:<bdi>)?(\d{8}-?[0-9A-F]{8})<")


def patiently(true: Callable[[], object], seconds: float, what: str) -> None:
    """As ``eventually``, but looking seldom: what is waited for needs the processor more than we do."""
    until = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < until, f"did not happen within {seconds} s: {what}"
        time.sleep(0.1)


class Processes:
    """``run.py kiosk`` and ``run.py county`` on free ports, in ``folder``, with the invented town in it."""

    def __init__(self, folder: Path, seeds: Seeds, locality: str, **own: str) -> None:
        self.kiosk_folder, self.hub_folder = folder / "kiosk", folder / "hub"
        fingerprint = enrolment_in(self.kiosk_folder).fingerprint
        hub = seeds.copy(self.hub_folder)
        seeds.copy_feed(self.kiosk_folder)
        self.addresses = {name: f"127.0.0.1:{free_port()}" for name in ("resident", "staff", "display")}
        self.hub_address = hub.listen
        self.own = os.environ | {
            "KIOSK_HUB__LISTEN": hub.listen, "KIOSK_HUB__DATABASE": hub.database, "KIOSK_HUB__MEDIA": str(hub.media),
            "KIOSK_HUB__KEYS": str(hub.keys), "KIOSK_HUB__PEOPLE": str(hub.people),
            "KIOSK_HUB__APPROVED": json.dumps([fingerprint]), "KIOSK_KIOSK__FOLDER": str(self.kiosk_folder),
            "KIOSK_KIOSK__LOCALITY": locality, "KIOSK_DEVICES__PEOPLE": str(hub.people),
            "KIOSK_COUNTY__URL": f"http://{hub.listen}", "KIOSK_COUNTY__POLL_SECONDS": "1.0",
            "KIOSK_COUNTY__TIMEOUT_SECONDS": "2.0",
            **{f"KIOSK_FACES__{name.upper()}": address for name, address in self.addresses.items()},
        } | own  # fmt: skip
        self.log = folder / "said.txt"
        self._asking = httpx.Client(timeout=5)
        self.running: dict[str, subprocess.Popen[bytes]] = {}
        self.within: dict[str, list[str]] = {}
        """What a program's command line begins with: into a mount namespace of its own, for one."""

    @property
    def kiosk_file(self) -> Path:
        return self.kiosk_folder / "kiosk.sqlite"

    @property
    def hub_file(self) -> Path:
        return self.hub_folder / "county.sqlite"

    def start(self, what: str, environment: Mapping[str, str] | None = None) -> None:
        """Start ``kiosk`` or ``county``; returns when it answers."""
        with self.log.open("ab") as said:
            program = [sys.executable, str(ROOT / "run.py"), "--config", "config/town.toml", what]
            command = [*self.within.get(what, []), *program]
            self.running[what] = subprocess.Popen(  # noqa: S603  our own program
                command, cwd=ROOT, env={**self.own, **(environment or {})}, stdin=subprocess.DEVNULL, stdout=said,
                stderr=subprocess.STDOUT,
            )  # fmt: skip
        patiently(lambda: self.answers(what) or self.running[what].poll() is not None, START_SECONDS, f"{what} starts")
        said = self.log.read_text(encoding="utf-8")[-3000:] if self.log.is_file() else "?"
        assert self.running[what].poll() is None, said

    def answers(self, what: str) -> bool:
        try:
            return self._asking.get(f"http://{self.address(what)}/health").status_code == 200
        except httpx.HTTPError:
            return False

    def address(self, what: str) -> str:
        return self.hub_address if what == "county" else self.addresses["resident"]

    def kill(self, what: str) -> None:
        """As a power cut would."""
        self.running[what].send_signal(signal.SIGKILL)
        self.running[what].wait(30)

    def end(self) -> None:
        for process in self.running.values():
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
        for process in self.running.values():
            try:
                process.wait(60)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait(10)

    def health(self) -> dict:
        told: dict = self._asking.get(f"http://{self.addresses['resident']}/health").json()
        return told


def sound(file: Path) -> str:
    """What SQLite finds wrong with a database that was left behind, or ok."""
    with sqlite3.connect(file) as connection:
        return connection.execute("PRAGMA integrity_check").fetchone()[0]


def broken_link(file: Path) -> int | None:
    """The first entry of a kiosk's journal whose chain does not hold."""
    with sqlite3.connect(file) as connection:
        rows = connection.execute("SELECT number, text, digest FROM journal ORDER BY number").fetchall()
    return first_break(Link(*row) for row in rows)


def rows_of(file: Path, sql: str) -> list[tuple]:
    with sqlite3.connect(file) as connection:
        return connection.execute(sql).fetchall()


class Hand:
    """Somebody at the screen and the slot of a running kiosk, over HTTP. What breaks is an httpx.HTTPError."""

    def __init__(self, processes: Processes) -> None:
        self._base = f"http://{processes.addresses['resident']}"
        people = (json.loads(line) for line in (processes.hub_folder / "people.jsonl").open(encoding="utf-8"))
        self.people = {person["name"]: person for person in reversed(list(people))}
        self.browser = httpx.Client(base_url=self._base, follow_redirects=True, timeout=10)
        self.dock = httpx.Client(base_url=self._base, follow_redirects=True, timeout=10)

    def _token(self, browser: httpx.Client, path: str) -> str:
        found = TOKEN.search(browser.get(path).text)
        return found[1] if found else ""

    def card_in(self, name: str) -> None:
        """Returns when the screen serves; an AssertionError where it does not come to that."""
        token = self._token(self.dock, "/dock/")
        self.dock.post("/dock/insert", data={"csrf_token": token, "number": self.people[name]["number"]})
        patiently(lambda: self.health()["desk"] == "serving", 30, "somebody is served")
        self.browser.get("/")

    def card_out(self) -> None:
        self.dock.post("/dock/remove", data={"csrf_token": self._token(self.dock, "/dock/")})
        patiently(lambda: self.health()["desk"] == "vacant", 30, "nobody is served")

    def health(self) -> dict:
        return self.browser.get("/health").json()

    def asks_for_somebody(self) -> str:
        """The number of an appointment; "" where none was given."""
        root = "/services/pension_verification/appointment"
        page = self.browser.post(root, data={"csrf_token": self._token(self.browser, root), "wanted": "home"}).text
        found = NUMBER.search(page)
        return found[1] if found else ""

    def reads_statement(self, name: str) -> bool:
        page = self.browser.get("/services/insurance_query/")
        token = TOKEN.search(page.text)
        if 'action="/pin' in page.text and token:
            action = re.search(r'action="(/pin[^"]*)"', page.text)[1].replace("&amp;", "&")
            page = self.browser.post(action, data={"csrf_token": token[1], "pin": self.people[name]["pin"]})
        return "insurance_query/slip" in page.text

    def close(self) -> None:
        self.browser.close()
        self.dock.close()
