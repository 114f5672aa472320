"""The county's list of keys: what is sealed to, who signs documents, whose receipts are good."""

from __future__ import annotations

from contract.message import Instant, Message, Region


class SealingKey(Message):
    """The county's public key for sealed content (X25519, raw, base64)."""

    key_id: str
    public_key: str


class DocumentKey(Message):
    """A key the county signs public documents with (Ed25519, raw, base64), from ``since`` until it was replaced."""

    key_id: str
    public_key: str
    since: Instant
    until: Instant | None = None


class KioskKey(Message):
    """A key of a kiosk (Ed25519, raw, base64), for whoever checks a receipt; what it signed before ``until`` is good.

    ``since`` is told only: a kiosk whose clock was wrong may have signed "before" it.
    """

    key_id: str
    name: str
    site: Region
    public_key: str
    since: Instant
    until: Instant | None = None


class KeyList(Message):
    """Answer of ``GET /v1/keys``: a document signed by the county's document key (contract/documents).

    ``documents``: the newest first. ``issued_at``: when anything in it changed last; an older list than the one held
    is not taken. Keys of withdrawn kiosks stay in it for ever.
    """

    sealing: SealingKey
    issuer: str = ""
    issued_at: Instant | None = None
    documents: tuple[DocumentKey, ...] = ()
    kiosks: tuple[KioskKey, ...] = ()
