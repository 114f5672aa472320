"""Words of the job board: pay as people say it, and each filter as it stands on a button. Pure."""

from __future__ import annotations

from decimal import Decimal

from contract.codes import WagePeriod, WordsOf, own_words
from contract.feed import Wage
from contract.job_query import JobQuery
from kiosk.locality import Locality
from kiosk.phrases import Phrase, phrase

NEGOTIABLE = phrase("面议")
PERIOD_WORDS = {
    WagePeriod.MONTH: phrase("按月算"), WagePeriod.DAY: phrase("按天算"), WagePeriod.PIECE: phrase("按件算"),
    WagePeriod.NEGOTIABLE: NEGOTIABLE,
}  # fmt: skip


def amount_words(amount: Decimal) -> str:
    """3800.00 as 3800, 0.35 as 0.35."""
    return f"{amount:f}".rstrip("0").rstrip(".") if amount % 1 else f"{amount:.0f}"


def pay_words(wage: Wage) -> str:
    """3800–5200 元/月 · 计件; 120 元/天以上; 面议."""
    if wage.period is WagePeriod.NEGOTIABLE or (wage.minimum is None and wage.maximum is None):
        return NEGOTIABLE
    pay = _span_words(wage)
    return phrase("%(pay)s · %(note)s", pay=pay, note=phrase(wage.note)) if wage.note else pay


def _span_words(wage: Wage) -> str:
    unit = phrase(wage.period.label)
    match wage.minimum, wage.maximum:
        case Decimal() as least, Decimal() as most if least != most:
            span = f"{amount_words(least)}–{amount_words(most)}"
            return phrase("%(pay)s %(unit)s", pay=span, unit=unit)
        case Decimal() as least, None:
            return phrase("%(pay)s %(unit)s以上", pay=amount_words(least), unit=unit)
        case None, Decimal() as most:
            return phrase("最多 %(pay)s %(unit)s", pay=amount_words(most), unit=unit)
        case Decimal() as same, _:
            return phrase("%(pay)s %(unit)s", pay=amount_words(same), unit=unit)
        case _:
            return NEGOTIABLE


def pay_from(step: int) -> Phrase:
    """3000 as 每月 3000 元以上."""
    return phrase("每月 %(yuan)s 元以上", yuan=step)


def narrowing_words(name: str, query: JobQuery, locality: Locality, words_of: WordsOf = own_words) -> str:
    """The narrowing ``name`` of ``query`` as a button says it; the name itself for one nobody can set."""
    said: str = name
    match name:
        case "words":
            said = phrase("“%(words)s”", words=query.words)
        case "town":
            said = locality.town_name(query.town)
        case "trade" if query.trade:
            said = words_of(query.trade)
        case "pay":
            said = pay_from(query.pay or 0)
        case "pay_period" if query.pay_period:
            said = PERIOD_WORDS[query.pay_period]
        case "schooling" if query.schooling:
            said = phrase("%(schooling)s能做", schooling=phrase(words_of(query.schooling)))
        case "public_welfare":
            said = phrase("公益性岗位")
    return said
