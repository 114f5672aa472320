"""What an officer, or a script of deploy/, does at the hub's own machine: its kiosks, its chores, its copies."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from sqlalchemy import delete, select

from contract.codes import KioskState
from county.chores import all_chores
from county.clock import HubClock
from county.feeding.code_lists import publish_file
from county.feeding.packs import publish_pack, withdraw_pack
from county.hub import EPOCH
from county.keys import CountyKey, open_key, renew_key
from county.kiosks import settle
from county.models import hub_facts, kiosks
from county.refusals import Refused
from county.settings import HubSettings
from county.signing.document_keys import keys_beside, open_document_keys
from county.signing.office_acts import document_key_rotated, evidence_shown, verify_page_written
from county.staff_work.by_hand import take
from county.staff_work.heads import heads_of, journals
from county.store import Store, open_store

Act = Callable[[HubSettings, list[str]], list[str]]
OFFICER = "officer"


def listed(settings: HubSettings, _words: list[str]) -> list[str]:
    """One line a kiosk: fingerprint, state, site, name, and how far its journal is known."""
    store = open_store(settings.database)
    try:
        with store.reading() as connection:
            rows = connection.execute(select(kiosks).order_by(kiosks.c.state, kiosks.c.enrolled_at)).all()
            told = journals(connection)
    finally:
        store.close()
    lines = [
        f"{row.fingerprint}  {row.state:9}  {row.site:12}  {row.name}{journal_words(*told.get(row.key_id, (0, False)))}"
        for row in rows
    ]
    return lines or ["no kiosk enrolled yet"]


def journal_words(entries: int, contradicted: bool) -> str:  # noqa: FBT001 - what is known of one journal
    """How far a kiosk's journal is known, behind its name; nothing where it told none yet."""
    told = f"  journal {entries}" if entries else ""
    return f"{told}  JOURNAL CONTRADICTS ITSELF: county journal" if contradicted else told


def journal_told(settings: HubSettings, words: list[str]) -> list[str]:
    """Every head that a kiosk told, one a line, to be given to ``run.py journal verify --head``."""
    if len(words) != 1:
        raise ValueError("name one kiosk: its fingerprint, as `county kiosks` lists it, or its name")
    store = open_store(settings.database)
    try:
        with store.reading() as connection:
            named = select(kiosks.c.key_id).where((kiosks.c.fingerprint == words[0]) | (kiosks.c.name == words[0]))
            found = connection.scalars(named).all()
            if len(found) != 1:
                raise ValueError(f"{len(found)} kiosks are called {words[0]!r}; name the fingerprint")
            heads = heads_of(connection, found[0])
    finally:
        store.close()
    marks = {True: "  CONTRADICTS AN EARLIER ONE", False: ""}
    lines = [f"{kept.head.written}  {kept.received_at:%Y-%m-%d %H:%M}Z{marks[kept.contradicts]}" for kept in heads]
    return lines or ["this kiosk told no head of its journal yet"]


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


def chores_done(settings: HubSettings, _words: list[str]) -> list[str]:
    """Do once what running hubs do by themselves; one line a chore."""
    store = open_store(settings.database)
    try:
        return [f"{name}: {done}" for name, done in all_chores(store, HubClock())]
    finally:
        store.close()


def places(settings: HubSettings, _words: list[str]) -> list[str]:
    """What a copy of this hub consists of, one ``name=place`` a line; for deploy/backup.sh and restore.sh."""
    return [f"database={settings.database}", f"media={settings.media}", f"keys={settings.keys}"]


def restored(settings: HubSettings, _words: list[str]) -> list[str]:
    """The database was brought back from a copy: kiosks are to begin the feed anew.

    Revisions count on from where the copy stood, so a cursor of before could pass over what is published next.
    """
    store = open_store(settings.database)
    try:
        with store.writing("epoch") as connection:
            connection.execute(delete(hub_facts).where(hub_facts.c.name == EPOCH))
    finally:
        store.close()
    return ["every kiosk begins the feed anew; start the hub"]


def keys_made(settings: HubSettings, _words: list[str]) -> list[str]:
    """Make the hub's keys where they are missing, before systemd is to hand them over; their public names."""
    sealing, documents = open_key(settings.keys), keys_beside(settings.keys)
    signing = open_document_keys(documents, HubClock().now())
    return [f"{settings.keys}  sealed to {sealing.key_id}", f"{documents}  signed by {signing.name}"]


def taken_by_hand(settings: HubSettings, words: list[str]) -> list[str]:
    """``KIOSK FILE…``: take submissions that were carried here sealed; each is counted once however it comes."""
    if len(words) < 2:  # noqa: PLR2004 - a kiosk and at least one file
        raise ValueError("name the kiosk (fingerprint or name) and the sealed files")
    store, clock, key = open_store(settings.database), HubClock(), open_key(settings.keys)
    try:
        return [_taken(store, key, words[0], Path(file), clock.now()) for file in words[1:]]
    finally:
        store.close()


def _taken(store: Store, key: CountyKey, kiosk: str, file: Path, now: datetime) -> str:
    try:
        told = take(store, key, kiosk, file, now)
    except Refused as refusal:
        return f"{file.name}  refused: {refusal}"
    return f"{file.name}  {told.status}  {told.result_number}"


def codes_told(settings: HubSettings, words: list[str]) -> list[str]:
    """Publish code lists in the county's own words, from a file; machines take them at their next poll."""
    if len(words) != 1:
        raise ValueError("name one file of code lists (docs/operating.md)")
    store = open_store(settings.database)
    try:
        with store.writing("feed") as connection:
            return publish_file(connection, Path(words[0]))
    finally:
        store.close()


def pack_told(settings: HubSettings, words: list[str]) -> list[str]:
    """``AREA FILE`` lays a locality pack over what the machines of the area came with; ``AREA`` alone takes it back."""
    if not 1 <= len(words) <= 2:  # noqa: PLR2004 - an area, and a file or none
        raise ValueError("name the area, and the file; the area alone takes its pack back")
    store, clock = open_store(settings.database), HubClock()
    try:
        with store.writing("feed") as connection:
            if len(words) == 1:
                withdraw_pack(connection, words[0])
                return [f"{words[0]}  machines go back to what they came with"]
            pack = publish_pack(connection, words[0], Path(words[1]), clock.now())
    finally:
        store.close()
    return [
        f"{pack.area}  {pack.version}  {', '.join(pack.values)}",
        "whether a machine took it stands on its page 设备",
    ]


def sealing_key_rotated(settings: HubSettings, _words: list[str]) -> list[str]:
    """A new key that kiosks seal to; the older ones go on opening what was sealed to them."""
    key = renew_key(settings.keys)
    return [f"{key.key_id} is published from the next start of each hub; {len(key.older)} older open what is under way"]


ACTS: dict[str, Act] = {
    "keys": keys_made,
    "chores": chores_done,
    "places": places,
    "restored": restored,
    "kiosks": listed,
    "journal": journal_told,
    "take": taken_by_hand,
    "codes": codes_told,
    "pack": pack_told,
    "approve": _settling(KioskState.APPROVED),
    "withdraw": _settling(KioskState.WITHDRAWN),
    "rotate-sealing-key": sealing_key_rotated,
    "rotate-document-key": document_key_rotated,
    "verify-page": verify_page_written,
    "evidence": evidence_shown,
}
