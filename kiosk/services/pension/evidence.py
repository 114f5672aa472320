"""The evidence of one verification: made once a visit, sealed and sent by the county's uplink."""

from __future__ import annotations

from contract.codes import VerificationMethod
from contract.submissions import (
    AppointmentRequest,
    Consent,
    EligibilityEvidence,
    SubmissionKind,
)
from kiosk.errors import CountyRefused
from kiosk.machine import Machine
from kiosk.services.pension.verification_memory import Passed, VerificationMemory
from kiosk.services.pension.verification_rules import Outcome, Result, outcome_of
from kiosk.states import ResidentSession
from kiosk.uplink import Acknowledgement

PURPOSE = "养老待遇资格认证"


def submit_evidence(here: Machine, memory: VerificationMemory, session: ResidentSession, passed: Passed) -> Outcome:
    """Send the evidence once; later calls of the same visit get the first one's outcome.

    Raises SessionEnded, CardSwapped or another KioskError where the card is not in any more: then nothing was sent.
    """
    with memory.lock:
        if memory.outcome is None:
            present = here.reception.check_card(session.token)
            memory.passed = passed
            memory.outcome = _sent(here, memory, present, passed)
        return memory.outcome


def _sent(here: Machine, memory: VerificationMemory, session: ResidentSession, passed: Passed) -> Outcome:
    offline = is_offline(here, memory, session)
    content = evidence(here, memory, session, passed, offline=offline)
    kind = SubmissionKind.ELIGIBILITY_VERIFICATION
    try:
        told = here.county.submit(kind, content, session, here.desk.serves, offline=offline)
    except CountyRefused:
        return Outcome(Result.COUNTER, "")
    return outcome_of(told)


def is_offline(here: Machine, memory: VerificationMemory, session: ResidentSession) -> bool:
    """True where the county took no part: no sitting, no word of it, or the line is down now."""
    known = memory.status is not None and bool(memory.status.nonce)
    return session.sitting is None or not known or not here.county.client.reachable


def evidence(
    here: Machine, memory: VerificationMemory, session: ResidentSession, passed: Passed, *, offline: bool
) -> EligibilityEvidence:
    """What the county is told. Offline it carries neither nonce nor benefit: both are the county's own words."""
    status = None if offline else memory.status
    locality, match = here.locality.verification, passed.match
    sensor = here.devices.fingerprint
    return EligibilityEvidence(
        social_security_no=session.resident.number.plain(),
        name=session.resident.name.plain(),
        benefit=status.benefit if status else "",
        method=method_of(passed),
        performed_at=here.county.feed.county_time.now(),
        clock_confidence=here.county.feed.county_time.confidence,
        site=here.settings.kiosk.site,
        kiosk=here.settings.kiosk.name,
        attempts=memory.ladder.attempts,
        score=match.score if match else None,
        sensor=sensor.name if sensor and match else "",
        witness=passed.clerk or None,
        consent=Consent(text_version=locality.consent_version, given=True) if memory.consented else None,
        nonce=status.nonce if status else "",
        offline=offline,
    )


def method_of(passed: Passed) -> VerificationMethod:
    """A finger where one matched, else the clerk."""
    return VerificationMethod.KIOSK_FINGERPRINT if passed.match else VerificationMethod.STAFF_WITNESS


def submit_appointment(here: Machine, memory: VerificationMemory, session: ResidentSession, wanted: str) -> str:
    """Ask the county for a person, once a visit; the number to keep. Raises CountyRefused, or as above."""
    with memory.lock:
        if not memory.appointment:
            present = here.reception.check_card(session.token)
            memory.appointment = appointment_number(_asked_for(here, present, wanted))
        return memory.appointment


def _asked_for(here: Machine, session: ResidentSession, wanted: str) -> Acknowledgement:
    content = AppointmentRequest(
        social_security_no=session.resident.number.plain(), name=session.resident.name.plain(), purpose=PURPOSE,
        wanted=wanted, site=here.settings.kiosk.site, kiosk=here.settings.kiosk.name,
    )  # fmt: skip
    cut = not here.county.client.reachable
    return here.county.submit(SubmissionKind.APPOINTMENT, content, session, here.desk.serves, offline=cut)


def appointment_number(told: Acknowledgement) -> str:
    """The county's number where it gave one, else our own."""
    return (told.answer.result_number if told.answer else "") or told.number
