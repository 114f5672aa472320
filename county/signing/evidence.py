"""Signed evidence at the hub: checked against the keys of the kiosk that sends it, kept whole, shown years later."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, insert, select

from contract.enrolment import signing_key
from contract.evidence import BadEvidence, SignedEvidence, proven
from contract.problems import ProblemType
from contract.submissions import CountyAnswer, EligibilityEvidence
from county.models import evidence, kiosk_keys, kiosks, submissions
from county.refusals import Refused


@dataclass(frozen=True)
class KeptEvidence:
    """A statement as it was kept. ``holds``: its signature is still good under the key that was kept with it."""

    result_number: str
    received_at: datetime
    signed: SignedEvidence
    signing_key: str
    kiosk: str
    until: datetime | None
    holds: bool


def checked(connection: Connection, signed: SignedEvidence, kiosk: str) -> EligibilityEvidence:
    """What ``kiosk`` signed, with any key it ever had; EVIDENCE_UNPROVEN otherwise."""
    wanted = select(kiosk_keys.c.signing_key).where(kiosk_keys.c.key_id == signed.key_id, kiosk_keys.c.kiosk == kiosk)
    key = connection.scalar(wanted)
    if key is None:
        raise Refused(ProblemType.EVIDENCE_UNPROVEN, "signed with a key that is not this kiosk's")
    try:
        return proven(signed, signing_key(key))
    except BadEvidence as error:
        raise Refused(ProblemType.EVIDENCE_UNPROVEN, str(error)) from None


def is_spent(connection: Connection, signed: SignedEvidence, nonce: str) -> bool:
    """True where this very statement, or another with this nonce, was taken before: nothing counts twice."""
    before = evidence.c.statement_hash == _hash(signed)
    if nonce:
        before = before | (evidence.c.nonce == nonce)
    return connection.scalar(select(evidence.c.submission).where(before).limit(1)) is not None


def keep(connection: Connection, number: int, signed: SignedEvidence, told: EligibilityEvidence) -> None:
    """Write down with which key a statement is proven; the statement itself is the submission's content.

    One that was spent before has its row already.
    """
    if is_spent(connection, signed, told.nonce):
        return
    key = connection.scalar(select(kiosk_keys.c.signing_key).where(kiosk_keys.c.key_id == signed.key_id))
    row = {
        "submission": number, "statement_hash": _hash(signed), "nonce": told.nonce, "key_id": signed.key_id,
        "signing_key": key,
    }  # fmt: skip
    connection.execute(insert(evidence).values(row))


def kept(connection: Connection, result_number: str) -> KeptEvidence | None:
    """The statement behind a result number; None where there is none."""
    wanted = select(evidence, submissions.c.received_at, submissions.c.answer, submissions.c.content).join_from(
        evidence, submissions, submissions.c.id == evidence.c.submission
    )
    digits = result_number[8:]
    if not (digits.isascii() and digits.isdecimal()):
        return None
    row = connection.execute(wanted.where(evidence.c.submission == int(digits))).one_or_none()
    if row is None or CountyAnswer.model_validate_json(row.answer).result_number != result_number:
        return None
    signed = SignedEvidence.model_validate_json(row.content)
    named = select(kiosks.c.name, kiosk_keys.c.until).join_from(
        kiosk_keys, kiosks, kiosks.c.key_id == kiosk_keys.c.kiosk
    )
    kiosk = connection.execute(named.where(kiosk_keys.c.key_id == row.key_id)).one_or_none()
    return KeptEvidence(
        result_number, row.received_at, signed, row.signing_key, kiosk.name if kiosk else "",
        kiosk.until if kiosk else None, _holds(signed, row.signing_key),
    )  # fmt: skip


def _holds(signed: SignedEvidence, key: str) -> bool:
    try:
        proven(signed, signing_key(key))
    except BadEvidence:
        return False
    return True


def _hash(signed: SignedEvidence) -> str:
    return hashlib.sha256(signed.statement.encode()).hexdigest()
