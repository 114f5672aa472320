"""From ``[hub] backend`` to the backend itself."""

from __future__ import annotations

from county.backends import StatementBackend
from county.backends.elsewhere import Elsewhere
from county.backends.tables import Tables
from county.clock import HubClock
from county.own_code import OWN, made_by
from county.settings import HubSettings, SettingsError
from county.store import Store

TABLES = "tables"
METHODS = ("memberships", "contributions", "pension", "fingers")


def open_backend(settings: HubSettings, store: Store, clock: HubClock) -> StatementBackend:
    """The backend of these settings; SettingsError where it cannot be had or lacks a method."""
    tables, named = Tables(store), settings.backend
    if named == TABLES:
        return tables
    if not named.startswith(OWN):
        raise SettingsError(f'hub.backend: {named!r} is neither "{TABLES}" nor "python:module:factory"')
    made = made_by(named, "hub.backend", tables)
    for method in METHODS:
        if not callable(getattr(made, method, None)):
            raise SettingsError(f"hub.backend: what {named} makes has no method {method}")
    return Elsewhere(made, store, settings.backend_seconds, clock.today)
