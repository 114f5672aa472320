"""Faults 37, 40, 47: a disk that is full, a database that another program holds, a log that nobody takes.

The kernel itself refuses: a limit on the size of files, set on the running process from outside and lifted again.
"""

from __future__ import annotations

import resource
import sqlite3
import subprocess
import sys
import threading
import time
from pathlib import Path

import httpx
import pytest
from sqlalchemy import event

from devices.trace import KEPT_FILES, LARGEST_FILE
from kiosk.errors import StoreBusy, StoreFull
from kiosk.store import Store
from kiosk.uplink import Acknowledged
from tests.hall import LOCALITY
from tests.odd_county import Said
from tests.outbox_line import ACCEPTED, Counter, Line
from tests.processes import Hand, Processes, broken_link, patiently, rows_of, sound
from tests.screen import Screen, Wall

ROOT = Path(__file__).parents[2]
PENSIONER = "王秀英"
pytestmark = pytest.mark.skipif(not hasattr(resource, "prlimit"), reason="limits are set from outside on Linux only")


def fill(process, *, full=True):
    """From now on no file of this process grows; or they may again."""
    _, most = resource.prlimit(process.pid, resource.RLIMIT_FSIZE)
    resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (1 if full else most, most))


@pytest.fixture
def processes(tmp_path, seeds):
    made = Processes(tmp_path, seeds, LOCALITY)
    made.start("county")
    made.start("kiosk")
    yield made
    made.end()


@pytest.mark.timeout(400)
def test_fault_37_a_full_disk_refuses_new_business_in_words_goes_on_showing_and_recovers(processes):
    hand = Hand(processes)
    patiently(lambda: processes.health()["county"]["reachable"], 60, "the county is met")
    hand.card_in(PENSIONER)
    fill(processes.running["kiosk"])
    assert hand.asks_for_somebody() == ""
    page = hand.browser.get("/services/pension_verification/appointment")
    token = page.text.split('name="csrf_token" value="')[1].split('"')[0]
    refused = hand.browser.post(
        "/services/pension_verification/appointment", data={"csrf_token": token, "wanted": "home"}
    )
    assert "K-902" in refused.text
    assert "机器存满了" in refused.text
    assert hand.browser.get("/services/job_board/").status_code == 200
    assert hand.browser.get("/health").status_code == 200
    assert httpx.get(f"http://{processes.addresses['display']}/").status_code == 200
    hand.card_out()
    fill(processes.running["kiosk"], full=False)
    hand.card_in(PENSIONER)
    number = hand.asks_for_somebody()
    assert number
    hand.card_out()
    hand.close()
    processes.end()
    assert sound(processes.kiosk_file) == sound(processes.hub_file) == "ok"
    assert broken_link(processes.kiosk_file) is None
    assert len(rows_of(processes.hub_file, "SELECT id FROM submissions")) == 1


@pytest.mark.timeout(400)
def test_fault_37_a_hub_with_a_full_disk_loses_nothing_and_the_kiosk_keeps_what_it_took(processes):
    hand = Hand(processes)
    patiently(lambda: processes.health()["county"]["reachable"], 60, "the county is met")
    hand.card_in(PENSIONER)
    fill(processes.running["county"])
    number = hand.asks_for_somebody()
    assert "-" in number, "it waits at the kiosk, under the kiosk's own number"
    assert processes.health()["outbox"]["queued"] == 1
    fill(processes.running["county"], full=False)
    patiently(lambda: processes.health()["outbox"]["queued"] == 0, 90, "the outbox drains")
    hand.card_out()
    hand.close()
    assert len(rows_of(processes.hub_file, "SELECT id FROM submissions")) == 1


def test_fault_37_with_little_room_left_nothing_new_is_begun_before_the_finger(open_hall):
    hall = open_hall(kiosk={"least_free_mb": 1e9})
    screen, counter = Screen(hall), Counter(hall, PENSIONER)
    screen.follow()
    screen.press("养老待遇资格认证")
    screen.sees("机器存满了", "请到窗口办理", "K-902")
    with pytest.raises(StoreFull):
        counter.submit()
    assert counter.counts().queued == 0
    screen.visit("/services/insurance_query/")
    screen.enter_pin(counter.holder.card.pin)
    screen.does_not_see("K-902")
    Wall(hall).does_not_see("K-9")
    assert not hall.machine.store.room()


