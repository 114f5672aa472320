"""What the county keeps beyond residents, feed and staff: journal heads, figures, cases' states, signed documents

Revision: 0003, after 0002.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from county.migrations.scale import make_postings, part_contribution_months

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    make_postings()
    part_contribution_months()
    _trust_of_kiosks()
    _imported()
    _told_by_kiosks()
    _signed_by_kiosks()


def _imported() -> None:
    """Employers, what is known of a benefit, and how far a case is."""
    op.create_table(
        "employers",
        sa.Column("employer_no", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("credit_code", sa.String(length=18), nullable=True),
        sa.Column("region", sa.String(length=12), nullable=True),
        sa.Column("checked_on", sa.Date(), nullable=False),
        sa.Column("closed", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("employer_no", name=op.f("pk_employers")),
        sa.UniqueConstraint("credit_code", name=op.f("uq_employers_credit_code")),
    )
    op.add_column("pensions", sa.Column("drawn_since", sa.String(length=7), nullable=True))
    op.add_column("pensions", sa.Column("monthly_amount", sa.BigInteger(), nullable=True))
    op.add_column("pensions", sa.Column("ended_on", sa.Date(), nullable=True))
    op.add_column("cases", sa.Column("state", sa.String(length=12), nullable=False, server_default="received"))
    op.add_column("cases", sa.Column("changed_at", sa.DateTime(), nullable=True))

def _trust_of_kiosks() -> None:
    """Their keys of all times, who let them in, and what they asked that is counted."""
    op.create_table(
        "kiosk_keys",
        sa.Column("key_id", sa.String(length=32), nullable=False),
        sa.Column("kiosk", sa.String(length=32), nullable=False),
        sa.Column("fingerprint", sa.String(length=19), nullable=False),
        sa.Column("signing_key", sa.String(length=64), nullable=False),
        sa.Column("receiving_key", sa.String(length=64), nullable=False),
        sa.Column("since", sa.DateTime(), nullable=False),
        sa.Column("until", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(["kiosk"], ["kiosks.key_id"], name=op.f("fk_kiosk_keys_kiosk"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("key_id", name=op.f("pk_kiosk_keys")),
    )
    op.create_index(op.f("ix_kiosk_keys_kiosk"), "kiosk_keys", ["kiosk"])
    op.create_index(op.f("ix_kiosk_keys_fingerprint"), "kiosk_keys", ["fingerprint"])
    op.execute(
        "INSERT INTO kiosk_keys (key_id, kiosk, fingerprint, signing_key, receiving_key, since) "
        "SELECT key_id, key_id, fingerprint, signing_key, receiving_key, enrolled_at FROM kiosks"
    )
    op.create_table(
        "kiosk_acts",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kiosk", sa.String(length=32), nullable=False),
        sa.Column("act", sa.String(length=12), nullable=False),
        sa.Column("who", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_kiosk_acts")),
    )
    op.create_index(op.f("ix_kiosk_acts_kiosk"), "kiosk_acts", ["kiosk"])
    op.create_table(
        "kiosk_tries",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kiosk", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("resident", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_kiosk_tries")),
    )
    op.create_index(op.f("ix_kiosk_tries_at"), "kiosk_tries", ["at"])
    op.create_index("ix_kiosk_tries_kiosk_kind_at", "kiosk_tries", ["kiosk", "kind", "at"])
    op.create_index("ix_kiosk_tries_resident_kind_at", "kiosk_tries", ["resident", "kind", "at"])


def _told_by_kiosks() -> None:
    """Heads of journals, figures of days, and who changed a case."""
    op.create_table(
        "journal_heads",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kiosk", sa.String(length=32), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("received_at", sa.DateTime(), nullable=False),
        sa.Column("contradicts", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["kiosk"], ["kiosks.key_id"], name=op.f("fk_journal_heads_kiosk"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_journal_heads")),
    )
    op.create_index("ix_journal_heads_kiosk_number", "journal_heads", ["kiosk", "number"])
    op.create_table(
        "figures",
        sa.Column("kiosk", sa.String(length=32), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("service", sa.String(length=40), nullable=False),
        sa.Column("what", sa.String(length=40), nullable=False),
        sa.Column("site", sa.String(length=12), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["kiosk"], ["kiosks.key_id"], name=op.f("fk_figures_kiosk"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("kiosk", "day", "service", "what", name=op.f("pk_figures")),
    )
    op.create_index("ix_figures_day", "figures", ["day"])
    op.add_column("cases", sa.Column("changed_by", sa.String(length=64), nullable=True))
    op.add_column("cases", sa.Column("remark", sa.String(length=200), nullable=False, server_default=""))
    op.create_index("ix_cases_site_state", "cases", ["site", "state"])


def _signed_by_kiosks() -> None:
    """Evidence, by its keys."""
    op.create_table(
        "evidence",
        sa.Column("submission", sa.Integer(), nullable=False),
        sa.Column("statement_hash", sa.String(length=64), nullable=False),
        sa.Column("nonce", sa.String(length=40), nullable=False),
        sa.Column("key_id", sa.String(length=32), nullable=False),
        sa.Column("signing_key", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["submission"], ["submissions.id"], name=op.f("fk_evidence_submission")),
        sa.PrimaryKeyConstraint("submission", name=op.f("pk_evidence")),
        sa.UniqueConstraint("statement_hash", name=op.f("uq_evidence_statement_hash")),
    )
    op.create_index(op.f("ix_evidence_nonce"), "evidence", ["nonce"])
