"""The database: migrations give what the tables say, and rows survive as they were written."""

import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine, insert, select, text
from sqlalchemy.exc import InternalError, StatementError

from county import models
from county.settings import SettingsError
from county.store import HEAD, migrate, open_store


@pytest.fixture
def store(tmp_path):
    opened = open_store(f"sqlite:///{tmp_path / 'new' / 'county.sqlite'}")
    yield opened
    opened.close()


@pytest.fixture
def fresh(postgres):
    """The address of an empty PostgreSQL database."""
    name = postgres.database()
    yield postgres.url(name)
    postgres.drop(name)


def test_migrations_of_an_empty_database_give_exactly_the_tables(store):
    with store.reading() as connection:
        assert compare_metadata(MigrationContext.configure(connection), models.metadata) == []
        assert connection.scalar(text("SELECT version_num FROM alembic_version")) == HEAD


def test_rows_are_durable_and_references_hold(store):
    with store.reading() as connection:
        assert connection.scalar(text("PRAGMA journal_mode")) == "wal"
        assert connection.scalar(text("PRAGMA synchronous")) == 2
        assert connection.scalar(text("PRAGMA foreign_keys")) == 1


def test_a_second_start_changes_nothing(store, tmp_path):
    with store.writing() as connection:
        connection.execute(insert(models.hub_facts).values(name="kept", content="yes"))
    store.close()
    again = open_store(f"sqlite:///{tmp_path / 'new' / 'county.sqlite'}")
    with again.reading() as connection:
        assert connection.scalar(select(models.hub_facts.c.content)) == "yes"
    again.close()


def test_a_database_of_a_newer_program_is_refused(store):
    with store.writing() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(SettingsError, match="9999"):
        migrate(store.engine)


@pytest.mark.parametrize("database", ["sqlite://", "mysql://here/x", "postgresql://here/x", "no address"])
def test_any_other_database_is_refused(database):
    with pytest.raises(SettingsError, match=r"hub\.database"):
        open_store(database)


def test_a_database_that_is_not_there_is_said_in_words(tmp_path):
    with pytest.raises(SettingsError, match=r"hub\.database cannot be opened"):
        open_store(f"postgresql+psycopg://nobody@/none?host={tmp_path}")


@pytest.mark.postgresql
def test_on_postgresql_migrations_give_exactly_the_tables(fresh):
    store = open_store(fresh)
    with store.reading() as connection:
        context = MigrationContext.configure(connection, opts={"include_name": is_no_part})
        assert compare_metadata(context, models.metadata) == []
    store.close()


def is_no_part(name, kind, _parents) -> bool:
    """A part of a table in parts, and the index over words, exist on PostgreSQL only."""
    return not re.fullmatch(r"contribution_months_\d\d", name or "") and (kind, name) != ("index", "ix_postings_words")


@pytest.mark.postgresql
def test_of_hubs_that_start_at_once_one_makes_the_tables(fresh):
    program = "import sys; from county.store import open_store; open_store(sys.argv[1]).close()"
    hubs = [subprocess.Popen([sys.executable, "-c", program, fresh]) for _ in range(3)]  # noqa: S603 - our own program
    assert [one.wait(timeout=60) for one in hubs] == [0, 0, 0]
    store = open_store(fresh)
    with store.reading() as connection:
        assert connection.execute(text("SELECT version_num FROM alembic_version")).scalars().all() == [HEAD]
    store.close()


@pytest.mark.postgresql
def test_who_holds_a_name_is_waited_for_and_others_are_not(fresh):
    store = open_store(fresh)
    done = []

    def write(held: str, word: str) -> None:
        with store.writing(held):
            done.append(word)

    with ThreadPoolExecutor(2) as pool:
        with store.writing("item:1"):
            waits = pool.submit(write, "item:1", "the same")
            pool.submit(write, "item:2", "another").result(timeout=20)
            assert done == ["another"]
        waits.result(timeout=20)
    assert done == ["another", "the same"]
    store.close()


@pytest.mark.postgresql
def test_a_reader_sees_one_moment_and_writes_nothing(fresh):
    store = open_store(fresh)
    row = insert(models.hub_facts).values(name="late", content="x")
    with store.reading() as reader:
        assert reader.scalar(select(models.hub_facts.c.name)) is None
        with store.writing() as writer:
            writer.execute(row)
        assert reader.scalar(select(models.hub_facts.c.name)) is None
    with pytest.raises(InternalError, match="read-only"), store.reading() as reader:
        reader.execute(row)
    store.close()


def test_a_transaction_that_fails_leaves_nothing(store):
    def fail_half_way():
        with store.writing() as connection:
            connection.execute(insert(models.hub_facts).values(name="half", content="x"))
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail_half_way()
    with store.reading() as connection:
        assert connection.scalar(select(models.hub_facts.c.content)) is None


def test_money_is_kept_to_the_fen_and_no_further():
    engine = create_engine("sqlite://")
    models.metadata.create_all(engine)
    row = {"resident": 1, "insurance_type": "110", "scheme": "s", "unit": "u", "status": "paying"}
    with engine.begin() as connection:
        connection.execute(insert(models.participations).values(row | {"account_balance": Decimal("12345678.05")}))
        assert connection.scalar(select(models.participations.c.account_balance)) == Decimal("12345678.05")
        with pytest.raises(StatementError, match="two decimals"):
            connection.execute(insert(models.participations).values(row | {"account_balance": Decimal("0.005")}))
    engine.dispose()


def test_an_instant_without_zone_is_refused():
    engine = create_engine("sqlite://")
    models.metadata.create_all(engine)
    noon = datetime(2026, 3, 10, 12, tzinfo=UTC)
    with engine.begin() as connection:
        connection.execute(insert(models.wrong_tries).values(account="a", tried_at=noon))
        assert connection.scalar(select(models.wrong_tries.c.tried_at)) == noon
        with pytest.raises(StatementError, match="zone"):
            connection.execute(insert(models.wrong_tries).values(account="a", tried_at=noon.replace(tzinfo=None)))
    engine.dispose()
