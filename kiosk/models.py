"""Tables of the kiosk's own database. Migrations under ``migrations/`` make them; a test compares the two."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Float, Index, Integer, LargeBinary, MetaData, String, Table, Text

metadata = MetaData()

feed_item = Table(
    "feed_item",
    metadata,
    Column("kind", String(20), primary_key=True),
    Column("key", String(80), primary_key=True),
    Column("revision", Integer, nullable=False),
    Column("lease_hours", Integer, nullable=False),
    Column("body", Text, nullable=False),
    Column("copy", Integer, nullable=False, server_default="0"),
)
"""``copy``: with which full copy of the county's content it came; older ones go when a newer is complete."""

posting = Table(
    "posting",
    metadata,
    Column("rowid", Integer, primary_key=True),
    Column("posting_no", String(80), nullable=False, unique=True),
    Column("expires_on", String(10), nullable=False),
    Column("pay", Float, nullable=True),
    Column("words", Text, nullable=False),
    Column("body", Text, nullable=False),
    Column("copy", Integer, nullable=False, server_default="0"),
    Index("posting_expiry", "expires_on"),
)
"""Job postings in order of publication (rowid); ``words`` is what the full-text index was given."""

media = Table(
    "media",
    metadata,
    Column("sha256", String(64), primary_key=True),
    Column("content_type", String(40), nullable=False),
    Column("content", LargeBinary, nullable=False),
)

note = Table(
    "note",
    metadata,
    Column("name", String(60), primary_key=True),
    Column("value", Text, nullable=False),
)
"""Small facts that survive a restart: feed cursor, last sync, highest time seen, pairing, sealing key."""

outbox = Table(
    "outbox",
    metadata,
    Column("submission_id", String(36), primary_key=True),
    Column("kind", String(40), nullable=False),
    Column("made_at", String(40), nullable=False),
    Column("offline", Boolean, nullable=False),
    Column("sitting", String(200), nullable=False),
    Column("key_id", String(80), nullable=False),
    Column("sealed", Text, nullable=False),
    Column("state", String(20), nullable=False),
    Column("tries", Integer, nullable=False),
    Column("next_try", String(40), nullable=False),
    Column("answer", Text, nullable=False),
    Column("due_by", String(40), nullable=False, server_default=""),
    Column("owner", String(60), nullable=False, server_default=""),
    Column("settled_at", String(40), nullable=False, server_default=""),
    Column("settled_by", String(60), nullable=False, server_default=""),
)
"""``due_by``: its age limit; ``owner``: who is to act after it. ``settled_by``: the clerk who saw to it by hand."""

journal = Table(
    "journal",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("text", Text, nullable=False),
    Column("digest", String(64), nullable=False),
)

staff_memory = Table(
    "staff_memory",
    metadata,
    Column("account", String(60), primary_key=True),
    Column("name", String(60), nullable=False),
    Column("roles", String(200), nullable=False),
    Column("areas", String(200), nullable=False),
    Column("password_hash", String(200), nullable=False),
    Column("signed_in_at", String(40), nullable=False),
)
"""Who signed in here lately, so that a witness is possible while the county is cut off."""

hidden_item = Table(
    "hidden_item",
    metadata,
    Column("item_no", String(80), primary_key=True),
    Column("hidden_by", String(60), nullable=False),
    Column("hidden_at", String(40), nullable=False),
)
"""Items a clerk took off this wall at once."""
