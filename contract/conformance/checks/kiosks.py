"""How a kiosk becomes known, and that nobody else is served."""

from __future__ import annotations

from contract.codes import KioskState
from contract.conformance.check import check
from contract.conformance.expectations import good, refused
from contract.conformance.inspection import Inspection
from contract.conformance.keys import TestKiosk, fresh_kiosk
from contract.conformance.verdicts import must
from contract.problems import ProblemType


@check(
    "kiosk.enrolment", "A kiosk that shows its keys learns how it stands; the kit's own are approved.",
    "key_id and fingerprint are made of both keys (contract/enrolment.py). If the state is pending: compare the "
    "fingerprint in the summary with the one your registry shows, approve it, run the kit again.",
    operations=("enrol",),
)  # fmt: skip
def enrolment(inspection: Inspection) -> None:
    """Standing, key id and fingerprint of each of the kit's kiosks; the same when asked again."""
    for kiosk in (*inspection.kiosks, *inspection.kiosks):
        standing = good(inspection.enrolled(kiosk), "enrol")
        must(standing["key_id"] == kiosk.enrolment.key_id, f"key_id is {standing['key_id']}")
        must(standing["fingerprint"] == kiosk.enrolment.fingerprint, f"fingerprint is {standing['fingerprint']}")
        told = f"the kit's kiosk {kiosk.enrolment.fingerprint} is {standing['state']}"
        must(standing["state"] == KioskState.APPROVED, told)


@check(
    "kiosk.others-key", "Nobody enrols a key that they do not hold.",
    "Check the signature of an enrolment with the signing_key inside the body, and that keyid is made of both keys.",
    refusals=(ProblemType.SIGNATURE_WRONG,),
)  # fmt: skip
def others_key(inspection: Inspection) -> None:
    """One kiosk's keys, signed by another; then a key id that is not that of the keys."""
    one, other = fresh_kiosk("conformance kit, leave pending"), fresh_kiosk("conformance kit, leave pending")
    mixed = TestKiosk(other.signing, one.receiving)
    request = inspection.request("enrol", one.enrolment)
    inspection.signed(request, TestKiosk(other.signing, other.receiving))
    refused(inspection.line.send(request), ProblemType.SIGNATURE_WRONG)
    request = inspection.request("enrol", one.enrolment)
    refused(inspection.line.send(inspection.signed(request, mixed)), ProblemType.SIGNATURE_WRONG)


@check(
    "kiosk.unknown", "A kiosk that never enrolled is told so.",
    "Look the keyid up before anything else; where it is unknown answer 401 kiosk-unknown, so that the kiosk enrols.",
    refusals=(ProblemType.KIOSK_UNKNOWN,),
)  # fmt: skip
def unknown(inspection: Inspection) -> None:
    """A good signature of nobody."""
    request = inspection.signed(inspection.request("insurance"), fresh_kiosk("nobody"))
    refused(inspection.line.send(request), ProblemType.KIOSK_UNKNOWN)


@check(
    "kiosk.not-approved", "A kiosk that nobody approved gets nothing but its standing.",
    "A new kiosk is pending until a person has compared its fingerprint; until then answer 403 kiosk-not-approved.",
    refusals=(ProblemType.KIOSK_NOT_APPROVED,),
)  # fmt: skip
def not_approved(inspection: Inspection) -> None:
    """A new kiosk asks at once."""
    newcomer = fresh_kiosk("conformance kit, leave pending")
    reply = inspection.enrolled(newcomer)
    if reply.problem == ProblemType.KIOSK_NOT_APPROVED:
        return  # too many wait already: it is refused from the first
    standing = good(reply, "enrol")
    must(standing["state"] == KioskState.PENDING, f"a kiosk that nobody approved is {standing['state']}")
    request = inspection.signed(inspection.request("insurance"), newcomer)
    refused(inspection.line.send(request), ProblemType.KIOSK_NOT_APPROVED)


CHECKS = (enrolment, others_key, unknown, not_approved)
