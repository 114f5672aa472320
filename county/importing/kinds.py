"""The five kinds of file: their columns, by every name a county gives them. docs/import.md is written from here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

from contract.codes import InsuranceType, InsuredStatus, Schooling, Trade, VerificationMethod, WagePeriod
from county.importing import cells
from county.importing.cells import Cell
from county.importing.codes import BenefitStatus, CardStatus, CardVersion, EmployerStatus, Sex, ethnic_group
from county.importing.codes import credit_code as _credit_code
from county.importing.codes import identification as _identification
from county.importing.rows import ContributionRow, EmployerRow, PensionerRow, PostingRow, ResidentRow

Parse = Callable[[Cell, date], Any]


@dataclass(frozen=True)
class Column:
    """One column: our name for it, its title in Chinese, other names for it, and how its cells are read.

    ``needed``: the file must have it and every cell must be filled.
    """

    field: str
    title: str
    parse: Parse
    others: tuple[str, ...] = ()
    needed: bool = False
    about: str = ""


@dataclass(frozen=True)
class Kind:
    """One kind of file; ``key`` is also the message's name in a mapping table."""

    key: str
    title: str
    columns: tuple[Column, ...]
    row: Callable[..., Any]

    def column(self, field: str) -> Column | None:
        """The column of this field."""
        return next((column for column in self.columns if column.field == field), None)


def _simple(read: Callable[[Cell], Any]) -> Parse:
    return lambda cell, _today: read(cell)


def _name(longest: int) -> Parse:
    return _simple(partial(cells.name, longest=longest))


def _coded(kind: Any, more: Mapping[str, str] | None = None) -> Parse:
    return _simple(partial(cells.code, kind=kind, more=more or {}))


def _flag(more: Mapping[str, bool] | None = None) -> Parse:
    return _simple(partial(cells.flag, more=more or {}))


def _count(most: int) -> Parse:
    return _simple(partial(cells.count, most=most))


_ID = Column(
    "social_security_no", "社会保障号码", cells.id_number, ("公民身份号码", "身份证号", "身份证号码", "证件号码"),
    needed=True, about="18 位，按 GB 11643 校验；该列设为文本",
)  # fmt: skip
_AMOUNT, _DAY, _MONTH, _REGION = map(_simple, (cells.amount, cells.day, cells.month, cells.region))
_UNIT_NO = Column("employer_no", "单位编号", _name(20), about="在单位表里，或与单位表一起导入")
_UNIT = Column("employer_name", "单位名称", _name(120), ("单位", "用人单位", "招聘单位"), about="没有单位编号时填写")
_INSURANCE_WORDS = {
    "企业职工基本养老保险": "110", "企业职工基本养老": "110", "企业养老": "110", "城乡居民基本养老保险": "170",
    "城乡居保": "170", "居民养老": "170", "失业保险": "210", "职工基本医疗保险": "310", "工伤保险": "410",
    "生育保险": "510",
}  # fmt: skip
_SCHOOLING_WORDS = {"高中": "61", "中专": "61", "技校": "61", "专科": "31", "大学": "21", "无要求": "90"}
_PAYING_WORDS = {
    "1": "paying", "参保缴费": "paying", "2": "paused", "暂停参保": "paused", "3": "ended", "终止参保": "ended",
    "暂停领取": "drawing_paused", "已领取": "drawing",
}  # fmt: skip
_PERIOD_WORDS = {"月薪": "month", "日薪": "day", "计件": "piece"}
_METHOD_WORDS = {"04": "kiosk_fingerprint", "4": "kiosk_fingerprint", "柜台": "staff_witness", "窗口": "staff_witness"}

RESIDENT = Kind("resident", "居民", (
    _ID,
    Column("full_name", "姓名", _name(60), needed=True, about="间隔号“·”照写"),
    Column("ethnicity", "民族", _simple(ethnic_group), needed=True, about="GB/T 3304：01 或 汉、汉族"),
    Column("region_code", "行政区划代码", _REGION, ("乡镇代码", "区划代码", "所属区划"), needed=True,
           about="6、9 或 12 位"),
    Column("sex", "性别", _coded(Sex), about="1 男、2 女、0 未知、9 未说明；不填按身份证号"),
    Column("birth_date", "出生日期", _DAY, about="填了就与身份证号核对"),
    Column("card_number", "社会保障卡号", _simple(partial(cells.short_number, longest=20)), ("社保卡号", "卡号")),
    Column("card_identification", "卡识别码", _simple(_identification), about="32 位十六进制"),
    Column("card_version", "卡规范版本", _coded(CardVersion), ("规范版本",), about="1.00、2.00、3.00"),
    Column("card_status", "卡状态", _coded(CardStatus), about="正常、挂失、注销；不填为正常"),
    Column("card_issued_on", "发卡日期", _DAY),
    Column("card_valid_until", "卡有效期至", _DAY, ("卡有效日期",)),
), ResidentRow)  # fmt: skip

