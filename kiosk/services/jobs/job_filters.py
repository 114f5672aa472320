"""Filters of the job board between the address line and a JobQuery. Pure; what comes in is untrusted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import lru_cache
from typing import TypeVar
from urllib.parse import quote_plus

from contract.bigrams import LONGEST_QUERY
from contract.codes import Schooling, Trade, WagePeriod, WordsOf, own_words
from contract.job_query import JobQuery, Sort
from kiosk.locality import Locality
from kiosk.phrases import phrase
from kiosk.services.jobs.job_words import PERIOD_WORDS, pay_from

FURTHEST_PAGE = 100_000
DIGITS_OF_A_NUMBER = 6
Code = TypeVar("Code", bound=StrEnum)


class Filter(StrEnum):
    """The filters that are chosen by pressing; the value is the name in the address line."""

    TOWN = "town"
    TRADE = "trade"
    PAY = "pay"
    SCHOOLING = "schooling"
    WELFARE = "welfare"

    @property
    def heading(self) -> str:
        """What the choice is called on the screen."""
        return HEADINGS[self]

    @property
    def fields(self) -> tuple[str, ...]:
        """The fields of a query that it sets."""
        return FIELDS.get(self, (self.value,))


HEADINGS = {
    Filter.TOWN: phrase("在哪里上班"), Filter.TRADE: phrase("做哪一行"), Filter.PAY: phrase("工资怎么算"),
    Filter.SCHOOLING: phrase("您的学历"), Filter.WELFARE: phrase("公益性岗位"),
}  # fmt: skip
FIELDS = {Filter.PAY: ("pay", "pay_period"), Filter.WELFARE: ("public_welfare",)}


@dataclass(frozen=True)
class Choice:
    """One thing to press: its words and the query it leads to."""

    words: str
    query: JobQuery


def query_of(asked: Mapping[str, str], locality: Locality) -> JobQuery:
    """The query an address line asks for; what no button of ours could have made is left out."""
    town = asked.get("town", "")
    period = code_of(WagePeriod, asked.get("period", ""))
    pay = number_of(asked.get("pay", ""))
    by_month = period in (None, WagePeriod.MONTH)
    known_pay = pay if by_month and pay in locality.jobs.pay_steps else None
    schooling = code_of(Schooling, asked.get("schooling", ""))
    return JobQuery(
        words=asked.get("q", "")[:LONGEST_QUERY].strip(),
        town=town if town and any(known.code == town for known in locality.towns) else "",
        trade=code_of(Trade, asked.get("trade", "")),
        pay=known_pay,
        pay_period=WagePeriod.MONTH if known_pay else period,
        schooling=None if schooling is Schooling.ANY else schooling,
        public_welfare=asked.get("welfare") == "1",
        sort=code_of(Sort, asked.get("sort", "")) or Sort.NEWEST,
    )


def code_of(kind: type[Code], text: str) -> Code | None:
    """The member of a code list; None for anything else."""
    return next((member for member in kind if member.value == text), None) if text else None


def number_of(text: str) -> int | None:
    """A small whole number; None for anything else."""
    plain = text.isascii() and text.isdecimal() and len(text) <= DIGITS_OF_A_NUMBER
    return int(text) if plain else None


def address_of(query: JobQuery, typed: str | None = None) -> str:
    """The query as an address line, without "?"; empty for the plain one. ``typed``: ``typed_line``, if known."""
    first, second = typed_line(query) if typed is None else typed, pressed_line(query)
    return f"{first}&{second}" if first and second else first or second


def typed_line(query: JobQuery) -> str:
    """The part of the address line that was typed: its words."""
    return f"q={quote_plus(query.words)}" if query.words else ""


def pressed_line(query: JobQuery) -> str:
    """The part that was pressed: everything but the words."""
    return _pressed_line(
        (query.town, query.trade, query.pay, query.pay_period, query.schooling, query.public_welfare, query.sort)
    )


@lru_cache(maxsize=256)
def _pressed_line(
    values: tuple[str, Trade | None, int | None, WagePeriod | None, Schooling | None, bool, Sort],
) -> str:
    """Nothing in it was typed: it may be remembered."""
    town, trade, pay, period, schooling, welfare, sort = values
    pairs = (
        ("town", town), ("trade", trade or ""), ("pay", pay or ""),
        ("period", period or ""), ("schooling", schooling or ""),
        ("welfare", "1" if welfare else ""),
        ("sort", "" if sort is Sort.NEWEST else sort),
    )  # fmt: skip
    return "&".join(f"{name}={quote_plus(str(value))}" for name, value in pairs if value)


def choices_of(chosen: Filter, query: JobQuery, locality: Locality, words: WordsOf = own_words) -> list[Choice]:
    """Everything that can be chosen for a filter, first of all not to use it."""
    return [Choice(phrase("都可以"), cleared(chosen, query)), *_choices_of(chosen, query, locality, words)]


def cleared(chosen: Filter, query: JobQuery) -> JobQuery:
    """The query without that filter."""
    plain = JobQuery()
    return replace(query, **{name: getattr(plain, name) for name in chosen.fields})


def _choices_of(chosen: Filter, query: JobQuery, locality: Locality, words: WordsOf) -> list[Choice]:
    match chosen:
        case Filter.TOWN:
            return [Choice(town.name, replace(query, town=town.code)) for town in locality.towns]
        case Filter.TRADE:
            return [Choice(words(trade), replace(query, trade=trade)) for trade in Trade]
        case Filter.SCHOOLING:
            levels = [level for level in Schooling if level is not Schooling.ANY]
            return [Choice(words(level), replace(query, schooling=level)) for level in levels]
        case Filter.WELFARE:
            return [Choice(phrase("只看公益性岗位"), replace(query, public_welfare=True))]
        case Filter.PAY:
            by_month = [
                Choice(pay_from(step), replace(query, pay=step, pay_period=WagePeriod.MONTH))
                for step in locality.jobs.pay_steps
            ]
            kinds = [Choice(said, replace(query, pay=None, pay_period=kind)) for kind, said in PERIOD_WORDS.items()]
            return by_month + kinds
