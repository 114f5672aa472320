"""What the county keeps beyond residents, feed and staff: journal heads, figures, cases' states, signed documents

Revision: 0003, after 0002.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _imported()


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
