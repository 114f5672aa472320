"""The kiosk's own file: durable, made by its migrations, and left alone when it is not what it should be."""

import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import text

from kiosk.errors import ProgramDefect
from kiosk.models import metadata
from kiosk.secret_files import secret_file
from kiosk.store import Store, migrate

ROOT = Path(__file__).parents[2]


@pytest.fixture
def store(tmp_path):
    opened = Store(tmp_path / "deep" / "kiosk.sqlite")
    yield opened
    opened.close()


def test_what_is_remembered_survives_a_restart(store):
    assert store.recall("name", "nobody") == "nobody"
    store.remember("name", "one")
    store.remember("name", "two")
    again = Store(store.file)
    assert again.recall("name") == "two"
    again.close()


def test_a_row_is_on_disk_when_its_transaction_ends(store):
    with store.read() as connection:
        assert connection.scalar(text("PRAGMA journal_mode")) == "wal"
        assert connection.scalar(text("PRAGMA synchronous")) == 2
        assert connection.scalar(text("PRAGMA foreign_keys")) == 1


def test_a_transaction_that_fails_leaves_nothing(store):
    with pytest.raises(RuntimeError, match="power"), store.begin() as connection:  # noqa: PT012  the failure is inside
        store.remember("name", "half", connection)
        raise RuntimeError("power")
    assert store.recall("name") == ""


def test_a_process_that_dies_in_a_transaction_leaves_nothing_and_the_file_is_sound(store):
    program = (
        "import os, sys; from pathlib import Path; from kiosk.store import Store\n"
        "store = Store(Path(sys.argv[1])); store.remember('done', 'yes')\n"
        "with store.begin() as connection:\n    store.remember('half', 'yes', connection); os._exit(9)\n"
    )
    ended = subprocess.run([sys.executable, "-c", program, str(store.file)], cwd=ROOT, check=False, timeout=60)  # noqa: S603  our own words
    assert ended.returncode == 9
    assert (store.recall("done"), store.recall("half")) == ("yes", "")
    assert store.check() == "ok"


def test_two_writers_wait_for_each_other_and_what_the_second_reads_is_true(store):
    def add():
        with store.begin() as connection:
            number = connection.scalar(text("SELECT value FROM note WHERE name = 'n'")) or "0"
            time.sleep(0.02)
            store.remember("n", str(int(number) + 1), connection)

    threads = [threading.Thread(target=add) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert store.recall("n") == "5"


def test_the_migrations_make_exactly_the_tables_of_the_program(store):
    with store.engine.connect() as connection:
        context = MigrationContext.configure(connection)
        differences = compare_metadata(context, metadata)
    own = [row for row in differences if "posting_words" not in str(row) and "alembic" not in str(row)]
    assert own == []


def test_a_second_start_migrates_nothing_and_loads_no_alembic(store):
    program = (
        "import sys; from pathlib import Path; from kiosk.store import Store\n"
        "Store(Path(sys.argv[1])).close(); print('alembic' in sys.modules)\n"
    )
    said = subprocess.run(  # noqa: S603  our own words
        [sys.executable, "-c", program, str(store.file)],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert said.stdout.strip() == "False"


def test_a_file_that_is_no_database_is_left_as_it_is(tmp_path):
    file = tmp_path / "kiosk.sqlite"
    file.write_bytes(b"this is somebody's letter, not a database" * 50)
    with pytest.raises(ProgramDefect, match="left as it is"):
        Store(file)
    assert file.read_bytes().startswith(b"this is somebody's letter")


def test_a_file_of_a_newer_program_is_refused(store):
    with store.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(ProgramDefect, match="newer"):
        migrate(store.engine)


def test_a_secret_is_made_once_and_only_its_owner_reads_it(tmp_path):
    file = tmp_path / "secrets" / "cookie"
    first = secret_file(file)
    assert len(first) == 32
    assert secret_file(file) == first
    if os.name == "posix":
        assert file.stat().st_mode & 0o777 == 0o600
    assert secret_file(tmp_path / "secrets" / "other") != first
