"""An officer's acts about what is signed: another document key, the page that checks receipts, evidence shown again."""

from __future__ import annotations

from pathlib import Path

from contract.documents import fingerprint
from county.clock import HubClock
from county.hub import build_hub
from county.settings import HubSettings
from county.signing.document_keys import keys_beside, renew_document_key
from county.signing.evidence import kept
from county.signing.key_list import key_list
from county.store import open_store
from county.verify import single_file


def document_key_rotated(settings: HubSettings, _words: list[str]) -> list[str]:
    """Put a new document key before the old ones; hubs that run sign with it from their next start on."""
    keys = renew_document_key(keys_beside(settings.keys), HubClock().now())
    return [f"documents are signed by {fingerprint(keys.name)} after the next start of every hub process"]


def verify_page_written(settings: HubSettings, words: list[str]) -> list[str]:
    """Write the page that checks receipts, with the list of keys of this moment, as one file."""
    if len(words) != 1:
        raise ValueError("name the file to write, for example verify.html")
    county = build_hub(settings.model_copy(update={"demo_seed": 0}))
    try:
        with county.store.reading() as connection:
            told = key_list(connection, county)
    finally:
        county.close()
    Path(words[0]).write_text(single_file(told, HubClock().today()), encoding="utf-8", newline="\n")
    return [f"{words[0]}: {len(told.kiosks)} keys of kiosks; open it in any browser, no network needed"]


def evidence_shown(settings: HubSettings, words: list[str]) -> list[str]:
    """The statement behind a result number, the key that signed it, and whether the signature holds."""
    if len(words) != 1:
        raise ValueError("name the result number, as it stands on the receipt")
    store = open_store(settings.database)
    try:
        with store.reading() as connection:
            found = kept(connection, words[0])
    finally:
        store.close()
    if found is None:
        raise ValueError(f"no evidence under {words[0]}")
    return [
        f"statement    {found.signed.statement}",
        f"signature    {found.signed.signature}",
        f"signing key  {found.signing_key} ({found.kiosk or 'no longer in the registry'}, {found.signed.key_id})",
        f"received     {found.received_at.isoformat()}",
        "the signature holds" if found.holds else "THE SIGNATURE DOES NOT HOLD: the statement was changed",
    ]
