"""Submissions as a kiosk makes them: content sealed to the county's key, in an envelope with an id of its own."""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping
from typing import Any

from contract.codes import ScoreBand, VerificationMethod
from contract.conformance.expectations import good
from contract.conformance.inspection import OK, Inspection
from contract.conformance.keys import TestKiosk
from contract.conformance.line import Reply
from contract.conformance.verdicts import NotRun
from contract.evidence import sign
from contract.message import Message
from contract.sealing import seal
from contract.submissions import (
    AppointmentRequest,
    ClockConfidence,
    Consent,
    EligibilityEvidence,
    SealedSubmission,
    SubmissionKind,
)


def sealed(
    inspection: Inspection, kind: SubmissionKind, content: Message | dict[str, Any], **other: Any
) -> SealedSubmission:
    """An envelope around ``content``; ``other`` replaces single fields of it."""
    reply = inspection.ask("keys")
    if reply.status != OK:
        raise NotRun(f"no key to seal to: {reply.status} (see county.keys)")
    key = reply.json()["sealing"]
    told = content.model_dump_json() if isinstance(content, Message) else json.dumps(content, ensure_ascii=False)
    fields: dict[str, Any] = {
        "submission_id": str(uuid.uuid4()),
        "kind": kind,
        "made_at": inspection.now(),
        "offline": False,
        "key_id": key["key_id"],
        "sealed": seal(told.encode(), key["public_key"], kind.value),
    }
    return SealedSubmission(**(fields | other))


def appointment(inspection: Inspection, entry: str, wanted: str = "home_visit") -> AppointmentRequest:
    """The harmless submission: a test person asks for a visit."""
    person = inspection.person(entry)
    return AppointmentRequest(
        social_security_no=person.social_security_no, name=person.name, purpose="eligibility_verification",
        wanted=wanted, site=inspection.persons.site, kiosk="conformance kit",
    )  # fmt: skip


def wish(inspection: Inspection, entry: str, **other: Any) -> SealedSubmission:
    """An appointment of ``entry``, sealed."""
    return sealed(inspection, SubmissionKind.APPOINTMENT, appointment(inspection, entry), **other)


def evidence(
    inspection: Inspection, reference: str, standing: Mapping[str, Any], signer: TestKiosk | None = None, **other: Any
) -> SealedSubmission:
    """A finger that matched, with consent, signed by the kiosk (or by ``signer``) and sealed; ``other``: its fields."""
    kiosk = inspection.kiosk()
    fields: dict[str, Any] = {
        "resident": reference, "benefit": standing.get("benefit", ""), "method": VerificationMethod.KIOSK_FINGERPRINT,
        "performed_at": inspection.now(), "clock_confidence": ClockConfidence.SURE, "site": inspection.persons.site,
        "kiosk": "conformance kit", "kiosk_key": kiosk.enrolment.key_id, "attempts": 1,
        "score_band": ScoreBand.MIDDLE, "sensor": "ef01", "consent": Consent(text_version="kit", given=True),
        "nonce": standing.get("nonce", ""),
    }  # fmt: skip
    statement = sign(EligibilityEvidence(**(fields | other)), (signer or kiosk).signing)
    return sealed(inspection, SubmissionKind.ELIGIBILITY_VERIFICATION, statement)


def handed_in(
    inspection: Inspection, envelope: SealedSubmission, sitting: str = "", kiosk: TestKiosk | None = None
) -> Reply:
    """The answer to a submission at its own address."""
    return inspection.ask(
        address_of(envelope), envelope, sitting=sitting, idempotency=envelope.submission_id, kiosk=kiosk
    )


def address_of(envelope: SealedSubmission) -> str:
    """The key of the address that a submission goes to."""
    return "verify-eligibility" if envelope.kind is SubmissionKind.ELIGIBILITY_VERIFICATION else "submit"


def answered(inspection: Inspection, envelope: SealedSubmission, sitting: str = "") -> Any:
    """The good answer to a submission, checked against its form."""
    return good(handed_in(inspection, envelope, sitting), address_of(envelope))
