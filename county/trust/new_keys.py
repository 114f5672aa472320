"""A kiosk comes by new keys: announced with the present ones, which stay good for a while.

Announcing the same pair again, with either pair, gives the same answer: a lost answer locks nobody out.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Connection, func, select, update

from contract.enrolment import BadKey, KioskStanding, NewKeys, possesses
from contract.problems import ProblemType
from county.databases import hold
from county.kiosks import Kiosk, keep_pair, note_act
from county.models import kiosk_keys, kiosks
from county.refusals import Refused

OVERLAP = timedelta(days=7)
"""So long a replaced pair still proves its kiosk: for what is under way, and for a kiosk that never heard."""
GOOD_AT_ONCE = 4
"""Pairs of one kiosk in any OVERLAP; who wants more is no honest kiosk."""
KEYS_RENEWED = "keys renewed"


def renew_keys(connection: Connection, kiosk: Kiosk, announced: NewKeys, now: datetime) -> KioskStanding:
    """Take the announced pair for ``kiosk``; KEYS_REFUSED where possession is not proven or somebody else has it."""
    hold(connection, "kiosks")
    known = select(kiosk_keys.c.kiosk, kiosk_keys.c.until).where(kiosk_keys.c.key_id == announced.key_id)
    row = connection.execute(known).one_or_none()
    if row is not None and (row.kiosk != kiosk.key_id or row.until is not None):
        raise Refused(ProblemType.KEYS_REFUSED, "this pair is or was in use")
    if row is None:
        _check(announced, kiosk)
        _take(connection, kiosk, announced, now)
    return KioskStanding(key_id=announced.key_id, fingerprint=announced.fingerprint, state=kiosk.state)


def _check(announced: NewKeys, kiosk: Kiosk) -> None:
    try:
        held = possesses(announced, kiosk.signed_by)
    except BadKey as error:
        raise Refused(ProblemType.KEYS_REFUSED, f"the keys cannot be read: {error}") from error
    if not held:
        raise Refused(ProblemType.KEYS_REFUSED, "possession of the new signing key is not proven")


def _take(connection: Connection, kiosk: Kiosk, announced: NewKeys, now: datetime) -> None:
    mine = kiosk_keys.c.kiosk == kiosk.key_id
    recent = select(func.count()).select_from(kiosk_keys).where(mine, kiosk_keys.c.since > now - OVERLAP)
    if (connection.scalar(recent) or 0) >= GOOD_AT_ONCE:
        raise Refused(ProblemType.KEYS_REFUSED, "too many pairs in a few days")
    connection.execute(update(kiosk_keys).where(mine, kiosk_keys.c.until.is_(None)).values(until=now + OVERLAP))
    keep_pair(connection, kiosk.key_id, announced, now)
    shown = {name: getattr(announced, name) for name in ("fingerprint", "signing_key", "receiving_key")}
    connection.execute(update(kiosks).where(kiosks.c.key_id == kiosk.key_id).values(shown))
    note_act(connection, kiosk.key_id, KEYS_RENEWED, kiosk.signed_by, now)
