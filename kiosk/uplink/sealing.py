"""The county's public key on this machine, and content sealed to it."""

from __future__ import annotations

from datetime import datetime

from pydantic import BaseModel

from contract.sealing import seal
from contract.submissions import SealedSubmission, SubmissionKind
from kiosk.uplink.known_keys import KnownKeys


class CountySeal:
    """Seals to the key the county told last; kept on disk, so that a machine that is cut can seal too."""

    def __init__(self, keys: KnownKeys) -> None:
        self._keys = keys

    def renew(self) -> None:
        """Ask the county for its keys; raises CountyUnavailable."""
        self._keys.renew()

    def sealed(
        self, submission_id: str, kind: SubmissionKind, content: BaseModel, made_at: datetime, *, offline: bool
    ) -> SealedSubmission:
        """The envelope; raises CountyUnavailable on a machine that has never met the county."""
        key = self._keys.sealing()
        return SealedSubmission(
            submission_id=submission_id, kind=kind, made_at=made_at, offline=offline, key_id=key.key_id,
            sealed=seal(content.model_dump_json().encode(), key.public_key, kind),
        )  # fmt: skip
