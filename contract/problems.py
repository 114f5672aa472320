"""Problem details (RFC 9457) with stable types: how a county says no."""

from __future__ import annotations

from enum import StrEnum

from contract.message import Message

CONTENT_TYPE = "application/problem+json"


class ProblemType(StrEnum):
    """Every reason a county may refuse with; the wire form is this word."""

    MALFORMED = "malformed"
    UNKNOWN_RESIDENT = "unknown-resident"
    CARD_LOST = "card-lost"
    CARD_CANCELLED = "card-cancelled"
    SITTING_ENDED = "sitting-ended"
    NOT_THIS_RESIDENT = "not-this-resident"
    CONSENT_MISSING = "consent-missing"
    NOT_SIGNED_IN = "not-signed-in"
    WRONG_SIGN_IN = "wrong-sign-in"
    ACCOUNT_LOCKED = "account-locked"
    ROLE_MISSING = "role-missing"
    OUTSIDE_AREA = "outside-area"
    OWN_WORK = "own-work"
    EDIT_CONFLICT = "edit-conflict"
    CONTENT_CHANGED = "content-changed"
    PICTURE_REFUSED = "picture-refused"
    NOT_FOUND = "not-found"
    UNKNOWN_KEY = "unknown-key"
    KEY_REUSED = "idempotency-key-reused"
    TOO_LARGE = "too-large"
    INTERNAL = "internal"


class Problem(Message):
    """One refusal. ``detail`` is for a developer; screens choose their own words by ``type``."""

    type: ProblemType
    title: str
    status: int
    detail: str = ""
