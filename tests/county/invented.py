"""Invented towns of several seeds and days, made once for all files that look at them."""

from __future__ import annotations

from datetime import date
from functools import cache

import pytest

from county.demo import invent
from county.eligibility import PensionRecord, state_of

TODAY = date(2026, 3, 18)
SAMPLES = [
    (1, TODAY),
    (7, date(2026, 1, 1)),
    (42, date(2026, 12, 31)),
    (3, date(2028, 2, 29)),
    (99, date(2027, 2, 28)),
]

town_of = cache(invent)
"""The town of a seed and a day; it is only looked at."""


def each_town():
    """A fixture for a file: every sample's town, with its day."""

    @pytest.fixture(scope="module", params=SAMPLES, ids=lambda sample: f"seed {sample[0]} on {sample[1]}")
    def sample(request):
        seed, today = request.param
        return town_of(seed, today), today

    return sample


def state(pension, today):
    """Where an invented pensioner stands with the eligibility verification."""
    return state_of(
        PensionRecord(
            pension.benefit,
            pension.last_verified_on,
            pension.last_method,
            pension.matched_on,
            pension.suspended_since,
            pension.death_hint,
        ),
        today,
    )


def gaps(participation):
    """How many months are missing between the first and the last."""
    have = [int(month.month[:4]) * 12 + int(month.month[5:]) for month in participation.months]
    return have[-1] - have[0] + 1 - len(have)
