"""A town of its own for a bench: hub and kiosk as processes, on free ports, in a folder that goes away."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Self

import httpx

from kiosk.settings import KioskSection
from kiosk.uplink.identity_keys import open_keys

ROOT = Path(__file__).resolve().parent.parent
SEED = 1
PATIENCE = 60.0


def free_port() -> int:
    """A port nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Town:
    """One hub and one kiosk. ``more``: further settings as KIOSK_<SECTION>__<KEY>."""

    def __init__(self, **more: str) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="kiosk-bench-"))
        ports = [free_port() for _ in range(4)]
        self.resident, self.staff, self.display, self.hub = (f"http://127.0.0.1:{port}" for port in ports)
        self.environment = (
            os.environ
            | {
                "KIOSK_FACES__RESIDENT": f"127.0.0.1:{ports[0]}",
                "KIOSK_FACES__STAFF": f"127.0.0.1:{ports[1]}",
                "KIOSK_FACES__DISPLAY": f"127.0.0.1:{ports[2]}",
                "KIOSK_HUB__LISTEN": f"127.0.0.1:{ports[3]}",
                "KIOSK_COUNTY__URL": self.hub,
                "KIOSK_KIOSK__FOLDER": str(self.folder / "kiosk"),
                "KIOSK_DEVICES__PEOPLE": str(self.people),
                "KIOSK_HUB__PEOPLE": str(self.people),
                "KIOSK_HUB__DATABASE": f"sqlite:///{self.folder / 'county.sqlite'}",
                "KIOSK_HUB__MEDIA": str(self.folder / "media"),
                "KIOSK_HUB__KEYS": str(self.folder / "county-key"),
                "KIOSK_HUB__DEMO_SEED": str(SEED),
                "KIOSK_HUB__APPROVED": json.dumps([self._fingerprint()]),
            }
            | more
        )
        self.children: dict[str, subprocess.Popen[bytes]] = {}

    def _fingerprint(self) -> str:
        keys = open_keys(self.folder / "kiosk" / "secrets")
        return keys.enrolment("kiosk", KioskSection().site).fingerprint

    @property
    def people(self) -> Path:
        """Where the hub writes the invented residents."""
        return self.folder / "people.jsonl"

    def start(self, name: str, command: list[str]) -> subprocess.Popen[bytes]:
        """Start a process of the town; its words go to a file of its name."""
        with (self.folder / f"{name}.log").open("ab") as log:
            child = subprocess.Popen(
                command, env=self.environment, cwd=ROOT, stdin=subprocess.PIPE, stdout=log, stderr=log
            )
        self.children[name] = child
        return child

    def run_py(self, *words: str) -> list[str]:
        """The program with these words, in the town's configuration."""
        return [sys.executable, str(ROOT / "run.py"), "--config", str(ROOT / "config" / "town.toml"), *words]

    def start_hub(self) -> None:
        """Start the hub and wait until it answers."""
        self.start("county", self.run_py("county", "--child"))
        self.await_answer(f"{self.hub}/health")

    def start_kiosk(self) -> None:
        """Start the kiosk, wait until it answers and has the feed."""
        interpreter, _, *words = self.run_py("kiosk")
        self.start("kiosk", [interpreter, "-m", "bench.hurried_kiosk", *words])
        self.await_answer(f"{self.resident}/health")
        self.await_feed()

    def await_answer(self, address: str) -> httpx.Response:
        """The first answer with 200."""
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            try:
                answer = httpx.get(address, timeout=5, follow_redirects=True)
            except httpx.TransportError:
                time.sleep(0.01)
                continue
            if answer.status_code == httpx.codes.OK:
                return answer
        raise TimeoutError(f"{address} does not answer; see {self.folder}")

    def await_feed(self) -> None:
        """Wait until notices and postings are here."""
        until = time.monotonic() + PATIENCE
        while httpx.get(f"{self.resident}/health", timeout=5).json()["county"]["as_of"] is None:
            if time.monotonic() > until:
                raise TimeoutError("no feed")
            time.sleep(0.1)

    def stop(self, name: str) -> None:
        """End one process in order."""
        child = self.children.pop(name)
        child.terminate()
        try:
            child.wait(15)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait(5)
        if child.stdin is not None:
            child.stdin.close()

    def __enter__(self) -> Self:
        try:
            self.start_hub()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        for name in reversed(list(self.children)):
            self.stop(name)
        shutil.rmtree(self.folder, ignore_errors=True)
