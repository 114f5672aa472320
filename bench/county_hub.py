"""A county for the figures: a database, hubs under gunicorn as deploy/ starts them, a kiosk that is known to them."""

from __future__ import annotations

import json
import os
import secrets
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Self

import httpx
from sqlalchemy import insert, select

from bench.idle import cpu_seconds
from bench.town import ROOT, free_port
from contract.message import SITTING_HEADER
from contract.signatures import Outgoing
from county.feeding.code_lists import publish_missing
from county.hub import Hub, build_hub
from county.kiosks import enrol
from county.models import contribution_months, participations, sittings
from county.settings import HubSettings, Stage
from county.tokens import hash_of
from kiosk.clock import Clock
from kiosk.uplink.county_time import CountyTime
from kiosk.uplink.identity_keys import Signer, open_keys
from tests.hall import eventually
from tests.postgres import PostgresServer

DURABLE = "-c shared_buffers=512MB -c max_connections=100"
"""A PostgreSQL as a county runs it: everything that is acknowledged is on the disk."""
SITE = "510521109"
ANSWERS_WITHIN = 60.0
Cpu = Callable[[], float]


@dataclass(frozen=True)
class Run:
    """One load against one server. ``cpu_ms``: of all its processes, for each answer."""

    p50_ms: float
    p99_ms: float
    answers: int
    seconds: float
    cpu_ms: float
    statuses: dict[str, int]


class County:
    """The invented town on one of the two databases; ``database``: "sqlite" or "postgresql"."""

    def __init__(self, database: str) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="kiosk-bench-"))
        self.postgres = PostgresServer(DURABLE) if database == "postgresql" else None
        self.servers: list[Server] = []

    def __enter__(self) -> Self:
        url = f"sqlite:///{self.folder / 'county.sqlite'}"
        if self.postgres is not None:
            self.postgres.__enter__()
            url = self.postgres.url(self.postgres.database())
        self.settings = HubSettings(
            database=url, media=self.folder / "media", keys=self.folder / "county-key", stage=Stage.DEVELOPMENT,
            people=self.folder / "people.jsonl", demo_seed=1,
        )  # fmt: skip
        self.hub: Hub = build_hub(self.settings)
        publish_missing(self.hub.store)  # what its chores would do in the midst of a run
        keys = open_keys(self.folder / "kiosk")
        clock = Clock("Asia/Shanghai")
        self.signer = Signer(keys, keys.enrolment("bench", SITE), _ClockOf(clock))
        with self.hub.store.writing() as connection:
            enrol(connection, self.signer.enrolment, (self.signer.enrolment.fingerprint,), self.hub.clock.now())
        self.sitting, self.year = self._open_sitting()
        return self

    def _open_sitting(self) -> tuple[str, int]:
        """A day long, so that a run needs no second; of the resident with the most months in one year."""
        token, now = secrets.token_hex(16), self.hub.clock.now()
        with self.hub.store.writing() as connection:
            wanted = select(participations.c.resident, contribution_months.c.month).join_from(
                participations, contribution_months
            )
            resident, month = connection.execute(wanted.order_by(contribution_months.c.month.desc()).limit(1)).one()
            row = {
                "token_hash": hash_of(token), "resident": resident, "kiosk": self.signer.enrolment.key_id,
                "insertion": "bench", "proven": True, "opened_at": now, "ends_at": now + timedelta(days=1),
            }  # fmt: skip
            connection.execute(insert(sittings).values(row))
        return token, int(month[:4]) - 1

    def serve(self, which: str, processes: int = 1) -> Server:
        """A gunicorn with one of the applications of bench.county_app."""
        environment = {
            "KIOSK_HUB__DATABASE": self.settings.database, "KIOSK_HUB__MEDIA": str(self.settings.media),
            "KIOSK_HUB__KEYS": str(self.settings.keys), "HUB_PROCESSES": str(processes),
            "BENCH_KIOSK": self.signer.enrolment.key_id,
        }  # fmt: skip
        self.servers.append(Server(which, self.folder, environment))
        return self.servers[-1]

    def statement(self, *, signed: bool) -> str:
        """A request for the months of one year."""
        asked = Outgoing("GET", f"/v1/residents/me/contributions?year={self.year}", {SITTING_HEADER: self.sitting})
        return raw(asked.target, self.signer.headers(asked) if signed else asked.headers)

    def database_cpu(self) -> float:
        """CPU seconds of all processes of the PostgreSQL so far; 0 on SQLite."""
        if self.postgres is None:
            return 0.0
        return cpu_of(int((Path(self.postgres.data) / "postmaster.pid").read_text().split()[0]))

    def __exit__(self, *_: object) -> None:
        for server in self.servers:
            server.stop()
        self.hub.close()
        if self.postgres is not None:
            self.postgres.__exit__()
        shutil.rmtree(self.folder, ignore_errors=True)


