"""The database: migrations give what the tables say, and rows survive as they were written."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine, insert, select, text
from sqlalchemy.exc import StatementError

from county import models
from county.settings import SettingsError
from county.store import HEAD, migrate, open_store


@pytest.fixture
def store(tmp_path):
    opened = open_store(f"sqlite:///{tmp_path / 'new' / 'county.sqlite'}")
    yield opened
    opened.close()


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


def test_only_sqlite_is_spoken_for_now():
    with pytest.raises(SettingsError, match=r"hub\.database"):
        open_store("sqlite://")


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
