"""The registry as an administrator sees it on a staff face: the kiosks of their areas, let in or shut out one by one.

Whoever asks sits at an approved kiosk: a request of any other never comes this far (county/proof.py).
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, Row, case, select

from contract.codes import KioskState
from contract.enrolment import KnownKiosk, KnownKiosks
from contract.problems import ProblemType
from county.kiosks import NoSuchKiosk, named_by, settle
from county.models import kiosks
from county.refusals import Refused
from county.staff_sessions import SignedIn

MOST_SHOWN = 1000


def kiosks_within(connection: Connection, member: SignedIn) -> KnownKiosks:
    """The kiosks of the areas of ``member``: those that wait first, then the newest first, MOST_SHOWN at most."""
    waiting_first = case((kiosks.c.state == KioskState.PENDING.value, 0), else_=1)
    rows = connection.execute(select(kiosks).order_by(waiting_first, kiosks.c.enrolled_at.desc())).all()
    return KnownKiosks(kiosks=tuple(_known(row) for row in rows if member.covers(row.site))[:MOST_SHOWN])


def settle_by(
    connection: Connection, fingerprint: str, state: KioskState, member: SignedIn, now: datetime
) -> KnownKiosk:
    """Approve or withdraw a kiosk of the areas of ``member``; NOT_FOUND, OUTSIDE_AREA."""
    try:
        name = named_by(connection, fingerprint)
    except NoSuchKiosk as error:
        raise Refused(ProblemType.NOT_FOUND, "no kiosk has this fingerprint") from error
    wanted = select(kiosks).where(kiosks.c.key_id == name)
    member.must_cover(connection.execute(wanted).one().site)
    settle(connection, fingerprint, state, member.account, now)
    return _known(connection.execute(wanted).one())


def _known(row: Row[tuple[object, ...]]) -> KnownKiosk:
    return KnownKiosk(
        fingerprint=row.fingerprint, name=row.name, site=row.site, state=KioskState(row.state), version=row.version,
        enrolled_at=row.enrolled_at, settled_at=row.settled_at, settled_by=row.settled_by or "",
    )  # fmt: skip
