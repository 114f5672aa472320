"""Who asks: nothing personal is told, nothing is taken, unless a known kiosk signed exactly this request, once."""

from __future__ import annotations

import secrets

from contract.conformance.check import check
from contract.conformance.expectations import refused
from contract.conformance.inspection import FIRST, OK, SECOND, Inspection
from contract.conformance.keys import TestKiosk
from contract.conformance.verdicts import NotRun, must
from contract.examples import EXAMPLES
from contract.message import SITTING_HEADER
from contract.operation import Asker
from contract.operations import OPERATIONS
from contract.problems import ProblemType as No
from contract.signatures import DIGEST_HEADER, INPUT_HEADER, SIGNATURE_HEADER, Outgoing, sign

VERIFY = "Verify the signature (RFC 9421, Ed25519) over every covered part before any other work"


def _known(inspection: Inspection) -> None:
    if not inspection.known:
        raise NotRun("the first kiosk is not approved (see kiosk.enrolment)")


def _asking(inspection: Inspection, sitting: str = "") -> Outgoing:
    """A request that would be answered: the insurance of a person in a sitting."""
    _known(inspection)
    return inspection.request("insurance", sitting=sitting or inspection.sitting_of("insured"))


@check(
    "signature.missing", "No address but the public ones answers a request without a signature.",
    f'{VERIFY}: where Signature-Input names none with tag="kiosk", answer 401 not-signed at every such address.',
    refusals=(No.NOT_SIGNED,),
)  # fmt: skip
def missing(inspection: Inspection) -> None:
    """Every signed address of the table, with a body it would take."""
    for row in OPERATIONS:
        if row.asker is not Asker.ANYBODY:
            place = {parameter.name: "1" for parameter in row.parameters if parameter.place == "path"}
            body = EXAMPLES[row.asks] if row.asks is not None else None
            refused(inspection.line.send(inspection.request(row.key, body, place=place)), No.NOT_SIGNED)


@check(
    "signature.stripped", "A signature that was taken away on the road is missed.",
    f"{VERIFY}: Signature-Input without Signature is refused as well.", refusals=(No.NOT_SIGNED,),
)  # fmt: skip
def stripped(inspection: Inspection) -> None:
    """One of the two headers gone, either one."""
    for header in (SIGNATURE_HEADER, INPUT_HEADER):
        request = inspection.signed(_asking(inspection))
        del request.headers[header]
        refused(inspection.line.send(request), No.NOT_SIGNED, No.SIGNATURE_WRONG)


@check(
    "signature.forged", "A signature that does not fit is refused.",
    f"{VERIFY}, with the key that belongs to keyid.", refusals=(No.SIGNATURE_WRONG,),
)  # fmt: skip
def forged(inspection: Inspection) -> None:
    """The signature of another request."""
    request, other = inspection.signed(_asking(inspection)), inspection.signed(_asking(inspection))
    request.headers[SIGNATURE_HEADER] = other.headers[SIGNATURE_HEADER]
    refused(inspection.line.send(request), No.SIGNATURE_WRONG)


@check(
    "signature.other-kiosk", "One approved kiosk cannot speak as another.",
    f"{VERIFY}, with the key that belongs to keyid: never with whichever key fits.", refusals=(No.SIGNATURE_WRONG,),
)  # fmt: skip
def other_kiosk(inspection: Inspection) -> None:
    """The second kiosk signs under the name of the first."""
    request, first, second = _asking(inspection), inspection.kiosk(FIRST), inspection.kiosk(SECOND)
    _sign_as(inspection, request, second, first.enrolment.key_id)
    refused(inspection.line.send(request), No.SIGNATURE_WRONG)


