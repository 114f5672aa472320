"""Receipts as they leave the printer, compared with golden ones that were looked at.

After a wanted change: ``GOLDEN=write pytest tests/receipts``, then look at every PNG that git shows as changed.
"""

import os
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from PIL import Image, ImageChops

from contract.codes import (
    Availability,
    InsuranceType,
    InsuredStatus,
    Schooling,
    Trade,
    VerificationMethod,
    WagePeriod,
)
from contract.feed import Employer, JobPosting, Wage
from contract.receipt_token import ReceiptKind, ReceiptResult, ReceiptToken, code_of, issue, salt_from
from contract.residents import InsuranceBranch, InsuranceStatement, Participation
from contract.submissions import ClockConfidence
from devices.printer import Rule
from devices.printer.raster import DOTS_58_MM, DOTS_80_MM, as_text, draw
from kiosk.identity import CardNumber, IdNumber, PersonName, Resident
from kiosk.receipts import Stamp, Verified, again, insurance_slip, job_slip, verification_slip
from kiosk.services.jobs.job_words import pay_words

HERE = Path(__file__).parent
STAMP = Stamp("云龙镇便民服务大厅", "12333", "kiosk-01", datetime(2026, 3, 10, 9, 41, tzinfo=UTC))
NUMBER = "510599194001010014"


def resident(name="王示例"):
    return Resident(
        IdNumber(NUMBER), PersonName(name), CardNumber("A51059901"), "2.00", card_proven=False, born_on=None
    )


def posting(wage=None, title="包装工"):
    return JobPosting(
        posting_no="ZP2026000123", title=title, trade=Trade.FACTORY,
        employer=Employer(name="云龙示例包装制品有限责任公司", checked_on=date(2026, 2, 1)), headcount=5,
        wage=wage or Wage(period=WagePeriod.MONTH, minimum=Decimal("3800.00"), maximum=Decimal("5200.00"), note="计件"),
        schooling=Schooling.JUNIOR, region="510521109", work_place="泸县云龙镇工业园区", contact_name="王经理",
        contact_phone="0830-0000123", origin="县就业局", verified_on=date(2026, 3, 2),
        published_at=datetime(2026, 3, 2, tzinfo=UTC), expires_on=date(2026, 4, 1),
    )  # fmt: skip


def statement(*, sample=True):
    worker = Participation(
        scheme="企业职工", unit="甲公司", status=InsuredStatus.PAYING, first_month="2018-03", last_month="2026-02",
        months=91, arrears_months=2, arrears_amount=Decimal("2496.00"), base=Decimal("5200.00"),
        personal_share=Decimal("416.00"), unit_share=Decimal("832.00"), account_balance=Decimal("1138421.50"),
    )  # fmt: skip
    branches = (
        InsuranceBranch(
            insurance_type=InsuranceType.EMPLOYEE_PENSION, availability=Availability.RECORDED, participations=(worker,)
        ),
        InsuranceBranch(insurance_type=InsuranceType.RESIDENT_PENSION, availability=Availability.NO_RECORD),
        InsuranceBranch(insurance_type=InsuranceType.INJURY, availability=Availability.NOT_OFFERED),
    )
    return InsuranceStatement(as_of=date(2026, 3, 9), sample_rates=sample, branches=branches, years=(2026, 2025))


FINGER, CLERK = VerificationMethod.KIOSK_FINGERPRINT, VerificationMethod.STAFF_WITNESS
PASSED = Verified("2026031000000017", "已通过", FINGER, passed=True, next_due=date(2027, 3, 10))
KEY = Ed25519PrivateKey.from_private_bytes(b"kiosk-of-the-golden-receipts-000")
SALT = salt_from(b"golden")
CODE = code_of(NUMBER, SALT)


def token(kind, number, result, sure=ClockConfidence.SURE):
    told = (kind, number, STAMP.at, sure, "510521109001", result, "5f2d1c0b" * 4, SALT, CODE)
    return issue(ReceiptToken(*told), KEY)


