"""One row of each kind of file, read and checked by itself; None is what the file does not tell."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from contract.identifiers import birth_date, is_male
from county.importing.findings import RowFault

MALE, FEMALE = "1", "2"
CARD_WORDS = "社保卡的几列要么都填，要么都不填"


@dataclass(frozen=True)
class CardRow:
    """A card, whole."""

    number: str
    identification: str
    version: str
    status: str
    issued_on: date
    valid_until: date


@dataclass(frozen=True)
class ResidentRow:
    """A resident, with their card where the file has it."""

    social_security_no: str
    full_name: str
    ethnicity: str
    region_code: str
    sex: str | None = None
    birth_date: date | None = None
    card_number: str | None = None
    card_identification: str | None = None
    card_version: str | None = None
    card_status: str | None = None
    card_issued_on: date | None = None
    card_valid_until: date | None = None

    def __post_init__(self) -> None:
        born = birth_date(self.social_security_no)
        if self.birth_date not in (None, born):
            raise RowFault("birth_date", f"与身份证号里的出生日期 {born} 不一致")
        told = (self.card_number, self.card_identification, self.card_version, self.card_issued_on)
        if (any(told) or self.card_valid_until) and not (all(told) and self.card_valid_until):
            raise RowFault("card_number", CARD_WORDS)

    @property
    def told_sex(self) -> str:
        """As told, else as the number says (GB 11643)."""
        return self.sex or (MALE if is_male(self.social_security_no) else FEMALE)

    @property
    def card(self) -> CardRow | None:
        """The card, where the row has one."""
        if not (self.card_number and self.card_identification and self.card_version):
            return None
        if self.card_issued_on is None or self.card_valid_until is None:
            return None
        return CardRow(
            self.card_number, self.card_identification, self.card_version, self.card_status or "normal",
            self.card_issued_on, self.card_valid_until,
        )  # fmt: skip


@dataclass(frozen=True)
class ContributionRow:
    """One month of one insurance type with one unit."""

    social_security_no: str
    insurance_type: str
    contribution_period: str
    contribution_base: Decimal
    person_amount: Decimal
    paid_flag: bool
    employer_amount: Decimal | None = None
    employer_no: str | None = None
    employer_name: str | None = None
    contribution_status: str | None = None
    account_balance: Decimal | None = None

    def __post_init__(self) -> None:
        if not (self.employer_no or self.employer_name):
            raise RowFault("employer_name", "单位编号和单位名称至少填一个（居民养老填村或社区）")


@dataclass(frozen=True)
class PensionerRow:
    """A benefit and its yearly verification."""

    social_security_no: str
    benefit_name: str
    benefit_status: str
    benefit_from: str | None = None
    monthly_pension: Decimal | None = None
    suspended_since: date | None = None
    ended_on: date | None = None
    verified_on: date | None = None
    verification_method: str | None = None
    matched_on: date | None = None
    death_hint: bool | None = None

    def __post_init__(self) -> None:
        if self.benefit_status == "suspended" and self.suspended_since is None:
            raise RowFault("suspended_since", "已暂停发放的要填暂停日期")
        if self.benefit_status == "ended" and self.ended_on is None:
            raise RowFault("ended_on", "已终止的要填终止日期")
        if self.verified_on is not None and self.verification_method is None:
            raise RowFault("verification_method", "有认证日期的要填认证方式")


@dataclass(frozen=True)
class EmployerRow:
    """An employer."""

    employer_no: str
    employer_name: str
    unified_social_credit_code: str | None = None
    region_code: str | None = None
    checked_on: date | None = None
    employer_status: str | None = None


@dataclass(frozen=True)
class PostingRow:
    """A job posting."""

    posting_no: str
    title: str
    trade: str
    headcount: int
    wage_period: str
    schooling: str
    region_code: str
    work_place: str
    contact_name: str
    contact_phone: str
    published_on: date
    expires_on: date
    employer_no: str | None = None
    employer_name: str | None = None
    wage_min: Decimal | None = None
    wage_max: Decimal | None = None
    wage_note: str | None = None
    description: str | None = None
    benefits: str | None = None
    public_welfare: bool | None = None
    origin: str | None = None
    verified_on: date | None = None

    def __post_init__(self) -> None:
        if not (self.employer_no or self.employer_name):
            raise RowFault("employer_name", "单位编号和单位名称至少填一个")
        negotiable = self.wage_period == "negotiable"
        if negotiable == bool(self.wage_min or self.wage_max):
            raise RowFault("wage_min", "面议的不填薪资，其他的至少填最低薪资" if negotiable else "缺少薪资，或改为面议")
        if self.wage_min and self.wage_max and self.wage_min > self.wage_max:
            raise RowFault("wage_min", "最低薪资高于最高薪资")
        if self.expires_on < self.published_on:
            raise RowFault("expires_on", "截止日期早于发布日期")
