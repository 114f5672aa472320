"""Staff accounts: argon2 passwords, and a lock after five wrong tries in fifteen minutes (reference/domain.md §7.3)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime, timedelta

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import Connection, delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from contract.codes import StaffRole
from contract.problems import ProblemType
from contract.staff import SignIn
from county.models import accounts, wrong_tries
from county.refusals import Refused
from county.staff_sessions import close_sessions_of
from county.store import Store

TRIES = 5
WINDOW = timedelta(minutes=15)
SHORTEST_PASSWORD = 10
NAME_LENGTH = 64
ACCOUNT_NAME = re.compile(r"[\w.-]{1,64}")
AREA = re.compile(r"[0-9]{6}([0-9]{3}([0-9]{3})?)?")
HASHER = PasswordHasher(time_cost=2, memory_cost=19456, parallelism=1)
NOBODY_HASH = "$argon2id$v=19$m=19456,t=2,p=1$9woJSBtHvcXNMmYI459uxA$v9har0XTgq3B85n5lEFjde72u/C3y7+KYYlcylTjSmw"
"""Of a password that was thrown away: an unknown account costs as much time as a known one."""


class AccountRefused(ValueError):
    """An account that cannot be made; the message says why."""


def add_account(  # noqa: PLR0917 - the six things that an account is
    store: Store,
    account: str,
    name: str,
    roles: Iterable[StaffRole],
    areas: Iterable[str],
    password: str,
) -> None:
    """Make a personal account; raises AccountRefused for a taken name or a short password."""
    with store.writing() as connection:
        put_account(connection, account, name, roles, areas, password=password)


def put_account(
    connection: Connection, account: str, name: str, roles: Iterable[StaffRole], areas: Iterable[str], *, password: str
) -> None:
    """``add_account`` inside a transaction of the caller's."""
    if len(password) < SHORTEST_PASSWORD:
        raise AccountRefused(f"a password has at least {SHORTEST_PASSWORD} characters")
    if not ACCOUNT_NAME.fullmatch(account):
        raise AccountRefused("an account name has 1 to 64 letters, digits, dots or hyphens")
    row = {
        "account": account,
        "name": name,
        "roles": tuple(StaffRole(role).value for role in roles),
        "areas": _checked_areas(areas),
        "password_hash": HASHER.hash(password),
    }
    try:
        connection.execute(insert(accounts).values(row))
    except IntegrityError as error:
        raise AccountRefused(f"the account {account} exists already") from error


def _checked_areas(areas: Iterable[str]) -> tuple[str, ...]:
    named = tuple(areas)
    if not named or not all(AREA.fullmatch(area) for area in named):
        raise AccountRefused("an account has at least one area: a division code of 6, 9 or 12 digits")
    return named


def check_sign_in(store: Store, asked: SignIn, now: datetime) -> None:
    """Return where name and password are right; refuse with WRONG_SIGN_IN or ACCOUNT_LOCKED.

    A try is written down before the password is looked at, so that tries made at the same time all count.
    An unknown account costs the same time and locks the same way: nobody learns which accounts exist.
    """
    account = asked.account[:NAME_LENGTH]
    with store.writing(f"account:{account}") as connection:
        locked = _tries(connection, account, now) >= TRIES
        if not locked:
            connection.execute(insert(wrong_tries).values(account=account, tried_at=now))
        known = connection.scalar(select(accounts.c.password_hash).where(accounts.c.account == account))
    right = _matches(known or NOBODY_HASH, asked.password) and known is not None
    if locked:
        raise Refused(ProblemType.ACCOUNT_LOCKED)
    if not right:
        raise Refused(ProblemType.WRONG_SIGN_IN)
    with store.writing() as connection:
        _forget_tries(connection, account)


def set_password(connection: Connection, account: str, password: str) -> None:
    """A new password for ``account``: its lock is lifted, its sessions end."""
    kept = update(accounts).where(accounts.c.account == account)
    connection.execute(kept.values(password_hash=HASHER.hash(password)))
    _forget_tries(connection, account)
    close_sessions_of(connection, account)


def areas_of(connection: Connection, account: str) -> tuple[str, ...] | None:
    """The areas of ``account``; None where there is no such account."""
    return connection.scalar(select(accounts.c.areas).where(accounts.c.account == account))


def is_clerk(connection: Connection, account: str | None) -> bool:
    """True where ``account`` exists and may stand as a witness."""
    roles = connection.scalar(select(accounts.c.roles).where(accounts.c.account == account))
    return roles is not None and StaffRole.CLERK in roles


def _tries(connection: Connection, account: str, now: datetime) -> int:
    lately = (wrong_tries.c.account == account, wrong_tries.c.tried_at > now - WINDOW)
    counted = select(func.count()).select_from(wrong_tries).where(*lately)
    return connection.scalar(counted) or 0


def _forget_tries(connection: Connection, account: str) -> None:
    connection.execute(delete(wrong_tries).where(wrong_tries.c.account == account))


def _matches(known: str, password: str) -> bool:
    try:
        return HASHER.verify(known, password)
    except (VerificationError, InvalidHashError):
        return False
