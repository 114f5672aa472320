"""What every test may have: a hall, its screen, its staff face, its wall."""

from __future__ import annotations

import os

import pytest

from tests.cheaper import make_cheaper
from tests.hall import Hall, Seeds
from tests.screen import Screen, StaffScreen, Wall

make_cheaper()
WORKERS_A_CORE = 3
"""Tests of devices wait more than they compute: for silence, for paper, for a browser."""


def pytest_xdist_auto_num_workers() -> int:
    """What ``-n auto`` means here."""
    return WORKERS_A_CORE * (os.cpu_count() or 1)


LONG = (
    "tests/deploy", "tests/browser", "tests/pcsc", "tests/simulator", "tests/kiosk/test_town.py",
    "tests/kiosk/test_window.py", "tests/county/test_conformance.py", "tests/faults", "tests/services", "tests/shell",
    "tests/residue", "tests/voice",
)  # fmt: skip


SELDOM = (
    "tests/browser/test_rough_hands.py", "tests/browser/test_recorder.py", "tests/browser/test_every_screen.py",
    "tests/simulator/test_week.py", "tests/shell/test_ways_out.py",
)  # fmt: skip
"""What takes minutes and breaks with few changes: in `make soak`, so that `make test` stays within fifteen minutes."""
ON_BOTH = ("submissions", "sittings", "feed", "kiosks", "chores", "credentials", "serve", "seeding", "postings")
"""Files of tests/county that every `make test` runs on PostgreSQL too; `make soak` runs all of them there."""


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest files first, so that none is still running when all others are done; some only in the soak."""
    items.sort(key=lambda item: not item.nodeid.startswith(LONG))
    for item in items:
        on_postgresql = item.get_closest_marker("postgresql") and item.nodeid.startswith("tests/county/test_")
        if item.nodeid.startswith(SELDOM) or (on_postgresql and item.path.stem.removeprefix("test_") not in ON_BOTH):
            item.add_marker(pytest.mark.soak)


@pytest.fixture(scope="session")
def seeds():
    """The invented town, made once."""
    made = Seeds()
    yield made
    made.close()


@pytest.fixture
def open_hall(tmp_path, seeds):
    """Open a hall with settings of one's own; closed at the end."""
    opened = []

    def opening(**sections):
        folder = tmp_path / f"hall-{len(opened)}"
        opened.append(Hall(folder, seeds, **sections))
        return opened[-1]

    yield opening
    for hall in opened:
        hall.close()


@pytest.fixture
def hall(open_hall):
    """An ordinary hall."""
    return open_hall()


@pytest.fixture
def screen(hall):
    """Its touchscreen."""
    return Screen(hall)


@pytest.fixture
def staff(hall):
    """Its staff face."""
    return StaffScreen(hall)


@pytest.fixture
def wall(hall):
    """Its screen on the wall."""
    return Wall(hall)
