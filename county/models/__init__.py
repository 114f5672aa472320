"""The hub's tables (SQLAlchemy Core), all of them. A change is a file in ``migrations/versions`` and a new ``HEAD``."""

from __future__ import annotations

from county.models.handing_in import cases, evidence, sittings, submissions
from county.models.known_kiosks import (
    card_authentications,
    figures,
    journal_heads,
    kiosk_acts,
    kiosk_keys,
    kiosk_tries,
    kiosks,
    nonces,
)
from county.models.people import cards, contribution_months, employers, fingers, participations, pensions, residents
from county.models.public import feed, postings, wall_items
from county.models.schema import hub_facts, metadata
from county.models.staff import accounts, staff_sessions, wrong_tries

__all__ = [
    "accounts",
    "card_authentications",
    "cards",
    "cases",
    "contribution_months",
    "employers",
    "evidence",
    "feed",
    "figures",
    "fingers",
    "hub_facts",
    "journal_heads",
    "kiosk_acts",
    "kiosk_keys",
    "kiosk_tries",
    "kiosks",
    "metadata",
    "nonces",
    "participations",
    "pensions",
    "postings",
    "residents",
    "sittings",
    "staff_sessions",
    "submissions",
    "wall_items",
    "wrong_tries",
]
