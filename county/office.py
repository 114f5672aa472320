"""What an officer does at the hub's own machine: see which kiosks there are, approve one, withdraw one."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import select

from contract.codes import KioskState
from county.clock import HubClock
from county.kiosks import settle
from county.models import kiosks
from county.settings import HubSettings
from county.store import open_store

Act = Callable[[HubSettings, list[str]], list[str]]
OFFICER = "officer"


def listed(settings: HubSettings, _words: list[str]) -> list[str]:
    """One line a kiosk: fingerprint, state, site, name."""
    store = open_store(settings.database)
    try:
        with store.reading() as connection:
            rows = connection.execute(select(kiosks).order_by(kiosks.c.state, kiosks.c.enrolled_at)).all()
    finally:
        store.close()
    return [f"{row.fingerprint}  {row.state:9}  {row.site:12}  {row.name}" for row in rows] or ["no kiosk enrolled yet"]


def _settling(state: KioskState) -> Act:
    def act(settings: HubSettings, words: list[str]) -> list[str]:
        if not words:
            raise ValueError("name the fingerprint, as the kiosk's terminal and its staff sign-in page show it")
        store, clock = open_store(settings.database), HubClock()
        try:
            with store.writing() as connection:
                settled = [settle(connection, word, state, OFFICER, clock.now()) for word in words]
        finally:
            store.close()
        return [f"{standing.fingerprint}  {standing.state}" for standing in settled]

    return act


ACTS: dict[str, Act] = {
    "kiosks": listed,
    "approve": _settling(KioskState.APPROVED),
    "withdraw": _settling(KioskState.WITHDRAWN),
}
