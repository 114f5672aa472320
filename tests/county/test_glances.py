"""One statement on a kept connection: as things stand, from many threads, and after the database was started anew."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import delete, func, insert, select, text

from county import models
from county.store import Store

PUT = "INSERT INTO hub_facts (name, content) VALUES (?, ?) ON CONFLICT DO NOTHING"
HOW_MANY = "SELECT count(*) FROM hub_facts WHERE name LIKE ?"


@pytest.fixture
def store(empty_office) -> Store:
    return empty_office.hub.store


def test_a_glance_sees_what_was_just_written_and_what_is_gone(store):
    for expected in (1, 2):
        with store.writing() as connection:
            connection.execute(insert(models.hub_facts).values(name=f"fact{expected}", content="x"))
        assert store.glances.row(HOW_MANY, ("fact%",)) == (expected,)
    with store.writing() as connection:
        connection.execute(delete(models.hub_facts).where(models.hub_facts.c.name.startswith("fact")))
    assert store.glances.row(HOW_MANY, ("fact%",)) == (0,)


def test_what_is_written_at_a_glance_is_there_for_everybody_once(store):
    assert [store.glances.write(PUT, ("fact", "first")), store.glances.write(PUT, ("fact", "second"))] == [1, 0]
    with store.reading() as connection:
        assert connection.scalar(select(models.hub_facts.c.content).where(models.hub_facts.c.name == "fact")) == "first"


def test_of_many_that_write_the_same_at_once_one_does(store):
    with ThreadPoolExecutor(8) as pool:
        written = list(pool.map(lambda number: store.glances.write(PUT, (f"fact{number % 5}", "x")), range(100)))
    assert sum(written) == 5
    with store.reading() as connection:
        mine = models.hub_facts.c.name.startswith("fact")
        assert connection.scalar(select(func.count()).select_from(models.hub_facts).where(mine)) == 5


def test_a_statement_that_is_wrong_is_an_error_and_the_next_one_is_not(store):
    store.glances.row(HOW_MANY, ("fact%",))
    with pytest.raises(store.engine.dialect.loaded_dbapi.Error):
        store.glances.row("SELECT nothing FROM nowhere", ())
    assert store.glances.row(HOW_MANY, ("fact%",)) == (0,)


def test_a_connection_that_died_is_replaced(store):
    if store.engine.dialect.name != "postgresql":
        pytest.skip("a file has no connections that die")
    store.glances.row(HOW_MANY, ("fact%",))
    with store.engine.connect() as connection:
        others = text(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND datname = :d"
        )
        connection.execute(others, {"d": store.engine.url.database})
    assert store.glances.row(HOW_MANY, ("fact%",)) == (0,)
    assert store.glances.write(PUT, ("fact", "x")) == 1
