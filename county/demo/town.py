"""The shape of the invented town: frozen values that ``county.demo.invent`` fills and the hub stores."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from contract.codes import Finger, InsuranceType, InsuredStatus, StaffRole, VerificationMethod
from contract.feed import Course, DisplayItem, JobPosting, Policy


class CardStatus(StrEnum):
    """What the county knows about a card; the chip itself does not know."""

    NORMAL = "normal"
    LOST = "lost"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class DemoCard:
    """A card: ``number`` 9 characters, ``identification`` 32 hex digits, ``version`` "1.00", "2.00" or "3.00"."""

    number: str
    identification: str
    version: str
    pin: str
    issued_on: date
    valid_until: date
    status: CardStatus


@dataclass(frozen=True, slots=True)
class DemoMonth:
    """One month that was due ("2026-03"). A month without one of these is a gap; ``paid`` False is arrears.

    Residents' pension is paid once a year and held here as its twelve months: a skipped year is a gap of twelve
    months, ``base`` is the yearly tier, ``unit_share`` the month's part of the government's subsidy.
    """

    month: str
    base: Decimal
    personal_share: Decimal
    unit_share: Decimal
    paid: bool


@dataclass(frozen=True, slots=True)
class DemoParticipation:
    """One insurance type with one unit; ``months`` rise and are never empty. Balance: on the latest unit only."""

    insurance_type: InsuranceType
    scheme: str
    unit: str
    status: InsuredStatus
    account_balance: Decimal | None
    months: tuple[DemoMonth, ...]


@dataclass(frozen=True, slots=True)
class DemoPension:
    """A pensioner's verification. ``matched_on`` counts as a success of its own; the later of the two is the last."""

    benefit: str
    last_verified_on: date | None
    last_method: VerificationMethod | None
    matched_on: date | None
    suspended_since: date | None
    death_hint: bool


@dataclass(frozen=True, slots=True)
class DemoFinger:
    """An enrolled finger; ``seed`` makes its template (``template_of``) and is what a simulated finger shows."""

    finger: Finger
    seed: str


@dataclass(frozen=True, slots=True)
class DemoResident:
    """A resident. ``sex`` is "1" or "2" (GB/T 2261.1), ``ethnic_group`` two digits (GB/T 3304), ``region`` a town.

    ``special`` says in plain words what is special about them; ordinary residents have "".
    """

    number: str
    name: str
    sex: str
    ethnic_group: str
    born_on: date
    region: str
    card: DemoCard
    special: str
    participations: tuple[DemoParticipation, ...]
    pension: DemoPension | None
    fingers: tuple[DemoFinger, ...]


@dataclass(frozen=True, slots=True)
class DemoAccount:
    """A member of staff; the password is invented, printed at start, and good for the ten-minute town only."""

    account: str
    name: str
    roles: tuple[StaffRole, ...]
    areas: tuple[str, ...]
    password: str


@dataclass(frozen=True, slots=True)
class Town:
    """All of it. Named residents stand first; each display item comes with the area it is for."""

    residents: tuple[DemoResident, ...]
    postings: tuple[JobPosting, ...]
    courses: tuple[Course, ...]
    policies: tuple[Policy, ...]
    display_items: tuple[tuple[DisplayItem, str], ...]
    accounts: tuple[DemoAccount, ...]
