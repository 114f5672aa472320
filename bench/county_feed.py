"""The poll of a kiosk that has everything: a 304 of the hub ÷ an empty Flask answer, both under the same gunicorn."""

from __future__ import annotations

import httpx

from bench.county_hub import SITE, County, Run, raw
from bench.figure import Figure, p50

ROUNDS, SECONDS, CONNECTIONS = 5, 3.0, 4
BAR = 2.5
MOST = 0.9
"""A hub that was just started publishes its code lists: a round may see that."""


def unchanged(port: int) -> str:
    """The request of a kiosk that holds all there is."""
    with httpx.Client(base_url=f"http://localhost:{port}") as kiosk:
        page = {"more": True, "cursor": ""}
        while page["more"]:
            reply = kiosk.get("/v1/feed", params={"area": SITE, "cursor": str(page["cursor"]), "limit": 500})
            page = reply.json()
        last = kiosk.get("/v1/feed", params={"area": SITE, "cursor": str(page["cursor"]), "limit": 500})
        held = {"If-None-Match": last.headers["ETag"], "Accept": "application/json"}
    return raw(str(last.request.url.raw_path.decode()), held)


def figures() -> list[Figure]:
    """On both databases."""
    return [on(database) for database in ("postgresql", "sqlite")]


def on(database: str) -> Figure:
    """In turns."""
    with County(database) as county:
        hub, empty = county.serve("hub"), county.serve("empty")
        hello = [raw("/health", {})]
        hub.run([unchanged(hub.port)], CONNECTIONS, 1.0)
        pairs = []
        for _ in range(ROUNDS):
            poll = [unchanged(hub.port)]
            pairs.append((hub.run(poll, CONNECTIONS, SECONDS), empty.run(hello, CONNECTIONS, SECONDS)))
    if any(one.statuses.get("304", 0) < MOST * one.answers for one, _ in pairs):
        raise RuntimeError("too few polls were answered 304")
    return ratio(f"feed poll answered 304 ÷ an empty Flask answer, {database}", BAR, pairs)


def ratio(name: str, bar: float, pairs: list[tuple[Run, Run]]) -> Figure:
    """The ratio of p50, round by round; CPU beside it, which a busy machine bends less."""
    one, other = ([pair[side] for pair in pairs] for side in (0, 1))
    times = f"p50 {p50([run.p50_ms for run in one]):.2f} ms ÷ {p50([run.p50_ms for run in other]):.2f} ms"
    cpu = [p50([run.cpu_ms for run in runs]) for runs in (one, other)]
    behind = f"{times}; CPU of the server {cpu[0]:.2f} ms ÷ {cpu[1]:.2f} ms = {cpu[0] / cpu[1]:.2f}"
    return Figure(name, p50([a.p50_ms / b.p50_ms for a, b in pairs]), "×", bar, behind)
