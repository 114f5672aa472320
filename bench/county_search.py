"""Looking for a job at 1,000,000 posts ÷ at 10,000: p99 of the worst of 27 cases, on a kiosk's store and at the hub.

The cases: nine words (common, rare, of one to four characters, nobody's) with no filter, a town, a town and a least
pay. Long, for the posts are written first: `python -m bench --long county_search`.
"""

from __future__ import annotations

import shutil
import tempfile
import time
from collections.abc import Callable
from itertools import product
from pathlib import Path

from bench.county_hub import DURABLE
from bench.county_posts import TOWNS, fill_hub, fill_kiosk
from bench.figure import Figure, p50
from contract.codes import WagePeriod
from contract.job_query import JobQuery
from county.search.finding import find
from county.store import open_store
from kiosk.uplink.job_index import JobIndex
from tests.postgres import PostgresServer
from tests.postings import NOW

FEW, MANY, RUNS, PAGE = 10_000, 1_000_000, 200, 20
KIOSK_BAR, HUB_BAR = 3.0, 6.0
WORDS = ("焊", "电工", "保安", "二胡", "航天", "电工证", "宇航员", "叉车司机", "二胡教师")
NARROWER = (JobQuery(), JobQuery(town=TOWNS[7]), JobQuery(town=TOWNS[7], pay=6000, pay_period=WagePeriod.MONTH))
CASES = [
    JobQuery(words=words, town=by.town, pay=by.pay, pay_period=by.pay_period)
    for words, by in product(WORDS, NARROWER)
]  # fmt: skip
Search = Callable[[JobQuery], int]


def p99(values: list[float]) -> float:
    """The value that all but one of a hundred stay under."""
    return sorted(values)[max(0, -(-len(values) * 99 // 100) - 1)]


def figures() -> list[Figure]:
    """Kiosk, then hub."""
    return [on_a_kiosk(), at_the_hub()]


def on_a_kiosk() -> Figure:
    """Two stores, searched in turns."""
    folder = Path(tempfile.mkdtemp(prefix="kiosk-bench-"))
    try:
        stores = [fill_kiosk(folder / f"{many}.sqlite", many) for many in (FEW, MANY)]
        few, many = ([_of_kiosk(JobIndex(store, PAGE))] for store in stores)
        return _figure("job search on a kiosk's store", KIOSK_BAR, few[0], many[0])
    finally:
        shutil.rmtree(folder)


def _of_kiosk(index: JobIndex) -> Search:
    return lambda query: len(index.find(query, 1, NOW.date()).postings)


def at_the_hub() -> Figure:
    """Two databases of one PostgreSQL, searched in turns."""
    with PostgresServer(DURABLE) as server:
        names = [server.database() for _ in range(2)]
        stores = [open_store(server.url(name)) for name in names]
        for name, many in zip(names, (FEW, MANY), strict=True):
            fill_hub(server.url(name).replace("+psycopg", ""), many)

        def searching(side: int) -> Search:
            def search(query: JobQuery) -> int:
                with stores[side].reading() as connection:
                    return len(find(connection, query, None, PAGE).items)

            return search

        try:
            return _figure("job search at the hub, PostgreSQL", HUB_BAR, searching(0), searching(1))
        finally:
            for store in stores:
                store.close()


def _figure(name: str, bar: float, few: Search, many: Search) -> Figure:
    """The slowest case at each size, and what stands behind it: the case whose own ratio is worst."""
    took = {query: _took(query, few, many) for query in CASES}
    at_few, at_many = ({query: p99(pair[side]) for query, pair in took.items()} for side in (0, 1))
    slowest = max(at_many, key=lambda query: at_many[query])
    own = max(CASES, key=lambda query: at_many[query] / at_few[query])
    middle = max(p50(pair[1]) for pair in took.values()), max(p50(pair[0]) for pair in took.values())
    worst = max(at_few.values())
    behind = (
        f"worst p99 {at_many[slowest]:.1f} ms ({_named(slowest)}) ÷ {worst:.1f} ms; worst p50 {middle[0]:.1f} ÷ "
        f"{middle[1]:.1f} ms; worst of the cases' own ratios {at_many[own] / at_few[own]:.1f} ({_named(own)}: "
        f"{at_many[own]:.1f} ÷ {at_few[own]:.1f} ms)"
    )
    return Figure(f"{name}: {MANY:,} ÷ {FEW:,} posts, p99", at_many[slowest] / worst, "×", bar, behind)


def _took(query: JobQuery, few: Search, many: Search) -> tuple[list[float], list[float]]:
    """Milliseconds of each search, in turns."""
    pair: tuple[list[float], list[float]] = ([], [])
    for _ in range(RUNS):
        for side, search in enumerate((few, many)):
            began = time.perf_counter()
            search(query)
            pair[side].append(1000 * (time.perf_counter() - began))
    return pair


def _named(query: JobQuery) -> str:
    return query.words + ("+town" if query.town else "") + ("+pay" if query.pay else "")
