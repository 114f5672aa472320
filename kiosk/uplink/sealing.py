"""The county's public key on this machine, and content sealed to it."""

from __future__ import annotations

from datetime import datetime

from pydantic import BaseModel

from contract.feed import KeyList, SealingKey
from contract.sealing import seal
from contract.submissions import SealedSubmission, SubmissionKind
from kiosk.errors import CountyRefused, CountyUnavailable
from kiosk.store import Store
from kiosk.uplink.client import CountyClient

KEY = "county.key"


class CountySeal:
    """Seals to the key the county told last; kept on disk, so that a machine that is cut can seal too."""

    def __init__(self, store: Store, client: CountyClient) -> None:
        self._store = store
        self._client = client
        self._etag = ""

    def renew(self) -> None:
        """Ask the county for its key; an unchanged one costs an empty answer. Raises CountyUnavailable."""
        try:
            reply = self._client.get("/v1/keys", KeyList, etag=self._etag)
        except CountyRefused as refusal:
            raise CountyUnavailable(f"the county tells no key: {refusal}") from refusal
        if reply.message is None:
            return
        told = reply.message.sealing.model_dump_json()
        if told != self._store.recall(KEY):
            self._store.remember(KEY, told)
        self._etag = reply.etag

    def sealed(
        self, submission_id: str, kind: SubmissionKind, content: BaseModel, made_at: datetime, *, offline: bool
    ) -> SealedSubmission:
        """The envelope; raises CountyUnavailable on a machine that has never met the county."""
        key = self._key()
        return SealedSubmission(
            submission_id=submission_id, kind=kind, made_at=made_at, offline=offline, key_id=key.key_id,
            sealed=seal(content.model_dump_json().encode(), key.public_key, kind),
        )  # fmt: skip

    def _key(self) -> SealingKey:
        stored = self._store.recall(KEY) or self._first()
        return SealingKey.model_validate_json(stored)

    def _first(self) -> str:
        try:
            self.renew()
        except (CountyUnavailable, CountyRefused) as error:
            raise CountyUnavailable("this machine has never met the county: it holds no key to seal with") from error
        return self._store.recall(KEY)
