"""Narrowings of a search that are read from the posts themselves: cheaper than the index where a word is rare. Pure.

Most posts ask for no schooling and pay some amount, so the index holds long lists of them, and a search steps through
all of such a list; the few posts that hold a rare word are read one by one instead (docs/decisions/0028).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from contract.codes import WagePeriod
from contract.job_query import HIGHEST_STEPS, LEVELS, PAY_STEP, JobQuery

Values = tuple[str | int, ...]
_BODY = "json_extract(posting.body, '$.{}')"
_PERIOD, _TRADE, _SCHOOLING = (_BODY.format(name) for name in ("wage.period", "trade", "schooling"))
_BEST = f"CAST(coalesce({_BODY.format('wage.maximum')}, {_BODY.format('wage.minimum')}) AS REAL)"


@dataclass(frozen=True)
class Looking:
    """An expression for the index, and conditions on ``posting`` with their values, in their order."""

    expression: str
    conditions: str = ""
    values: Values = ()


def without_columns(query: JobQuery) -> JobQuery:
    """What of a query only the index knows: words, town, and the few posts of public welfare."""
    return replace(query, trade=None, pay=None, pay_period=None, schooling=None)


def from_columns(query: JobQuery, expression: str) -> Looking:
    """``expression`` with the rest of a query as conditions; the same posts as by the index alone."""
    conditions: list[tuple[str, Values]] = []
    if query.pay:
        conditions.append(_pay(query.pay, query.pay_period or WagePeriod.MONTH))
    elif query.pay_period:
        conditions.append((f"{_PERIOD} = ?", (query.pay_period,)))
    if query.trade:
        conditions.append((f"{_TRADE} = ?", (query.trade,)))
    if query.schooling:
        enough = LEVELS[: LEVELS.index(query.schooling) + 1]
        conditions.append((f"{_SCHOOLING} IN ({', '.join('?' * len(enough))})", enough))
    told = "".join(f" AND {condition}" for condition, _ in conditions)
    return Looking(expression, told, tuple(value for _, values in conditions for value in values))


def _pay(pay: int, period: WagePeriod) -> tuple[str, Values]:
    """Steps of pay as the index counts them: none below the first, none beyond the highest, none by agreement."""
    step = PAY_STEP.get(period, 0)
    steps = pay // step if step else 0
    if not 1 <= steps <= HIGHEST_STEPS:
        return "0", ()
    if period is WagePeriod.MONTH:
        return "posting.pay >= ?", (steps * step,)
    return f"{_PERIOD} = ? AND {_BEST} >= ?", (period, steps * step)
