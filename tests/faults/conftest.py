"""One hall a file for all its faults, with a locality that counts no tries, so that many people can come in an hour."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.faults.scenes import Scene
from tests.hall import Hall, eventually
from tests.localities import pack_granting
from tests.odd_county import OddCounty


@pytest.fixture(scope="module")
def busy_locality(tmp_path_factory):
    """A pack without the hourly limits on cards and PINs. ID cards and codes open nothing here."""
    pack = tmp_path_factory.mktemp("locality") / "pack"
    pack_granting(pack, id_card="none", electronic_code="none")
    file = pack / "locality.toml"
    text = file.read_text(encoding="utf-8")
    file.write_text(re.sub(r"(unproven_\w+_per_hour) = \d+", r"\1 = 100000", text), encoding="utf-8")
    return str(pack)


@pytest.fixture(scope="module")
def open_scene(tmp_path_factory, seeds, busy_locality):
    """Open a hall of these tests' own. ``finger_seconds``: how long a finger is waited for."""
    opened: list[Hall] = []

    def opening(
        kind: type[Hall] = Hall, finger_seconds: float | None = None, hub: dict[str, object] | None = None,
        **devices: str,
    ) -> Scene:  # fmt: skip
        pack = busy_locality
        if finger_seconds is not None:
            text = (Path(pack) / "locality.toml").read_text(encoding="utf-8")
            changed = re.sub(r"finger_seconds = [\d.]+", f"finger_seconds = {finger_seconds}", text)
            (Path(pack) / "locality.toml").write_text(changed, encoding="utf-8")
        hall = kind(tmp_path_factory.mktemp("hall"), seeds, hub=hub, kiosk={"locality": pack}, devices=devices)
        opened.append(hall)
        boards = [device.board for _, device in hall.machine.devices.supervised()]
        eventually(lambda: all(board.health.ready for board in boards), 30, "every device is ready")
        return Scene(hall)

    yield opening
    for hall in opened:
        hall.close()


@pytest.fixture
def odd_county():
    """A county that says what a test tells it to say."""
    made = OddCounty()
    yield made
    made.close()
