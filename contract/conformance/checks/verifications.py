"""Evidence that a pensioner was seen alive: counted once, of the right person, signed by the kiosk that saw them."""

from __future__ import annotations

import secrets
from typing import Any

from contract.codes import AnswerStatus
from contract.conformance.check import check
from contract.conformance.checks.residents import STATES
from contract.conformance.envelopes import answered, evidence, handed_in
from contract.conformance.expectations import good, refused
from contract.conformance.inspection import OK, Inspection
from contract.conformance.keys import fresh_kiosk
from contract.conformance.verdicts import NotRun, must
from contract.problems import ProblemType

DONE = (AnswerStatus.ACCEPTED, AnswerStatus.ALREADY_VALID)


def _due(inspection: Inspection) -> tuple[str, Any]:
    """Sitting and standing of the pensioner, whose verification is open."""
    sitting = inspection.sitting_of("pensioner_due")
    reply = inspection.ask("eligibility", sitting=sitting)
    told = reply.json() if reply.status == OK else {}
    if told.get("state") not in STATES:
        raise NotRun(f"the pensioner is {told.get('state')}: verified by an earlier run, or see resident.eligibility")
    return sitting, told


@check(
    "submission.wrong-nonce", "Evidence without the sitting's nonce verifies nobody.",
    "Compare the nonce of online evidence with the one given in this sitting; where it differs answer with the status "
    "refused (200), and move no due date.",
)  # fmt: skip
def wrong_nonce(inspection: Inspection) -> None:
    """A made-up nonce, then none."""
    sitting, standing = _due(inspection)
    for nonce in (secrets.token_hex(16), ""):
        told = answered(
            inspection, evidence(inspection, inspection.references[sitting], standing, nonce=nonce), sitting
        )
        must(told["status"] not in DONE, f"evidence with a nonce that was never given is {told['status']}")


@check(
    "submission.verification", "A verification counts, and the pensioner is done for this period.",
    "Take evidence with the sitting's nonce and consent: answer accepted with next_due; from then on the state is not "
    "due, and another verification is already_valid.",
    operations=("verify-eligibility",),
)  # fmt: skip
def verification(inspection: Inspection) -> None:
    """Evidence, then how the pensioner stands; a pensioner whom an earlier run verified is already valid."""
    sitting = inspection.sitting_of("pensioner_due")
    standing = good(inspection.ask("eligibility", sitting=sitting), "eligibility")
    told = answered(inspection, evidence(inspection, inspection.references[sitting], standing), sitting)
    wanted = AnswerStatus.ACCEPTED if standing["state"] in STATES else AnswerStatus.ALREADY_VALID
    must(told["status"] == wanted, f"the pensioner was {standing['state']}, the answer is {told['status']}")
    after = good(inspection.ask("eligibility", sitting=sitting), "eligibility")
    must(after["state"] not in STATES, f"after the verification the state is still {after['state']}")


@check(
    "submission.unproven", "Evidence that the kiosk did not sign is refused.",
    "Check the signature of the statement with a key of the kiosk that sends it, over the text as it came "
    "(contract/evidence.py); answer 422 evidence-unproven.",
    refusals=(ProblemType.EVIDENCE_UNPROVEN,),
)  # fmt: skip
def unproven(inspection: Inspection) -> None:
    """Signed by nobody the county knows, then under a key that is another's."""
    sitting = inspection.sitting_of("pensioner_due")
    reference, stranger = inspection.references[sitting], fresh_kiosk("nobody")
    by_nobody = evidence(inspection, reference, {}, stranger)
    renamed = evidence(inspection, reference, {}, stranger, kiosk_key=stranger.enrolment.key_id)
    for envelope in (by_nobody, renamed):
        refused(handed_in(inspection, envelope, sitting), ProblemType.EVIDENCE_UNPROVEN)


@check(
    "submission.others-evidence", "In one's sitting nobody else is verified.",
    "Compare the reference in the statement with the resident of the sitting; answer 403 not-this-resident.",
    refusals=(ProblemType.NOT_THIS_RESIDENT,),
)  # fmt: skip
def others_evidence(inspection: Inspection) -> None:
    """The reference of the insured in the sitting of the pensioner."""
    inspection.sitting_of("insured")
    others = next(reversed(inspection.references.values()))
    sitting, standing = _due(inspection)
    reply = handed_in(inspection, evidence(inspection, others, standing), sitting)
    refused(reply, ProblemType.NOT_THIS_RESIDENT)


CHECKS = (others_evidence, unproven, wrong_nonce, verification)
