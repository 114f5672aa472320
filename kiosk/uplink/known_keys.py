"""Whose keys this machine knows: the county's, by which public content is believed, and those of every kiosk.

The county's document key is trusted at first meeting, or by the mark in the settings; from then on another key only
where the list that names it is signed by one that is trusted already.
"""

from __future__ import annotations

import logging
from datetime import datetime

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from contract.documents import KEYS, Forged, Unsigned, check, feed_page, feed_unchanged, fingerprint, key_name
from contract.enrolment import BadKey, signing_key
from contract.feed import (
    FeedPage,
)
from contract.key_list import KeyList, KioskKey, SealingKey
from kiosk.county_errors import CountyRefused, CountyUnavailable, DocumentForged
from kiosk.journal import Happening, Journal
from kiosk.store import Store
from kiosk.uplink.client import CountyClient, Reply

log = logging.getLogger(__name__)

NOTE = "county.keys"
NEVER_MET = "this machine has never met the county: it holds none of its keys"


class KnownKeys:
    """The county's list of keys, kept on disk. ``expected``: the mark of its document key, from the settings."""

    def __init__(self, store: Store, client: CountyClient) -> None:
        self._store = store
        self._client = client
        self._etag = ""
        self._read: KeyList | None = None
        self.expected = ""
        self.journal: Journal | None = None
        """Learns of keys and refusals; None in tests of the copy alone."""
        self.refused = ""
        """What was refused last and not taken since: the word for it; empty while all is well."""

    def renew(self) -> None:
        """Ask the county for its keys; unchanged ones cost an empty answer. CountyUnavailable, DocumentForged."""
        try:
            reply = self._client.get("/v1/keys", KeyList, etag=self._etag)
        except CountyRefused as refusal:
            raise CountyUnavailable(f"the county tells no key: {refusal}") from refusal
        if reply.message is not None:
            self._take(reply.message, reply)
        elif self.held() is None:
            raise CountyUnavailable("the county says that its keys are unchanged, and never told them")

    def held(self) -> KeyList | None:
        """The list this machine holds; None before it first met the county."""
        if self._read is None and (text := self._store.recall(NOTE)):
            self._read = KeyList.model_validate_json(text)
        return self._read

    def sealing(self) -> SealingKey:
        """The key to seal to; CountyUnavailable on a machine that has never met the county."""
        return self._list().sealing

    def kiosks(self) -> tuple[KioskKey, ...]:
        """The keys of all kiosks of the county, as far as this machine has heard."""
        held = self.held()
        return held.kiosks if held else ()

    @property
    def mark(self) -> str:
        """The county's document key for people to compare; empty before the first meeting."""
        held = self.held()
        return fingerprint(held.documents[0].key_id) if held and held.documents else ""

    def check_page(self, reply: Reply[FeedPage], area: str, cursor: str) -> None:
        """A page of the feed is the county's answer to this very question; DocumentForged."""
        self._checked(reply.content, feed_page(area, cursor), reply.signature)

    def check_unchanged(self, reply: Reply[FeedPage], etag: str) -> None:
        """The moment of an unchanged feed is the county's word; DocumentForged."""
        self._checked(reply.as_of.encode(), feed_unchanged(etag), reply.signature)

    def _checked(self, content: bytes, about: str, signature: str) -> None:
        try:
            self._good(content, about, signature, self._list())
        except Unsigned as error:
            raise self._refuse(about, error) from error
        except Forged:
            self.renew()  # a key may be new; forged is what no key of the newest list has signed
            try:
                self._good(content, about, signature, self._list())
            except Forged as error:
                raise self._refuse(about, error) from error
        self.refused = ""

    @staticmethod
    def _good(content: bytes, about: str, signature: str, held: KeyList) -> None:
        check(content, about, signature, trusted_of(held))

    def _list(self) -> KeyList:
        held = self.held()
        if held is not None:
            return held
        try:
            self.renew()
        except CountyUnavailable as error:
            if isinstance(error, DocumentForged):
                raise
            raise CountyUnavailable(NEVER_MET) from error
        held = self.held()
        if held is None:
            raise CountyUnavailable(NEVER_MET)
        return held

    def _take(self, told: KeyList, reply: Reply[KeyList]) -> None:
        held = self.held()
        how = self._trusted(told, reply, held)
        if held is None or _issued(told) >= _issued(held) or how == "settings":
            self._keep(told, reply.content.decode(), held, how)
        else:
            log.warning("a list of keys of %s came after one of %s: not taken", told.issued_at, held.issued_at)
        self._etag = reply.etag

    def _trusted(self, told: KeyList, reply: Reply[KeyList], held: KeyList | None) -> str:
        """How the list came to be trusted: signed by a known key, named by the settings, or the first ever met."""
        named = trusted_of(told)
        wanted = self.expected.replace("-", "")
        chances = {"signed by the last": trusted_of(held) if held else {}}
        if wanted:
            chances["settings"] = {name: key for name, key in named.items() if name == wanted}
        elif held is None:
            chances["first meeting"] = named
        for how, keys in chances.items():
            try:
                check(reply.content, KEYS, reply.signature, keys)
            except (Unsigned, Forged):
                continue
            return how
        raise self._refuse(KEYS, Forged("no key that this machine trusts signed the county's keys"))

    def _keep(self, told: KeyList, text: str, held: KeyList | None, how: str) -> None:
        if told == held:
            return
        self._store.remember(NOTE, text)
        self._read = told
        if self.journal and (held is None or held.documents[:1] != told.documents[:1]):
            self.journal.write(Happening.COUNTY_KEY_TRUSTED, mark=self.mark, how=how)

    def _refuse(self, about: str, why: Exception) -> DocumentForged:
        """Told once: the journal is not filled by whoever sends forgeries."""
        what = about.partition(" ")[0]
        if self.journal and self.refused != what:
            self.journal.write(Happening.DOCUMENT_REFUSED, about=what)
        self.refused = what
        return DocumentForged(f"{about}: {why}")


def trusted_of(held: KeyList) -> dict[str, Ed25519PublicKey]:
    """The document keys of a list by the names that their own bytes give them."""
    found: dict[str, Ed25519PublicKey] = {}
    for told in held.documents:
        try:
            key = signing_key(told.public_key)
        except BadKey:
            continue
        found[key_name(key)] = key
    return found


def _issued(told: KeyList) -> float:
    moment: datetime | None = told.issued_at
    return moment.timestamp() if moment else 0.0
