"""A hall's day, and its week, by a clock that is told: thousands come, and nothing grows beyond its lifetime."""

from __future__ import annotations

import ctypes
import gc
import os
import threading
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from kiosk.models import metadata
from tests.simulator.promises import Promises
from tests.simulator.town import SimulatedTown
from tests.simulator.visits import appointment, by_witness, statement

A_DAY, A_WEEK = 714, 5000
WARM = 100
"""Visits after which everything that is made once has been made."""
MINUTES = 0.7
KEEPING = frozenset({"journal", "outbox"})
"""Tables that keep a record: the journal for good, the outbox until a month after the answer."""


def looks_for_work(town: SimulatedTown, _promises: Promises) -> None:
    """Somebody without a card: the list, the first post, and gone."""
    screen = town.screen
    screen.visit("/services/job_board/")
    screen.visit(
        next(link.href for link in screen.page.links if "/services/job_board/" in link.href and "?" not in link.href)
    )
    screen.visit("/")
    screen.press("完成")
    screen.visit("/")


MIX = (looks_for_work,) * 11 + (statement,) * 6 + (appointment,) * 2 + (by_witness,)


@dataclass(frozen=True)
class Measured:
    """What may not grow: live objects, kilobytes, open files, threads, rows that keep no record."""

    objects: int
    kilobytes: int
    files: int
    threads: int
    rows: int


def measure(town: SimulatedTown) -> Measured:
    """After everything that can be let go of was; how many lines wait in a pool says only how many met by chance."""
    town.line.log.clear()
    for store in (town.machine.store, town.hub.hub.store):
        store.engine.dispose()
    gc.collect()
    with suppress(OSError, AttributeError):
        ctypes.CDLL("libc.so.6").malloc_trim(0)
    resident = int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") // 1024
    with town.machine.store.read() as connection:
        counted = [
            connection.scalar(select(func.count()).select_from(table))
            for table in metadata.sorted_tables if table.name not in KEEPING
        ]  # fmt: skip
    return Measured(
        len(gc.get_objects()),
        resident,
        len(list(Path("/proc/self/fd").iterdir())),
        threading.active_count(),
        sum(counted),
    )


def passes(town: SimulatedTown, visits: int) -> None:
    """So many come, one after another; the uplink does its round between them."""
    for number in range(visits):
        MIX[number * 7 % len(MIX)](town, Promises(town))
        town.hours.pass_by(60 * MINUTES)
        if number % 5 == 0:
            town.round()


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="memory is read from /proc")
@pytest.mark.timeout(0)
@pytest.mark.parametrize(
    "visits", [pytest.param(A_DAY, id="day"), pytest.param(A_WEEK, id="week", marks=pytest.mark.soak)]
)
def test_nothing_grows_beyond_its_lifetime(tmp_path, seeds, open_locality, visits, record_property):
    town = SimulatedTown(tmp_path, seeds, open_locality)
    try:
        passes(town, WARM)
        before = measure(town)
        passes(town, visits - WARM)
        after = measure(town)
        record_property("before and after", f"{before} {after}")
        assert after.objects <= before.objects * 1.02
        assert after.kilobytes <= before.kilobytes * 1.02
        assert after.files <= before.files
        assert after.threads <= before.threads
        assert after.rows <= before.rows * 1.02
        town.hours.pass_by(timedelta(days=31).total_seconds())
        town.round()
        counts = town.machine.county.outbox.counts()
        assert (counts.queued, counts.answered) == (0, 0), "a month after its answer nothing of it is kept"
    finally:
        town.close()
