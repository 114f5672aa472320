"""Cards come and go through a real pcscd: no event lost, nothing held on to. `make soak` does it ten thousand times."""

from __future__ import annotations

import gc
from pathlib import Path

import pytest

from devices.card import CardRemoved
from tests.devices.card.holders import OLD_WANG, OUYANG, card

PEOPLE = (OUYANG, OLD_WANG, OUYANG)
LIMIT_KB = 1024
WARM_UP = 20


def memory_kb() -> int:
    """What this process really holds now, without what it only once needed."""
    gc.collect()
    rows = Path("/proc/self/smaps_rollup").read_text(encoding="ascii").splitlines()
    return next(int(row.split()[1]) for row in rows if row.startswith("Private_Dirty:"))


def handles() -> int:
    return sum(1 for _ in Path("/proc/self/fd").iterdir())


def come_and_go(hall, times: int) -> None:
    for number in range(times):
        holder = PEOPLE[number % len(PEOPLE)]
        insertion = hall.insert(card(holder))
        if number % 10 == 0:
            with hall.reader.connect(insertion) as chip:
                assert chip.identification() == holder.identification
        hall.slot.remove()
        assert hall.next() == CardRemoved(insertion.reader), number


@pytest.mark.parametrize("times", [pytest.param(20), pytest.param(9_980, marks=pytest.mark.soak)])
@pytest.mark.timeout(0)
def test_cards_come_and_go_and_nothing_is_lost_or_kept(hall, times):
    come_and_go(hall, WARM_UP)
    memory, open_files = memory_kb(), handles()
    come_and_go(hall, times)
    assert hall.quiet(1.0), "an event too many"
    grown = memory_kb() - memory
    print(f"{times} cards: {grown} kB more, {handles()} files open ({open_files} before)")  # noqa: T201 - the figure of a run of two hours
    assert handles() == open_files
    assert grown < LIMIT_KB
