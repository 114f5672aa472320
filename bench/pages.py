"""Home, job list, detail and search: p50 ÷ an empty Flask page on the same waitress settings, 4 connections."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

import httpx

from bench.figure import Figure, p50
from bench.idle import cpu_seconds
from bench.town import ROOT, Town, free_port

ROUNDS, SECONDS, CONNECTIONS = 5, 2.0, 4
EMPTY = "an empty Flask page"
BARS = {"home": 3.0, "job list": 4.0, "job detail": 4.0, "search with filters": 6.0}


@dataclass(frozen=True)
class Load:
    """One round against one page: p50 of the answers, and the server's CPU for each of them, in milliseconds."""

    p50_ms: float
    cpu_ms: float


def loaded(base: str, path: str, cookie: str, pid: int) -> Load:
    """A round, measured from a process of its own."""
    at = urlsplit(base)
    words = [str(at.hostname), str(at.port), path, cookie, str(CONNECTIONS), str(SECONDS)]
    before = cpu_seconds(pid)
    ended = subprocess.run(
        [sys.executable, "-m", "bench.load", *words], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if ended.returncode:
        raise RuntimeError(f"{path}: {ended.stderr.strip().splitlines()[-1]}")
    told = json.loads(ended.stdout)
    return Load(float(told["p50_ms"]), 1000 * (cpu_seconds(pid) - before) / told["answers"])


def paired(town: Town) -> tuple[str, str]:
    """The window's cookie, and the path of some posting."""
    with httpx.Client(base_url=town.resident, follow_redirects=True) as window:
        window.get("/")
        board = window.get("/services/job_board/").text
        cookie = "; ".join(f"{name}={value}" for name, value in window.cookies.items())
    found = re.search(r'href="(/services/job_board/post/[^"]+)"', board)
    if found is None:
        raise RuntimeError("no posting on the first page of the job list")
    return cookie, found[1].replace("&amp;", "&")


def figures(town: Town) -> list[Figure]:
    """Each page in turn, round by round, so that a slow moment of the machine touches all of them."""
    empty = f"http://127.0.0.1:{free_port()}"
    town.start("empty", [sys.executable, "-m", "bench.empty", empty.removeprefix("http://")])
    town.await_answer(f"{empty}/health")
    cookie, posting = paired(town)
    search = f"/services/job_board/?q={quote('普工')}&period=month&pay=4000&trade=factory"
    paths = {"home": "/", "job list": "/services/job_board/", "job detail": posting, "search with filters": search}
    rounds: dict[str, list[Load]] = {name: [] for name in (EMPTY, *paths)}
    for _ in range(ROUNDS):
        rounds[EMPTY].append(loaded(empty, "/", "", town.children["empty"].pid))
        for name, path in paths.items():
            rounds[name].append(loaded(town.resident, path, cookie, town.children["kiosk"].pid))
    town.stop("empty")
    return [figure_of(name, bar, rounds[name], rounds[EMPTY]) for name, bar in BARS.items()]


def figure_of(name: str, bar: float, page: list[Load], empty: list[Load]) -> Figure:
    """The ratio of p50, round by round; beside it the ratio of CPU, which a busy machine does not bend."""
    ratio = p50([one.p50_ms / base.p50_ms for one, base in zip(page, empty, strict=True)])
    times = f"{p50([one.p50_ms for one in page]):.2f} ms ÷ {p50([one.p50_ms for one in empty]):.2f} ms"
    cpu = [p50([one.cpu_ms for one in loads]) for loads in (page, empty)]
    behind = f"p50 {times}, {CONNECTIONS} connections; CPU {cpu[0]:.2f} ms ÷ {cpu[1]:.2f} ms = {cpu[0] / cpu[1]:.1f}"
    return Figure(f"{name} ÷ {EMPTY}", ratio, "×", bar, behind)
