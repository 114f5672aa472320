"""The registry of kiosks: enrolled by their keys, approved by a person who compared the fingerprint, or withdrawn.

A kiosk is named, here and in every other table, by the key id of its first pair; ``kiosk_keys`` has all its pairs.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from sqlalchemy import Connection, func, insert, select, update

from contract.codes import KioskState
from contract.enrolment import KioskEnrolment, KioskStanding, PublicKeys, signing_key
from contract.problems import ProblemType
from contract.signatures import WINDOW, Signed
from county.databases import hold
from county.models import kiosk_acts, kiosk_keys, kiosks
from county.refusals import Refused
from county.sittings import close_sittings_of
from county.store import Store

PENDING_AT_MOST = 500
FORGOTTEN = timedelta(days=30)
BY_SETTINGS = "settings"
NONCE = "INSERT INTO nonces (key_id, nonce, until) VALUES (?, ?, ?) ON CONFLICT DO NOTHING"
MOMENT = "%Y-%m-%d %H:%M:%S.%f"
"""As the column type Utc keeps it, on both databases."""


class NoSuchKiosk(ValueError):
    """No kiosk has this fingerprint."""


@dataclass(frozen=True)
class Kiosk:
    """A kiosk as the registry knows it, and the pair that it signed with.

    ``key_id``: its name here, for ever; ``signed_by``: the key id of the pair at hand, whose public halves the other
    two are.
    """

    key_id: str
    name: str
    site: str
    state: KioskState
    signed_by: str
    key: Ed25519PublicKey
    receiving_key: str


def enrol(connection: Connection, asked: KioskEnrolment, approved: Collection[str], now: datetime) -> KioskStanding:
    """How the kiosk stands; a new one is pending, or approved where its fingerprint was ``approved`` beforehand.

    Who waits longer than a month is forgotten (county/chores); more than PENDING_AT_MOST wait for nobody's approval at
    once. A pair that was replaced, and whose time is over, is as good as withdrawn.
    """
    hold(connection, "kiosks")
    known = (
        select(kiosks.c.state, kiosk_keys.c.until)
        .join_from(kiosk_keys, kiosks, kiosks.c.key_id == kiosk_keys.c.kiosk)
        .where(kiosk_keys.c.key_id == asked.key_id)
    )
    row = connection.execute(known).one_or_none()
    if row is None:
        state = _enrol_new(connection, asked, asked.fingerprint in approved, now)
    else:
        state = KioskState(row.state) if _still_good(row.until, now) else KioskState.WITHDRAWN
    return KioskStanding(key_id=asked.key_id, fingerprint=asked.fingerprint, state=state)


def _still_good(until: datetime | None, now: datetime) -> bool:
    return until is None or now < until


def _enrol_new(connection: Connection, asked: KioskEnrolment, known: bool, now: datetime) -> KioskState:  # noqa: FBT001 - one fact of a row
    waiting = (kiosks.c.state == KioskState.PENDING.value, kiosks.c.enrolled_at >= now - FORGOTTEN)
    if (connection.scalar(select(func.count()).select_from(kiosks).where(*waiting)) or 0) >= PENDING_AT_MOST:
        raise Refused(ProblemType.KIOSK_NOT_APPROVED, "too many kiosks wait for approval")
    state = KioskState.APPROVED if known else KioskState.PENDING
    row = asked.model_dump() | {
        "key_id": asked.key_id, "fingerprint": asked.fingerprint, "state": state.value, "enrolled_at": now,
        "settled_at": now if known else None, "settled_by": BY_SETTINGS if known else None,
    }  # fmt: skip
    connection.execute(insert(kiosks).values(row))
    keep_pair(connection, asked.key_id, asked, now)
    if known:
        note_act(connection, asked.key_id, state.value, BY_SETTINGS, now)
    return state


def keep_pair(connection: Connection, kiosk: str, keys: PublicKeys, now: datetime) -> None:
    """Write down a pair of ``kiosk``, good from now on."""
    pair = {name: getattr(keys, name) for name in ("key_id", "fingerprint", "signing_key", "receiving_key")}
    connection.execute(insert(kiosk_keys).values(pair | {"kiosk": kiosk, "since": now}))


def note_act(connection: Connection, kiosk: str, act: str, who: str, now: datetime) -> None:
    """The hub's own journal of its registry: who did what to which kiosk."""
    connection.execute(insert(kiosk_acts).values(kiosk=kiosk, act=act, who=who[:64], at=now))


def settle(connection: Connection, fingerprint: str, state: KioskState, who: str, now: datetime) -> KioskStanding:
    """Approve or withdraw the kiosk with this fingerprint (of any of its pairs); NoSuchKiosk.

    A withdrawn kiosk's sittings end at once. A withdrawn one may be approved again.
    """
    hold(connection, "kiosks")
    kiosk = named_by(connection, fingerprint)
    settled = {"state": state.value, "settled_at": now, "settled_by": who}
    connection.execute(update(kiosks).where(kiosks.c.key_id == kiosk).values(settled))
    note_act(connection, kiosk, state.value, who, now)
    if state is not KioskState.APPROVED:
        close_sittings_of(connection, kiosk, now)
    return KioskStanding(key_id=kiosk, fingerprint=fingerprint, state=state)


def named_by(connection: Connection, fingerprint: str) -> str:
    """The one kiosk with a pair of this fingerprint; NoSuchKiosk."""
    found = connection.execute(select(kiosk_keys.c.kiosk).distinct().where(kiosk_keys.c.fingerprint == fingerprint))
    names = found.scalars().all()
    if len(names) != 1:
        raise NoSuchKiosk(f"no kiosk has the fingerprint {fingerprint}")
    return str(names[0])


def kiosk_of(connection: Connection, key_id: str, now: datetime) -> Kiosk | None:
    """The kiosk with these keys; None where it never enrolled, or replaced them and their time is over."""
    wanted = (
        select(kiosks.c.key_id, kiosks.c.name, kiosks.c.site, kiosks.c.state, kiosk_keys)
        .join_from(kiosk_keys, kiosks, kiosks.c.key_id == kiosk_keys.c.kiosk)
        .where(kiosk_keys.c.key_id == key_id)
    )
    row = connection.execute(wanted).one_or_none()
    if row is None or not _still_good(row.until, now):
        return None
    key = signing_key(row.signing_key)
    return Kiosk(row.kiosk, row.name, row.site, KioskState(row.state), key_id, key, row.receiving_key)


def remember_nonce(store: Store, signed: Signed) -> None:
    """Write down that this nonce was used; REPLAYED where it was before. Those past the window: county/chores."""
    until = (signed.at + 2 * WINDOW).astimezone(UTC).strftime(MOMENT)
    if not store.glances.write(NONCE, (signed.key_id, signed.nonce, until)):
        raise Refused(ProblemType.REPLAYED)
