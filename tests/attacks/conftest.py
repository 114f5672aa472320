"""A county office for those who attack it: the hub's real application on SQLite, with the invented people."""

from __future__ import annotations

import pytest

from county.settings import HubSettings
from tests.county.conftest import Office

LIMITS = ("sittings_of_a_kiosk", "sittings_of_a_resident", "unproven_of_a_kiosk", "unproven_of_a_resident")


@pytest.fixture(scope="module")
def town(tmp_path_factory, seeds):
    """One hub for all attempts of a file that leave it as it was."""
    opened = Office(seeds.copy(tmp_path_factory.mktemp("hub") / "hub"))
    yield opened
    opened.hub.close()


@pytest.fixture
def open_town(tmp_path, seeds):
    """Open hubs of one's own, with the limits that a county has, or others."""
    opened = []

    def opening(**other):
        usual = {name: HubSettings.model_fields[name].default for name in LIMITS}
        settings = seeds.copy(tmp_path / f"hub-{len(opened)}").model_copy(update=usual | other)
        opened.append(Office(settings))
        return opened[-1]

    yield opening
    for one in opened:
        one.hub.close()


@pytest.fixture
def fresh_town(open_town):
    """A hub of its own."""
    return open_town()
