"""Kiosks, the nonces they have used, the cards they were answered for

Revision: 0002, after 0001.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "kiosks",
        sa.Column("key_id", sa.String(length=32), nullable=False),
        sa.Column("fingerprint", sa.String(length=19), nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("site", sa.String(length=12), nullable=False),
        sa.Column("signing_key", sa.String(length=64), nullable=False),
        sa.Column("receiving_key", sa.String(length=64), nullable=False),
        sa.Column("version", sa.String(length=40), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("enrolled_at", sa.DateTime(), nullable=False),
        sa.Column("settled_at", sa.DateTime(), nullable=True),
        sa.Column("settled_by", sa.String(length=64), nullable=True),
        sa.PrimaryKeyConstraint("key_id", name=op.f("pk_kiosks")),
    )
    op.create_index(op.f("ix_kiosks_fingerprint"), "kiosks", ["fingerprint"])
    op.create_index(op.f("ix_kiosks_state"), "kiosks", ["state"])
    op.create_table(
        "nonces",
        sa.Column("key_id", sa.String(length=32), nullable=False),
        sa.Column("nonce", sa.String(length=64), nullable=False),
        sa.Column("until", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("key_id", "nonce", name=op.f("pk_nonces")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_nonces_until"), "nonces", ["until"])
    op.create_table(
        "card_authentications",
        sa.Column("kiosk", sa.String(length=32), nullable=False),
        sa.Column("insertion", sa.String(length=80), nullable=False),
        sa.Column("card", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("kiosk", "insertion", name=op.f("pk_card_authentications")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_card_authentications_card"), "card_authentications", ["card"])
    op.create_index(op.f("ix_card_authentications_at"), "card_authentications", ["at"])
