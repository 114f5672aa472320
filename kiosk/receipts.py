"""What comes out on paper: header, lines, QR, footer. Pure; a name is masked, a personal number shows its last four."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal

from contract.codes import Availability, VerificationMethod, WordsOf, own_words
from contract.feed import JobPosting
from contract.residents import InsuranceBranch, InsuranceStatement, Participation
from devices.printer import Line, Pair, Qr, Receipt, Rule, Text
from kiosk.identity import Resident
from kiosk.phrases import day_phrase, month_phrase, yuan_phrase

LAST_OF_NUMBER = 4
HEAD = 2
"""Lines of a slip before its first rule: hall and title."""
QR_MARK = "HALL1"
"""First word of the QR of a posting, to be kept on a telephone. Slips about somebody carry a signed token instead."""
PROVEN = "真假可在任一大厅扫码核对。"


@dataclass(frozen=True)
class Stamp:
    """Who issues a slip and when: the hall and its telephone, the machine, the hall's wall time."""

    hall: str
    phone: str
    kiosk: str
    at: datetime
    unsure: bool = False
    """The machine has not compared its clock since it started: 时间待核."""


@dataclass(frozen=True)
class Verified:
    """What a verification slip says. ``words``: how far it came; ``number``: the county's, or our own till then."""

    number: str
    words: str
    method: VerificationMethod
    passed: bool
    next_due: date | None = None


def day_in_words(day: date) -> str:
    """2026-03-08 as 2026年3月8日."""
    return day_phrase(day)


def month_in_words(month: str) -> str:
    """The contract's "2026-03" as 2026年3月."""
    return month_phrase(month)


def yuan_in_words(amount: Decimal) -> str:
    """1234.50 as 1,234.50 元."""
    return yuan_phrase(amount)


def job_slip(job: JobPosting, pay: str, stamp: Stamp, *, with_contact: bool) -> Receipt:
    """A posting to take home. The telephone stands on it only where the resident asked to see it."""
    phone = f"{job.contact_name} {job.contact_phone}" if with_contact else "请到窗口问工作人员"
    code = (QR_MARK, "JOB", job.posting_no, job.employer.name, job.contact_phone if with_contact else "")
    lines: tuple[Line, ...] = (
        Text(job.title, bold=True),
        Text(job.employer.name),
        Pair("工资", pay),
        Pair("招", f"{job.headcount} 人"),
        Pair("地点", job.work_place),
        Pair("联系", phone),
        Pair("核对日期", day_in_words(job.verified_on)),
        Pair("有效到", day_in_words(job.expires_on)),
        Pair("来源", job.origin),
        Qr(" ".join(part for part in code if part), f"岗位编号 {job.posting_no}"),
    )
    warning = ("招聘不许收费、收押金、扣证件，", f"遇到请告诉工作人员或打 {stamp.phone}。")
    return slip(job.posting_no, "岗位信息", lines, stamp, warning)


def insurance_slip(
    statement: InsuranceStatement,
    resident: Resident,
    stamp: Stamp,
    code: str,
    *,
    amounts: bool,
    sample_label: str,
    words: WordsOf = own_words,
) -> Receipt:
    """States and months of every insurance type; amounts only where the resident confirmed them. ``code``: the QR."""
    number = query_number(stamp)
    lines: list[Line] = [*holder(resident), Pair("数据截至", day_in_words(statement.as_of)), Rule()]
    for branch in statement.branches:
        lines.extend(_branch(branch, words, amounts=amounts))
    if statement.sample_rates and amounts:
        lines.append(Text(f"金额为{sample_label}，不是真实数额。"))
    lines.append(Qr(code, f"编号 {number}"))
    return slip(number, "参保信息", tuple(lines), stamp, ("仅供查询，不作证明。", PROVEN))


def query_number(stamp: Stamp) -> str:
    """The number of a slip that only answers a question: the second it was made in."""
    return f"CX{stamp.at:%Y%m%d%H%M%S}"


def _branch(branch: InsuranceBranch, words: WordsOf, *, amounts: bool) -> Iterator[Line]:
    kind = words(branch.insurance_type)
    if branch.availability is not Availability.RECORDED:
        yield Pair(kind, words(branch.availability))
        return
    for held in branch.participations:
        yield Pair(kind, words(held.status))
        yield Pair(f"　{month_in_words(held.first_month)}起", f"共 {held.months} 个月")
        if held.arrears_months:
            yield Pair("　欠缴", f"{held.arrears_months} 个月")
        if amounts:
            yield from _amounts(held)


def _amounts(held: Participation) -> Iterator[Line]:
    rows = (
        ("缴费基数", held.base), ("个人缴", held.personal_share), ("单位缴", held.unit_share),
        ("欠缴金额", held.arrears_amount), ("个人账户", held.account_balance),
    )  # fmt: skip
    for label, amount in rows:
        if amount is not None:
            yield Pair(f"　{label}", yuan_in_words(amount))


def verification_slip(verified: Verified, resident: Resident, stamp: Stamp, code: str) -> Receipt:
    """What became of an eligibility verification; before the county confirmed, it says so and never "passed".

    ``code``: the text of the QR.
    """
    lines: list[Line] = [*holder(resident), Pair("方式", verified.method.label), Pair("结果", verified.words)]
    if verified.passed and verified.next_due is not None:
        lines.append(Pair("下次认证", f"{day_in_words(verified.next_due)}前"))
    lines.append(Qr(code, f"编号 {verified.number}"))
    footer = ("请保管好。有疑问带着它到窗口。", PROVEN)
    waiting = ("还没有最后通过，要等县里确认。", "没有确认前，不算认证成功。")
    return slip(
        verified.number, "养老待遇资格认证", tuple(lines), stamp, footer if verified.passed else waiting + footer
    )


def holder(resident: Resident) -> tuple[Pair, ...]:
    """Whose slip it is, for them to know and nobody else."""
    return (
        Pair("姓名", str(resident.name)),
        Pair("证件号后四位", str(resident.number)[-LAST_OF_NUMBER:]),
    )


def slip(number: str, title: str, lines: tuple[Line, ...], stamp: Stamp, footer: tuple[str, ...]) -> Receipt:
    """A receipt in the one form all of ours have: hall and title, lines, what it is not, when and where it was made."""
    return Receipt(
        number,
        (
            Text(stamp.hall, centred=True),
            Text(title, size=2, bold=True, centred=True),
            Rule(),
            *lines,
            Rule(),
            *(Text(words) for words in footer),
            Pair("打印时间", f"{stamp.at:%Y-%m-%d %H:%M}"),
            *((Pair("", "时间待核"),) if stamp.unsure else ()),
            Pair("机器", stamp.kiosk),
        ),
    )


def again(receipt: Receipt, count: int, at: datetime) -> Receipt:
    """The same receipt, same number, marked as a reprint: 重打 and which time stand on it, and when."""
    head, rest = receipt.lines[:HEAD], receipt.lines[HEAD:]
    mark = Text(f"重打 第 {count} 次", bold=True, centred=True)
    return replace(receipt, lines=(*head, mark, *rest, Pair("重打时间", f"{at:%Y-%m-%d %H:%M}")))
