"""The registry of kiosks: enrolled by their keys, approved by a person who compared the fingerprint, or withdrawn."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from sqlalchemy import Connection, delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from contract.codes import KioskState
from contract.enrolment import KioskEnrolment, KioskStanding, signing_key
from contract.problems import ProblemType
from contract.signatures import WINDOW, Signed
from county.databases import hold
from county.models import kiosks, nonces
from county.refusals import Refused

PENDING_AT_MOST = 500
FORGOTTEN = timedelta(days=30)
BY_SETTINGS = "settings"


class NoSuchKiosk(ValueError):
    """No kiosk has this fingerprint."""


@dataclass(frozen=True)
class Kiosk:
    """A kiosk as the registry knows it."""

    key_id: str
    name: str
    site: str
    state: KioskState
    key: Ed25519PublicKey
    receiving_key: str


def enrol(connection: Connection, asked: KioskEnrolment, approved: Collection[str], now: datetime) -> KioskStanding:
    """How the kiosk stands; a new one is pending, or approved where its fingerprint was ``approved`` beforehand.

    Who waits longer than a month is forgotten; more than PENDING_AT_MOST wait for nobody's approval at once.
    """
    hold(connection, "kiosks")
    state = connection.scalar(select(kiosks.c.state).where(kiosks.c.key_id == asked.key_id))
    if state is None:
        state = _enrol_new(connection, asked, asked.fingerprint in approved, now)
    return KioskStanding(key_id=asked.key_id, fingerprint=asked.fingerprint, state=KioskState(state))


def _enrol_new(connection: Connection, asked: KioskEnrolment, known: bool, now: datetime) -> KioskState:  # noqa: FBT001 - one fact of a row
    waiting = kiosks.c.state == KioskState.PENDING.value
    connection.execute(delete(kiosks).where(waiting, kiosks.c.enrolled_at < now - FORGOTTEN))
    if (connection.scalar(select(func.count()).select_from(kiosks).where(waiting)) or 0) >= PENDING_AT_MOST:
        raise Refused(ProblemType.KIOSK_NOT_APPROVED, "too many kiosks wait for approval")
    state = KioskState.APPROVED if known else KioskState.PENDING
    row = asked.model_dump() | {
        "key_id": asked.key_id, "fingerprint": asked.fingerprint, "state": state.value, "enrolled_at": now,
        "settled_at": now if known else None, "settled_by": BY_SETTINGS if known else None,
    }  # fmt: skip
    connection.execute(insert(kiosks).values(row))
    return state


def settle(connection: Connection, fingerprint: str, state: KioskState, who: str, now: datetime) -> KioskStanding:
    """Approve or withdraw the kiosk with this fingerprint; NoSuchKiosk. A withdrawn one may be approved again."""
    hold(connection, "kiosks")
    found = connection.execute(select(kiosks.c.key_id).where(kiosks.c.fingerprint == fingerprint)).scalars().all()
    if len(found) != 1:
        raise NoSuchKiosk(f"no kiosk has the fingerprint {fingerprint}")
    settled = {"state": state.value, "settled_at": now, "settled_by": who}
    connection.execute(update(kiosks).where(kiosks.c.key_id == found[0]).values(settled))
    return KioskStanding(key_id=found[0], fingerprint=fingerprint, state=state)


def kiosk_of(connection: Connection, key_id: str) -> Kiosk | None:
    """The kiosk with these keys; None where it never enrolled."""
    row = connection.execute(select(kiosks).where(kiosks.c.key_id == key_id)).one_or_none()
    if row is None:
        return None
    key = signing_key(row.signing_key)
    return Kiosk(row.key_id, row.name, row.site, KioskState(row.state), key, row.receiving_key)


def remember_nonce(connection: Connection, signed: Signed, now: datetime) -> None:
    """Write down that this nonce was used; REPLAYED where it was before. Those past the window are swept."""
    connection.execute(delete(nonces).where(nonces.c.until < now))
    row = {"key_id": signed.key_id, "nonce": signed.nonce, "until": signed.at + 2 * WINDOW}
    try:
        connection.execute(insert(nonces).values(row))
    except IntegrityError as error:
        raise Refused(ProblemType.REPLAYED) from error
