"""What can be pressed on the job board, with the address it leads to: filters that hold, orders. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace

from contract.codes import WordsOf, own_words
from contract.job_query import JobQuery, Sort
from kiosk.locality import Locality
from kiosk.phrases import phrase
from kiosk.services.jobs.job_filters import Filter, address_of, pressed_line, typed_line
from kiosk.services.jobs.job_words import narrowing_words

ROOT = "/services/job_board/"
SORT_WORDS = {Sort.NEWEST: phrase("最新的在前"), Sort.MONTHLY_PAY: phrase("月薪高的在前")}


@dataclass(frozen=True)
class Narrowing:
    """Something that narrows the list now: its words, the query without it, and where that is."""

    name: str
    words: str
    query: JobQuery
    href: str


def at(line: str, step: str = "") -> str:
    """The address of a step of the job board, with an address line behind it."""
    return f"{ROOT}{step}{query_tail(line)}"


def query_tail(line: str) -> str:
    """An address line behind its question mark."""
    return f"?{line}" if line else ""


def narrowings_of(query: JobQuery, locality: Locality, words_of: WordsOf = own_words) -> list[Narrowing]:
    """What narrows the list; an amount and the period it is counted by are one and go together."""
    found, typed = [], typed_line(query)
    for name in query.narrowings():
        if name == "pay_period" and query.pay:
            continue
        wider = query.without("pay_period" if name == "pay" else name)
        line = pressed_line(wider) if name == "words" else address_of(wider, typed)
        found.append(Narrowing(name, narrowing_words(name, query, locality, words_of), wider, at(line)))
    return found


def held(chosen: Filter, query: JobQuery, locality: Locality, words_of: WordsOf = own_words) -> str:
    """What a filter is set to."""
    found = narrowings_of(query, locality, words_of)
    words = [narrowing.words for narrowing in found if narrowing.name in chosen.fields]
    return words[0] if words else phrase("都可以")


def sorts(query: JobQuery) -> list[tuple[str, str, bool]]:
    """The two orders: words, address, whether it holds now."""
    typed = typed_line(query)
    return [(SORT_WORDS[sort], at(address_of(replace(query, sort=sort), typed)), query.sort is sort) for sort in Sort]


def kept(query: JobQuery) -> dict[str, str]:
    """The fields a new search keeps, by name: everything but its words."""
    return dict(part.split("=", 1) for part in pressed_line(query).split("&") if part)
