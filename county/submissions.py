"""Submissions: opened with the hub's key, judged once; the same key gets the same answer for ever."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from datetime import date, datetime

from pydantic import ValidationError
from sqlalchemy import Connection, func, insert, select

from contract.codes import AnswerStatus, VerificationMethod
from contract.evidence import SignedEvidence
from contract.problems import ProblemType
from contract.sealing import CannotOpen, unseal
from contract.submissions import (
    AppointmentRequest,
    CountyAnswer,
    EligibilityEvidence,
    SealedSubmission,
    SubmissionKind,
)
from county.accounts import is_clerk
from county.backends import Person
from county.clock import local_day
from county.databases import hold
from county.eligibility import DONE, PensionRecord, state_of
from county.keys import CountyKey
from county.models import cases, submissions
from county.refusals import Refused
from county.registers import keep_pension, number_of, pension_of, resident_numbered, resident_referenced
from county.signing.evidence import checked, is_spent, keep
from county.sittings import OpenSitting, known_sitting, sittings_of
from county.trust.plain import check_json

EARLIEST, LATEST = 2000, 2200
Content = EligibilityEvidence | AppointmentRequest
Sealed = SignedEvidence | AppointmentRequest


@dataclass(frozen=True)
class Delivery:
    """One submission as it arrived: envelope, what was sealed in it, what that says; the sitting's token, the kiosk."""

    envelope: SealedSubmission
    sealed: Sealed
    content: Content
    token: str
    kiosk: str
    now: datetime

    @property
    def number(self) -> str:
        """The number of whoever it is about; "" where it names them by the hub's own reference."""
        match self.sealed:
            case AppointmentRequest():
                return self.sealed.social_security_no
            case SignedEvidence(holder=holder):
                return holder.social_security_no if holder else ""

    @property
    def made_offline(self) -> bool:
        """True where the kiosk was cut off from the county when it was made."""
        return self.envelope.offline or (isinstance(self.content, EligibilityEvidence) and self.content.offline)


def opened(envelope: SealedSubmission, key: CountyKey) -> Sealed:
    """What is inside the envelope; UNKNOWN_KEY where it names another key, MALFORMED where it is not what it says."""
    mine = key.named(envelope.key_id)
    if mine is None:
        raise Refused(ProblemType.UNKNOWN_KEY, "sealed to a key this hub does not hold")
    kind = SignedEvidence if envelope.kind is SubmissionKind.ELIGIBILITY_VERIFICATION else AppointmentRequest
    try:
        opened_text = unseal(envelope.sealed, mine.private, envelope.kind.value)
        content = kind.model_validate_json(opened_text)
    except CannotOpen:
        raise Refused(ProblemType.MALFORMED, "the sealed content cannot be opened") from None
    except ValidationError:
        raise Refused(ProblemType.MALFORMED, "the sealed content is not what its kind says") from None
    check_json(opened_text)
    return content


def delivery_of(
    connection: Connection, envelope: SealedSubmission, sealed: Sealed, *, token: str, kiosk: str, now: datetime
) -> Delivery:
    """The submission with its content proven; EVIDENCE_UNPROVEN, or MALFORMED for a moment no kiosk can have met."""
    content = checked(connection, sealed, kiosk) if isinstance(sealed, SignedEvidence) else sealed
    told = (envelope.made_at, content.performed_at if isinstance(content, EligibilityEvidence) else envelope.made_at)
    if not all(EARLIEST <= moment.year <= LATEST for moment in told):
        raise Refused(ProblemType.MALFORMED, "a moment that no kiosk can have met")
    return Delivery(envelope, sealed, content, token, kiosk, now)


def receive(connection: Connection, delivery: Delivery) -> CountyAnswer:
    """The answer to ``delivery``; an earlier answer to the same key is given again, another body refused."""
    hold(connection, "submissions")  # the running number, and the same submission sent twice at once
    earlier = answered_before(connection, delivery.envelope)
    return earlier or _receive_first(connection, delivery, _hash_of(delivery.envelope))


def person_of(connection: Connection, delivery: Delivery) -> Person:
    """Whom it is about, as a county's own system knows them; refused as ``receive`` would refuse it."""
    resident = _subject(connection, delivery)
    return Person(resident, number_of(connection, resident))


def answered_before(connection: Connection, envelope: SealedSubmission) -> CountyAnswer | None:
    """The answer to the same submission, which needs no key to be given again; KEY_REUSED for another body."""
    known = select(submissions.c.body_hash, submissions.c.answer)
    earlier = connection.execute(known.where(submissions.c.submission_id == envelope.submission_id)).one_or_none()
    if earlier is None:
        return None
    if earlier.body_hash != _hash_of(envelope):
        raise Refused(ProblemType.KEY_REUSED)
    return CountyAnswer.model_validate_json(earlier.answer)


def _hash_of(envelope: SealedSubmission) -> str:
    return hashlib.sha256(envelope.model_dump_json().encode()).hexdigest()


def _receive_first(connection: Connection, delivery: Delivery, body_hash: str) -> CountyAnswer:
    resident = _subject(connection, delivery)
    hold(connection, f"resident:{resident}")
    number = (connection.scalar(select(func.max(submissions.c.id))) or 0) + 1
    result_number = f"{local_day(delivery.now):%Y%m%d}{number:08}"
    match delivery.content:
        case EligibilityEvidence():
            answer = _verify(connection, delivery, delivery.content, resident, result_number)
        case AppointmentRequest():
            answer = CountyAnswer(status=AnswerStatus.ACCEPTED, result_number=result_number)
    row = {
        "id": number,
        "submission_id": delivery.envelope.submission_id,
        "kind": delivery.envelope.kind.value,
        "body_hash": body_hash,
        "resident": resident,
        "made_at": delivery.envelope.made_at,
        "received_at": delivery.now,
        "offline": delivery.made_offline,
        "answer": answer.model_dump_json(),
        "content": delivery.sealed.model_dump_json(),
    }
    connection.execute(insert(submissions).values(row))
    if isinstance(delivery.sealed, SignedEvidence) and isinstance(delivery.content, EligibilityEvidence):
        keep(connection, number, delivery.sealed, delivery.content)
    if isinstance(delivery.content, AppointmentRequest):
        _open_case(connection, number, resident, delivery)
    return answer


