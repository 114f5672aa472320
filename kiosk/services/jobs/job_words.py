"""Words of the job board: pay as people say it, and each filter as it stands on a button. Pure."""

from __future__ import annotations

from decimal import Decimal

from contract.codes import WagePeriod, WordsOf, own_words
from contract.feed import Wage
from contract.job_query import JobQuery
from kiosk.locality import Locality

PERIOD_WORDS = {
    WagePeriod.MONTH: "按月算", WagePeriod.DAY: "按天算", WagePeriod.PIECE: "按件算", WagePeriod.NEGOTIABLE: "面议",
}  # fmt: skip


def amount_words(amount: Decimal) -> str:
    """3800.00 as 3800, 0.35 as 0.35."""
    return f"{amount:f}".rstrip("0").rstrip(".") if amount % 1 else f"{amount:.0f}"


def pay_words(wage: Wage) -> str:
    """3800–5200 元/月 · 计件; 120 元/天以上; 面议."""
    if wage.period is WagePeriod.NEGOTIABLE or (wage.minimum is None and wage.maximum is None):
        return "面议"
    pay = _span_words(wage)
    return f"{pay} · {wage.note}" if wage.note else pay


def _span_words(wage: Wage) -> str:
    unit = wage.period.label
    match wage.minimum, wage.maximum:
        case Decimal() as least, Decimal() as most if least != most:
            return f"{amount_words(least)}–{amount_words(most)} {unit}"
        case Decimal() as least, None:
            return f"{amount_words(least)} {unit}以上"
        case None, Decimal() as most:
            return f"最多 {amount_words(most)} {unit}"
        case Decimal() as same, _:
            return f"{amount_words(same)} {unit}"
        case _:
            return "面议"


def narrowing_words(name: str, query: JobQuery, locality: Locality, words_of: WordsOf = own_words) -> str:
    """The narrowing ``name`` of ``query`` as a button says it; the name itself for one nobody can set."""
    if name == "public_welfare":
        return "公益性岗位"
    if name == "schooling" and query.schooling:
        return f"{words_of(query.schooling)}能做"
    words = {
        "words": f"“{query.words}”",
        "town": locality.town_name(query.town),
        "trade": words_of(query.trade) if query.trade else "",
        "pay": f"每月 {query.pay} 元以上",
        "pay_period": PERIOD_WORDS[query.pay_period] if query.pay_period else "",
    }
    return words.get(name, name)