class _ClockOf(CountyTime):
    def __init__(self, clock: Clock) -> None:
        super().__init__(clock)
        self._now = clock.now


class Server:
    """One gunicorn, or whatever else has processes that answer at ``port``."""

    def __init__(self, which: str, folder: Path, environment: dict[str, str]) -> None:
        self.port = free_port()
        self.folder = folder
        listen = {"HUB_LISTEN": f"127.0.0.1:{self.port}"}
        command = [
            sys.executable, "-m", "gunicorn", "--config", str(ROOT / "deploy" / "gunicorn.conf.py"),
            f"bench.county_app:application('{which}')",
        ]  # fmt: skip
        with (folder / f"gunicorn-{self.port}.log").open("ab") as log:
            self.master = subprocess.Popen(
                command, env=os.environ | environment | listen, cwd=ROOT, stdout=log, stderr=log
            )
        eventually(self._answers, ANSWERS_WITHIN)

    def _answers(self) -> bool:
        try:
            return httpx.get(f"http://127.0.0.1:{self.port}/health", timeout=5).is_success
        except httpx.TransportError:
            return False

    def cpu(self) -> float:
        """CPU seconds of its processes so far."""
        return cpu_of(self.master.pid)

    def run(self, requests: Iterable[str], connections: int, seconds: float, rate: float = 0) -> Run:
        """A load of these requests from a process of its own."""
        return run((self.port, None), self.folder, requests, (connections, seconds, rate), self.cpu)

    def stop(self) -> None:
        """In order."""
        self.master.terminate()
        self.master.wait(30)


def run(
    at: tuple[int, Path | None], folder: Path, requests: Iterable[str], how: tuple[int, float, float], cpu: Cpu
) -> Run:
    """A load on a port, with TLS where a certificate to believe is named.

    ``how``: connections, seconds, requests a second or 0; ``cpu``: where the cost is read.
    """
    file = folder / "requests.jsonl"
    file.write_text("".join(json.dumps(one) + "\n" for one in requests), encoding="utf-8")
    connections, seconds, rate = how
    before = cpu()
    words = [str(at[0]), str(at[1] or ""), str(file), str(connections), str(seconds), str(rate)]
    command = [sys.executable, "-m", "bench.county_load", *words]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if ended.returncode:
        raise RuntimeError(ended.stderr.strip().splitlines()[-1])
    told = json.loads(ended.stdout)
    return Run(seconds=seconds, cpu_ms=1000 * (cpu() - before) / told["answers"], **told)


def raw(target: str, headers: dict[str, str]) -> str:
    """A GET request as it travels."""
    lines = [f"GET {target} HTTP/1.1", "Host: localhost", *(f"{name}: {value}" for name, value in headers.items())]
    return "\r\n".join([*lines, "", ""])


def cpu_of(pid: int) -> float:
    """CPU seconds so far of a process and those it started that still run."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return sum(cpu_seconds(one) for one in [pid, *map(int, children)])
