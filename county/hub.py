"""``Hub``: all that one running county hub is. ``build_hub`` is the only place that opens things."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from pathlib import Path

from flask import current_app
from sqlalchemy import insert, select

from county.backends import StatementBackend
from county.backends.opening import open_backend
from county.clock import HubClock
from county.credentials import ElectronicCodes
from county.credentials.codes import open_codes
from county.key_store import KeyStore, open_key_store
from county.keys import CountyKey, open_key
from county.models import hub_facts
from county.publishing import Leases
from county.settings import HubSettings
from county.signing.document_keys import DocumentKeys, keys_beside, open_document_keys
from county.store import Store, open_store

VERSION = "0.1.0"
EXTENSION = "county_hub"
EPOCH = "epoch"
"""The fact that names this database; gone after a restore, so that the next start gives it another name."""


@dataclass(frozen=True)
class Hub:
    """Settings, database, keys, clock, and where statements come from.

    ``epoch`` names this database: a cursor of another one starts over.
    """

    settings: HubSettings
    store: Store
    key: CountyKey
    key_store: KeyStore
    clock: HubClock
    epoch: str
    backend: StatementBackend
    documents: DocumentKeys
    codes: ElectronicCodes | None = None
    """Who tells whose electronic card a code is; None: nobody."""

    @property
    def leases(self) -> Leases:
        """How long kiosks may show without a poll what is published from now on."""
        return Leases(self.settings.lease_hours, self.settings.names_lease_hours)

    @property
    def media(self) -> Path:
        """The folder of pictures, each under the sha256 of its content."""
        return self.settings.media

    def close(self) -> None:
        """Let go of the database."""
        self.store.close()


def build_hub(settings: HubSettings) -> Hub:
    """Open database (migrated), media folder and key; where ``demo_seed`` asks for it, invent the town."""
    store = open_store(settings.database)
    settings.media.mkdir(parents=True, exist_ok=True)
    key_store = open_key_store(settings.key_store, settings.stage)
    clock = HubClock()
    backend = open_backend(settings, store, clock)
    documents = open_document_keys(keys_beside(settings.keys), clock.now())
    hub = Hub(
        settings,
        store,
        open_key(settings.keys),
        key_store,
        clock,
        _epoch(store),
        backend,
        documents,
        open_codes(settings, store),
    )
    if settings.demo_seed:
        from county.seeding import invent_people  # noqa: PLC0415 - a real county never loads the invented town

        invent_people(hub)
    return hub


def hub() -> Hub:
    """The hub of the request being answered."""
    found = current_app.extensions[EXTENSION]
    assert isinstance(found, Hub)  # noqa: S101 - set by create_app, never by a request
    return found


def _epoch(store: Store) -> str:
    with store.writing(EPOCH) as connection:
        known = connection.scalar(select(hub_facts.c.content).where(hub_facts.c.name == EPOCH))
        if known is None:
            known = secrets.token_hex(8)
            connection.execute(insert(hub_facts).values(name=EPOCH, content=known))
    return str(known)