def _subject(connection: Connection, delivery: Delivery) -> int:
    """Whom it is about. Made online, it needs a sitting of that resident in which it was made."""
    resident = _named(connection, delivery)
    if resident is None:
        raise Refused(ProblemType.UNKNOWN_RESIDENT if delivery.envelope.offline else ProblemType.NOT_THIS_RESIDENT)
    if not delivery.envelope.offline and not _sittings_behind(connection, delivery, resident):
        raise Refused(ProblemType.NOT_THIS_RESIDENT)
    return resident


def _named(connection: Connection, delivery: Delivery) -> int | None:
    if isinstance(delivery.content, EligibilityEvidence) and not delivery.number:
        return resident_referenced(connection, delivery.content.resident)
    return resident_numbered(connection, delivery.number)


def _sittings_behind(connection: Connection, delivery: Delivery, resident: int) -> list[OpenSitting]:
    """The resident's sittings it was made in: that of its token, or (a late try, the card long gone) of its kiosk."""
    if delivery.token:
        named = known_sitting(connection, delivery.token)
        mine = named is not None and (named.resident, named.kiosk) == (resident, delivery.kiosk)
        found = [named] if named is not None and mine else []
    else:
        found = sittings_of(connection, resident, delivery.kiosk)
    return [sitting for sitting in found if _was_made_in(sitting, delivery)]


def _was_made_in(sitting: OpenSitting, delivery: Delivery) -> bool:
    """In time by the hub's own clock; only a late try is judged by what the kiosk says of the time."""
    return _arrived_in(sitting, delivery) or sitting.lived_at(delivery.envelope.made_at)


def _arrived_in(sitting: OpenSitting, delivery: Delivery) -> bool:
    return bool(delivery.token) and sitting.lives(delivery.now)


def _verify(
    connection: Connection, delivery: Delivery, evidence: EligibilityEvidence, resident: int, result_number: str
) -> CountyAnswer:
    pension = pension_of(connection, resident)
    if pension is None or pension.death_hint or pension.ended_on:
        return CountyAnswer(status=AnswerStatus.NEEDS_COUNTER)
    if state_of(pension, local_day(delivery.now)) in DONE:
        return CountyAnswer(status=AnswerStatus.ALREADY_VALID, next_due=pension.next_due)
    if not _holds(connection, delivery, evidence, resident):
        return CountyAnswer(status=AnswerStatus.REFUSED)
    renewed = _renewed(pension, evidence.method, _performed_on(connection, delivery, evidence, resident))
    keep_pension(connection, resident, renewed)
    return CountyAnswer(status=AnswerStatus.ACCEPTED, result_number=result_number, next_due=renewed.next_due)


def _performed_on(connection: Connection, delivery: Delivery, evidence: EligibilityEvidence, resident: int) -> date:
    """Today for what arrives within its sitting, whatever the kiosk's clock says; else what it says, never later."""
    if not delivery.made_offline:
        behind = _sittings_behind(connection, delivery, resident)
        if any(_arrived_in(sitting, delivery) for sitting in behind):
            return local_day(delivery.now)
    return local_day(min(evidence.performed_at, delivery.now))


def _renewed(pension: PensionRecord, method: VerificationMethod, performed: date) -> PensionRecord:
    """The record after a success: its day counts, never an earlier one than known."""
    verified = max(performed, pension.last_verified_on or performed)
    return replace(pension, last_verified_on=verified, last_method=method, suspended_since=None)


def _holds(connection: Connection, delivery: Delivery, evidence: EligibilityEvidence, resident: int) -> bool:
    """True where the evidence shows a living person: a matched finger with consent, or a clerk who exists."""
    spent = isinstance(delivery.sealed, SignedEvidence) and is_spent(connection, delivery.sealed, evidence.nonce)
    if spent or not _fresh(connection, delivery, evidence, resident):
        return False
    match evidence.method:
        case VerificationMethod.KIOSK_FINGERPRINT:
            return evidence.consent is not None and evidence.consent.given
        case VerificationMethod.STAFF_WITNESS:
            return is_clerk(connection, evidence.witness)
        case _:
            return False


def _fresh(connection: Connection, delivery: Delivery, evidence: EligibilityEvidence, resident: int) -> bool:
    """Online evidence carries the nonce of its sitting; offline evidence has none and is marked."""
    if delivery.made_offline:
        return True
    return any(sitting.nonce == evidence.nonce for sitting in _sittings_behind(connection, delivery, resident))


def _open_case(connection: Connection, number: int, resident: int, delivery: Delivery) -> None:
    assert isinstance(delivery.content, AppointmentRequest)  # noqa: S101 - the caller looked
    row = {
        "submission": number,
        "resident": resident,
        "purpose": delivery.content.purpose[:80],
        "wanted": delivery.content.wanted[:400],
        "site": delivery.content.site,
        "kiosk": delivery.content.kiosk[:64],
        "opened_at": delivery.now,
    }
    connection.execute(insert(cases).values(row))
