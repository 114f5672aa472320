"""Faults 35, 36, 38, 39, 45: power, and what is left on the disk when it comes back."""

from __future__ import annotations

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import httpx
import pytest
from sqlalchemy import text

from kiosk import store as stores
from kiosk.assembly import build_machine
from kiosk.clock import Clock
from kiosk.errors import StoreUnusable
from kiosk.journal import Happening, Journal
from kiosk.maintenance import create_maintenance_app
from kiosk.store import Store
from kiosk.uplink import Acknowledged
from tests.faults.power import ForgetfulDisk
from tests.hall import eventually, free_port
from tests.outbox_line import Counter
from tests.processes import broken_link, rows_of, sound

ROOT = Path(__file__).parents[2]
MOST_STEPS = 40


# --- 35: killed at each step ---

DIES_AT = (
    "import sys; from pathlib import Path; from kiosk.settings import Settings\n"
    "from tests.faults.dying import submit_once\n"
    "submit_once(Settings.model_validate_json(Path(sys.argv[1]).read_text(encoding='utf-8')), int(sys.argv[2]))\n"
)


def test_fault_35_killed_at_every_commit_and_every_request_of_a_submission_it_is_there_whole_or_not_at_all(hall):
    """A child process submits at the real hub and kills itself at step n; then n + 1, until it lives to the end."""
    hall.machine.stop()
    settings = hall.folder / "settings.json"
    settings.write_text(hall.settings.model_dump_json(), encoding="utf-8")
    file, hub_file = hall.folder / "kiosk.sqlite", Path(hall.hub.settings.database.removeprefix("sqlite:///"))
    died = 0
    for step in range(MOST_STEPS):
        ended = subprocess.run(  # noqa: S603  our own words
            [sys.executable, "-c", DIES_AT, str(settings), str(step)],
            cwd=ROOT, capture_output=True, text=True, check=False, timeout=100,
        )  # fmt: skip
        assert ended.returncode in (0, -signal.SIGKILL), ended.stderr
        assert sound(file) == "ok"
        assert broken_link(file) is None
        waiting = {one for (one,) in rows_of(file, "SELECT submission_id FROM outbox")}
        noted = {one for (one,) in rows_of(file, "SELECT json_extract(text, '$.submission') FROM journal") if one}
        assert waiting == noted, f"step {step}: the outbox and the journal differ"
        told = {one for (one,) in rows_of(hub_file, "SELECT submission_id FROM submissions")}
        assert told <= waiting, f"step {step}: the county has what the kiosk does not know"
        if ended.returncode == 0:
            break
        died += 1
    assert died >= 4, "before and after the row was written, before and after the county heard"
    machine = build_machine(hall.settings)
    machine.county.outbox.hurry()
    machine.county.outbox.drain()
    assert machine.county.outbox.counts().queued == 0
    machine.county.client.close()
    machine.store.close()
    waiting = {one for (one,) in rows_of(file, "SELECT submission_id FROM outbox")}
    told = [one for (one,) in rows_of(hub_file, "SELECT submission_id FROM submissions")]
    assert sorted(told) == sorted(waiting), "each exactly once"


# --- 36: what was never synced is gone ---


def remembered_after_power_cut(folder, mode):
    with ForgetfulDisk() as disk:
        store = Store(folder / "kiosk.sqlite")
        with store.engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        journal = Journal(store, Clock("Asia/Shanghai"), b"k" * 32)
        if mode == "NORMAL":
            store.engine.dispose()
            stores.event.listen(store.engine, "connect", lambda raw, _: raw.execute("PRAGMA synchronous=NORMAL"))
        for number in range(10):
            journal.write(Happening.STARTED, number=number)
        left = disk.after_power_cut(store.file, folder / "left")
        store.close()
    assert sound(left) == "ok"
    assert broken_link(left) is None
    return len(rows_of(left, "SELECT number FROM journal"))


def test_fault_36_a_power_cut_loses_nothing_that_was_acknowledged(tmp_path):
    assert remembered_after_power_cut(tmp_path, "FULL") == 10


def test_fault_36_the_test_sees_the_difference_that_a_sync_makes(tmp_path):
    assert remembered_after_power_cut(tmp_path, "NORMAL") < 10


def test_fault_36_the_hubs_answer_is_on_its_disk_before_the_kiosk_hears_it(tmp_path, open_hall):
    with ForgetfulDisk() as disk:
        counter = Counter(open_hall())
        assert counter.submit().state is Acknowledged.ACCEPTED
        file = Path(counter.hall.hub.settings.database.removeprefix("sqlite:///"))
        left = disk.after_power_cut(file, tmp_path / "left")
        counter.hall.close()
    assert sound(left) == "ok"
    assert len(rows_of(left, "SELECT id FROM submissions")) == 1


# --- 38, 39: a file that is gone, locked away or broken ---


def stopped(hall):
    """The folder of a machine that ran and was stopped, without its journal's last words in a log."""
    hall.machine.stop()
    return hall.folder / "kiosk.sqlite"


def refused(hall):
    with pytest.raises(StoreUnusable) as caught:
        build_machine(hall.settings)
    return caught.value


def test_fault_38_a_database_that_is_gone_is_not_replaced_by_an_empty_one(hall):
    file = stopped(hall)
    file.rename(file.with_suffix(".away"))
    refused(hall)
    assert not file.exists()
    file.with_suffix(".away").rename(file)
    hall.machine = hall.build()
    hall.machine.start()


