"""Who works here: accounts, their wrong tries, who is signed in."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Integer, String, Table

from county.columns import Utc, Words
from county.models.schema import metadata

accounts = Table(
    "accounts",
    metadata,
    Column("account", String(64), primary_key=True),
    Column("name", String(60), nullable=False),
    Column("roles", Words, nullable=False),
    Column("areas", Words, nullable=False),
    Column("password_hash", String(200), nullable=False),
)

wrong_tries = Table(
    "wrong_tries",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("account", String(64), nullable=False, index=True),
    Column("tried_at", Utc, nullable=False),
)

staff_sessions = Table(
    "staff_sessions",
    metadata,
    Column("token_hash", String(64), primary_key=True),
    Column("account", String(64), ForeignKey("accounts.account"), nullable=False, index=True),
    Column("opened_at", Utc, nullable=False),
    Column("last_seen", Utc, nullable=False),
)
