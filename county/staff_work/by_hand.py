"""A sealed submission that was carried here in a file, because the line did not take it in time (staff face, 送件)."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from pydantic import ValidationError
from sqlalchemy import select

from contract.submissions import CountyAnswer, SealedSubmission
from county.keys import CountyKey
from county.models import kiosks
from county.store import Store
from county.submissions import delivery_of, opened, receive

LARGEST = 1024 * 1024


class NotTaken(ValueError):
    """Not a sealed submission, or of a kiosk that is not known; the message says which."""


def take(store: Store, key: CountyKey, kiosk: str, file: Path, now: datetime) -> CountyAnswer:
    """The county's answer to the submission in ``file``, as if ``kiosk`` had sent it now: counted once, as ever.

    ``kiosk``: fingerprint or name of the machine it comes from. Raises NotTaken; Refused as the address does.
    """
    envelope = _read(file)
    with store.reading() as connection:
        named = select(kiosks.c.key_id).where((kiosks.c.fingerprint == kiosk) | (kiosks.c.name == kiosk))
        found = connection.scalars(named).all()
    if len(found) != 1:
        raise NotTaken(f"{len(found)} kiosks are called {kiosk!r}; name the fingerprint")
    sealed = opened(envelope, key)
    with store.writing() as connection:
        return receive(connection, delivery_of(connection, envelope, sealed, token="", kiosk=found[0], now=now))


def _read(file: Path) -> SealedSubmission:
    try:
        if file.stat().st_size > LARGEST:
            raise NotTaken(f"{file}: too large for one submission")
        return SealedSubmission.model_validate_json(file.read_bytes())
    except OSError as error:
        raise NotTaken(f"{file}: cannot be read ({error.strerror})") from error
    except ValidationError as error:
        raise NotTaken(f"{file}: not a sealed submission") from error
