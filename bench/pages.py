"""Home, job list, detail and search: p50 ÷ an empty Flask page on the same waitress settings, 4 connections."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from urllib.parse import quote, urlsplit

import httpx

from bench.figure import Figure, p50
from bench.town import ROOT, Town, free_port

ROUNDS, SECONDS, CONNECTIONS = 5, 2.0, 4
EMPTY = "an empty Flask page"


def loaded(base: str, path: str, cookie: str) -> float:
    """p50 in milliseconds, measured from a process of its own."""
    at = urlsplit(base)
    words = [str(at.hostname), str(at.port), path, cookie, str(CONNECTIONS), str(SECONDS)]
    ended = subprocess.run(
        [sys.executable, "-m", "bench.load", *words], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if ended.returncode:
        raise RuntimeError(f"{path}: {ended.stderr.strip().splitlines()[-1]}")
    return float(json.loads(ended.stdout)["p50_ms"])


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
    times: dict[str, list[float]] = {name: [] for name in (EMPTY, *paths)}
    for _ in range(ROUNDS):
        times[EMPTY].append(loaded(empty, "/", ""))
        for name, path in paths.items():
            times[name].append(loaded(town.resident, path, cookie))
    town.stop("empty")
    bars = {"home": 3.0, "job list": 4.0, "job detail": 4.0, "search with filters": 6.0}
    return [
        Figure(
            f"{name} ÷ {EMPTY}",
            p50([one / base for one, base in zip(times[name], times[EMPTY], strict=True)]),
            "×",
            bar,
            f"p50 {p50(times[name]):.2f} ms ÷ {p50(times[EMPTY]):.2f} ms, {CONNECTIONS} connections",
        )
        for name, bar in bars.items()
    ]  # fmt: skip
