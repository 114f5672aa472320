"""The kiosks: their keys and standing, what they asked, and what they tell."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, Date, ForeignKey, Index, Integer, String, Table

from county.columns import Utc
from county.models.schema import metadata

kiosks = Table(
    "kiosks",
    metadata,
    Column("key_id", String(32), primary_key=True),
    Column("fingerprint", String(19), nullable=False, index=True),
    Column("name", String(64), nullable=False),
    Column("site", String(12), nullable=False),
    Column("signing_key", String(64), nullable=False),
    Column("receiving_key", String(64), nullable=False),
    Column("version", String(40), nullable=False),
    Column("state", String(12), nullable=False, index=True),
    Column("enrolled_at", Utc, nullable=False),
    Column("settled_at", Utc),
    Column("settled_by", String(64)),
)

kiosk_keys = Table(
    "kiosk_keys",
    metadata,
    Column("key_id", String(32), primary_key=True),
    Column("kiosk", String(32), ForeignKey("kiosks.key_id", ondelete="CASCADE"), nullable=False, index=True),
    Column("fingerprint", String(19), nullable=False, index=True),
    Column("signing_key", String(64), nullable=False),
    Column("receiving_key", String(64), nullable=False),
    Column("since", Utc, nullable=False),
    Column("until", Utc),
)
"""Every pair a kiosk ever had; ``kiosks.key_id`` is the first one's, and the kiosk's name in all other tables.
``until``: from then on a replaced pair proves nothing new; what it signed before stays good."""

kiosk_acts = Table(
    "kiosk_acts",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("kiosk", String(32), nullable=False, index=True),
    Column("act", String(12), nullable=False),
    Column("who", String(64), nullable=False),
    Column("at", Utc, nullable=False),
)
"""Who approved, withdrew or re-keyed which kiosk; rows are only ever added."""

kiosk_tries = Table(
    "kiosk_tries",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("kiosk", String(32), nullable=False),
    Column("kind", String(12), nullable=False),
    Column("resident", Integer),
    Column("at", Utc, nullable=False, index=True),
    Index("ix_kiosk_tries_kiosk_kind_at", "kiosk", "kind", "at"),
    Index("ix_kiosk_tries_resident_kind_at", "resident", "kind", "at"),
)
"""What a kiosk asked that is counted: sittings opened, with and without proof, cards nobody knows, guessed sittings."""

nonces = Table(
    "nonces",
    metadata,
    Column("key_id", String(32), primary_key=True),
    Column("nonce", String(64), primary_key=True),
    Column("until", Utc, nullable=False, index=True),
    sqlite_with_rowid=False,
)

card_authentications = Table(
    "card_authentications",
    metadata,
    Column("kiosk", String(32), primary_key=True),
    Column("insertion", String(80), primary_key=True),
    Column("card", String(64), nullable=False, index=True),
    Column("at", Utc, nullable=False, index=True),
    sqlite_with_rowid=False,
)

journal_heads = Table(
    "journal_heads",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("kiosk", String(32), ForeignKey("kiosks.key_id", ondelete="CASCADE"), nullable=False),
    Column("number", BigInteger, nullable=False),
    Column("digest", String(64), nullable=False),
    Column("at", Utc, nullable=False),
    Column("received_at", Utc, nullable=False),
    Column("contradicts", Boolean, nullable=False),
    Index("ix_journal_heads_kiosk_number", "kiosk", "number"),
)
"""Heads of kiosks' journals as they were told; rows are only ever added, a contradiction most of all."""

figures = Table(
    "figures",
    metadata,
    Column("kiosk", String(32), ForeignKey("kiosks.key_id", ondelete="CASCADE"), primary_key=True),
    Column("day", Date, primary_key=True),
    Column("service", String(40), primary_key=True),
    Column("what", String(40), primary_key=True),
    Column("site", String(12), nullable=False),
    Column("number", Integer, nullable=False),
    Index("ix_figures_day", "day"),
)
"""How often what happened at which kiosk on which day; no person in it."""
