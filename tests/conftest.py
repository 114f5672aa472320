"""What every test may have: a hall, its screen, its staff face, its wall."""

from __future__ import annotations

import gc
import os

import pytest

from tests.cheaper import make_cheaper
from tests.hall import Hall, Seeds
from tests.screen import Screen, StaffScreen, Wall
from tests.shared import begin, end, once

make_cheaper()
WORKERS_A_CORE = 3
"""Tests of devices wait more than they compute: for silence, for paper, for a browser."""


def pytest_xdist_auto_num_workers() -> int:
    """What ``-n auto`` means here."""
    return WORKERS_A_CORE * (os.cpu_count() or 1)


def pytest_configure(config: pytest.Config) -> None:
    """The first process of a run has a folder for all workers, and removes it."""
    if begin():
        config.add_cleanup(end)


LONG = (
    "tests/deploy", "tests/browser", "tests/pcsc", "tests/simulator", "tests/kiosk/test_town.py",
    "tests/kiosk/test_window.py", "tests/county/test_conformance.py", "tests/faults", "tests/services", "tests/shell",
    "tests/residue", "tests/voice",
)  # fmt: skip


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest files first, so that none is still running when all others are done."""
    items.sort(key=lambda item: not item.nodeid.startswith(LONG))


def pytest_collection_finish() -> None:
    """What was imported and collected stays: the collector need not look through it again."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session")
def seeds():
    """The invented town, made once."""
    return Seeds(once("town", Seeds.make))


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
