"""Signing staff in and out: at the county, or by what this machine remembers while the county is cut off."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime, timedelta

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import delete, select
from sqlalchemy.dialects.sqlite import insert as upsert

from contract.codes import StaffRole
from contract.problems import ProblemType
from contract.staff import SignIn, StaffSession
from kiosk.county_errors import CountyRefused, CountyUnavailable
from kiosk.errors import KioskError, StaffLocked, StaffSignInFailed
from kiosk.journal import Happening
from kiosk.machine import Machine
from kiosk.models import staff_memory
from kiosk.staff_duty import SignedIn

ROLES_WHILE_CUT = frozenset({StaffRole.CLERK})
"""While cut off a person may witness and hide, never publish."""

_HASHER = PasswordHasher(time_cost=2, memory_cost=19456, parallelism=1)


def sign_in(machine: Machine, account: str, password: str) -> SignedIn:
    """Who this is; raises StaffSignInFailed, StaffLocked, or CountyUnavailable for somebody this machine never met."""
    try:
        reply = machine.county.client.send(
            "POST", "/v1/staff/sessions", SignIn(account=account, password=password), StaffSession
        )
    except CountyRefused as refusal:
        raise refused(refusal) from refusal
    except CountyUnavailable as cut:
        person = remembered(machine, account, password, cut)
    else:
        if reply.message is None:
            raise CountyUnavailable("an empty staff session")
        person = known(machine, reply.message)
        remember(machine, person, password)
    machine.journal.write(Happening.STAFF_SIGNED_IN, clerk=person.account, at_county=bool(person.hub_session))
    return person


def sign_out(machine: Machine, person: SignedIn | None, *, where: str) -> None:
    """Write down that somebody left a face, and end their session at the county too, if it can be reached.

    None: nobody was signed in. A session that could not be ended runs out by itself.
    """
    if person is None:
        return
    machine.journal.write(Happening.STAFF_SIGNED_OUT, clerk=person.account, where=where)
    if person.hub_session:
        with suppress(CountyRefused, CountyUnavailable):
            machine.county.client.send("DELETE", "/v1/staff/sessions/current", None, StaffSession, who=person.who)


def refused(refusal: CountyRefused) -> KioskError:
    """The county's no, in words."""
    if refusal.problem is ProblemType.ACCOUNT_LOCKED:
        return StaffLocked(str(refusal))
    if refusal.problem in (ProblemType.WRONG_SIGN_IN, ProblemType.MALFORMED):
        return StaffSignInFailed(str(refusal))
    return refusal


def known(machine: Machine, given: StaffSession) -> SignedIn:
    """A person as the county describes them."""
    return SignedIn(given.account, given.name, given.roles, given.areas, given.session, machine.clock.now())


def remember(machine: Machine, person: SignedIn, password: str) -> None:
    """Keep a hash of our own, so that a witness is possible while the line is cut."""
    row = {
        "name": person.name,
        "roles": ",".join(person.roles),
        "areas": ",".join(person.areas),
        "password_hash": _HASHER.hash(password),
        "signed_in_at": machine.clock.now().isoformat(),
    }
    with machine.store.begin() as connection:
        statement = upsert(staff_memory).values(account=person.account, **row)
        connection.execute(statement.on_conflict_do_update(index_elements=["account"], set_=row))


def remembered(machine: Machine, account: str, password: str, cut: CountyUnavailable) -> SignedIn:
    """A person who signed in here lately, as clerk only.

    Raises StaffLocked after five wrong tries in fifteen minutes, another of ``cut`` (the line is cut, or the county
    does not serve this kiosk) for an account this machine never met, StaffSignInFailed for a wrong password.
    """
    if not machine.wrong_tries.enter(account):
        raise StaffLocked("five wrong tries while the county was cut off")
    with machine.store.read() as connection:
        row = connection.execute(select(staff_memory).where(staff_memory.c.account == account)).first()
    limit = timedelta(hours=machine.locality.staff.offline_hours)
    if row is None or machine.clock.now() - datetime.fromisoformat(row.signed_in_at) > limit:
        raise type(cut)("cut off, and this machine does not know the account") from cut
    try:
        _HASHER.verify(row.password_hash, password)
    except (VerificationError, InvalidHashError) as error:
        raise StaffSignInFailed("wrong password (remembered)") from error
    machine.wrong_tries.forget(account)
    roles = tuple(StaffRole(role) for role in row.roles.split(",") if StaffRole(role) in ROLES_WHILE_CUT)
    return SignedIn(row.account, row.name, roles, tuple(row.areas.split(",")), "", machine.clock.now())


def forget_remembered(machine: Machine, account: str) -> None:
    """Drop what this machine remembers of an account, so that an old password opens nothing while cut off."""
    with machine.store.begin() as connection:
        connection.execute(delete(staff_memory).where(staff_memory.c.account == account))
