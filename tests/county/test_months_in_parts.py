"""On PostgreSQL the months of contributions lie in parts by participation; what was there before is still there."""

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine, text

from county.databases import open_engine
from county.migrations.upgrade import upgrade
from county.store import open_store

pytestmark = pytest.mark.postgresql
PARTS = 16


@pytest.fixture
def fresh(postgres):
    """The address of an empty PostgreSQL database."""
    name = postgres.database()
    yield postgres.url(name)
    postgres.drop(name)


def at_revision(database, revision):
    """A database as an older program left it."""
    engine = open_engine(database)
    config = Config()
    config.set_main_option("script_location", "county/migrations")
    config.attributes["engine"] = engine
    command.upgrade(config, revision)
    return engine


def put_months(engine, participations):
    with engine.begin() as connection:
        connection.execute(
            text(
                "INSERT INTO residents (id, number, name, sex, ethnic_group, born_on, region, reference) "
                "VALUES (1, '1', '示例', '1', '01', '1980-01-01', '510521109', 'r')"
            )
        )
        for number in range(1, participations + 1):
            connection.execute(
                text(
                    "INSERT INTO participations (id, resident, insurance_type, scheme, unit, status) "
                    "VALUES (:id, 1, '110', 's', 'u', 'paying')"
                ),
                {"id": number},
            )
        connection.execute(
            text(
                "INSERT INTO contribution_months SELECT p, '2025-' || lpad(m::text, 2, '0'), p * 100, 1, 2, true "
                "FROM generate_series(1, :many) p, generate_series(1, 12) m"
            ),
            {"many": participations},
        )


def test_what_was_in_one_table_is_found_in_its_parts(fresh):
    engine = at_revision(fresh, "0002")
    put_months(engine, 64)
    upgrade(engine, "0002")
    with engine.connect() as connection:
        rows = connection.execute(
            text("SELECT tableoid::regclass::text AS part, participation FROM contribution_months")
        )
        found = [(row.part, row.participation) for row in rows]
        kept = connection.scalar(text("SELECT count(DISTINCT (month, base)) FROM contribution_months"))
    assert len(found) == 64 * 12
    assert kept == 64 * 12
    assert len({part for part, _ in found}) > PARTS // 2
    for number in range(1, 65):
        assert len({part for part, participation in found if participation == number}) == 1
    engine.dispose()


def test_a_statement_reads_one_part_for_each_participation(fresh):
    open_store(fresh).close()
    engine = create_engine(fresh)
    with engine.connect() as connection:
        plan = connection.execute(
            text("EXPLAIN SELECT * FROM contribution_months WHERE participation IN (7) AND month LIKE '2025%'")
        )
        lines = " ".join(row[0] for row in plan)
    assert lines.count("Scan on contribution_months_") + lines.count("Scan using contribution_months_") == 1
    engine.dispose()


def test_a_month_of_nobody_is_refused_as_before(fresh):
    open_store(fresh).close()
    engine = create_engine(fresh)
    with engine.connect() as connection, pytest.raises(Exception, match="fk_contribution_months_participation"):
        connection.execute(text("INSERT INTO contribution_months VALUES (99, '2025-01', 1, 1, 1, true)"))
    engine.dispose()
