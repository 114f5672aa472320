"""The recorder: what reaches the disk, how much of it, and that it never troubles the driver."""

from __future__ import annotations

import threading
from datetime import UTC, datetime

import pytest

from devices import DeviceLines
from devices.card.virtual.card import VirtualCard
from devices.device import utc_now
from devices.opening import open_devices
from devices.tap import NO_TAP
from devices.trace import KEPT_FILES, Recorder, record_into
from devices.trace.format import Way, read_trace
from devices.trace.replay import replay
from tests.devices.card.holders import OUYANG

ASK, ANSWER = bytes.fromhex("00A4020002EF05"), b"\x90\x00"


def morning() -> datetime:
    return datetime(2026, 3, 2, 8, 30, tzinfo=UTC)


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "traces"


def traces(folder):
    return [read_trace(file.read_text(encoding="utf-8")) for file in sorted(folder.glob("*.trace"))]


def test_a_conversation_is_written_line_by_line(folder):
    recorder = Recorder("card", "apdu", folder, morning, header={"program": "0.1.0"})
    recorder.opened(0)
    recorder.sent(ASK)
    recorder.came(ANSWER)
    recorder.closed()
    [trace] = traces(folder)
    assert [one.way for one in trace.exchanges] == [Way.OPENED, Way.SENT, Way.CAME, Way.CLOSED]
    assert [one.filled for one in trace.exchanges[1:3]] == [ASK, ANSWER]
    assert [one.at for one in trace.exchanges] == sorted(one.at for one in trace.exchanges)
    assert (trace.kind, trace.dialect, trace.header["recorded"]) == ("card", "apdu", "2026-03-02")
    assert trace.header["program"] == "0.1.0"


def test_nothing_is_written_before_something_happens(folder):
    assert Recorder("card", "apdu", folder, morning).file is None
    assert not folder.exists()


def test_a_full_file_says_so_and_the_next_one_has_other_fakes(folder):
    recorder = Recorder("scanner", "scanner", folder, morning, largest=400)
    recorder.opened(9600)
    for _ in range(12):
        recorder.came(b"SAMECODE12345678\r")
    found = traces(folder)
    assert len(found) > 1
    assert found[0].exchanges[-1].way is Way.NOTE
    codes = [{one.known for one in trace.exchanges if one.way is Way.CAME} for trace in found]
    assert all(len(of_one) == 1 for of_one in codes)
    assert codes[0] != codes[1]


def test_only_the_last_files_of_a_kind_are_kept(folder):
    recorder = Recorder("scanner", "scanner", folder, morning, largest=250)
    other = Recorder("card", "apdu", folder, morning)
    other.opened(0)
    recorder.opened(9600)
    for _ in range(60):
        recorder.came(b"SAMECODE12345678\r")
    assert len(list(folder.glob("scanner-*.trace"))) == KEPT_FILES
    assert len(list(folder.glob("card-*.trace"))) == 1


def test_a_folder_that_cannot_be_written_ends_the_recording_and_nothing_else(tmp_path, caplog):
    (tmp_path / "file").write_text("in the way")
    recorder = Recorder("card", "apdu", tmp_path / "file", morning)
    for _ in range(3):
        recorder.opened(0)
        recorder.sent(ASK)
        recorder.came(ANSWER)
        recorder.closed()
    assert caplog.text.count("the trace of card ends") == 1


def test_several_threads_may_be_heard(folder):
    recorder = Recorder("card", "apdu", folder, morning)

    def talk() -> None:
        for _ in range(50):
            recorder.sent(ASK)
            recorder.came(ANSWER)

    threads = [threading.Thread(target=talk) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    [trace] = traces(folder)
    assert len(trace.exchanges) == 400


def test_a_hall_that_records_hears_every_driver_and_a_hall_without_a_line_has_no_tap(folder):
    taps = record_into(folder, utc_now)
    assert taps("printer", "") is NO_TAP
    devices = open_devices(DeviceLines(card="simulated:"), utc_now, folder / "receipts", taps)
    reader, events = devices.simulators.card, []
    reader.listener = events.append
    reader.insert(VirtualCard(OUYANG))
    reader.attend(threading.Event())
    with reader.connect(events[0].insertion) as chip:
        real = chip.identity()
    devices.close()
    [trace] = traces(folder)
    again = replay(trace)
    assert again.difference is None
    assert again.conclusion["version"] == real.version
    assert again.conclusion["number"] != real.social_security_no
    text = next(folder.glob("*.trace")).read_text(encoding="utf-8")
    for secret in (
        real.name.encode("gb18030"),
        real.social_security_no.encode(),
        real.card_number.encode(),
        OUYANG.atr,
    ):
        assert secret.hex().upper() not in text
