"""A resident's contribution statement in a county of 100,000 residents × 240 months ÷ in one of 1,000: p99.

24 million months are written by COPY and take some 4 GB of disk; long: `python -m bench --long county_months`.
"""

from __future__ import annotations

import random
import time
from collections.abc import Iterator

import psycopg
from psycopg import sql

from bench.county_hub import DURABLE
from bench.county_search import p99
from bench.figure import Figure, p50
from county.registers import contributions
from county.store import Store, open_store
from tests.postgres import PostgresServer

FEW, MANY, YEARS, RUNS = 1_000, 100_000, 20, 4_000
BAR = 1.5
FIRST_YEAR = 2006
MONTHS = [
    f"{FIRST_YEAR + year}-{month:02}\t450000\t36000\t72000\tt\n" for year in range(YEARS) for month in range(1, 13)
]


def figures() -> list[Figure]:
    """Two databases of one PostgreSQL, asked in turns for residents and years by chance."""
    with PostgresServer(DURABLE) as server:
        names = [server.database() for _ in range(2)]
        stores = [open_store(server.url(name)) for name in names]
        try:
            for name, residents in zip(names, (FEW, MANY), strict=True):
                fill(server.url(name).replace("+psycopg", ""), residents)
            return [measured(stores[0], stores[1], _size_of(server.url(names[1]).replace("+psycopg", "")))]
        finally:
            for store in stores:
                store.close()


def fill(database: str, residents: int) -> None:
    """Residents with one participation each, and its months, paid all."""
    with psycopg.connect(database) as connection:
        _copy(
            connection, "residents (id, number, name, sex, ethnic_group, born_on, region, reference)",
            (f"{n}\tB{n}\t示例\t1\t01\t1980-01-01\t510521109\tr{n}\n" for n in range(1, residents + 1)),
        )  # fmt: skip
        _copy(
            connection, "participations (id, resident, insurance_type, scheme, unit, status)",
            (f"{n}\t{n}\t110\t示例\t示例单位\tpaying\n" for n in range(1, residents + 1)),
        )  # fmt: skip
        _copy(
            connection, "contribution_months (participation, month, base, personal_share, unit_share, paid)",
            ("".join(f"{n}\t{month}" for month in MONTHS) for n in range(1, residents + 1)),
        )  # fmt: skip
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute("VACUUM (ANALYZE)")


def _copy(connection: psycopg.Connection[tuple[object, ...]], table: str, lines: Iterator[str]) -> None:
    with connection.cursor().copy(sql.SQL("COPY {} FROM STDIN").format(sql.SQL(table))) as copy:
        for line in lines:
            copy.write(line)


def _size_of(database: str) -> str:
    with psycopg.connect(database) as connection:
        found = connection.execute(
            "SELECT pg_size_pretty(pg_database_size(current_database())), (SELECT count(*) FROM contribution_months)"
        ).fetchall()
    return f"{found[0][1]:,} months in {found[0][0]}"


def measured(few: Store, many: Store, size: str) -> Figure:
    """Statements in turns; each resident anew, so that little is asked for twice."""
    rng = random.Random(7)
    took: tuple[list[float], list[float]] = ([], [])
    for number in range(RUNS + RUNS // 10):
        for side, (store, residents) in enumerate(((few, FEW), (many, MANY))):
            seconds = _statement(store, rng.randint(1, residents), FIRST_YEAR + rng.randrange(YEARS))
            if number >= RUNS // 10:
                took[side].append(1000 * seconds)
    behind = (
        f"{p99(took[1]):.1f} ms ÷ {p99(took[0]):.1f} ms; p50 {p50(took[1]):.2f} ÷ {p50(took[0]):.2f} ms; {size}; "
        f"{RUNS} statements each"
    )
    name = f"contribution statement: {MANY:,} residents ÷ {FEW:,}, p99"
    return Figure(name, p99(took[1]) / p99(took[0]), "×", BAR, behind)


def _statement(store: Store, resident: int, year: int) -> float:
    began = time.perf_counter()
    with store.reading() as connection:
        rows = contributions(connection, resident, year)
    if len(rows) != len(MONTHS) // YEARS:
        raise RuntimeError(f"resident {resident} has {len(rows)} months in {year}")
    return time.perf_counter() - began
