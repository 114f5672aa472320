"""What a county tells about one resident, always through a sitting."""

from __future__ import annotations

from datetime import date
from typing import Self

from pydantic import Field, model_validator

from contract.codes import (
    AnswerStatus,
    Availability,
    BenefitState,
    CaseState,
    EligibilityState,
    Finger,
    InsuranceType,
    InsuredStatus,
    VerificationMethod,
)
from contract.credentials import Worth
from contract.message import Instant, Message, Month, Yuan
from contract.submissions import SubmissionKind


class CardPresented(Message):
    """Opens a sitting: what the card said. ``proven``: it passed internal authentication."""

    social_security_no: str
    card_number: str
    identification: str
    card_version: str
    proven: bool = False
    insertion: str = Field(description="opaque, one per insertion")


class Sitting(Message):
    """One visit of one resident. ``reference`` stands for the resident in journals; it is not a number of theirs.

    ``worth``, ``social_security_no``: of a sitting that no social-security card opened. The number is told only where
    the kiosk could not read it, which is where a code was shown.
    """

    sitting: str
    reference: str
    name: str
    ends_at: Instant
    worth: Worth | None = None
    social_security_no: str = Field(default="", repr=False)


class MonthSpan(Message):
    """Months from ``first`` to ``last``, both included."""

    first: Month
    last: Month


class Participation(Message):
    """参保关系 in one scheme with one unit (reference/domain.md §4.1). Both shares are of the latest month."""

    scheme: str
    unit: str
    status: InsuredStatus
    first_month: Month
    last_month: Month
    months: int
    gaps: tuple[MonthSpan, ...] = ()
    arrears_months: int = 0
    arrears_amount: Yuan | None = None
    base: Yuan | None = None
    personal_share: Yuan | None = None
    unit_share: Yuan | None = None
    account_balance: Yuan | None = None


class InsuranceBranch(Message):
    """One insurance type: recorded with its participations, without a record, or not offered by the county."""

    insurance_type: InsuranceType
    availability: Availability
    participations: tuple[Participation, ...] = ()

    @model_validator(mode="after")
    def _a_record_holds_something(self) -> Self:
        if self.availability is Availability.RECORDED and not self.participations:
            raise ValueError("recorded, but without a participation")
        return self


class InsuranceStatement(Message):
    """Answer of ``/v1/residents/me/insurance``. ``years``: those with contributions, newest first."""

    as_of: date
    sample_rates: bool
    branches: tuple[InsuranceBranch, ...]
    years: tuple[int, ...]


class ContributionMonth(Message):
    """One month of one insurance type: due or paid, both shares."""

    month: Month
    insurance_type: InsuranceType
    unit: str
    base: Yuan
    personal_share: Yuan
    unit_share: Yuan
    paid: bool


class ContributionStatement(Message):
    """Answer of ``/v1/residents/me/contributions?year=``: rows by month, then type."""

    as_of: date
    sample_rates: bool
    year: int
    rows: tuple[ContributionMonth, ...]


class EligibilityStatus(Message):
    """Answer of ``/v1/residents/me/eligibility``. AT_COUNTER never carries a reason."""

    state: EligibilityState
    benefit: str = ""
    last_verified_on: date | None = None
    last_method: VerificationMethod | None = None
    next_due: date | None = None
    fingers: tuple[Finger, ...] = ()
    nonce: str = ""


class PensionStatement(Message):
    """Answer of ``/v1/residents/me/pension``. NONE and AT_COUNTER carry nothing else.

    ``monthly_amount`` None: the county holds none. ``suspended_since`` stands only while payment is suspended: after a
    success it resumes with back-pay (reference/domain.md §2.4 Q3).
    """

    as_of: date
    sample_rates: bool
    state: BenefitState
    benefit: str = ""
    drawn_since: Month | None = None
    monthly_amount: Yuan | None = None
    suspended_since: date | None = None
    ended_on: date | None = None


class OwnCase(Message):
    """One thing a resident handed in. ``purpose`` and ``wanted`` are the resident's own words of an appointment."""

    number: str
    kind: SubmissionKind
    purpose: str = ""
    wanted: str = ""
    handed_in_at: Instant
    state: CaseState
    changed_at: Instant
    answer: AnswerStatus
    next_due: date | None = None


class OwnCases(Message):
    """Answer of ``/v1/residents/me/cases``: the newest hundred, newest first."""

    cases: tuple[OwnCase, ...]


TEMPLATE_PURPOSE = "fingerprint-template"


class EnrolledFinger(Message):
    """One enrolled template: the bytes the sensor takes, sealed (HPKE, TEMPLATE_PURPOSE) to the asking kiosk's key."""

    finger: Finger
    content: str


class FingerprintTemplates(Message):
    """Answer of ``/v1/residents/me/fingerprint-template?purpose=&consent=``."""

    format: str
    fingers: tuple[EnrolledFinger, ...]
