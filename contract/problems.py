"""Problem details (RFC 9457) with stable types: how a county says no."""

from __future__ import annotations

from enum import StrEnum

from contract.message import Message

CONTENT_TYPE = "application/problem+json"


class ProblemType(StrEnum):
    """Every reason a county may refuse with; the wire form is this word."""

    MALFORMED = "malformed"
    NOT_SIGNED = "not-signed"
    SIGNATURE_WRONG = "signature-wrong"
    CLOCK_WRONG = "clock-wrong"
    REPLAYED = "replayed"
    KIOSK_UNKNOWN = "kiosk-unknown"
    KIOSK_NOT_APPROVED = "kiosk-not-approved"
    KEYS_REFUSED = "keys-refused"
    UNKNOWN_RESIDENT = "unknown-resident"
    CARD_LOST = "card-lost"
    CARD_CANCELLED = "card-cancelled"
    INSERTION_ANSWERED = "insertion-answered"
    CODE_REFUSED = "code-refused"
    TOO_MANY_CARDS = "too-many-cards"
    TOO_MANY_TRIES = "too-many-tries"
    SITTING_ENDED = "sitting-ended"
    NOT_THIS_RESIDENT = "not-this-resident"
    CONSENT_MISSING = "consent-missing"
    EVIDENCE_UNPROVEN = "evidence-unproven"
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
    BACKEND_UNAVAILABLE = "backend-unavailable"
    INTERNAL = "internal"


STATUS: dict[ProblemType, int] = {
    ProblemType.MALFORMED: 422,
    ProblemType.NOT_SIGNED: 401,
    ProblemType.SIGNATURE_WRONG: 401,
    ProblemType.CLOCK_WRONG: 401,
    ProblemType.REPLAYED: 401,
    ProblemType.KIOSK_UNKNOWN: 401,
    ProblemType.KIOSK_NOT_APPROVED: 403,
    ProblemType.KEYS_REFUSED: 422,
    ProblemType.UNKNOWN_RESIDENT: 404,
    ProblemType.CARD_LOST: 403,
    ProblemType.CARD_CANCELLED: 403,
    ProblemType.INSERTION_ANSWERED: 409,
    ProblemType.CODE_REFUSED: 403,
    ProblemType.TOO_MANY_CARDS: 429,
    ProblemType.TOO_MANY_TRIES: 429,
    ProblemType.SITTING_ENDED: 401,
    ProblemType.NOT_THIS_RESIDENT: 403,
    ProblemType.CONSENT_MISSING: 403,
    ProblemType.EVIDENCE_UNPROVEN: 422,
    ProblemType.NOT_SIGNED_IN: 401,
    ProblemType.WRONG_SIGN_IN: 401,
    ProblemType.ACCOUNT_LOCKED: 403,
    ProblemType.ROLE_MISSING: 403,
    ProblemType.OUTSIDE_AREA: 403,
    ProblemType.OWN_WORK: 403,
    ProblemType.EDIT_CONFLICT: 409,
    ProblemType.CONTENT_CHANGED: 409,
    ProblemType.PICTURE_REFUSED: 422,
    ProblemType.NOT_FOUND: 404,
    ProblemType.UNKNOWN_KEY: 422,
    ProblemType.KEY_REUSED: 422,
    ProblemType.TOO_LARGE: 413,
    ProblemType.BACKEND_UNAVAILABLE: 503,
    ProblemType.INTERNAL: 500,
}
"""The HTTP status of each."""

ALSO_MALFORMED = (400, 405, 415)
"""MALFORMED is 400 where the body is no JSON or a parameter is wrong, 405 for a method that an address does not have,
415 for a body that is packed."""


class Problem(Message):
    """One refusal. ``detail`` is for a developer; screens choose their own words by ``type``."""

    type: ProblemType
    title: str
    status: int
    detail: str = ""
