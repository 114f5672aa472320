"""What a county of the tests' own signs: its list of keys, pages of the feed, and that nothing is new."""

from __future__ import annotations

from datetime import UTC, datetime

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from contract.documents import HEADER, KEYS, feed_page, feed_unchanged, key_name, sign
from contract.enrolment import written
from contract.feed import (
    FeedPage,
)
from contract.key_list import DocumentKey, KeyList, SealingKey
from tests.odd_county import Said

AREA = "510521109"
PUBLIC = "hSDwCYkwp1R0i33ctD73Wg2/Og0mOBr066SpjqqbTmo="
DOCUMENT_KEY = Ed25519PrivateKey.from_private_bytes(b"county-of-the-tests-documents-00")
SINCE = datetime(2026, 1, 1, tzinfo=UTC)


def key_list(sealing="k", keys=(DOCUMENT_KEY,), **other) -> KeyList:
    documents = tuple(
        DocumentKey(key_id=key_name(key.public_key()), public_key=written(key.public_key()), since=SINCE)
        for key in keys
    )
    told = {"sealing": SealingKey(key_id=sealing, public_key=PUBLIC), "issued_at": SINCE, "documents": documents}
    return KeyList(**(told | other))


def said_keys(told=None, by=(DOCUMENT_KEY,), etag="") -> Said:
    body = (told or key_list()).model_dump_json().encode()
    headers = {HEADER: ", ".join(sign(body, KEYS, key) for key in by)} | ({"ETag": etag} if etag else {})
    return Said(200, body, headers)


def said_page(page: FeedPage, cursor="", *, area=AREA, etag='"e"', by=DOCUMENT_KEY) -> Said:
    body = page.model_dump_json().encode()
    return Said(200, body, {"ETag": etag, HEADER: sign(body, feed_page(area, cursor), by)})


def said_unchanged(as_of: str, etag='"e"', by=DOCUMENT_KEY) -> Said:
    return Said(304, b"", {"As-Of": as_of, HEADER: sign(as_of.encode(), feed_unchanged(etag), by)})
