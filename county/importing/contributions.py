"""Months of contributions into the tables, a portion at a time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import sqlalchemy
from sqlalchemy import Integer, Select, String, bindparam, column, func, insert, select, tuple_, update

from contract.codes import InsuranceType, InsuredStatus
from county.importing.findings import RowFault, Standing
from county.importing.landing import PORTION, Filled, KnownEmployer, Ledger, Once, Verdict, standing_of
from county.importing.people import UNKNOWN
from county.importing.rows import ContributionRow
from county.models import contribution_months, participations

SCHEMES = {
    InsuranceType.EMPLOYEE_PENSION: "企业职工基本养老保险",
    InsuranceType.RESIDENT_PENSION: "城乡居民基本养老保险",
    InsuranceType.UNEMPLOYMENT: "失业保险",
    InsuranceType.MEDICAL: "职工基本医疗保险",
    InsuranceType.INJURY: "工伤保险",
    InsuranceType.MATERNITY: "生育保险",
}
TWICE = "同一人同一险种同一单位的这个月在前面出现过：{}"
NO_EMPLOYER = "没有这个单位编号：请先导入单位表，或与单位表一起导入"
TOO_LATE = "所属期在明年以后"
PARTICIPATION = "participation"

Key = tuple[str, str, str]
"""Number, insurance type, unit: one participation."""
Amounts = tuple[Decimal, Decimal, Decimal, bool]


@dataclass(frozen=True)
class _Held:
    """A participation as the tables have it."""

    row: int
    status: str
    balance: Decimal | None


@dataclass(frozen=True)
class _Latest:
    """What the latest month of the files says of a participation."""

    month: str
    status: str | None
    balance: Decimal | None


class Contributions:
    """A month is known by number, insurance type, unit and month; a file wins over the tables."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._once = Once()
        self._next = ledger.highest(participations)
        self._held: dict[Key, _Held] = {}
        self._latest: dict[Key, _Latest] = {}

    def take(self, portion: Sequence[Filled[ContributionRow]]) -> list[Verdict]:
        """Compare with the months that are there; new and changed ones are written together."""
        people = self._ledger.rows_of({filled.row.social_security_no for filled in portion})
        units = self._ledger.employers_of({filled.row.employer_no for filled in portion if filled.row.employer_no})
        verdicts: list[Verdict | Key] = [self._checked(filled, people, units) for filled in portion]
        self._learn({key for key in verdicts if isinstance(key, tuple)}, people)
        known = self._months(portion, verdicts)
        return self._written(portion, verdicts, known, people)

    def finish(self) -> Counter[tuple[str, Standing]]:
        """Status and balance of each participation, by its latest month, unless the tables know a later one."""
        told: Counter[tuple[str, Standing]] = Counter()
        keys = [key for key, latest in self._latest.items() if latest.status or latest.balance is not None]
        for start in range(0, len(keys), PORTION):
            told.update(self._settled(keys[start : start + PORTION]))
        return told

    def _checked(
        self, filled: Filled[ContributionRow], people: Mapping[str, int | None], units: Mapping[str, KnownEmployer]
    ) -> RowFault | Key:
        row = filled.row
        if row.social_security_no not in people:
            return RowFault("social_security_no", UNKNOWN)
        if row.employer_no and row.employer_no not in units:
            return RowFault("employer_no", NO_EMPLOYER)
        if int(row.contribution_period[:4]) > self._ledger.today.year + 1:
            return RowFault("contribution_period", TOO_LATE)
        unit = units[row.employer_no].name if row.employer_no else row.employer_name or ""
        key = (row.social_security_no, row.insurance_type, unit)
        earlier = self._once.earlier(filled.place, *key, row.contribution_period)
        return key if earlier is None else RowFault("contribution_period", TWICE.format(earlier))

    def _learn(self, keys: set[Key], people: Mapping[str, int | None]) -> None:
        """The participations of these people, as the tables have them."""
        numbers = {row: number for number, row in people.items() if row is not None}
        missing = {people[key[0]] for key in keys if key not in self._held} - {None}
        found = select(participations).where(participations.c.resident.in_(missing)).order_by(participations.c.id)
        for row in self._ledger.connection.execute(found) if missing else ():
            key = (numbers[row.resident], row.insurance_type, row.unit)
            self._held.setdefault(key, _Held(row.id, row.status, row.account_balance))

    def _months(
        self, portion: Sequence[Filled[ContributionRow]], keys: Sequence[Verdict | Key]
    ) -> dict[tuple[int, str], Amounts]:
        """What the tables have of the months of this portion."""
        wanted = [
            (self._held[key].row, filled.row.contribution_period)
            for filled, key in zip(portion, keys, strict=True)
            if isinstance(key, tuple) and key in self._held
        ]
        rows = self._ledger.connection.execute(self._asked(wanted)) if wanted else ()
        return {
            (row.participation, row.month): (row.base, row.personal_share, row.unit_share, row.paid) for row in rows
        }

    def _asked(self, wanted: list[tuple[int, str]]) -> Select[Any]:
        """One look into the index for each; PostgreSQL would read a list of pairs as so many ORs, in every part."""
        month = contribution_months.c
        if self._ledger.connection.dialect.name == "sqlite":
            return select(contribution_months).where(tuple_(month.participation, month.month).in_(wanted))
        asked = sqlalchemy.values(column("of", Integer), column("at", String), name="asked").data(wanted)
        pair = (month.participation == asked.c.of) & (month.month == asked.c.at)
        return select(contribution_months).join_from(asked, contribution_months, pair)

    def _written(
        self, portion: Sequence[Filled[ContributionRow]], keys: Sequence[Verdict | Key],
        known: Mapping[tuple[int, str], Amounts], people: Mapping[str, int | None],
    ) -> list[Verdict]:  # fmt: skip
        verdicts: list[Verdict] = []
        rows: dict[Standing, list[dict[str, Any]]] = {standing: [] for standing in Standing}
        for filled, key in zip(portion, keys, strict=True):
            if not isinstance(key, tuple):
                verdicts.append(key)
                continue
            held, row = self._held.get(key), filled.row
            before = known.get((held.row, row.contribution_period)) if held else None
            told = _amounts(row)
            standing = standing_of(before, before == told)
            verdicts.append(standing)
            self._note(key, row)
            if self._ledger.write:
                rows[standing].append(_month_row(self._participation(key, row, people), row, told))
        self._write(rows)
        return verdicts

    def _participation(self, key: Key, row: ContributionRow, people: Mapping[str, int | None]) -> int:
        """The row number of this participation, made now where it is new."""
        if key not in self._held:
            self._next += 1
            status = row.contribution_status or InsuredStatus.PAYING.value
            self._held[key] = _Held(self._next, status, row.account_balance)
            new = {
                "id": self._next, "resident": people[key[0]], "insurance_type": key[1], "unit": key[2],
                "scheme": SCHEMES[InsuranceType(key[1])], "status": status, "account_balance": row.account_balance,
            }  # fmt: skip
            self._ledger.connection.execute(insert(participations).values(new))
        return self._held[key].row

    def _write(self, rows: Mapping[Standing, list[dict[str, Any]]]) -> None:
        if rows[Standing.NEW]:
            self._ledger.connection.execute(insert(contribution_months), rows[Standing.NEW])
        if rows[Standing.CHANGED]:
            month = contribution_months.c
            mine = (month.participation == bindparam("held"), month.month == bindparam("of"))
            values = [
                row | {"held": row.pop("participation"), "of": row.pop("month")} for row in rows[Standing.CHANGED]
            ]
            self._ledger.connection.execute(update(contribution_months).where(*mine), values)

    def _note(self, key: Key, row: ContributionRow) -> None:
        before = self._latest.get(key)
        if before is None or row.contribution_period > before.month:
            self._latest[key] = _Latest(row.contribution_period, row.contribution_status, row.account_balance)

    def _settled(self, keys: list[Key]) -> Counter[tuple[str, Standing]]:
        month = contribution_months.c
        known = {self._held[key].row for key in keys if key in self._held}
        newest = select(month.participation, func.max(month.month)).where(month.participation.in_(known))
        last = {row[0]: row[1] for row in self._ledger.connection.execute(newest.group_by(month.participation))}
        told: Counter[tuple[str, Standing]] = Counter()
        for key in keys:
            held, latest = self._held.get(key), self._latest[key]
            if held is None or latest.month < last.get(held.row, ""):
                continue
            values = {
                "status": latest.status or held.status,
                "account_balance": held.balance if latest.balance is None else latest.balance,
            }
            same = (values["status"], values["account_balance"]) == (held.status, held.balance)
            told[PARTICIPATION, Standing.UNCHANGED if same else Standing.CHANGED] += 1
            if self._ledger.write and not same:
                mine = participations.c.id == held.row
                self._ledger.connection.execute(update(participations).where(mine).values(values))
        return told


def _amounts(row: ContributionRow) -> Amounts:
    return row.contribution_base, row.person_amount, row.employer_amount or Decimal("0.00"), row.paid_flag


def _month_row(participation: int, row: ContributionRow, told: Amounts) -> dict[str, Any]:
    base, personal, unit, paid = told
    return {
        "participation": participation, "month": row.contribution_period, "base": base,
        "personal_share": personal, "unit_share": unit, "paid": paid,
    }  # fmt: skip
