"""The evidence of one verification: made once a visit, sealed and sent by the county's uplink."""

from __future__ import annotations

import secrets

from contract.codes import VerificationMethod
from contract.evidence import Holder, SignedEvidence, band_of, mark_of, sign
from contract.submissions import (
    AppointmentRequest,
    Consent,
    EligibilityEvidence,
    SubmissionKind,
)
from kiosk.county_errors import CountyRefused
from kiosk.machine import Machine
from kiosk.services.pension.verification_memory import Appointed, Passed, VerificationMemory
from kiosk.services.pension.verification_rules import Outcome, Result, outcome_of
from kiosk.states import ResidentSession
from kiosk.uplink import Acknowledged, Acknowledgement

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
) -> SignedEvidence:
    """What the county is told, signed by this kiosk. Offline it carries neither nonce nor benefit: the county's words.

    The resident goes by the county's reference; where there was no sitting by a mark, and the number beside it, sealed.
    """
    status = None if offline else memory.status
    locality, match, time = here.locality.verification, passed.match, here.county.feed.county_time
    sensor, signer, holder = here.devices.fingerprint, here.county.signer, holder_of(session)
    told = EligibilityEvidence(
        resident=mark_of(holder.social_security_no, holder.salt) if holder else session.resident.reference,
        benefit=status.benefit if status else "",
        method=method_of(passed),
        performed_at=time.now(),
        clock_confidence=time.confidence,
        site=here.settings.kiosk.site,
        kiosk=here.settings.kiosk.name,
        kiosk_key=signer.enrolment.key_id,
        attempts=memory.ladder.attempts,
        score_band=band_of(match.score if match else None),
        sensor=sensor.name if sensor and match else "",
        witness=passed.clerk or None,
        consent=Consent(text_version=locality.consent_version, given=True) if memory.consented else None,
        nonce=status.nonce if status else "",
        offline=offline,
    )
    return sign(told, signer.keys.signing, holder)


def holder_of(session: ResidentSession) -> Holder | None:
    """Who it is about, where the county never said by which reference it knows them."""
    if session.sitting is not None:
        return None
    number, name = session.resident.number.plain(), session.resident.name.plain()
    return Holder(social_security_no=number, name=name, salt=secrets.token_urlsafe(18))


def method_of(passed: Passed) -> VerificationMethod:
    """A finger where one matched, else the clerk."""
    return VerificationMethod.KIOSK_FINGERPRINT if passed.match else VerificationMethod.STAFF_WITNESS


def submit_appointment(here: Machine, memory: VerificationMemory, session: ResidentSession, wanted: str) -> Appointed:
    """Ask the county for a person, once a visit. Raises CountyRefused, or as above."""
    with memory.lock:
        if memory.appointment is None:
            present = here.reception.check_card(session.token)
            memory.appointment = appointed(_asked_for(here, present, wanted))
        return memory.appointment


def _asked_for(here: Machine, session: ResidentSession, wanted: str) -> Acknowledgement:
    content = AppointmentRequest(
        social_security_no=session.resident.number.plain(), name=session.resident.name.plain(), purpose=PURPOSE,
        wanted=wanted, site=here.settings.kiosk.site, kiosk=here.settings.kiosk.name,
    )  # fmt: skip
    cut = not here.county.client.reachable
    return here.county.submit(SubmissionKind.APPOINTMENT, content, session, here.desk.serves, offline=cut)


def appointed(told: Acknowledgement) -> Appointed:
    """With the county's number where it gave one, else our own; only the county's word confirms it."""
    number = (told.answer.result_number if told.answer else "") or told.number
    return Appointed(number, told.state is Acknowledged.ACCEPTED)