@check(
    "signature.changed", "Body, query, path and method cannot be changed after signing.",
    f"{VERIFY}: @method, @path, @query and content-digest; compare Content-Digest with the body that came.",
    refusals=(No.SIGNATURE_WRONG,),
)  # fmt: skip
def changed(inspection: Inspection) -> None:
    """Each of them in turn."""
    _known(inspection)
    sitting = inspection.sitting_of("insured")
    asked = inspection.signed(inspection.request("contributions", sitting=sitting, query={"year": 2024}))
    asked.target = asked.target.replace("2024", "2025")
    path = inspection.signed(inspection.request("insurance", sitting=sitting))
    path.target = path.target.replace("insurance", "eligibility")
    method = inspection.signed(Outgoing("DELETE", "/v1/staff/sessions/current"))
    method.method = "GET"
    body = inspection.signed(inspection.request("open-sitting", inspection.card(inspection.person("insured"))))
    body.body = body.body.replace(b'"proven":false', b'"proven":true ')
    for request in (asked, path, method, body):
        refused(inspection.line.send(request), No.SIGNATURE_WRONG)


@check(
    "signature.digest", "A body without its digest is refused.",
    "Where there is a body, Content-Digest has to be there and covered; else the body is not signed at all.",
    refusals=(No.SIGNATURE_WRONG,),
)  # fmt: skip
def digest(inspection: Inspection) -> None:
    """Signed as if there were no body, then sent with one."""
    _known(inspection)
    request = inspection.signed(inspection.request("open-sitting"))
    request.body = inspection.request("open-sitting", inspection.card(inspection.person("insured"))).body
    request.headers.pop(DIGEST_HEADER, None)
    refused(inspection.line.send(request), No.SIGNATURE_WRONG)


@check(
    "signature.uncovered-sitting", "A sitting that was put in after signing is refused.",
    "Where Kiosk-Sitting, Staff-Session or Idempotency-Key are sent, the signature has to cover them.",
    refusals=(No.SIGNATURE_WRONG,),
)  # fmt: skip
def uncovered(inspection: Inspection) -> None:
    """Signed without it, sent with it."""
    sitting = inspection.sitting_of("insured")
    request = inspection.signed(inspection.request("insurance"))
    request.headers[SITTING_HEADER] = sitting
    refused(inspection.line.send(request), No.SIGNATURE_WRONG)


@check(
    "signature.replayed", "The same request counts once.",
    "Keep every nonce for as long as its moment would still be taken, in the database and not in the memory of one "
    "process; a second request with the same nonce of the same kiosk gets 401 replayed.",
    refusals=(No.REPLAYED,),
)  # fmt: skip
def replayed(inspection: Inspection) -> None:
    """The very same request, then another one under the same nonce."""
    request = inspection.signed(_asking(inspection))
    first = inspection.line.send(request)
    must(first.status == OK, f"{first.asked} answered {first.status} {first.problem} to a good signature")
    refused(inspection.line.send(request), No.REPLAYED)
    nonce = secrets.token_urlsafe(18)
    inspection.line.send(inspection.signed(_asking(inspection), nonce=nonce))
    again = inspection.request("eligibility", sitting=inspection.sitting_of("insured"))
    refused(inspection.line.send(inspection.signed(again, nonce=nonce)), No.REPLAYED)


@check(
    "signature.short-nonce", "A nonce has 16 to 64 characters.",
    "Refuse shorter and longer nonces: short ones repeat by chance, long ones fill your database.",
    refusals=(No.SIGNATURE_WRONG,),
)  # fmt: skip
def short_nonce(inspection: Inspection) -> None:
    """One too short, one too long."""
    for nonce in (secrets.token_hex(4), secrets.token_hex(40)):
        refused(inspection.line.send(inspection.signed(_asking(inspection), nonce=nonce)), No.SIGNATURE_WRONG)


def _sign_as(inspection: Inspection, request: Outgoing, kiosk: TestKiosk, key_id: str) -> None:
    sign(request, kiosk.signing, key_id, inspection.now(), secrets.token_urlsafe(18))


CHECKS = (missing, stripped, forged, other_kiosk, changed, digest, uncovered, replayed, short_nonce)
