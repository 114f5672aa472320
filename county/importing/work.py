"""Employers and job postings: the first into a table, the second into the feed."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import Row, insert, select, update

from contract.codes import Schooling, Trade, WagePeriod
from contract.feed import Employer, FeedKind, JobPosting, Wage
from county.clock import CHINA
from county.importing.contributions import NO_EMPLOYER
from county.importing.findings import RowFault, Standing
from county.importing.landing import Filled, KnownEmployer, Ledger, Once, Verdict, standing_of
from county.importing.rows import EmployerRow, PostingRow
from county.models import employers, feed
from county.publishing import publish

CLOSED = "closed"
TWICE = "这个编号在前面出现过：{}"
OTHERS_CODE = "这个统一社会信用代码登记在另一个单位编号下"
IS_CLOSED = "这个单位已注销，不能招聘"
ORIGIN = "县就业局"
_BETWEEN = re.compile(r"[、,，;；]")


class Employers:
    """A file wins over the table; an empty cell changes nothing."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._numbers, self._codes = Once(), Once()

    def take(self, portion: Sequence[Filled[EmployerRow]]) -> list[Verdict]:
        """Compare with the employer of each number."""
        numbers = {filled.row.employer_no for filled in portion}
        codes = {filled.row.unified_social_credit_code for filled in portion}
        ask = self._ledger.connection.execute
        known = {row.employer_no: row for row in ask(select(employers).where(employers.c.employer_no.in_(numbers)))}
        owned = {
            row.credit_code: row for row in ask(select(employers).where(employers.c.credit_code.in_(codes - {None})))
        }
        return [self._one(filled, known, owned) for filled in portion]

    def finish(self) -> Counter[tuple[str, Standing]]:
        """Nothing is left."""
        return Counter()

    def _one(
        self, filled: Filled[EmployerRow], known: Mapping[str, Row[Any]], owned: Mapping[str, Row[Any]]
    ) -> Verdict:
        row, held = filled.row, known.get(filled.row.employer_no)
        fault = self._fault(filled, owned)
        if fault is not None:
            return fault
        checked_on: date = row.checked_on or (held.checked_on if held else self._ledger.today)
        told = {
            "name": row.employer_name,
            "credit_code": row.unified_social_credit_code or (held.credit_code if held else None),
            "region": row.region_code or (held.region if held else None),
            "checked_on": checked_on,
            "closed": row.employer_status == CLOSED,
        }
        standing = standing_of(held, held is not None and all(getattr(held, name) == told[name] for name in told))
        self._ledger.employers[row.employer_no] = KnownEmployer(
            row.employer_name, checked_on, row.employer_status == CLOSED
        )
        if self._ledger.write and standing is Standing.NEW:
            self._ledger.connection.execute(insert(employers).values(told | {"employer_no": row.employer_no}))
        elif self._ledger.write and standing is Standing.CHANGED:
            mine = employers.c.employer_no == row.employer_no
            self._ledger.connection.execute(update(employers).where(mine).values(told))
        return standing

    def _fault(self, filled: Filled[EmployerRow], owned: Mapping[str, Row[Any]]) -> RowFault | None:
        row = filled.row
        earlier = self._numbers.earlier(filled.place, row.employer_no)
        if earlier is not None:
            return RowFault("employer_no", TWICE.format(earlier))
        code = row.unified_social_credit_code
        if code is None:
            return None
        owner = owned.get(code)
        if (owner is not None and owner.employer_no != row.employer_no) or self._codes.earlier(filled.place, code):
            return RowFault("unified_social_credit_code", OTHERS_CODE)
        return None


class Postings:
    """A posting that differs from what the feed has is published anew; the feed brings it to every kiosk."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._once = Once()

    def take(self, portion: Sequence[Filled[PostingRow]]) -> list[Verdict]:
        """Compare with the feed."""
        numbers = {filled.row.posting_no for filled in portion}
        units = self._ledger.employers_of({filled.row.employer_no for filled in portion if filled.row.employer_no})
        mine = (feed.c.kind == FeedKind.POSTING.value, feed.c.key.in_(numbers))
        held = {
            row.key: row.body for row in self._ledger.connection.execute(select(feed.c.key, feed.c.body).where(*mine))
        }
        return [self._one(filled, units, held) for filled in portion]

    def finish(self) -> Counter[tuple[str, Standing]]:
        """Nothing is left."""
        return Counter()

    def _one(
        self, filled: Filled[PostingRow], units: Mapping[str, KnownEmployer], held: Mapping[str, str | None]
    ) -> Verdict:
        row = filled.row
        earlier = self._once.earlier(filled.place, row.posting_no)
        if earlier is not None:
            return RowFault("posting_no", TWICE.format(earlier))
        unit = units.get(row.employer_no or "")
        if row.employer_no and unit is None:
            return RowFault("employer_no", NO_EMPLOYER)
        if unit is not None and unit.closed:
            return RowFault("employer_no", IS_CLOSED)
        posting = _posting(row, unit)
        standing = standing_of(row.posting_no in held, held.get(row.posting_no) == posting.model_dump_json())
        if self._ledger.write and standing is not Standing.UNCHANGED:
            publish(self._ledger.connection, FeedKind.POSTING, posting.posting_no, posting, leases=self._ledger.leases)
        return standing


def _posting(row: PostingRow, unit: KnownEmployer | None) -> JobPosting:
    checked = unit.checked_on if unit else row.verified_on or row.published_on
    return JobPosting(
        posting_no=row.posting_no,
        title=row.title,
        trade=Trade(row.trade),
        employer=Employer(name=unit.name if unit else row.employer_name or "", checked_on=checked),
        headcount=row.headcount,
        wage=Wage(
            period=WagePeriod(row.wage_period), minimum=row.wage_min, maximum=row.wage_max, note=row.wage_note or ""
        ),
        schooling=Schooling(row.schooling),
        region=row.region_code,
        work_place=row.work_place,
        description=row.description or "",
        benefits=tuple(word.strip() for word in _BETWEEN.split(row.benefits or "") if word.strip()),
        public_welfare=row.public_welfare or False,
        contact_name=row.contact_name,
        contact_phone=row.contact_phone,
        origin=row.origin or ORIGIN,
        verified_on=row.verified_on or row.published_on,
        published_at=datetime.combine(row.published_on, time(), CHINA),
        expires_on=row.expires_on,
    )
