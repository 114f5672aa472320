"""One worked example of every message that travels: invented people, real shapes. The documents show these."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
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
    ItemState,
    KioskState,
    Schooling,
    ScoreBand,
    StaffRole,
    Trade,
    VerificationMethod,
    WagePeriod,
)
from contract.credentials import CodePresented, IdCardPresented
from contract.development import ClockShift
from contract.enrolment import KioskEnrolment, KioskStanding, KnownKiosk, KnownKiosks, NewKeys
from contract.evidence import SignedEvidence
from contract.feed import (
    CodeList,
    CodeWord,
    CountyPulse,
    Course,
    DisplayItem,
    Employer,
    FeedItem,
    FeedKind,
    FeedPage,
    Hours,
    JobPosting,
    LocalityPack,
    Policy,
    PostingPage,
    Wage,
)
from contract.journal import JournalHead, JournalStanding
from contract.key_list import DocumentKey, KeyList, KioskKey, SealingKey
from contract.message import CONTRACT_VERSION, Message
from contract.problems import STATUS, Problem, ProblemType
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
from contract.staff import Approval, ItemDraft, NewPassword, SignIn, StaffSession, StoredPicture, WallItem, WallItems
from contract.staff_work import (
    CaseChange,
    Count,
    DayFigures,
    SiteFigures,
    StaffCase,
    StaffCases,
    StaffFigures,
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

NUMBER = "51059919520315001X"
NAME = "示例居民"
TOWN = "510521106"
CARD = "510521D1560000050F1E2D3C4B5A6978"
NOW = datetime(2026, 11, 20, 1, 30, tzinfo=UTC)
YESTERDAY, LATER = date(2026, 11, 19), date(2027, 3, 31)
PICTURE = "3b1f0d5c" * 8
KEY = "YW4gZXhhbXBsZSBvZiAzMiBieXRlcyBsb25nIGtleXM="
BASE64 = "c2VhbGVkIGNvbnRlbnQ="

HOURS = Hours(first_day=YESTERDAY, last_day=LATER, opens=time(8, 30), closes=time(18, 0))
POSTING = JobPosting(
    posting_no="GW-2026-000417",
    title="电工",
    trade=Trade.CRAFT,
    employer=Employer(name="示例机械有限公司", checked_on=YESTERDAY),
    headcount=2,
    wage=Wage(period=WagePeriod.MONTH, minimum=Decimal("4500.00"), maximum=Decimal("6000.00")),
    schooling=Schooling.SENIOR,
    region=TOWN,
    work_place="云龙镇工业园",
    benefits=("包吃住",),
    contact_name="王女士",
    contact_phone="0830-0000000",
    origin="县就业局",
    verified_on=YESTERDAY,
    published_at=NOW,
    expires_on=LATER,
)
DRAFT = ItemDraft(title="社保卡换发通知", body="三代卡从本月起在窗口换发。", hours=HOURS, area=TOWN)
WALL_ITEM = WallItem(
    item_no="I-0007",
    version=1,
    state=ItemState.SUBMITTED,
    draft=DRAFT,
    author="editor",
    content_hash="9f86d081" * 8,
    changed_at=NOW,
)

STAFF_CASE = StaffCase(
    case_no="2026112000000042", state=CaseState.RECEIVED, purpose="养老待遇资格认证", wanted="请上门办",
    resident_name=NAME, last_four=NUMBER[-4:], site=TOWN, opened_at=NOW,
)  # fmt: skip
KNOWN_KIOSK = KnownKiosk(
    fingerprint="4821-0937-5516-2204", name="yunlong-1", site=TOWN, state=KioskState.PENDING, version="0.4.0",
    enrolled_at=NOW,
)  # fmt: skip

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

_EXAMPLES: tuple[Message, ...] = (
    CountyPulse(version="0.1.0", contract_version=CONTRACT_VERSION, now=NOW, sample_rates=True),
    KeyList(
        sealing=SealingKey(key_id="k-2026-11", public_key=KEY),
        issuer="示例县人力资源和社会保障局",
        issued_at=NOW,
        documents=(DocumentKey(key_id="5f2d1c0b77aa90e4", public_key=KEY, since=NOW.replace(month=1)),),
        kiosks=(KioskKey(key_id="5f2d1c0b" * 4, name="yunlong-1", site=TOWN, public_key=KEY, since=NOW),),
    ),
    KioskEnrolment(name="yunlong-1", site=TOWN, signing_key=KEY, receiving_key=KEY, version="0.1.0"),
    KioskStanding(key_id="5f2d1c0b" * 4, fingerprint="4821-0937-5516-2204", state=KioskState.PENDING),
    NewKeys(signing_key=KEY, receiving_key=KEY, possession=BASE64),
    KNOWN_KIOSK,
    KnownKiosks(kiosks=(KNOWN_KIOSK,)),
    JournalHead(number=1204, digest="3f9a02bc77d190ab" * 4, at=NOW),
    JournalStanding(newest=JournalHead(number=1204, digest="3f9a02bc77d190ab" * 4, at=NOW), contradicted=False),
    DayFigures(day=YESTERDAY, site=TOWN, counts=(Count(service="insurance_query", what="service_opened", number=17),)),
    FeedPage(
        cursor="e1.510521106.4182",
        more=False,
        as_of=NOW,
        items=(
            FeedItem(
                kind=FeedKind.POSTING, key=POSTING.posting_no, revision=4181, body=POSTING.model_dump(mode="json")
            ),
            FeedItem(kind=FeedKind.DISPLAY_ITEM, key="I-0003", revision=4182, removed=True),
        ),
    ),
    POSTING,
    PostingPage(items=(POSTING,), cursor="1876502413082624", more=True, as_of=NOW),
    Course(
        course_no="PX-012",
        title="养老护理员",
        school="示例职业技术学校",
        region=TOWN,
        starts_on=LATER,
        days=12,
        seats=40,
    ),
    Policy(
        policy_no="ZC-031",
        title="创业担保贷款",
        issuer="示例县就业局",
        issued_on=YESTERDAY,
        summary="谁可以贷、贷多少。",
        body="符合条件的人员可以申请。",
    ),
    CodeList(
        name="wage_period",
        version="2026.1",
        codes=(CodeWord(code="month", words="元/月"), CodeWord(code="negotiable", words="面议")),
    ),
    LocalityPack(area="510521", version="20261120013000", values={"hall": {"phone": "0830-12333"}}),
    DisplayItem(item_no="I-0007", title=DRAFT.title, body=DRAFT.body, hours=HOURS, issuer="云龙镇便民服务中心"),
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
    SignIn(account="editor", password="correct horse battery"),  # noqa: S106 - an example
    StaffSession(
        session="t-0c11",
        account="editor",
        name="李编辑",
        roles=(StaffRole.EDITOR,),
        areas=(TOWN,),
        ends_at=NOW.replace(minute=45),
    ),
    NewPassword(account="clerk", password="another long password"),  # noqa: S106 - an example
    DRAFT,
    WALL_ITEM,
    WallItems(items=(WALL_ITEM,)),
    Approval(content_hash=WALL_ITEM.content_hash),
    STAFF_CASE,
    StaffCases(cases=(STAFF_CASE,), more=True, cursor="1041"),
    CaseChange(seen=CaseState.RECEIVED, state=CaseState.IN_PROGRESS, remark="已电话联系，周五上门"),
    StaffFigures(
        figures=(
            SiteFigures(
                day=YESTERDAY,
                site=TOWN,
                kiosks=1,
                counts=(Count(service="insurance_query", what="service_opened", number=17),),
            ),
        )
    ),
    StoredPicture(sha256=PICTURE, width=1920, height=1080),
    Problem(
        type=ProblemType.NOT_THIS_RESIDENT,
        title="not this resident",
        status=STATUS[ProblemType.NOT_THIS_RESIDENT],
        detail="the sitting belongs to somebody else",
    ),
    ClockShift(offset_seconds=86400),
)

EXAMPLES: dict[type[Message], Message] = {type(message): message for message in _EXAMPLES}
"""By the kind of message; a test asks that none is missing."""
