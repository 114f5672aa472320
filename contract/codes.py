"""Code lists of the contract, each value with its words for a screen (reference/domain.md §1.4, §1.8, §4.1)."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from typing import Self

LISTS_VERSION = "2026.1"


class Labelled(StrEnum):
    """A code with the words a resident reads."""

    label: str

    def __new__(cls, code: str, label: str = "") -> Self:
        """Make a member whose value is ``code``; without a label only a member that exists is looked up."""
        member = str.__new__(cls, code)
        member._value_ = code
        member.label = label
        return member


WordsOf = Callable[[Labelled], str]
"""What a resident reads for a code: the contract's own words, or those that a county published for it."""


def own_words(code: Labelled) -> str:
    """The contract's own words."""
    return code.label


class InsuranceType(Labelled):
    """险种."""

    EMPLOYEE_PENSION = "110", "职工养老"
    RESIDENT_PENSION = "170", "城乡居民养老"
    UNEMPLOYMENT = "210", "失业"
    MEDICAL = "310", "职工医疗"
    INJURY = "410", "工伤"
    MATERNITY = "510", "生育"


class Availability(Labelled):
    """Whether the county can answer for an insurance type at all: "no record" is not "not offered"."""

    RECORDED = "recorded", "有记录"
    NO_RECORD = "no_record", "无记录"
    NOT_OFFERED = "not_offered", "本县不提供"


class InsuredStatus(Labelled):
    """参保状态 and 缴费状态 read together."""

    PAYING = "paying", "正常缴费"
    PAUSED = "paused", "暂停缴费"
    DRAWING = "drawing", "领取待遇"
    DRAWING_PAUSED = "drawing_paused", "请到窗口咨询"
    ENDED = "ended", "已终止"


class WagePeriod(Labelled):
    """What a wage is counted by; different periods are never compared with each other."""

    MONTH = "month", "元/月"
    DAY = "day", "元/天"
    PIECE = "piece", "元/件"
    NEGOTIABLE = "negotiable", "面议"


class Schooling(Labelled):
    """GB/T 4658 in the steps that job posts use; the order is the order of the levels."""

    ANY = "90", "不限"
    PRIMARY = "81", "小学"
    JUNIOR = "71", "初中"
    SENIOR = "61", "高中或中专"
    COLLEGE = "31", "大专"
    BACHELOR = "21", "本科"


class Trade(Labelled):
    """The trades by which residents look for work: a local grouping of occupations."""

    FACTORY = "factory", "工厂普工"
    CRAFT = "craft", "技工"
    BUILDING = "building", "建筑"
    DRIVING = "driving", "司机物流"
    CARE = "care", "护理家政"
    CATERING = "catering", "餐饮住宿"
    SALES = "sales", "销售客服"
    OFFICE = "office", "文员管理"
    SECURITY = "security", "保安保洁"
    FARMING = "farming", "种植养殖"


class Finger(Labelled):
    """Which finger was enrolled; the order is the order in which the kiosk asks."""

    RIGHT_INDEX = "right_index", "右手食指"
    RIGHT_THUMB = "right_thumb", "右手拇指"
    LEFT_INDEX = "left_index", "左手食指"


class EligibilityState(Labelled):
    """Where a pensioner stands in the yearly verification (reference/domain.md §2.4)."""

    NOT_A_PENSIONER = "not_a_pensioner", "未领取待遇"
    NOT_DUE = "not_due", "还没到时间"
    MATCHED = "matched", "已自动认证"
    DUE_SOON = "due_soon", "快到期了"
    DUE = "due", "本月到期"
    OVERDUE = "overdue", "已过期"
    SUSPENDED = "suspended", "请尽快认证"
    AT_COUNTER = "at_counter", "请到窗口"


class VerificationMethod(Labelled):
    """How somebody was seen to be alive."""

    KIOSK_FINGERPRINT = "kiosk_fingerprint", "自助机指纹"
    STAFF_WITNESS = "staff_witness", "工作人员见证"
    DATA_MATCH = "data_match", "数据比对"
    HOME_VISIT = "home_visit", "上门"


class ScoreBand(Labelled):
    """How clear a match was, in steps of the sensor's own scale; a score itself never leaves the kiosk."""

    NOT_TOLD = "not_told", "没有给出"
    LOW = "low", "低"
    MIDDLE = "middle", "中"
    HIGH = "high", "高"


class AnswerStatus(Labelled):
    """What the county says to a submission."""

    ACCEPTED = "accepted", "已通过"
    QUEUED = "queued", "等待处理"
    ALREADY_VALID = "already_valid", "本期已认证"
    REFUSED = "refused", "未通过"
    NEEDS_COUNTER = "needs_counter", "请到窗口"


class BenefitState(Labelled):
    """待遇发放状态 (reference/domain.md §1.8 AAE116, §2.4 Q3): suspended is not ended; a hint of death says nothing."""

    NONE = "none", "未领取待遇"
    DRAWING = "drawing", "正常发放"
    SUSPENDED = "suspended", "暂停发放"
    ENDED = "ended", "已终止"
    AT_COUNTER = "at_counter", "请到窗口"


class CaseState(Labelled):
    """How far a case is, as the resident hears of it (reference/domain.md §5.1, the public state)."""

    RECEIVED = "received", "已收到"
    IN_PROGRESS = "in_progress", "办理中"
    DONE = "done", "已办结"
    REFUSED = "refused", "未通过"


class StaffRole(Labelled):
    """What a member of staff may do."""

    CLERK = "clerk", "窗口工作人员"
    EDITOR = "editor", "信息编辑"
    APPROVER = "approver", "信息审核"
    ADMINISTRATOR = "administrator", "管理员"


class ItemState(Labelled):
    """Life of an item for the wall."""

    DRAFT = "draft", "草稿"
    SUBMITTED = "submitted", "待审核"
    PUBLISHED = "published", "已发布"
    WITHDRAWN = "withdrawn", "已撤下"


class KioskState(Labelled):
    """Whether a county knows a kiosk."""

    PENDING = "pending", "等待县里批准"
    APPROVED = "approved", "县里已批准"
    WITHDRAWN = "withdrawn", "县里已停用"
