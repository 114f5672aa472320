"""What is public: the feed, the open posts as they are looked for, the items of the information screen."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, Date, Index, Integer, String, Table, Text, UniqueConstraint

from county.columns import Utc, Words
from county.models.schema import metadata

feed = Table(
    "feed",
    metadata,
    Column("revision", Integer, primary_key=True),
    Column("kind", String(20), nullable=False),
    Column("key", String(64), nullable=False),
    Column("area", String(12)),
    Column("removed", Boolean, nullable=False),
    Column("lease_hours", Integer, nullable=False),
    Column("last_day", Date),
    Column("body", Text),
    UniqueConstraint("kind", "key"),
    Index("ix_feed_removed_last_day", "removed", "last_day"),
    sqlite_autoincrement=True,
)

postings = Table(
    "postings",
    metadata,
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    Column("posting_no", String(64), nullable=False, unique=True),
    Column("words", Text, nullable=False),
)
"""The open posts of the feed, numbered in order of publication; ``words``: of the search, a blank around each."""

wall_items = Table(
    "wall_items",
    metadata,
    Column("item_no", String(40), primary_key=True),
    Column("version", Integer, nullable=False),
    Column("state", String(12), nullable=False),
    Column("draft", Text, nullable=False),
    Column("area", String(12), nullable=False, index=True),
    Column("author", String(64), nullable=False),
    Column("editors", Words, nullable=False),
    Column("approver", String(64)),
    Column("published_version", Integer),
    Column("changed_at", Utc, nullable=False),
)