CONTRIBUTION = Kind("contribution", "缴费", (
    _ID,
    Column("insurance_type", "险种类型", _coded(InsuranceType, _INSURANCE_WORDS), ("险种", "险种代码"), needed=True),
    Column("contribution_period", "费款所属期", _MONTH, ("对应费款所属期", "缴费年月", "所属年月"), needed=True,
           about="202603 或 2026-03"),
    Column("contribution_base", "缴费基数", _AMOUNT, ("月缴费基数", "缴费档次金额"), needed=True, about="元"),
    Column("person_amount", "个人缴费金额", _AMOUNT, ("个人缴费", "个人应缴"), needed=True, about="元"),
    Column("paid_flag", "缴费标志", _flag({"已缴": True, "已到账": True, "未缴": False, "欠费": False}), ("是否到账",),
           needed=True, about="1 已缴，0 未缴；相反的写进对照表"),
    Column("employer_amount", "单位缴费金额", _AMOUNT, ("单位缴费", "单位应缴", "政府补贴"), about="元；不填为 0"),
    _UNIT_NO,
    _UNIT,
    Column("contribution_status", "缴费状态", _coded(InsuredStatus, _PAYING_WORDS), ("参保状态",),
           about="1 参保缴费、2 暂停、3 终止；以最后一个月为准"),
    Column("account_balance", "个人账户余额", _AMOUNT, ("账户总额",), about="元；以最后一个月为准"),
), ContributionRow)  # fmt: skip

PENSIONER = Kind("pensioner", "待遇领取人员", (
    _ID,
    Column("benefit_name", "待遇名称", _name(80), ("养老金种类",), needed=True, about="屏幕上照此显示"),
    Column("benefit_status", "待遇发放状态", _coded(BenefitStatus, {"1": "drawing", "2": "suspended", "3": "ended"}),
           ("发放状态",), needed=True, about="1 正常发放、2 暂停发放、3 已终止"),
    Column("benefit_from", "待遇享受开始年月", _MONTH, ("享受待遇年月", "待遇开始年月")),
    Column("monthly_pension", "月养老金", _AMOUNT, ("月发放金额",), about="元"),
    Column("suspended_since", "暂停日期", _DAY, ("暂停发放日期",), about="暂停发放的要填"),
    Column("ended_on", "终止日期", _DAY, ("待遇终止日期",), about="已终止的要填"),
    Column("verified_on", "认证日期", _DAY, ("生存认证日期", "资格认证日期"), about="本机已有更晚的认证时，以晚的为准"),
    Column("verification_method", "认证方式", _coded(VerificationMethod, _METHOD_WORDS)),
    Column("matched_on", "数据比对日期", _DAY, ("静默认证日期",)),
    Column("death_hint", "疑似死亡", _flag(), ("疑似死亡标志",), about="是的只提示到窗口，不说原因"),
), PensionerRow)  # fmt: skip

EMPLOYER = Kind("employer", "单位", (
    Column("employer_no", "单位编号", _name(20), needed=True),
    Column("employer_name", "单位名称", _name(120), needed=True),
    Column("unified_social_credit_code", "统一社会信用代码", _simple(_credit_code), about="18 位，按 GB 32100 校验"),
    Column("region_code", "行政区划代码", _REGION),
    Column("checked_on", "核验日期", _DAY, about="不填为第一次导入的那天"),
    Column("employer_status", "单位状态", _coded(EmployerStatus), about="正常、注销；不填为正常"),
), EmployerRow)  # fmt: skip

POSTING = Kind("posting", "岗位", (
    Column("posting_no", "招聘编号", _name(64), ("岗位编号",), needed=True),
    Column("title", "岗位名称", _name(60), ("招聘岗位", "工种"), needed=True),
    Column("trade", "岗位类别", _coded(Trade), needed=True),
    Column("headcount", "招聘人数", _count(10_000), needed=True),
    Column("wage_period", "计薪方式", _coded(WagePeriod, _PERIOD_WORDS), needed=True, about="月薪、日薪、计件、面议"),
    Column("schooling", "学历要求", _coded(Schooling, _SCHOOLING_WORDS), ("文化程度",), needed=True),
    Column("region_code", "行政区划代码", _REGION, ("工作区划",), needed=True),
    Column("work_place", "工作地点", _name(120), needed=True),
    Column("contact_name", "联系人", _name(30), needed=True),
    Column("contact_phone", "联系电话", _name(30), ("电话",), needed=True),
    Column("published_on", "发布日期", _DAY, needed=True),
    Column("expires_on", "截止日期", _DAY, ("有效期至", "到期日期"), needed=True, about="过了这天就不再显示"),
    _UNIT_NO,
    _UNIT,
    Column("wage_min", "最低薪资", _AMOUNT, about="元；面议不填"),
    Column("wage_max", "最高薪资", _AMOUNT, about="元"),
    Column("wage_note", "薪资说明", _name(60)),
    Column("description", "岗位描述", _name(2000), ("岗位要求",)),
    Column("benefits", "福利待遇", _name(200), about="用顿号分开"),
    Column("public_welfare", "公益性岗位", _flag()),
    Column("origin", "数据来源", _name(60), about="不填为县就业局"),
    Column("verified_on", "核实日期", _DAY, about="不填为发布日期"),
), PostingRow)  # fmt: skip

KINDS = (EMPLOYER, RESIDENT, CONTRIBUTION, PENSIONER, POSTING)
"""In the order in which they are taken: who is named by others comes first."""