TOKEN = token(ReceiptKind.VERIFICATION, PASSED.number, ReceiptResult.PASSED)
UNCONFIRMED = "https://rs.luxian.example.gov.cn/verify#" + token(
    ReceiptKind.VERIFICATION, "20260310-9F3A77C1", ReceiptResult.WAITING, ClockConfidence.UNKNOWN
)
QUERIED = token(ReceiptKind.INSURANCE, "CX20260310094100", ReceiptResult.QUERY)
RECEIPTS = {
    "job": lambda: job_slip(posting(), pay_words(posting().wage), STAMP, with_contact=True),
    "job-without-telephone": lambda: job_slip(
        posting(Wage(period=WagePeriod.NEGOTIABLE), "高级数控车床操作与维修技师（急招，包食宿）"),
        "面议",
        STAMP,
        with_contact=False,
    ),
    "insurance": lambda: insurance_slip(statement(), resident(), STAMP, QUERIED, amounts=False, sample_label="示例值"),
    "insurance-with-amounts": lambda: insurance_slip(
        statement(), resident("古丽·买买提"), STAMP, QUERIED, amounts=True, sample_label="示例值"
    ),
    "verification-passed": lambda: verification_slip(PASSED, resident(), STAMP, TOKEN),
    "verification-waiting": lambda: verification_slip(
        Verified("20260310-9F3A77C1", "已记下，等县里确认", CLERK, passed=False),
        resident("欧阳婷婷"),
        STAMP,
        UNCONFIRMED,
    ),
    "verification-reprint": lambda: again(
        verification_slip(PASSED, resident(), STAMP, TOKEN), 2, datetime(2026, 3, 10, 9, 43, tzinfo=UTC)
    ),
}
WIDTHS = {"": DOTS_80_MM, "-58": DOTS_58_MM}


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("name", RECEIPTS)
def test_a_receipt_is_what_it_was_when_it_was_looked_at(name, width):
    receipt = RECEIPTS[name]()
    words, picture = HERE / f"{name}.txt", HERE / f"{name}{width}.png"
    if os.environ.get("GOLDEN") == "write":
        words.write_text(as_text(receipt), encoding="utf-8")
        draw(receipt, WIDTHS[width]).save(picture)
    assert as_text(receipt) == words.read_text(encoding="utf-8")
    drawn, golden = draw(receipt, WIDTHS[width]), Image.open(picture)
    assert drawn.size == golden.size
    differing = ImageChops.logical_xor(drawn, golden.convert("1")).histogram()[-1]
    assert differing <= 0.005 * drawn.width * drawn.height  # another build of the same typeface may move single dots


@pytest.mark.parametrize("name", RECEIPTS)
def test_no_receipt_carries_a_whole_name_or_number(name):
    text = as_text(RECEIPTS[name]())
    assert NUMBER not in text
    assert NUMBER[:14] not in text
    for whole in ("王示例", "古丽·买买提", "欧阳婷婷"):
        assert whole not in text


def test_a_reprint_is_the_same_receipt_with_the_count_and_its_own_time():
    first, second = RECEIPTS["verification-passed"](), RECEIPTS["verification-reprint"]()
    added = [line for line in second.lines if line not in first.lines]
    assert second.number == first.number
    assert [line for line in second.lines if line in first.lines] == list(first.lines)
    assert [type(line).__name__ for line in added] == ["Text", "Pair"]
    assert (added[0].text, added[1].label, added[1].value) == ("重打 第 2 次", "重打时间", "2026-03-10 09:43")
    assert second.lines.index(added[0]) < next(at for at, line in enumerate(second.lines) if isinstance(line, Rule))


def test_amounts_are_on_paper_only_where_asked_for():
    assert "元" not in as_text(RECEIPTS["insurance"]())
    with_amounts = as_text(RECEIPTS["insurance-with-amounts"]())
    assert "1,138,421.50 元" in with_amounts
    assert "示例值" in with_amounts
    real = insurance_slip(statement(sample=False), resident(), STAMP, QUERIED, amounts=True, sample_label="示例值")
    assert "示例值" not in as_text(real)


def test_no_record_and_not_offered_stay_different_on_paper():
    text = as_text(RECEIPTS["insurance"]())
    assert "无记录" in text
    assert "本县不提供" in text
    assert "仅供查询，不作证明" in text


def test_what_waits_for_the_county_is_not_called_passed():
    text = as_text(RECEIPTS["verification-waiting"]())
    assert "已通过" not in text
    assert "下次认证" not in text
    assert "没有确认前，不算认证成功" in text


def test_a_telephone_that_was_not_asked_for_is_not_on_the_slip():
    text = as_text(RECEIPTS["job-without-telephone"]())
    assert "0830-0000123" not in text
    assert "请到窗口问工作人员" in text


@pytest.mark.parametrize(
    ("wage", "words"),
    [
        (Wage(period=WagePeriod.MONTH, minimum=Decimal("3800.00"), maximum=Decimal("5200.00"), note="计件"),
         "3800–5200 元/月 · 计件"),
        (Wage(period=WagePeriod.DAY, minimum=Decimal("120.00")), "120 元/天以上"),
        (Wage(period=WagePeriod.MONTH, maximum=Decimal("6000.00")), "最多 6000 元/月"),
        (Wage(period=WagePeriod.PIECE, minimum=Decimal("0.35"), maximum=Decimal("0.80")), "0.35–0.8 元/件"),
        (Wage(period=WagePeriod.MONTH, minimum=Decimal("2100.00"), maximum=Decimal("2100.00")), "2100 元/月"),
        (Wage(period=WagePeriod.NEGOTIABLE, note="工资面议"), "面议"),
        (Wage(period=WagePeriod.MONTH), "面议"),
    ],
)  # fmt: skip
def test_pay_is_said_as_people_say_it(wage, words):
    assert pay_words(wage) == words
