"""What the QR of a receipt says: who issued which result when, signed by the kiosk. No name, no number of a person.

One line of printable ASCII, fields between dots, the signature last::

    HALL2.RZ.2026031000000017.1773106860s.510521109.P.5f2d1c0b4e3a2918.9k2rTGp1.a7.<86 characters>

kind, number, unix time and how sure it is (s, d, u), site, result, first half of the kiosk's key_id, salt, code of the
holder (both empty on a slip that is about nobody), Ed25519 over "hall-receipt", a line break, and all before the last
dot. Pure: key, salt and moment are handed in. Why the code is so short: docs/decisions/0021.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from contract.codes import Labelled
from contract.enrolment import BadKey, signing_key
from contract.key_list import KioskKey
from contract.submissions import ClockConfidence

FORM = "HALL2"
PURPOSE = b"hall-receipt\n"
ROUNDS = 600_000
"""Of PBKDF2-HMAC-SHA256: every browser has it. A fifth of a second here, most of one on a slow terminal."""
CODE_DIGITS = 2
"""Hexadecimal; 8 bits say "yours" falsely once in 256, and can never say whose it is."""
KEY_DIGITS = 16
SALT_BYTES = 6
LONGEST = 400
_SHAPE = re.compile(
    r"HALL2\.(?P<kind>[A-Z]{2})\.(?P<number>[0-9A-Za-z-]{1,24})\.(?P<at>[0-9]{1,11})(?P<sure>[sdu])\.(?P<site>[0-9]{6,12})"
    r"\.(?P<result>[A-Z])\.(?P<key>[0-9a-f]{16})\.(?P<salt>[0-9A-Za-z_-]{0,8})\.(?P<code>[0-9a-f]{0,2})"
    r"\.(?P<signature>[0-9A-Za-z_-]{86})",
    re.ASCII,
)
_SURE = {"s": ClockConfidence.SURE, "d": ClockConfidence.DRIFTING, "u": ClockConfidence.UNKNOWN}


class ReceiptKind(Labelled):
    """What a receipt is about."""

    VERIFICATION = "RZ", "养老待遇资格认证"
    INSURANCE = "CX", "参保信息"


class ReceiptResult(Labelled):
    """How far it came, as the paper says it."""

    PASSED = "P", "已通过"
    ALREADY_VALID = "V", "本期已认证"
    WAITING = "W", "已记下，等县里确认"
    COUNTER = "C", "请到窗口"
    QUERY = "Q", "仅供查询，不作证明"


class NoToken(ValueError):
    """Not a token of a receipt at all."""


@dataclass(frozen=True)
class ReceiptToken:
    """What a token says. ``key``: the first half of the kiosk's key_id; ``salt`` and ``code`` empty: about nobody."""

    kind: ReceiptKind
    number: str
    at: datetime
    sure: ClockConfidence
    site: str
    result: ReceiptResult
    key: str
    salt: str = ""
    code: str = ""

    def about(self, number: str) -> bool:
        """True where ``number`` (18 characters) is the holder's, or one of the 1 in 256 that look like it. Slow."""
        return bool(self.code) and hmac.compare_digest(self.code, code_of(number, self.salt))


@dataclass(frozen=True)
class Verdict:
    """What became of a check: the token, whose kiosk it is, and whether that key was good when it says it was made.

    ``kiosk`` None: no key of the list made this signature (forged, changed, or of another county).
    """

    token: ReceiptToken
    kiosk: KioskKey | None
    in_time: bool

    @property
    def genuine(self) -> bool:
        """True where a kiosk of the county issued it while its key was good."""
        return self.kiosk is not None and self.in_time


def code_of(number: str, salt: str) -> str:
    """The code of a holder: the beginning of a slow hash of the number under the token's salt."""
    raw = hashlib.pbkdf2_hmac("sha256", number.encode(), f"hall-receipt {salt}".encode(), ROUNDS)
    return raw.hex()[:CODE_DIGITS]


def salt_from(raw: bytes) -> str:
    """A salt as it stands in the token, from SALT_BYTES random bytes."""
    return base64.urlsafe_b64encode(raw).decode()


def issue(token: ReceiptToken, key: Ed25519PrivateKey) -> str:
    """The text of the QR."""
    text = _text(token)
    if _SHAPE.fullmatch(f"{text}.{'A' * 86}") is None:
        raise ValueError(f"{token.number!r} of {token.site!r} does not fit a receipt's token")
    signature = base64.urlsafe_b64encode(key.sign(PURPOSE + text.encode())).decode().rstrip("=")
    return f"{text}.{signature}"


def parse(text: str) -> ReceiptToken:
    """What a scanned or typed text says, not yet proven; NoToken. Blanks, and an address before it, are left out."""
    found = _found(text)
    try:
        return ReceiptToken(
            kind=ReceiptKind(found["kind"]), number=found["number"], at=datetime.fromtimestamp(int(found["at"]), UTC),
            sure=_SURE[found["sure"]], site=found["site"], result=ReceiptResult(found["result"]), key=found["key"],
            salt=found["salt"], code=found["code"],
        )  # fmt: skip
    except (ValueError, OverflowError, OSError) as error:
        raise NoToken("a receipt of a newer kind") from error


def verify(text: str, keys: Iterable[KioskKey]) -> Verdict:
    """Whether a kiosk of ``keys`` issued ``text``; NoToken where it is no token."""
    token, found = parse(text), _found(text)
    signed, _, _ = found[0].rpartition(".")
    signature = base64.urlsafe_b64decode(found["signature"] + "==")
    for kiosk in keys:
        if kiosk.key_id.startswith(token.key) and _made(kiosk, signature, signed):
            return Verdict(token, kiosk, in_time=kiosk.until is None or token.at < kiosk.until)
    return Verdict(token, None, in_time=False)


def _made(kiosk: KioskKey, signature: bytes, signed: str) -> bool:
    try:
        signing_key(kiosk.public_key).verify(signature, PURPOSE + signed.encode())
    except (InvalidSignature, BadKey):
        return False
    return True


def _found(text: str) -> re.Match[str]:
    found = _SHAPE.fullmatch("".join(text[:LONGEST].split()).rpartition("#")[2])
    if found is None:
        raise NoToken("not the code of a receipt")
    try:
        base64.urlsafe_b64decode(found["signature"] + "==")
    except binascii.Error as error:
        raise NoToken("not the code of a receipt") from error
    return found


def _text(token: ReceiptToken) -> str:
    sure = next(letter for letter, confidence in _SURE.items() if confidence is token.sure)
    return ".".join((
        FORM, token.kind.value, token.number, f"{int(token.at.timestamp())}{sure}", token.site, token.result.value,
        token.key[:KEY_DIGITS], token.salt, token.code,
    ))  # fmt: skip
