"""Rows that are past their time, by table: which, and how they are taken away in portions."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Column, Row, Table, and_, delete, or_, select, tuple_
from sqlalchemy.sql.elements import ColumnElement

from contract.codes import KioskState
from county import card_authentications, kiosks, sittings
from county.accounts import WINDOW
from county.models import card_authentications as answered_cards
from county.models import kiosk_tries, nonces, staff_sessions, wrong_tries
from county.models import kiosks as kiosk_rows
from county.models import sittings as sitting_rows
from county.staff_sessions import IDLE, LONGEST
from county.store import Store
from county.trust import counting

PORTION = 500


@dataclass(frozen=True)
class Sweep:
    """Rows of ``table`` that ``due(now)`` names are taken away."""

    name: str
    table: Table
    due: Callable[[datetime], ColumnElement[bool]]


def _forgotten_kiosk(now: datetime) -> ColumnElement[bool]:
    """Nobody approved it within a month."""
    waiting = kiosk_rows.c.state == KioskState.PENDING.value
    return and_(waiting, kiosk_rows.c.enrolled_at < now - kiosks.FORGOTTEN)


def _ended_session(now: datetime) -> ColumnElement[bool]:
    return or_(staff_sessions.c.opened_at < now - LONGEST, staff_sessions.c.last_seen < now - IDLE)


SWEEPS = (
    Sweep("nonces", nonces, lambda now: nonces.c.until < now),
    Sweep("sittings", sitting_rows, lambda now: sitting_rows.c.ends_at < now - sittings.KEPT),
    Sweep("answered cards", answered_cards, lambda now: answered_cards.c.at < now - card_authentications.KEPT),
    Sweep("forgotten kiosks", kiosk_rows, _forgotten_kiosk),
    Sweep("staff sessions", staff_sessions, _ended_session),
    Sweep("kiosk tries", kiosk_tries, lambda now: kiosk_tries.c.at < now - counting.KEPT),
    Sweep("wrong tries", wrong_tries, lambda now: wrong_tries.c.tried_at <= now - WINDOW),
)
"""Nothing decides by whether a row is still there: who asks compares its time. So a sweep may come late."""


def sweep(store: Store, chore: Sweep, now: datetime) -> int:
    """Take away all that is due at ``now``, portion by portion; how many rows this process took."""
    taken = 0
    while portion := _portion(store, chore, now):
        taken += portion
        if portion < PORTION:
            break
    return taken


def _portion(store: Store, chore: Sweep, now: datetime) -> int:
    """One transaction: claim rows that nobody else has in hand (SKIP LOCKED), take them away."""
    keys = list(chore.table.primary_key.columns)
    claimed = select(*keys).where(chore.due(now)).limit(PORTION).with_for_update(skip_locked=True)
    with store.writing() as connection:
        found = connection.execute(claimed).all()
        if found:
            connection.execute(delete(chore.table).where(_among(keys, found)))
    return len(found)


def _among(keys: list[Column[Any]], found: Sequence[Row[Any]]) -> ColumnElement[bool]:
    if len(keys) == 1:
        return keys[0].in_([row[0] for row in found])
    return tuple_(*keys).in_([tuple(row) for row in found])
