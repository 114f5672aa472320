"""A pack without the hourly limits on cards and PINs: many people come in an hour of a simulated town."""

from __future__ import annotations

import re
import shutil

import pytest

from tests.hall import LOCALITY


@pytest.fixture(scope="module")
def open_locality(tmp_path_factory):
    pack = tmp_path_factory.mktemp("locality") / "pack"
    shutil.copytree(LOCALITY, pack)
    file = pack / "locality.toml"
    text = file.read_text(encoding="utf-8")
    file.write_text(re.sub(r"(unproven_\w+_per_hour) = \d+", r"\1 = 100000", text), encoding="utf-8")
    return str(pack)
