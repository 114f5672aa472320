"""The first tables, and the full-text index over postings."""

from alembic import op
import sqlalchemy as sa

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "feed_item",
        sa.Column("kind", sa.String(20), primary_key=True),
        sa.Column("key", sa.String(80), primary_key=True),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("lease_hours", sa.Integer, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
    )
    op.create_table(
        "posting",
        sa.Column("rowid", sa.Integer, primary_key=True),
        sa.Column("posting_no", sa.String(80), nullable=False, unique=True),
        sa.Column("expires_on", sa.String(10), nullable=False),
        sa.Column("pay", sa.Float, nullable=True),
        sa.Column("words", sa.Text, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
    )
    op.create_index("posting_expiry", "posting", ["expires_on"])
    op.execute("CREATE VIRTUAL TABLE posting_words USING fts5(words, content='', detail='full', tokenize='unicode61')")
    op.create_table(
        "media",
        sa.Column("sha256", sa.String(64), primary_key=True),
        sa.Column("content_type", sa.String(40), nullable=False),
        sa.Column("content", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "note",
        sa.Column("name", sa.String(60), primary_key=True),
        sa.Column("value", sa.Text, nullable=False),
    )
    op.create_table(
        "outbox",
        sa.Column("submission_id", sa.String(36), primary_key=True),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("made_at", sa.String(40), nullable=False),
        sa.Column("offline", sa.Boolean, nullable=False),
        sa.Column("sitting", sa.String(200), nullable=False),
        sa.Column("key_id", sa.String(80), nullable=False),
        sa.Column("sealed", sa.Text, nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("tries", sa.Integer, nullable=False),
        sa.Column("next_try", sa.String(40), nullable=False),
        sa.Column("answer", sa.Text, nullable=False),
    )
    op.create_table(
        "journal",
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
    )
    op.create_table(
        "staff_memory",
        sa.Column("account", sa.String(60), primary_key=True),
        sa.Column("name", sa.String(60), nullable=False),
        sa.Column("roles", sa.String(200), nullable=False),
        sa.Column("areas", sa.String(200), nullable=False),
        sa.Column("password_hash", sa.String(200), nullable=False),
        sa.Column("signed_in_at", sa.String(40), nullable=False),
    )
    op.create_table(
        "hidden_item",
        sa.Column("item_no", sa.String(80), primary_key=True),
        sa.Column("hidden_by", sa.String(60), nullable=False),
        sa.Column("hidden_at", sa.String(40), nullable=False),
    )


def downgrade() -> None:
    for table in ("hidden_item", "staff_memory", "journal", "outbox", "note", "media", "posting_words", "posting", "feed_item"):
        op.drop_table(table)
