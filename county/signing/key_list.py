"""The list of public keys: the county's own and those of every kiosk that was ever approved."""

from __future__ import annotations

import hashlib
from datetime import datetime

from sqlalchemy import Connection, func, select

from contract.codes import KioskState
from contract.key_list import KeyList, KioskKey
from county.hub import Hub
from county.models import kiosk_acts, kiosk_keys, kiosks


def tag_of(connection: Connection, county: Hub) -> str:
    """The ETag of the list: another once a kiosk was approved, withdrawn or re-keyed, or a key of ours changed."""
    last_act = connection.scalar(select(func.max(kiosk_acts.c.number))) or 0
    parts = (county.epoch, county.key.key_id, county.documents.name, str(len(county.documents.dated)), str(last_act))
    return hashlib.sha256(" ".join(parts).encode()).hexdigest()[:32]


def key_list(connection: Connection, county: Hub) -> KeyList:
    """The list as it stands."""
    documents = county.documents.published()
    last_act = connection.scalar(select(kiosk_acts.c.at).order_by(kiosk_acts.c.number.desc()).limit(1))
    known = _kiosks(connection)
    moments = [documents[0].since, *(key.since for key in known), *([last_act] if last_act else [])]
    return KeyList(
        sealing=county.key.published(), issuer=county.settings.issuer, issued_at=max(moments), documents=documents,
        kiosks=known,
    )  # fmt: skip


def _kiosks(connection: Connection) -> tuple[KioskKey, ...]:
    wanted = (
        select(kiosks.c.name, kiosks.c.site, kiosks.c.state, kiosks.c.settled_at, kiosk_keys)
        .join_from(kiosk_keys, kiosks, kiosks.c.key_id == kiosk_keys.c.kiosk)
        .where(kiosks.c.state != KioskState.PENDING.value)
        .order_by(kiosk_keys.c.since, kiosk_keys.c.key_id)
    )
    return tuple(
        KioskKey(
            key_id=row.key_id, name=row.name, site=row.site, public_key=row.signing_key, since=row.since,
            until=_end(row.until, row.settled_at if row.state == KioskState.WITHDRAWN.value else None),
        )
        for row in connection.execute(wanted)
    )  # fmt: skip


def _end(replaced: datetime | None, withdrawn: datetime | None) -> datetime | None:
    """When a key ended: replaced by the next, or its kiosk withdrawn, whichever came first."""
    return min((moment for moment in (replaced, withdrawn) if moment is not None), default=None)
