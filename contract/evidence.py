"""Evidence that somebody was seen alive, as a statement its kiosk signed (Ed25519). Pure: keys and salts are handed in.

What is signed is the text itself, as it travels and as it is kept: nothing is put together anew before it is checked,
so that a statement can be shown with its signature years later, whatever fields there are by then.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from pydantic import Field, ValidationError

from contract.codes import ScoreBand
from contract.message import Message
from contract.submissions import EligibilityEvidence

PURPOSE = b"eligibility-evidence\n"
OFFLINE_MARK = "number:"
SALT_LENGTH = range(16, 65)
_BANDS = ((128, ScoreBand.HIGH), (64, ScoreBand.MIDDLE), (0, ScoreBand.LOW))


class BadEvidence(ValueError):
    """Not signed by this key, changed afterwards, or not what it says; the message is for a developer."""


class Holder(Message):
    """Who a statement made while cut off is about. Travels sealed, beside the statement; ``salt`` opens its mark."""

    social_security_no: str
    name: str
    salt: str = Field(max_length=64)


class SignedEvidence(Message):
    """What is sealed for ``/v1/eligibility-verifications``: the text of an EligibilityEvidence, and who signed it.

    ``statement`` is JSON, sorted, without blanks; ``signature`` is base64 of Ed25519 over the word
    "eligibility-evidence", a line break, and the statement in UTF-8. ``holder`` only where the kiosk was cut off.
    """

    statement: str = Field(max_length=8000)
    key_id: str = Field(max_length=32)
    signature: str = Field(max_length=100)
    holder: Holder | None = None


def band_of(score: int | None) -> ScoreBand:
    """The band of a sensor's own score. It says how clear the match was on that sensor; it decides nothing."""
    if score is None:
        return ScoreBand.NOT_TOLD
    return next((band for least, band in _BANDS if score >= least), ScoreBand.LOW)


def mark_of(number: str, salt: str) -> str:
    """Stands for a resident whose reference is not known: without the salt nobody reads the number from it."""
    return OFFLINE_MARK + hashlib.sha256(f"{salt} {number}".encode()).hexdigest()


def sign(evidence: EligibilityEvidence, key: Ed25519PrivateKey, holder: Holder | None = None) -> SignedEvidence:
    """The statement of ``evidence``, signed."""
    told = evidence.model_dump(mode="json")
    statement = json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    signature = base64.b64encode(key.sign(PURPOSE + statement.encode())).decode()
    return SignedEvidence(statement=statement, key_id=evidence.kiosk_key, signature=signature, holder=holder)


def proven(signed: SignedEvidence, key: Ed25519PublicKey) -> EligibilityEvidence:
    """What ``key`` signed; raises BadEvidence."""
    try:
        key.verify(base64.b64decode(signed.signature, validate=True), PURPOSE + signed.statement.encode())
    except (InvalidSignature, binascii.Error, ValueError) as error:
        raise BadEvidence("the statement is not signed by this kiosk's key, or was changed") from error
    try:
        evidence = EligibilityEvidence.model_validate_json(signed.statement)
    except ValidationError as error:
        raise BadEvidence("the statement is no evidence") from error
    if evidence.kiosk_key != signed.key_id:
        raise BadEvidence("the statement names another key than it was signed with")
    if not _names_one(evidence, signed.holder):
        raise BadEvidence("the statement is about somebody else than its envelope")
    return evidence


def _names_one(evidence: EligibilityEvidence, holder: Holder | None) -> bool:
    if holder is None:
        return bool(evidence.resident) and not evidence.resident.startswith(OFFLINE_MARK)
    return len(holder.salt) in SALT_LENGTH and evidence.resident == mark_of(holder.social_security_no, holder.salt)
