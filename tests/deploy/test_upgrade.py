"""Old and new side by side: what a new program does to the database, an old one that still serves lives with."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from datetime import date
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import MetaData, Table, create_engine, func, insert, select, text
from sqlalchemy.pool import NullPool

import county.migrations
import kiosk.store
from contract.feed import FeedPage
from contract.message import CONTRACT_VERSION
from contract.operations import OPERATIONS
from county.store import HEAD, Store, is_later_step, open_store
from kiosk.errors import StoreUnusable
from tests.postgres import PostgresServer, missing
from tests.signing import SITE

ROOT = Path(__file__).resolve().parent.parent.parent
OLDER = "0002"
LONGEST_CUT = 15.0
"""Seconds. Kiosks take a silence of three for a cut and come again; on a machine at leisure it is a fraction of one."""


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def older(request, tmp_path):
    """The address of a database as the version before left it, with residents and their months."""
    if request.param == "sqlite":
        yield _filled(f"sqlite:///{tmp_path}/county.sqlite")
        return
    if missing():
        pytest.skip(missing())
    with PostgresServer() as server:
        yield _filled(server.url(server.database()))


def _filled(url: str) -> str:
    engine = create_engine(url, poolclass=NullPool)
    config = Config()
    config.set_main_option("script_location", str(Path(county.migrations.__file__).parent))
    config.attributes["engine"] = engine
    command.upgrade(config, OLDER)
    tables = as_known_by_the_old(url)
    resident = {
        "id": 1, "number": "510599195203150012", "name": "王秀英", "sex": "2", "ethnic_group": "01",
        "born_on": date(1952, 3, 15), "region": SITE + "001", "reference": "r",
    }  # fmt: skip
    paid = {"participation": 1, "base": 1, "personal_share": 1, "unit_share": 1, "paid": True}
    months = [
        paid | {"month": f"{year}-{month:02}"}
        for year in range(1990, 2026) for month in range(1, 13)
    ]  # fmt: skip
    with engine.begin() as connection:
        connection.execute(insert(tables["residents"]).values(resident))
        paying = {"id": 1, "resident": 1, "insurance_type": "110", "scheme": "s", "unit": "u", "status": "paying"}
        connection.execute(insert(tables["participations"]).values(paying))
        connection.execute(insert(tables["contribution_months"]), months)
    return url


def as_known_by_the_old(url: str) -> dict[str, Table]:
    """The tables as the version before describes them: what it reads, and what it names when it writes."""
    engine = create_engine(url, poolclass=NullPool)
    known = MetaData()
    known.reflect(engine)
    return dict(known.tables)


def migrate_elsewhere(url: str) -> subprocess.Popen[bytes]:
    """The new hub starts, in a process of its own."""
    program = "import sys; from county.store import open_store; open_store(sys.argv[1]).close()"
    return subprocess.Popen([sys.executable, "-c", program, url], cwd=ROOT)  # noqa: S603 - our own program


def test_an_old_process_serves_reads_while_the_new_one_changes_the_tables(older):
    tables = as_known_by_the_old(older)
    engine = create_engine(older, pool_pre_ping=True)
    asked = [
        select(tables["residents"]), select(tables["feed"]), select(tables["kiosks"]), select(tables["cases"]),
        select(tables["participations"], tables["contribution_months"]).join_from(
            tables["participations"], tables["contribution_months"]
        ),
    ]  # fmt: skip
    ended, gaps = threading.Event(), [0.0]

    def serve() -> None:
        last = time.monotonic()
        while not ended.is_set():
            for question in asked:
                with engine.connect() as connection:
                    connection.execute(question).all()
            gaps.append(time.monotonic() - last)
            last = time.monotonic()

    serving = threading.Thread(target=serve)
    serving.start()
    assert migrate_elsewhere(older).wait(100) == 0
    ended.set()
    serving.join(60)
    assert not serving.is_alive()
    assert len(gaps) > 3
    assert max(gaps) < LONGEST_CUT
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT version_num FROM alembic_version")) == HEAD
        assert connection.scalar(select(func.count()).select_from(tables["contribution_months"])) == 432
    engine.dispose()


def test_what_an_old_process_writes_still_fits(older):
    """Every column it does not know of may be left out, and none it knows of is gone."""
    before = as_known_by_the_old(older)
    open_store(older).close()
    after = as_known_by_the_old(older)
    for name, table in before.items():
        assert set(table.columns.keys()) <= set(after[name].columns.keys()), name
        added = [column for column in after[name].columns if column.name not in table.columns]
        assert [c.name for c in added if not c.nullable and c.server_default is None] == [], name


def set_version(store: Store, version: str) -> None:
    with store.writing() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = :version"), {"version": version})


def test_a_program_that_comes_back_goes_on_with_what_a_later_step_added(tmp_path):
    url = f"sqlite:///{tmp_path}/county.sqlite"
    store = open_store(url)
    set_version(store, f"{HEAD}.7")
    store.close()
    again = open_store(url)
    with again.reading() as connection:
        assert connection.scalar(text("SELECT version_num FROM alembic_version")) == f"{HEAD}.7", "and leaves it"
    again.close()


def test_the_kiosks_own_file_keeps_the_same_rule(tmp_path):
    file = tmp_path / "kiosk.sqlite"
    for version, fits in ((f"{kiosk.store.HEAD.partition('.')[0]}.99", True), ("0999", False)):
        opened = kiosk.store.Store(file)
        with opened.begin() as connection:
            connection.execute(text("UPDATE alembic_version SET version_num = :version"), {"version": version})
        opened.close()
        if fits:
            kiosk.store.Store(file).close()
            continue
        with pytest.raises(StoreUnusable, match="newer"):
            kiosk.store.Store(file)


@pytest.mark.parametrize("later", [is_later_step, kiosk.store.is_later_step])
def test_steps_and_generations(later):
    assert later("0003.1", "0003")
    assert later("0003.10", "0003.9")
    for earlier in ("0003", "0002.5", "0004", "9999", ""):
        assert not later(earlier, "0003")


def test_within_a_version_of_the_contract_unknown_fields_are_passed_over():
    """So a kiosk may be older than its county, and a county older than its kiosks."""
    page = {"cursor": "c", "more": False, "as_of": "2026-03-10T01:00:00Z", "items": [], "of_a_later_day": {"x": [1]}}
    assert FeedPage.model_validate(page).cursor == "c"
    assert {row.path.split("/")[1] for row in OPERATIONS if row.path != "/health"} == {f"v{CONTRACT_VERSION}"}
