"""What everybody may know: the county's pulse, the feed and all that travels in it."""

from __future__ import annotations

from decimal import Decimal

from contract.codes import Schooling, Trade, WagePeriod
from contract.examples.invented import LATER, NOW, TOWN, YESTERDAY
from contract.examples.staff import DRAFT, HOURS
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
    JobPosting,
    LocalityPack,
    Policy,
    PostingPage,
    Wage,
)
from contract.message import CONTRACT_VERSION, Message

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

EXAMPLES: tuple[Message, ...] = (
    CountyPulse(version="0.1.0", contract_version=CONTRACT_VERSION, now=NOW, sample_rates=True),
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
)
