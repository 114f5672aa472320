"""Job postings for tests, each thing about them changeable."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from contract.codes import Schooling, Trade, WagePeriod
from contract.feed import Employer, JobPosting, Wage

NOW = datetime.now(UTC)


def a_wage(period: WagePeriod = WagePeriod.MONTH, least: int | None = 3000, most: int | None = 4000) -> Wage:
    """Pay of a posting."""
    amounts = [None if amount is None else Decimal(amount) for amount in (least, most)]
    return Wage(period=period, minimum=amounts[0], maximum=amounts[1])


def a_posting(number: str, **other: Any) -> JobPosting:
    """A posting that is plain in everything not named."""
    plain: dict[str, Any] = {
        "posting_no": number, "title": "电工", "trade": Trade.CRAFT, "headcount": 1, "wage": a_wage(),
        "employer": Employer(name="云龙电器厂", checked_on=NOW.date()), "schooling": Schooling.ANY,
        "region": "510521109", "work_place": "云龙镇", "contact_name": "王", "contact_phone": "0830-1",
        "origin": "县", "verified_on": NOW.date(), "published_at": NOW, "expires_on": NOW.date() + timedelta(days=30),
    }  # fmt: skip
    return JobPosting(**plain | other)
