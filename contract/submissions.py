"""What a kiosk tells a county. Personal content is sealed before it is written anywhere."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from contract.codes import AnswerStatus, ScoreBand, VerificationMethod
from contract.message import Instant, Message, Region


class ClockConfidence(StrEnum):
    """How sure a kiosk was of the time."""

    SURE = "sure"
    DRIFTING = "drifting"
    UNKNOWN = "unknown"


class Consent(Message):
    """The separate consent to a fingerprint: which text was shown, and that it was agreed to."""

    text_version: str
    given: bool


class EligibilityEvidence(Message):
    """Somebody was seen alive (reference/domain.md §1.10); travels and is kept as a SignedEvidence (contract/evidence).

    ``resident`` is the hub's reference, or where the kiosk was cut off the mark of a number (contract/evidence).
    ``nonce`` is the hub's; empty when ``offline``. ``kiosk_key`` is the key_id of the kiosk that signs.
    """

    resident: str
    benefit: str
    method: VerificationMethod
    performed_at: Instant
    clock_confidence: ClockConfidence
    site: Region
    kiosk: str
    kiosk_key: str
    attempts: int
    score_band: ScoreBand = ScoreBand.NOT_TOLD
    sensor: str = ""
    witness: str | None = None
    consent: Consent | None = None
    nonce: str = ""
    offline: bool = False


class AppointmentRequest(Message):
    """A resident could not be verified here and asks for a person."""

    social_security_no: str
    name: str
    purpose: str
    wanted: str
    site: Region
    kiosk: str


class SubmissionKind(StrEnum):
    """What a submission is about; decides the path it is sent to."""

    ELIGIBILITY_VERIFICATION = "eligibility_verification"
    APPOINTMENT = "appointment"

    @property
    def path(self) -> str:
        """The address at the county."""
        return "/v1/eligibility-verifications" if self is self.ELIGIBILITY_VERIFICATION else "/v1/submissions"


class SealedSubmission(Message):
    """The envelope. ``submission_id`` is the idempotency key of every try; ``sealed`` is base64 of HPKE."""

    submission_id: str
    kind: SubmissionKind
    made_at: Instant
    offline: bool
    key_id: str
    sealed: str


class CountyAnswer(Message):
    """What became of a submission. Only this answer moves a due date."""

    status: AnswerStatus
    result_number: str = ""
    next_due: date | None = None
