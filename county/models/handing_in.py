"""What residents are at and what they handed in: sittings, submissions, their evidence, cases."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, String, Table, Text

from county.columns import Utc
from county.models.schema import metadata

sittings = Table(
    "sittings",
    metadata,
    Column("token_hash", String(64), primary_key=True),
    Column("resident", Integer, ForeignKey("residents.id"), nullable=False),
    Column("kiosk", String(64), nullable=False),
    Column("insertion", String(80), nullable=False),
    Column("proven", Boolean, nullable=False),
    Column("opened_at", Utc, nullable=False),
    Column("ends_at", Utc, nullable=False),
    Column("nonce", String(40)),
    Column("template_consent", String(40)),
)

submissions = Table(
    "submissions",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("submission_id", String(80), nullable=False, unique=True),
    Column("kind", String(40), nullable=False),
    Column("body_hash", String(64), nullable=False),
    Column("resident", Integer, ForeignKey("residents.id"), nullable=False),
    Column("made_at", Utc, nullable=False),
    Column("received_at", Utc, nullable=False),
    Column("offline", Boolean, nullable=False),
    Column("answer", Text, nullable=False),
    Column("content", Text, nullable=False),
)

evidence = Table(
    "evidence",
    metadata,
    Column("submission", Integer, ForeignKey("submissions.id"), primary_key=True),
    Column("statement_hash", String(64), nullable=False, unique=True),
    Column("nonce", String(40), nullable=False, index=True),
    Column("key_id", String(32), nullable=False),
    Column("signing_key", String(64), nullable=False),
)
"""With which key the statement of a submission is proven; the public key itself, whatever becomes of its kiosk."""

cases = Table(
    "cases",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("submission", Integer, ForeignKey("submissions.id"), nullable=False, unique=True),
    Column("resident", Integer, ForeignKey("residents.id"), nullable=False, index=True),
    Column("purpose", String(80), nullable=False),
    Column("wanted", String(400), nullable=False),
    Column("site", String(12), nullable=False),
    Column("kiosk", String(64), nullable=False),
    Column("opened_at", Utc, nullable=False),
    Column("state", String(12), nullable=False, server_default="received"),
    Column("changed_at", Utc),
    Column("changed_by", String(64)),
    Column("remark", String(200), nullable=False, server_default=""),
    Index("ix_cases_site_state", "site", "state"),
)
