"""Requests signed by a kiosk (HTTP Message Signatures, RFC 9421; Ed25519). Pure: moment, nonce and key are handed in.

Covered are method, path, query, and where they are there: the digest of the body, sitting, staff session and
idempotency key. Scheme and host are not: a proxy between kiosk and county may change them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import http_sf
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from http_message_signatures import (
    HTTPMessageSigner,
    HTTPMessageVerifier,
    HTTPSignatureKeyResolver,
    InvalidSignature,
    algorithms,
)
from http_message_signatures.exceptions import HTTPMessageSignaturesException
from http_sf.compat import InnerList

from contract.message import IDEMPOTENCY_HEADER, SITTING_HEADER, STAFF_HEADER

TAG = "kiosk"
INPUT_HEADER, SIGNATURE_HEADER, DIGEST_HEADER = "Signature-Input", "Signature", "Content-Digest"
WINDOW = timedelta(minutes=5)
"""How far the moment of signing may lie from the county's; as long a nonce is remembered."""
ALWAYS = ("@method", "@path", "@query")
WHERE_THERE = tuple(name.lower() for name in (DIGEST_HEADER, SITTING_HEADER, STAFF_HEADER, IDEMPOTENCY_HEADER))
NONCE_LENGTH = range(16, 65)


class BadSignature(ValueError):
    """Not signed, not by this key, or not over all that has to be signed; the message is for a developer."""


class SignedOutsideWindow(BadSignature):
    """The moment of signing lies too far from the county's: a replay, or a clock that is wrong."""


@dataclass
class Outgoing:
    """A request as the signature sees it. ``target`` is path and query as they travel; ``headers`` may grow."""

    method: str
    target: str
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""

    @property
    def url(self) -> str:
        """With an origin that is never signed; the library wants one."""
        return f"http://county.invalid{self.target}"


@dataclass(frozen=True)
class Signed:
    """What a good signature proves: by which key, when, and the nonce that may come once only."""

    key_id: str
    at: datetime
    nonce: str


def sign(request: Outgoing, key: Ed25519PrivateKey, key_id: str, now: datetime, nonce: str) -> None:
    """Put digest and signature into the headers of ``request``."""
    signer = HTTPMessageSigner(signature_algorithm=algorithms.ED25519, key_resolver=_Key(private=key))
    signer.sign(
        request, key_id=key_id, created=now, nonce=nonce, label=TAG, tag=TAG, covered_component_ids=_covered(request),
        body=request.body or None,
    )  # fmt: skip


def claimed_key(headers: Mapping[str, str]) -> str:
    """The key id that the signature names, not yet proven; BadSignature where there is no signature of a kiosk."""
    try:
        fields: Any = http_sf.parse(headers.get(INPUT_HEADER, "").encode(), tltype="dictionary")
        named = [params.get("keyid") for _, params in fields.values() if params.get("tag") == TAG]
    except (ValueError, TypeError, AttributeError) as error:
        raise BadSignature("the header Signature-Input cannot be read") from error
    if len(named) != 1 or not isinstance(named[0], str):
        raise BadSignature("not signed by a kiosk")
    return str(named[0])


def check(request: Outgoing, key: Ed25519PublicKey, now: datetime) -> Signed:
    """What the signature of ``request`` proves; BadSignature, SignedOutsideWindow."""
    verifier = _Verifier(signature_algorithm=algorithms.ED25519, key_resolver=_Key(public=key))
    try:
        found = verifier.verify(
            request, max_age=None, expect_tag=TAG, require_components=_covered(request), body=request.body
        )[0]
    except (InvalidSignature, HTTPMessageSignaturesException) as error:
        raise BadSignature(str(error)) from error
    created, nonce = found.parameters.get("created"), found.parameters.get("nonce")
    if not isinstance(created, int) or not isinstance(nonce, str) or len(nonce) not in NONCE_LENGTH:
        raise BadSignature("created and nonce (16 to 64 characters) are both needed")
    at = _moment(created)
    if abs(at - now) > WINDOW:
        raise SignedOutsideWindow(f"signed at {at.isoformat()}, here it is {now.isoformat()}")
    return Signed(str(found.parameters["keyid"]), at, nonce)


def _moment(created: int) -> datetime:
    try:
        return datetime.fromtimestamp(created, UTC)
    except (OverflowError, ValueError, OSError) as error:
        raise BadSignature("created is no moment") from error


def _covered(request: Outgoing) -> tuple[str, ...]:
    there = {name.lower() for name in request.headers}
    return (*ALWAYS, *(name for name in WHERE_THERE if name in there))


class _Verifier(HTTPMessageVerifier):
    """The library's, but for its clock: the moment is judged by ``check``."""

    def validate_created_and_expires(self, sig_input: InnerList, max_age: timedelta | None = None) -> None:
        """Judged by the caller, against the moment it was given."""


class _Key(HTTPSignatureKeyResolver):
    """One key, whatever it is called: who it belongs to was looked up before."""

    def __init__(self, private: Ed25519PrivateKey | None = None, public: Ed25519PublicKey | None = None) -> None:
        self._private, self._public = private, public

    def resolve_private_key(self, key_id: str) -> Any:
        del key_id
        return self._private

    def resolve_public_key(self, key_id: str) -> Any:
        del key_id
        return self._public
