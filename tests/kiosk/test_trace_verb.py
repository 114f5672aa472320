"""`run.py trace`, as it is typed; and what a clerk sees while recording is on."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from kiosk.traces import code_of, load, played, shown
from tests.hall import eventually
from tests.screen import StaffScreen

ROOT = Path(__file__).resolve().parents[2]
TRACES = ROOT / "tests" / "devices" / "traces"


def run(*words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(ROOT / "run.py"), "trace", *words]
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT, timeout=60)  # noqa: S603 - ours


def test_a_trace_is_shown_line_by_line():
    lines = list(shown(load(TRACES / "card-2.00.trace")))
    assert lines[0] == "kind: card"
    assert any("kiosk  > 00A404000F7378312E73682EC9E7BBE1B1A3D5CF" in line for line in lines)
    assert any("(answer to reset)" in line for line in lines)
    assert max(map(len, lines)) < 150


def test_a_trace_is_played_and_the_driver_concludes():
    ended = run("replay", str(TRACES / "card-2.00.trace"), "--speed", "10")
    assert ended.returncode == 0, ended.stderr
    assert "version: 2.00" in ended.stdout
    assert "0 asked again" in ended.stdout


def test_a_fault_is_told_with_the_code_of_the_screen():
    told = "\n".join(played(TRACES / "card-2.00.trace", 1.0, "gone:3"))
    assert "error: CardGone" in told
    assert "K-101" in told
    assert "when it was recorded" in told


@pytest.mark.parametrize(("words", "why"), [(("--fault", "burnt"), "burnt"), (("--speed", "0"), "speed")])
def test_what_cannot_be_done_is_said_in_a_line(words, why):
    ended = run("replay", str(TRACES / "card-2.00.trace"), *words)
    assert ended.returncode == 2
    assert why in ended.stderr


def test_a_driver_that_says_something_else_is_told(tmp_path):
    text = (TRACES / "card-2.00.trace").read_text(encoding="utf-8")
    file = tmp_path / "changed.trace"
    file.write_text(text.replace("> 00B2070", "> 00B2060", 1), encoding="utf-8")
    with pytest.raises(ValueError, match="does not say today"):
        list(played(file, 1.0, ""))
    (tmp_path / "none.trace").write_text("nonsense", encoding="utf-8")
    with pytest.raises(ValueError, match=r"none\.trace: line 1"):
        load(tmp_path / "none.trace")


def test_every_error_has_its_code_and_no_error_has_none():
    assert code_of("DeviceHangs", "card").code == "K-119"
    assert code_of("DeviceHangs", "fingerprint").code == "K-209"
    assert code_of("DeviceHangs", "printer").code == "K-309"
    assert code_of("", "card") is None


def test_a_machine_that_records_says_so_to_its_staff(open_hall, tmp_path):
    hall = open_hall(devices={"trace": str(tmp_path / "traces")})
    eventually(lambda: list((tmp_path / "traces").glob("*.trace")), 20)
    face = StaffScreen(hall)
    face.sign_in("clerk", "chuangkou-shili-2026")
    face.visit("/health/")
    face.sees("正在记录设备通信")


def test_a_machine_that_does_not_record_says_nothing_of_it(hall):
    face = StaffScreen(hall)
    face.sign_in("clerk", "chuangkou-shili-2026")
    face.visit("/health/")
    face.does_not_see("正在记录设备通信")
