"""What the line to the county needs on this machine: age and owner of what waits, copies, a journal nobody rewrites

Revision: 0002, after 0001.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

REFUSALS = {
    "journal_is_never_changed": "BEFORE UPDATE ON journal",
    "journal_is_never_shortened": "BEFORE DELETE ON journal",
    "journal_is_only_continued": (
        "BEFORE INSERT ON journal WHEN NEW.number IS NOT (SELECT coalesce(max(number), 0) + 1 FROM journal)"
    ),
}
"""SQLite itself refuses; whoever takes these away as well is found by the chain and the heads that others hold."""


def upgrade() -> None:
    for name, when in REFUSALS.items():
        op.execute(
            f"CREATE TRIGGER {name} {when} BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END"
        )
    op.add_column("outbox", sa.Column("due_by", sa.String(40), nullable=False, server_default=""))
    op.add_column("outbox", sa.Column("owner", sa.String(60), nullable=False, server_default=""))
    op.add_column("outbox", sa.Column("settled_at", sa.String(40), nullable=False, server_default=""))
    op.add_column("outbox", sa.Column("settled_by", sa.String(60), nullable=False, server_default=""))
    op.add_column("feed_item", sa.Column("copy", sa.Integer, nullable=False, server_default="0"))
    op.add_column("posting", sa.Column("copy", sa.Integer, nullable=False, server_default="0"))
