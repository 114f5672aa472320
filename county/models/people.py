"""What the county's registers hold of people: who they are, their cards, what they paid, drew and enrolled."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Date, ForeignKey, Integer, LargeBinary, String, Table

from county.columns import YuanAsFen
from county.models.schema import metadata

residents = Table(
    "residents",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("number", String(18), nullable=False, unique=True),
    Column("name", String(60), nullable=False),
    Column("sex", String(1), nullable=False),
    Column("ethnic_group", String(2), nullable=False),
    Column("born_on", Date, nullable=False),
    Column("region", String(12), nullable=False),
    Column("reference", String(40), nullable=False, unique=True),
)

cards = Table(
    "cards",
    metadata,
    Column("number", String(20), primary_key=True),
    Column("resident", Integer, ForeignKey("residents.id"), nullable=False, index=True),
    Column("identification", String(32), nullable=False),
    Column("version", String(8), nullable=False),
    Column("status", String(12), nullable=False),
    Column("issued_on", Date, nullable=False),
    Column("valid_until", Date, nullable=False),
)

employers = Table(
    "employers",
    metadata,
    Column("employer_no", String(20), primary_key=True),
    Column("name", String(120), nullable=False),
    Column("credit_code", String(18), unique=True),
    Column("region", String(12)),
    Column("checked_on", Date, nullable=False),
    Column("closed", Boolean, nullable=False),
)

participations = Table(
    "participations",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("resident", Integer, ForeignKey("residents.id"), nullable=False, index=True),
    Column("insurance_type", String(3), nullable=False),
    Column("scheme", String(80), nullable=False),
    Column("unit", String(120), nullable=False),
    Column("status", String(20), nullable=False),
    Column("account_balance", YuanAsFen),
)

contribution_months = Table(
    "contribution_months",
    metadata,
    Column("participation", Integer, ForeignKey("participations.id"), primary_key=True),
    Column("month", String(7), primary_key=True),
    Column("base", YuanAsFen, nullable=False),
    Column("personal_share", YuanAsFen, nullable=False),
    Column("unit_share", YuanAsFen, nullable=False),
    Column("paid", Boolean, nullable=False),
    sqlite_with_rowid=False,
)

pensions = Table(
    "pensions",
    metadata,
    Column("resident", Integer, ForeignKey("residents.id"), primary_key=True),
    Column("benefit", String(80), nullable=False),
    Column("last_verified_on", Date),
    Column("last_method", String(30)),
    Column("matched_on", Date),
    Column("suspended_since", Date),
    Column("death_hint", Boolean, nullable=False),
    Column("drawn_since", String(7)),
    Column("monthly_amount", YuanAsFen),
    Column("ended_on", Date),
)

fingers = Table(
    "fingers",
    metadata,
    Column("resident", Integer, ForeignKey("residents.id"), primary_key=True),
    Column("finger", String(20), primary_key=True),
    Column("content", LargeBinary, nullable=False),
)