def test_fault_38_a_broken_header_is_kept_as_it_is(hall):
    file = stopped(hall)
    broken = b"\0" * 100 + file.read_bytes()[100:]
    file.write_bytes(broken)
    refused(hall)
    assert file.read_bytes() == broken


def test_fault_38_a_lost_log_leaves_an_older_whole_state(hall):
    machine = hall.machine
    copy = hall.folder.parent / "copied"
    copy.mkdir()
    with machine.store.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    machine.journal.write(Happening.STARTED)
    shutil.copy(hall.folder / "kiosk.sqlite", copy)
    assert sound(copy / "kiosk.sqlite") == "ok"
    assert broken_link(copy / "kiosk.sqlite") is None


def test_fault_39_a_file_whose_pages_are_damaged_is_found_after_an_unclean_stop_and_a_copy_brought_back_works(hall):
    file = stopped(hall)
    good = file.read_bytes()
    with closing(sqlite3.connect(file)) as connection:
        page, size = connection.execute(
            "SELECT rootpage, (SELECT * FROM pragma_page_size) FROM sqlite_master WHERE name = 'journal'"
        ).fetchone()
    damaged = bytearray(good)
    damaged[(page - 1) * size : page * size] = os.urandom(size)
    file.write_bytes(bytes(damaged))
    Path(f"{file}-wal").write_bytes(b"")
    refused(hall)
    assert file.read_bytes() == bytes(damaged), "the broken file is evidence"
    for rest in (Path(f"{file}-wal"), Path(f"{file}-shm")):
        rest.unlink(missing_ok=True)
    file.write_bytes(good)
    hall.machine = hall.build()
    hall.machine.start()
    assert hall.machine.journal.first_break() is None


def test_fault_38_every_face_says_so_and_nothing_else():
    app = create_maintenance_app(StoreUnusable("gone"))
    for path in ("/", "/services/insurance_query/", "/sign-in", "/anything"):
        answer = app.test_client().get(path)
        assert answer.status_code == 503
        for words in ("设备维护中", "机器的存储坏了", "请到窗口办理", "K-904"):
            assert words in answer.text
        assert answer.headers["Cache-Control"] == "no-store"
    assert app.test_client().get("/health").json["store"] == "unusable"
    assert app.test_client().get("/static/kiosk.css").status_code == 200


@pytest.mark.timeout(300)
def test_fault_38_the_program_starts_in_maintenance_and_ends_with_its_reason(hall, tmp_path):
    file = stopped(hall)
    file.write_bytes(b"somebody's letter" * 100)
    address = f"127.0.0.1:{free_port()}"
    own = os.environ | {
        "KIOSK_KIOSK__FOLDER": str(hall.folder), "KIOSK_KIOSK__STAGE": "development",
        "KIOSK_FACES__RESIDENT": address, "KIOSK_FACES__STAFF": f"127.0.0.1:{free_port()}",
        "KIOSK_FACES__DISPLAY": f"127.0.0.1:{free_port()}",
    }  # fmt: skip
    with (tmp_path / "said.txt").open("w") as said:
        program = subprocess.Popen([sys.executable, "run.py", "kiosk"], cwd=ROOT, env=own, stdout=said, stderr=said)
        client = httpx.Client(base_url=f"http://{address}")

        def says_so():
            try:
                return "设备维护中" in client.get("/").text
            except httpx.HTTPError:
                assert program.poll() is None, (tmp_path / "said.txt").read_text()
                return False

        eventually(says_so, 60, "the page of maintenance")
        program.send_signal(signal.SIGTERM)
        assert program.wait(60) == 2
    assert "not a usable database" in (tmp_path / "said.txt").read_text().splitlines()[-1]
    client.close()


# --- 45: a migration that is interrupted ---


def test_fault_45_a_migration_killed_half_way_leaves_the_old_schema_whole_and_the_next_start_completes_it(tmp_path):
    """A process dies inside the transaction of the migration, after its first table was made."""
    file = tmp_path / "kiosk.sqlite"
    program = (
        "import os, sys; from pathlib import Path; from sqlalchemy import event\n"
        "from sqlalchemy.engine import Engine; from kiosk.store import Store\n"
        "made = []\n"
        "def die(connection, cursor, statement, *rest):\n"
        "    if 'CREATE TABLE' in statement:\n"
        "        made.append(statement)\n"
        "        if len(made) == 5: os._exit(9)\n"
        "event.listen(Engine, 'after_cursor_execute', die)\n"
        "Store(Path(sys.argv[1]))\n"
    )
    ended = subprocess.run([sys.executable, "-c", program, str(file)], cwd=ROOT, check=False, timeout=60)  # noqa: S603  our own words
    assert ended.returncode == 9
    with sqlite3.connect(file) as connection:
        tables = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
    assert tables == [], "half of a schema is no schema"
    store = Store(file)
    with store.read() as connection:
        assert connection.scalar(text("SELECT version_num FROM alembic_version")) == stores.HEAD
    store.close()


def test_fault_45_a_program_older_than_the_file_refuses_it(tmp_path):
    store = Store(tmp_path / "kiosk.sqlite")
    with store.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    store.close()
    with pytest.raises(StoreUnusable, match="newer"):
        Store(tmp_path / "kiosk.sqlite")
