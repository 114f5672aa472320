"""Steps of revision 0003 for large counties: the words of open posts, and months of contributions in parts."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

PARTS = 16
_LEXEMES = "array_to_tsvector(string_to_array(btrim(words), ' '))"


def on_postgresql() -> bool:
    """Whether the database being migrated is one."""
    return op.get_bind().dialect.name == "postgresql"


def make_postings() -> None:
    """A row for each open post, filled from the feed; the index over its words on PostgreSQL only."""
    op.create_table(
        "postings",
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("posting_no", sa.String(length=64), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_postings")),
        sa.UniqueConstraint("posting_no", name=op.f("uq_postings_posting_no")),
    )
    if on_postgresql():
        op.execute(f"CREATE INDEX ix_postings_words ON postings USING gin ({_LEXEMES}) WITH (fastupdate = off)")
    _fill_postings()


def _fill_postings() -> None:
    from contract.feed import JobPosting  # noqa: PLC0415 - needed for a database that holds posts already
    from county.search.board import keep  # noqa: PLC0415 - see above

    connection = op.get_bind()
    held = "SELECT key, body FROM feed WHERE kind = 'posting' AND NOT removed ORDER BY revision"
    for key, body in connection.execute(sa.text(held)).all():
        keep(connection, key, JobPosting.model_validate_json(body))


def part_contribution_months() -> None:
    """On PostgreSQL the months lie in parts by participation: all of one resident's are read from few, small ones."""
    if not on_postgresql():
        return
    # Both at once, in the order in which a statement reads them: an older hub that serves meanwhile only waits.
    op.execute("LOCK TABLE participations, contribution_months IN ACCESS EXCLUSIVE MODE")
    op.execute("ALTER TABLE contribution_months RENAME TO contribution_months_whole")
    op.execute("ALTER TABLE contribution_months_whole RENAME CONSTRAINT pk_contribution_months TO pk_months_whole")
    op.execute(
        "CREATE TABLE contribution_months (LIKE contribution_months_whole INCLUDING DEFAULTS, "
        "CONSTRAINT pk_contribution_months PRIMARY KEY (participation, month)) PARTITION BY HASH (participation)"
    )
    for part in range(PARTS):
        op.execute(
            f"CREATE TABLE contribution_months_{part:02} PARTITION OF contribution_months "
            f"FOR VALUES WITH (MODULUS {PARTS}, REMAINDER {part})"
        )
    op.execute("INSERT INTO contribution_months SELECT * FROM contribution_months_whole")  # one statement, no gap
    op.execute("DROP TABLE contribution_months_whole")
    op.create_foreign_key(
        op.f("fk_contribution_months_participation"), "contribution_months", "participations", ["participation"], ["id"]
    )
