"""Who asks: before any route runs, the signature of every request that the contract does not leave open is proven."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from flask import g, request

from contract.codes import KioskState
from contract.enrolment import BadKey, KioskEnrolment, signing_key
from contract.operation import Asker
from contract.operations import operation_at
from contract.problems import ProblemType
from contract.signatures import BadSignature, Outgoing, SignedOutsideWindow, check, claimed_key
from county.asking import read
from county.hub import hub
from county.kiosks import Kiosk, kiosk_of, remember_nonce
from county.refusals import Refused


@dataclass(frozen=True)
class Proven:
    """The kiosk whose key signed the request; None where it enrols itself just now."""

    kiosk: Kiosk | None


def prove_asker() -> None:
    """Refuse what is not signed as the contract's table says; ``g.proven`` afterwards. Runs before every request."""
    if request.url_rule is None:
        return  # no such address: 404 says so
    path = request.url_rule.rule.replace("<", "{").replace(">", "}")
    operation = operation_at(request.method, path)
    if operation is None or operation.asker is Asker.ANYBODY:
        return
    if operation.asker is Asker.KEY:
        _prove(_own_key())
        g.proven = Proven(None)
        return
    kiosk = _known()
    _prove(kiosk.key)
    if kiosk.state is not KioskState.APPROVED:
        raise Refused(ProblemType.KIOSK_NOT_APPROVED, f"this kiosk is {kiosk.state}")
    g.proven = Proven(kiosk)


def _known() -> Kiosk:
    try:
        named = claimed_key(dict(request.headers))
    except BadSignature as error:
        raise Refused(ProblemType.NOT_SIGNED, str(error)) from error
    with hub().store.reading() as connection:
        kiosk = kiosk_of(connection, named, hub().clock.now())
    if kiosk is None:
        raise Refused(ProblemType.KIOSK_UNKNOWN)
    return kiosk


def _own_key() -> Ed25519PublicKey:
    try:
        enrolment = read(KioskEnrolment)
        key = signing_key(enrolment.signing_key)
        if claimed_key(dict(request.headers)) != enrolment.key_id:
            raise Refused(ProblemType.SIGNATURE_WRONG, "keyid is not that of the keys shown")
    except BadSignature as error:
        raise Refused(ProblemType.NOT_SIGNED, str(error)) from error
    except BadKey as error:
        raise Refused(ProblemType.MALFORMED, "the keys shown cannot be read") from error
    return key


def _prove(key: Ed25519PublicKey) -> None:
    now = hub().clock.now()
    try:
        signed = check(_as_signed(), key, now)
    except SignedOutsideWindow as error:
        raise Refused(ProblemType.CLOCK_WRONG, str(error)) from error
    except BadSignature as error:
        raise Refused(ProblemType.SIGNATURE_WRONG, str(error)) from error
    remember_nonce(hub().store, signed)


def _as_signed() -> Outgoing:
    query = request.query_string.decode("latin-1")
    target = quote(request.path, safe="/:@!$&'()*+,;=-._~") + (f"?{query}" if query else "")
    return Outgoing(request.method, target, dict(request.headers), request.get_data())
