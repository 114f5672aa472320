"""The self-test of a running kiosk: what it says, and when it says no."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from kiosk.hall_check import checked, look
from kiosk.serve import Faces
from tests.hall import Hall, eventually

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def served(tmp_path_factory, seeds):
    hall = Hall(tmp_path_factory.mktemp("hall"), seeds)
    faces = Faces(hall.machine)
    faces.listen()
    yield hall
    hall.reader.reappear()
    hall.close()
    for server in faces.servers:
        server.close()


@pytest.fixture
def hall(served):
    served.reader.reappear()
    ready = {"card", "printer", "fingerprint"}
    eventually(lambda: ready <= look(served.settings.faces, frozenset()).ready, 60, "its devices are ready")
    return served


def test_a_kiosk_that_is_well(hall):
    found = checked(hall.settings.faces, frozenset({"card", "printer"}), 20)
    assert found.passed, found.lines
    assert "resident: serves" in found.lines
    assert "card: ready" in found.lines
    assert {"card", "printer", "fingerprint"} <= found.ready


def test_a_device_that_was_ready_and_is_not_fails_it(hall):
    hall.reader.disappear()
    eventually(lambda: not look(hall.settings.faces, frozenset({"card"})).passed, what="the reader is missed")
    found = checked(hall.settings.faces, frozenset({"card"}), 0)
    assert any(line.startswith("card: ") and line.endswith("(was ready)") for line in found.lines)
    assert look(hall.settings.faces, frozenset()).passed, "what was missing before is no reason to go back"


def test_a_kind_that_is_not_configured_any_more_fails_it(hall):
    found = look(hall.settings.faces, frozenset({"scanner"}))
    assert "scanner: gone (was ready)" in found.lines
    assert not found.passed


def test_a_face_that_does_not_serve_fails_it(hall):
    found = look(hall.settings.faces.model_copy(update={"display": "127.0.0.1:9"}), frozenset())
    assert "display: DOES NOT SERVE" in found.lines
    assert not found.passed


def test_a_county_cut_off_is_said_and_fails_nothing(hall):
    hall.cut()
    try:
        eventually(
            lambda: any("not reached" in line for line in look(hall.settings.faces, frozenset()).lines),
            60,
            "it is missed",
        )
        assert look(hall.settings.faces, frozenset()).passed
    finally:
        hall.mend()


def test_the_verb_writes_down_what_is_ready_and_compares(hall, tmp_path):
    faces = hall.settings.faces
    (tmp_path / "site.toml").write_text(
        f'[faces]\nresident = "{faces.resident}"\nstaff = "{faces.staff}"\ndisplay = "{faces.display}"\n'
    )
    ran = run(tmp_path, "--write", str(tmp_path / "before"))
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert {"card", "printer"} <= set((tmp_path / "before").read_text().split())
    (tmp_path / "before").write_text("card\nno-such-device")
    ran = run(tmp_path, "--compare", str(tmp_path / "before"), "--seconds", "0")
    assert ran.returncode == 1
    assert "no-such-device: gone (was ready)" in ran.stdout


def run(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "run.py", "--config", str(folder / "site.toml"), "hall-check", *words]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=100)  # noqa: S603 - ours
