"""Heads of kiosks' journals, kept for ever: what contradicts an earlier one is kept too, and flagged."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Row, func, insert, select

from contract.chain import Head
from contract.journal import JournalHead, JournalStanding
from county.databases import hold
from county.models import journal_heads as heads


@dataclass(frozen=True)
class KeptHead:
    """A head as it was told, and when it arrived."""

    head: Head
    at: datetime
    received_at: datetime
    contradicts: bool


def keep_head(connection: Connection, kiosk: str, told: JournalHead, now: datetime) -> JournalStanding:
    """Write the head down where it is news; what is known of this journal then."""
    hold(connection, f"journal:{kiosk}")
    mine = heads.c.kiosk == kiosk
    newest = connection.execute(select(heads).where(mine).order_by(heads.c.number.desc(), heads.c.id).limit(1)).first()
    same = connection.scalars(select(heads.c.digest).where(mine, heads.c.number == told.number)).all()
    if told.digest not in same:
        went_back = newest is not None and told.number < newest.number
        connection.execute(
            insert(heads).values(
                kiosk=kiosk, number=told.number, digest=told.digest, at=told.at, received_at=now,
                contradicts=bool(same) or went_back,
            )
        )  # fmt: skip
    best = told if newest is None or told.number > newest.number else _as_told(newest)
    return JournalStanding(newest=best, contradicted=_contradicted(connection, kiosk))


def _as_told(row: Row[tuple[object, ...]]) -> JournalHead:
    return JournalHead(number=row.number, digest=row.digest, at=row.at)


def _contradicted(connection: Connection, kiosk: str) -> bool:
    found = select(heads.c.id).where(heads.c.kiosk == kiosk, heads.c.contradicts.is_(True)).limit(1)
    return connection.scalar(found) is not None


def heads_of(connection: Connection, kiosk: str) -> list[KeptHead]:
    """Every head of a kiosk in the order in which they came."""
    rows = connection.execute(select(heads).where(heads.c.kiosk == kiosk).order_by(heads.c.id)).all()
    return [KeptHead(Head(row.number, row.digest), row.at, row.received_at, row.contradicts) for row in rows]


def journals(connection: Connection) -> Mapping[str, tuple[int, bool]]:
    """By kiosk: the highest number it told, and whether any head contradicts an earlier one."""
    flags = select(heads.c.kiosk).where(heads.c.contradicts.is_(True)).distinct()
    wrong = set(connection.scalars(flags))
    rows = connection.execute(select(heads.c.kiosk, func.max(heads.c.number)).group_by(heads.c.kiosk)).all()
    return {kiosk: (int(number), kiosk in wrong) for kiosk, number in rows}
