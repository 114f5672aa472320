"""Every shipped trace, played to the real driver, ends as its header says (tests/devices/traces/record.py)."""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import pytest

from devices.trace.format import read_trace, text_of
from devices.trace.player import CutAfter, GoneAfter, Late, fault_of
from devices.trace.replay import Played, replay
from tests.devices.traces.record import concludes
from tests.devices.traces.scenes import SCENES

FOLDER = Path(__file__).parent / "traces"
FILES = sorted(FOLDER.glob("*.trace"))
AT_ONCE = 36
"""Replays wait most of their time, each for its own device."""


def trace_of(name: str):
    return read_trace((FOLDER / f"{name}.trace").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def played():
    """All replays, begun together, the longest first."""
    traces = {file.stem: read_trace(file.read_text(encoding="utf-8")) for file in FILES}
    longest_first = sorted(traces, key=lambda name: -traces[name].exchanges[-1].at)
    with ThreadPoolExecutor(AT_ONCE) as pool:
        running: dict[str, Future[Played]] = {
            "late": pool.submit(replay, trace_of("finger-ef01-match"), 100, Late(2.5)),
            "beats": pool.submit(replay, read_trace(with_one_look_twice(trace_of("finger-ef01-nobody"))), 20),
        }
        running |= {name: pool.submit(replay, traces[name]) for name in longest_first}
        yield running


def test_there_is_a_trace_of_every_scene_and_no_other():
    assert {file.stem for file in FILES} == {scene.name for scene in SCENES}


@pytest.mark.parametrize("name", [file.stem for file in FILES])
def test_a_shipped_trace_ends_as_it_was_recorded(played, name):
    recorded = trace_of(name).header["concludes"]
    result = played[name].result(100)
    for _ in range(3):  # again, alone: on a loaded machine a driver may have waited in vain
        if concludes(result.conclusion) != recorded:
            result = replay(trace_of(name))
    assert result.difference is None
    assert concludes(result.conclusion) == recorded


@pytest.mark.parametrize("file", FILES[:3], ids=lambda file: file.stem)
def test_a_trace_read_and_written_is_the_same_file(file):
    text = file.read_text(encoding="utf-8")
    assert text_of(read_trace(text)) == text


@pytest.mark.parametrize(
    ("text", "fault"), [("gone:3", GoneAfter(3)), ("cut:20", CutAfter(20)), ("late:2.5", Late(2.5))]
)
def test_a_fault_is_named_in_a_word(text, fault):
    assert fault_of(text) == fault


@pytest.mark.parametrize("text", ["", "gone", "gone:x", "burnt:3"])
def test_a_fault_nobody_knows_is_refused(text):
    with pytest.raises(ValueError, match=r"fault|int"):
        fault_of(text)


@pytest.mark.parametrize("after", [1, 3, 9])
def test_a_card_that_is_gone_after_some_exchanges_is_gone(after):
    result = replay(trace_of("card-2.00"), fault=GoneAfter(after))
    assert result.conclusion == {"error": "CardGone"}
    assert result.exchanges == after


def test_a_cable_out_in_the_middle_of_an_answer_is_a_device_that_is_missing():
    result = replay(trace_of("id-card-citizen"), fault=CutAfter(100))
    assert result.conclusion == {"error": "DeviceMissing", "health": "missing"}


def test_a_sensor_that_answers_late_is_not_believed(played):
    result = played["late"].result(100)
    assert "verdict" not in result.conclusion
    assert result.conclusion["health"] != "ready"


def test_a_driver_that_says_something_else_is_told_with_both_lines_and_the_place():
    trace = trace_of("card-2.00")
    changed = text_of(trace).replace("> 00B2070", "> 00B2060", 1)
    result = replay(read_trace(changed))
    assert result.difference is not None
    told = str(result.difference)
    assert "exchange 7, byte 2" in told
    assert "trace  > 00B206" in told
    assert "driver > 00B207" in told


def with_one_look_twice(trace) -> str:
    lines = text_of(trace).splitlines(keepends=True)
    capture = next(number for number, line in enumerate(lines) if "> EF01FFFFFFFF010003010005" in line)
    return "".join([*lines[:capture], *lines[capture : capture + 2], *lines[capture:]])


def test_a_look_more_or_less_is_no_difference(played):
    assert played["beats"].result(100).difference is None


@pytest.mark.parametrize(
    "text", ["", "no trace\n", "# town-hall kiosk trace 1\n0.1 > XX\n", "# town-hall kiosk trace 1\n0.1 < ~99999999\n"]
)
def test_what_is_no_trace_is_refused_by_its_line(text):
    with pytest.raises(ValueError, match="line"):
        read_trace(text)


def test_a_trace_of_a_dialect_nobody_knows_is_refused():
    with pytest.raises(ValueError, match="cannot be played"):
        replay(read_trace("# town-hall kiosk trace 1\n# dialect: morse\n"))