def test_fault_37_an_answer_that_cannot_be_kept_is_asked_for_again_and_nothing_is_done_twice(
    tmp_path, odd_county, hall
):
    """The county has it, the disk takes nothing more before the kiosk noted so: the resident is told that it waits."""
    line, session = Line(tmp_path, odd_county), Counter(hall).session
    writable = ["ON"]

    def no_more(raw, _record, _proxy):
        raw.execute(f"PRAGMA query_only={writable[0]}")

    def answers_and_the_disk_fills():
        event.listen(line.store.engine, "checkout", no_more)
        return Said(200, ACCEPTED)

    odd_county.say("/v1/submissions", answers_and_the_disk_fills)
    assert line.submit(session).state is Acknowledged.QUEUED
    assert line.row().state == "queued"
    writable[0] = "OFF"
    odd_county.say("/v1/submissions", Said(200, ACCEPTED))
    line.county.outbox.hurry()
    line.county.outbox.drain()
    assert line.row().state == "answered"
    assert len({headers["Idempotency-Key"] for _, _, headers, _ in odd_county.asked}) == 1
    line.close()


def test_fault_37_a_store_that_cannot_grow_says_so_and_what_was_kept_is_whole(tmp_path):
    """In a child process, for the limit of files is the process's own."""
    program = (
        "import resource, sys; from pathlib import Path\n"
        "from kiosk.store import Store; from kiosk.errors import StoreFull\n"
        "store = Store(Path(sys.argv[1])); store.remember('before', 'kept')\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (1, resource.getrlimit(resource.RLIMIT_FSIZE)[1]))\n"
        "try:\n    store.remember('big', 'x' * 5_000_000)\n"
        "except StoreFull as full:\n    print(full.code, store.recall('big'))\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (resource.getrlimit(resource.RLIMIT_FSIZE)[1],) * 2)\n"
        "store.remember('after', 'kept too')\n"
    )
    file = tmp_path / "kiosk.sqlite"
    ended = subprocess.run(  # noqa: S603  our own words
        [sys.executable, "-c", program, str(file)], cwd=ROOT, capture_output=True, text=True, check=False, timeout=60
    )
    assert ended.stdout.strip() == "K-902", ended.stderr
    assert sound(file) == "ok"
    assert dict(rows_of(file, "SELECT name, value FROM note WHERE name IN ('before', 'big', 'after')")) == {
        "before": "kept", "after": "kept too",
    }  # fmt: skip


def test_fault_37_recordings_of_devices_are_bounded():
    assert LARGEST_FILE * KEPT_FILES <= 5_000_000, "megabytes a device, whatever is recorded"


# --- 40 ---


def test_fault_40_a_database_that_another_program_holds_is_waited_for_then_said_and_readers_go_on(tmp_path):
    store = Store(tmp_path / "kiosk.sqlite")
    store.remember("name", "one")
    other = sqlite3.connect(store.file, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    refusals = []

    def write():
        try:
            store.remember("name", "two")
        except StoreBusy as busy:
            refusals.append(busy.code)

    writers = [threading.Thread(target=write) for _ in range(4)]
    for writer in writers:
        writer.start()
    time.sleep(0.2)
    for _ in range(20):
        assert store.recall("name") == "one", "readers are never kept waiting"
    for writer in writers:
        writer.join(60)
    assert refusals == ["K-903"] * 4
    other.execute("ROLLBACK")
    store.remember("name", "three")
    assert store.recall("name") == "three"
    other.close()
    store.close()


def test_fault_40_who_waits_less_than_ten_seconds_gets_their_turn(hall):
    counter = Counter(hall)
    other = sqlite3.connect(hall.machine.store.file, isolation_level=None, check_same_thread=False)
    other.execute("BEGIN IMMEDIATE")
    threading.Timer(1.0, lambda: other.execute("ROLLBACK")).start()
    assert counter.submit().state is Acknowledged.ACCEPTED
    other.close()


# --- 47 ---


@pytest.mark.timeout(300)
def test_fault_47_the_program_serves_and_journals_though_nobody_takes_its_log(tmp_path, seeds):
    made = Processes(tmp_path, seeds, LOCALITY)
    made.log = Path("/dev/full")
    try:
        made.start("county")
        made.start("kiosk")
        hand = Hand(made)
        patiently(lambda: made.health()["county"]["reachable"], 60, "the county is met")
        hand.card_in(PENSIONER)
        assert hand.asks_for_somebody()
        hand.card_out()
        hand.close()
    finally:
        made.end()
    what = [text for (text,) in rows_of(made.kiosk_file, "SELECT json_extract(text, '$.what') FROM journal")]
    assert {"started", "session_began", "submitted", "county_answered", "stopped"} <= set(what)
