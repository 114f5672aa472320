"""Who is signed in: sessions of staff, ended by fifteen idle minutes or ten hours."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, insert, select, update

from contract.codes import StaffRole
from contract.problems import ProblemType
from county.models import accounts, staff_sessions
from county.refusals import Refused
from county.store import Store
from county.tokens import fresh_token, hash_of

IDLE = timedelta(minutes=15)
LONGEST = timedelta(hours=10)
NOTICED = timedelta(seconds=20)


@dataclass(frozen=True)
class SignedIn:
    """A member of staff with a live session. ``areas`` are prefixes of division codes."""

    account: str
    name: str
    roles: tuple[StaffRole, ...]
    areas: tuple[str, ...]
    ends_at: datetime

    def covers(self, area: str) -> bool:
        """True where ``area`` lies in one of the member's areas."""
        return any(area.startswith(mine) for mine in self.areas)

    def must_cover(self, *areas: str) -> None:
        """Refuse with OUTSIDE_AREA unless every one of ``areas`` lies in the member's."""
        if not all(self.covers(area) for area in areas):
            raise Refused(ProblemType.OUTSIDE_AREA)


def open_session(connection: Connection, account: str, now: datetime) -> str:
    """The token of a new session."""
    token = fresh_token()
    row = {"token_hash": hash_of(token), "account": account, "opened_at": now, "last_seen": now}
    connection.execute(insert(staff_sessions).values(row))
    return token


def signed_in(store: Store, token: str, now: datetime) -> SignedIn:
    """The member of staff behind ``token``, whose idle time starts anew; NOT_SIGNED_IN for any other token."""
    wanted = (
        select(accounts, staff_sessions.c.opened_at, staff_sessions.c.last_seen)
        .join_from(staff_sessions, accounts)
        .where(staff_sessions.c.token_hash == hash_of(token))
    )
    with store.reading() as connection:
        row = connection.execute(wanted).one_or_none()
    if row is None or not row.opened_at <= now < min(row.opened_at + LONGEST, row.last_seen + IDLE):
        raise Refused(ProblemType.NOT_SIGNED_IN)
    if now - row.last_seen >= NOTICED:
        _touch(store, token, now)
    roles = tuple(StaffRole(role) for role in row.roles)
    return SignedIn(row.account, row.name, roles, row.areas, min(row.opened_at + LONGEST, now + IDLE))


def _touch(store: Store, token: str, now: datetime) -> None:
    with store.writing() as connection:
        seen = update(staff_sessions).where(staff_sessions.c.token_hash == hash_of(token))
        connection.execute(seen.values(last_seen=now))


def close_session(connection: Connection, token: str) -> None:
    """End the session of ``token``, where there is one."""
    connection.execute(delete(staff_sessions).where(staff_sessions.c.token_hash == hash_of(token)))


def close_sessions_of(connection: Connection, account: str) -> None:
    """End every session of ``account``."""
    connection.execute(delete(staff_sessions).where(staff_sessions.c.account == account))
