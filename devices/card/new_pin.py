"""Which new PIN is worth nothing, whoever asks for it: the rule that stands before every change of PIN. Pure.

The card itself takes any digits; so do readers with keys of their own, whose digits nobody here sees.
"""

from __future__ import annotations

import hmac
from collections.abc import Iterable
from datetime import date
from enum import StrEnum
from itertools import pairwise

EQUAL, UPWARDS, DOWNWARDS = 0, 1, 9


class Objection(StrEnum):
    """Why a PIN may not be chosen."""

    SAME = "same"
    INITIAL = "initial"
    SIMPLE = "simple"
    BIRTHDAY = "birthday"


def objection_to(new: bytearray, old: bytearray, initial: Iterable[str], born_on: date | None) -> Objection | None:
    """The first thing that speaks against ``new``; None where it may be chosen. All digits are ASCII.

    SAME as ``old``; one that cards come with (``initial``); SIMPLE: all digits equal, or each one more, or one less,
    than the one before (9 and 0 are neighbours); BIRTHDAY: YYMMDD of the holder.
    """
    if hmac.compare_digest(new, old):
        return Objection.SAME
    if any(hmac.compare_digest(new, known.encode()) for known in initial):
        return Objection.INITIAL
    if is_simple(new):
        return Objection.SIMPLE
    if born_on is not None and hmac.compare_digest(new, f"{born_on:%y%m%d}".encode()):
        return Objection.BIRTHDAY
    return None


def is_simple(digits: bytearray) -> bool:
    """Whether one step leads from each digit to the next: none, up or down."""
    steps = {(after - before) % 10 for before, after in pairwise(digits)}
    return steps in ({EQUAL}, {UPWARDS}, {DOWNWARDS})
