"""What is looked for among the postings, and the words of the index it becomes. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any

from contract.bigrams import index_words, query_of
from contract.codes import Schooling, Trade, WagePeriod
from contract.feed import JobPosting

PAY_STEP = {WagePeriod.MONTH: 1000, WagePeriod.DAY: 50, WagePeriod.PIECE: 1}
HIGHEST_STEPS = 40
LEVELS = tuple(Schooling)
MARK = "ω"
"""Begins the words that stand for filters: no letter that the words of a search are ever cut into."""
EVERY = f"{MARK}all"


class Sort(StrEnum):
    """Orders of the list; both are stable."""

    NEWEST = "newest"
    MONTHLY_PAY = "pay"


@dataclass(frozen=True)
class JobQuery:
    """What is looked for.

    ``pay_period``: posts paid that way only. ``pay`` is the least amount per ``pay_period``, per month where none is
    named; negotiable posts never match it.

    ``schooling`` is the resident's own level: posts that ask for no more than that are found.
    """

    words: str = ""
    town: str = ""
    trade: Trade | None = None
    pay: int | None = None
    pay_period: WagePeriod | None = None
    schooling: Schooling | None = None
    public_welfare: bool = False
    sort: Sort = Sort.NEWEST

    def narrowings(self) -> list[str]:
        """Each narrowing that is set, by field name."""
        return [name for name, unset in UNSET.items() if name != "sort" and getattr(self, name) != unset]

    def without(self, name: str) -> JobQuery:
        """This query without one narrowing; an amount goes with the period it is counted by."""
        gone = ("pay", "pay_period") if name == "pay_period" else (name,)
        return JobQuery(**vars(self) | {one: UNSET[one] for one in gone})


UNSET: dict[str, Any] = vars(JobQuery())


def filter_words(job: JobPosting) -> list[str]:
    """The filters a posting answers, as words of the index."""
    words = [EVERY, f"{MARK}t{job.region[:9]}", f"{MARK}r{job.trade}", f"{MARK}w{job.wage.period}"]
    words += [f"{MARK}s{level.name.lower()}" for level in LEVELS if LEVELS.index(level) >= LEVELS.index(job.schooling)]
    words += [f"{MARK}welfare"] if job.public_welfare else []
    step = PAY_STEP.get(job.wage.period, 0)
    best = job.wage.maximum if job.wage.maximum is not None else job.wage.minimum
    if step and best is not None:
        words += [f"{MARK}p{job.wage.period}{n * step}" for n in range(1, min(int(best / step), HIGHEST_STEPS) + 1)]
    return words


def words_of(job: JobPosting) -> str:
    """Everything the index is given for a posting."""
    spoken = f"{job.title} {job.employer.name} {job.work_place} {job.description} {job.trade.label}"
    return " ".join(index_words(spoken) + filter_words(job))


def expression_of(query: JobQuery) -> str | None:
    """The FTS5 expression of a query, what is rarest first; None where it can find nothing."""
    marks, spoken = marks_of(query), query_of(query.words)
    if marks is None or (query.words.strip() and spoken is None):
        return None
    return " AND ".join([*([spoken] if spoken else []), *marks]) or EVERY


def marks_of(query: JobQuery) -> list[str] | None:
    """The words of the index that the filters of a query ask for; None where one can be no word of it."""
    marks = [f"{MARK}t{query.town}"] if query.town else []
    marks += [f"{MARK}r{query.trade}"] if query.trade else []
    marks += [f"{MARK}s{query.schooling.name.lower()}"] if query.schooling else []
    marks += [f"{MARK}welfare"] if query.public_welfare else []
    marks += [f"{MARK}w{query.pay_period}"] if query.pay_period and not query.pay else []
    if query.pay:
        period = query.pay_period or WagePeriod.MONTH
        step = PAY_STEP.get(period, 1)
        marks.append(f"{MARK}p{period}{query.pay // step * step}")
    return marks if all(mark.isalnum() for mark in marks) else None


def monthly_pay(job: JobPosting) -> float | None:
    """The most a posting pays a month, by which the list is sorted; None where it pays otherwise or by agreement."""
    best: Decimal | None = job.wage.maximum if job.wage.maximum is not None else job.wage.minimum
    return float(best) if best is not None and job.wage.period is WagePeriod.MONTH else None
