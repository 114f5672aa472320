"""The hub's tables (SQLAlchemy Core). A change here is a new file in ``migrations/versions`` and a new ``HEAD``."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from county.columns import Utc, Words, YuanAsFen

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)

hub_facts = Table(
    "hub_facts",
    metadata,
    Column("name", String(40), primary_key=True),
    Column("content", String(200), nullable=False),
)

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
