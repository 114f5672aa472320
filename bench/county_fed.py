"""How many kiosks one hub on two cores keeps fed: a poll each 30 s, one in a hundred finds something new.

Two ways. By cost: CPU seconds of gunicorn, nginx and PostgreSQL for each poll, under a steady load; two cores that do
nothing else carry 30 s × 2 ÷ that. By doing it: as many polls a second as 10,000 kiosks send, at their moments, for
half a minute; the load itself takes its share of the same cores.
"""

from __future__ import annotations

import httpx

from bench.county_hub import County, Run, Server, cpu_of, raw, run
from bench.figure import Figure
from contract.feed import FeedKind
from county.publishing import Position, head, publish
from tests.deploy.deployed import Nginx
from tests.postings import a_posting

KIOSKS, EVERY, CORES, CHANGES = 10_000, 30.0, 2, 100
AREAS = 1000
SECONDS, CONNECTIONS = 30.0, 64
RATE = KIOSKS / EVERY
SLOWEST_MS = 1000.0


def polls(county: County, nginx: Nginx) -> list[str]:
    """Kiosks of a thousand villages, so that what is kept for a second helps nobody; one in a hundred is behind."""
    areas = [f"510521{number:06}" for number in range(100_000, 100_000 + AREAS)]
    with county.hub.store.writing() as connection:
        behind = head(connection)
        job = a_posting("BENCH-1")
        publish(connection, FeedKind.POSTING, job.posting_no, job)
        newest = head(connection)
    with httpx.Client(base_url=nginx.url, verify=nginx.trust(), trust_env=False) as kiosk:
        return [_poll(county, kiosk, area, behind if not n % CHANGES else newest) for n, area in enumerate(areas)]


def _poll(county: County, kiosk: httpx.Client, area: str, revision: int) -> str:
    """The request of a kiosk of ``area`` that holds everything up to ``revision``."""
    target = f"/v1/feed?cursor={Position(revision, area, county.hub.epoch).cursor()}&area={area}&limit=500"
    tag = kiosk.get(target).headers["ETag"]
    late = revision < county_head(county)
    return raw(target, {} if late else {"If-None-Match": tag})


def county_head(county: County) -> int:
    """The newest revision."""
    with county.hub.store.reading() as connection:
        return head(connection)


def figures() -> list[Figure]:
    """Two gunicorn processes behind nginx with TLS, as deploy/ says."""
    with County("postgresql") as county:
        hub = county.serve("hub", CORES)
        (county.folder / "nginx").mkdir()
        nginx = Nginx(county.folder / "nginx", [hub, hub])  # type: ignore[list-item] # it wants their ports only
        nginx.start()
        try:
            steady, most, shares = _measured(county, hub, nginx)
        finally:
            nginx.stop()
    return [fed(steady, shares), sustained(steady, most)]


def _measured(county: County, hub: Server, nginx: Nginx) -> tuple[Run, Run, str]:
    """The steady run, the one as fast as it goes, and what each program's share of a poll is in the first."""
    requests, where = polls(county, nginx), (nginx.port, nginx.folder / "hub.pem")
    assert nginx.process is not None
    proxy = nginx.process.pid
    parts = {"hub": hub.cpu, "nginx": lambda: cpu_of(proxy), "PostgreSQL": county.database_cpu}

    def cpu() -> float:
        return sum(part() for part in parts.values())

    run(where, county.folder, requests, (8, 2.0, 0), cpu)
    before = {name: part() for name, part in parts.items()}
    steady = run(where, county.folder, requests, (CONNECTIONS, SECONDS, RATE), cpu)
    shares = [f"{name} {1000 * (part() - before[name]) / steady.answers:.2f}" for name, part in parts.items()]
    return steady, run(where, county.folder, requests, (CONNECTIONS, SECONDS / 3, 0), cpu), ", ".join(shares)


def fed(steady: Run, shares: str) -> Figure:
    """Kiosks by cost; the bar is turned round, for a figure is good when it is small."""
    kiosks = EVERY * CORES / (steady.cpu_ms / 1000)
    behind = (
        f"{kiosks:,.0f} kiosks: {steady.cpu_ms:.2f} ms CPU a poll ({shares}), answered "
        f"{dict(sorted(steady.statuses.items()))}"
    )
    return Figure(f"{KIOSKS} kiosks ÷ those that {CORES} cores keep fed", KIOSKS / kiosks, "×", 1.0, behind)


def sustained(steady: Run, most: Run) -> Figure:
    """The same load as it was really sent and answered."""
    done = steady.answers / steady.seconds
    behind = (
        f"{done:.0f} of {RATE:.0f} polls a second for {steady.seconds:.0f} s, p50 {steady.p50_ms:.1f} ms; "
        f"as fast as it goes {most.answers / most.seconds:.0f} a second, the load on the same {CORES} cores"
    )
    return Figure(f"polls of {KIOSKS} kiosks, p99", steady.p99_ms, "ms", SLOWEST_MS, behind)
