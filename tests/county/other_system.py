"""A county's own system, invented: records with its own codes, and a backend that answers from them by the table.

docs/backends.md points here. Months, amounts, flags and kinds of insurance are theirs until they are decoded.
"""

from __future__ import annotations

import csv
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from io import StringIO
from itertools import groupby
from pathlib import Path

from contract.codes import Finger, InsuranceType, InsuredStatus, VerificationMethod
from contract.mapping import MappingTable
from contract.residents import ContributionMonth
from county.backends import Person, StatementBackend
from county.eligibility import PensionRecord
from county.insurance import DueMonth, Membership
from county.mapping_file import read_mapping

TABLE = Path("config/localities/510521/mapping.toml")
TODAY = date(2026, 11, 20)
MONTHS = """AAC002,AAE140,AAE003,AAB004,AAE180,AAE481,AAE480,QFBZ,AAC031
{number},11,202511,示例厂,450000,36000,72000,0,1
{number},11,202512,示例厂,450000,36000,72000,1,1
{number},11,202602,示例厂,450000,36000,72000,0,1
{number},21,202602,示例厂,450000,2250,2250,0,1
"""
PENSIONS = """AAC002,AAE140,AIC160,AIC166,AAE116,AAE141,AAE047,AAC098,JZBZ
{number},17,201905,22343,2,20260901,20250310,01,1
"""


@dataclass
class OtherSystem:
    """Its two tables as text, and what is wrong with it today."""

    mapping: MappingTable
    months: str = ""
    pensions: str = ""
    fault: str = ""
    asked: list[str] = field(default_factory=list)

    def records(self, message: str, person: Person) -> Iterator[dict[str, object]]:
        """The records of one person, asked for by its own field and decoded."""
        self.asked.append(message)
        if self.fault == "silent":
            threading.Event().wait(60)
        if self.fault == "broken":
            raise ConnectionResetError(f"no line for {person.number}")
        asked = self.mapping.encode(message, {"social_security_no": person.number}, TODAY)
        for record in csv.DictReader(StringIO(self.months if message == "contribution" else self.pensions)):
            if asked.items() <= record.items():
                yield self.mapping.decode(message, record, TODAY)
                if self.fault == "half":
                    raise TimeoutError("the line was cut")


@dataclass
class OtherBackend:
    """The four answers."""

    system: OtherSystem
    tables: StatementBackend

    def memberships(self, person: Person) -> list[Membership]:
        def of(record):
            return record["insurance_type"], record["employer_name"]

        records = sorted(self.system.records("contribution", person), key=of)
        return [_membership(list(rows)) for _, rows in groupby(records, of)]

    def contributions(self, person: Person, year: int) -> list[ContributionMonth]:
        records = self.system.records("contribution", person)
        wrong = self.system.fault == "another year"
        return [_month(record) for record in records if wrong or record["contribution_period"].startswith(str(year))]

    def pension(self, person: Person) -> PensionRecord | None:
        records = list(self.system.records("pensioner", person))
        return _pension(records[0]) if records else None

    def fingers(self, person: Person) -> list[tuple[Finger, bytes]]:
        return self.tables.fingers(person)


def _membership(records: list[dict[str, object]]) -> Membership:
    months = sorted((_due(record) for record in records), key=lambda due: due.month)
    kind, last = InsuranceType(records[0]["insurance_type"]), records[-1]
    return Membership(
        kind, kind.label, last["employer_name"], InsuredStatus(last["contribution_status"]), None, tuple(months)
    )


def _due(record: dict[str, object]) -> DueMonth:
    amounts = [Decimal(record[name]) for name in ("contribution_base", "person_amount", "employer_amount")]
    return DueMonth(record["contribution_period"], *amounts, paid=record["paid_flag"])


def _month(record: dict[str, object]) -> ContributionMonth:
    due = _due(record)
    return ContributionMonth(
        month=due.month, insurance_type=InsuranceType(record["insurance_type"]), unit=record["employer_name"],
        base=due.base, personal_share=due.personal_share, unit_share=due.unit_share, paid=due.paid,
    )  # fmt: skip


def _pension(record: dict[str, object]) -> PensionRecord:
    def day(name):
        return date.fromisoformat(record[name]) if record.get(name) else None

    method = VerificationMethod(record["verification_method"]) if record["verification_method"] else None
    return PensionRecord(
        benefit=record["benefit_name"], last_verified_on=day("verified_on"), last_method=method,
        suspended_since=day("suspended_since"), death_hint=record["death_hint"], drawn_since=record["benefit_from"],
        monthly_amount=Decimal(record["monthly_pension"]),
    )  # fmt: skip


OPENED: list[OtherBackend] = []
"""Those that hubs have opened, so that a test may fill and break its own."""


def open_backend(tables: StatementBackend) -> OtherBackend:
    """What ``[hub] backend = "python:tests.county.other_system:open_backend"`` names."""
    OPENED.append(OtherBackend(OtherSystem(read_mapping(TABLE)), tables))
    return OPENED[-1]


def without_a_method(tables: StatementBackend) -> object:
    """A factory whose backend lacks three methods."""
    return type("Half", (), {"pension": tables.pension})()
