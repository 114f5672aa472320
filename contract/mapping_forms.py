"""The forms in which other systems write months, days and amounts, each changed both ways without loss."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

_MONTH = re.compile(r"(\d{4})(0[1-9]|1[0-2])", re.ASCII)
_DAY = re.compile(r"(\d{4})(\d{2})(\d{2})", re.ASCII)
_FEN = re.compile(r"-?(0|[1-9]\d*)", re.ASCII)
_YUAN = re.compile(r"(-?)(0|[1-9]\d*)\.(\d\d)", re.ASCII)


class BadForm(ValueError):
    """A text that has not the form it should have; the message says which one."""


@dataclass(frozen=True)
class FormPair:
    """Both ways of one form. Each raises BadForm."""

    decode: Callable[[str], str]
    encode: Callable[[str], str]


def _month_of(theirs: str) -> str:
    found = _MONTH.fullmatch(theirs)
    if found is None:
        raise BadForm("is not a month like 202603")
    return "-".join(found.groups())


def _month_for(ours: str) -> str:
    theirs = ours.replace("-", "", 1)
    if _month_of(theirs) != ours:
        raise BadForm("is not a month like 2026-03")
    return theirs


def _day_of(theirs: str) -> str:
    found = _DAY.fullmatch(theirs)
    try:
        return date(*map(int, found.groups())).isoformat() if found else _no_day()
    except ValueError:
        return _no_day()


def _no_day() -> str:
    raise BadForm("is not a day like 20260315")


def _day_for(ours: str) -> str:
    theirs = ours.replace("-", "")
    if _day_of(theirs) != ours:
        raise BadForm("is not a day like 2026-03-15")
    return theirs


def _yuan_of(theirs: str) -> str:
    if not _FEN.fullmatch(theirs) or theirs == "-0":
        raise BadForm("is not a whole number of fen")
    sign, fen = ("-", theirs[1:]) if theirs.startswith("-") else ("", theirs)
    fen = fen.zfill(3)
    return f"{sign}{fen[:-2]}.{fen[-2:]}"


def _fen_for(ours: str) -> str:
    found = _YUAN.fullmatch(ours)
    if found is None:
        raise BadForm("is not an amount like 360.00")
    sign, yuan, fen = found.groups()
    theirs = f"{sign}{yuan}{fen}" if yuan != "0" else f"{sign}{int(fen)}"
    if theirs == "-0":
        raise BadForm("is no amount")
    return theirs


def _same(text: str) -> str:
    return text


FORMS: dict[str, FormPair] = {
    "text": FormPair(_same, _same),
    "yyyymm": FormPair(_month_of, _month_for),
    "yyyymmdd": FormPair(_day_of, _day_for),
    "fen": FormPair(_yuan_of, _fen_for),
}
