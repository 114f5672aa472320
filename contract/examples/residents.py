"""Residents: how a sitting begins, what is told in it, what is handed in."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from contract.card_keys import CardAuthentication, CardChallenge, CardCryptograms
from contract.codes import (
    AnswerStatus,
    Availability,
    BenefitState,
    CaseState,
    EligibilityState,
    Finger,
    InsuranceType,
    InsuredStatus,
    ScoreBand,
    VerificationMethod,
)
from contract.credentials import CodePresented, IdCardPresented
from contract.evidence import SignedEvidence
from contract.examples.invented import BASE64, CARD, NAME, NOW, NUMBER, TOWN, YESTERDAY
from contract.message import Message
from contract.residents import (
    CardPresented,
    ContributionMonth,
    ContributionStatement,
    EligibilityStatus,
    EnrolledFinger,
    FingerprintTemplates,
    InsuranceBranch,
    InsuranceStatement,
    MonthSpan,
    OwnCase,
    OwnCases,
    Participation,
    PensionStatement,
    Sitting,
)
from contract.submissions import (
    AppointmentRequest,
    ClockConfidence,
    Consent,
    CountyAnswer,
    EligibilityEvidence,
    SealedSubmission,
    SubmissionKind,
)

EVIDENCE = EligibilityEvidence(
    resident="r-20c7",
    benefit="城乡居民养老金",
    method=VerificationMethod.KIOSK_FINGERPRINT,
    performed_at=NOW,
    clock_confidence=ClockConfidence.SURE,
    site=TOWN,
    kiosk="yunlong-1",
    kiosk_key="5f2d1c0b" * 4,
    attempts=1,
    score_band=ScoreBand.MIDDLE,
    sensor="ef01",
    consent=Consent(text_version="2026-01", given=True),
    nonce="n-51c2",
)

EXAMPLES: tuple[Message, ...] = (
    CardAuthentication(
        region="510521",
        atr_history="00814E43238697510521F0E1D2",
        algorithm="03",
        identification=CARD,
        inner=CardChallenge(factor="1122334455667788", original="A1A2A3A4A5A6A7A8"),
        outer=CardChallenge(factor="C1C2C3C4C5C6C7C8", original="B1B2B3B4B5B6B7B8"),
        insertion="7d1b2c90",
    ),
    CardCryptograms(inner="F939BBCDC12C62DBA1A2A3A4A5A6A7A8", outer="10530319E2135F65B1B2B3B4B5B6B7B8"),
    CardPresented(
        social_security_no=NUMBER,
        card_number="A12345678",
        identification=CARD,
        card_version="2.00",
        proven=True,
        insertion="7d1b2c90",
    ),
    IdCardPresented(social_security_no=NUMBER, name=NAME, presentation="5e0c71aa90"),
    CodePresented(code="9F3A77C2E15B0D64A8", presentation="c2d90b1177"),
    Sitting(sitting="s-8d1f0a", reference="r-20c7", name=NAME, ends_at=NOW.replace(minute=40)),
    InsuranceStatement(
        as_of=YESTERDAY,
        sample_rates=True,
        years=(2026, 2025),
        branches=(
            InsuranceBranch(
                insurance_type=InsuranceType.RESIDENT_PENSION,
                availability=Availability.RECORDED,
                participations=(
                    Participation(
                        scheme="城乡居民基本养老保险",
                        unit="云龙镇示例村",
                        status=InsuredStatus.PAYING,
                        first_month="2012-01",
                        last_month="2026-10",
                        months=176,
                        gaps=(MonthSpan(first="2015-03", last="2015-04"),),
                        personal_share=Decimal("25.00"),
                        account_balance=Decimal("5280.40"),
                    ),
                ),
            ),
            InsuranceBranch(insurance_type=InsuranceType.MEDICAL, availability=Availability.NOT_OFFERED),
        ),
    ),
    ContributionStatement(
        as_of=YESTERDAY,
        sample_rates=True,
        year=2026,
        rows=(
            ContributionMonth(
                month="2026-10",
                insurance_type=InsuranceType.EMPLOYEE_PENSION,
                unit="示例机械有限公司",
                base=Decimal("4500.00"),
                personal_share=Decimal("360.00"),
                unit_share=Decimal("720.00"),
                paid=True,
            ),
        ),
    ),
    EligibilityStatus(
        state=EligibilityState.DUE_SOON,
        benefit="城乡居民养老金",
        last_verified_on=date(2025, 12, 2),
        last_method=VerificationMethod.KIOSK_FINGERPRINT,
        next_due=date(2026, 12, 31),
        fingers=(Finger.RIGHT_INDEX, Finger.RIGHT_THUMB),
        nonce="n-51c2",
    ),
    PensionStatement(
        as_of=YESTERDAY,
        sample_rates=True,
        state=BenefitState.DRAWING,
        benefit="城乡居民养老金",
        drawn_since="2019-05",
        monthly_amount=Decimal("223.43"),
    ),
    OwnCases(
        cases=(
            OwnCase(
                number="2026112000000042",
                kind=SubmissionKind.APPOINTMENT,
                purpose="eligibility_verification",
                wanted="home_visit",
                handed_in_at=NOW,
                state=CaseState.IN_PROGRESS,
                changed_at=NOW.replace(hour=6),
                answer=AnswerStatus.ACCEPTED,
            ),
        ),
    ),
    FingerprintTemplates(format="ef01", fingers=(EnrolledFinger(finger=Finger.RIGHT_INDEX, content=BASE64),)),
    SealedSubmission(
        submission_id="0a4f6c1e-2d3b-4c5d-8e6f-708192a3b4c5",
        kind=SubmissionKind.ELIGIBILITY_VERIFICATION,
        made_at=NOW,
        offline=False,
        key_id="k-2026-11",
        sealed=BASE64,
    ),
    EVIDENCE,
    SignedEvidence(
        statement=EVIDENCE.model_dump_json(),
        key_id=EVIDENCE.kiosk_key,
        signature=BASE64,
    ),
    AppointmentRequest(
        social_security_no=NUMBER,
        name=NAME,
        purpose="eligibility_verification",
        wanted="home_visit",
        site=TOWN,
        kiosk="yunlong-1",
    ),
    CountyAnswer(status=AnswerStatus.ACCEPTED, result_number="RZ-2026-001733", next_due=date(2027, 12, 31)),
)
