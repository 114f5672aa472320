"""The ordinary residents: pensioners in every state, workers of all shapes, and people without any record."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from contract.codes import EligibilityState, InsuredStatus
from county.demo.histories import (
    employee,
    flexible_worker,
    in_arrears,
    month_index,
    plain_stretch,
    resident_payer,
    several_units,
)
from county.demo.names import FEMALE, MALE, TOWNS, UNASSIGNED_COUNTY, invented_name, invented_number
from county.demo.pensions import (
    EMPLOYEE_BENEFIT,
    PENSIONER_STATES,
    RESIDENT_BENEFIT,
    enrolled,
    paid_before_pension,
    pension_in,
    pensioner_birthday,
)
from county.demo.town import CardStatus, DemoCard, DemoParticipation, DemoResident

PENSIONERS_A_STATE = 40
FINGERS_ENROLLED = (3, 3, 3, 3, 3, 2, 1, 0)
"""How many fingers were enrolled, each as often as it stands here."""
INITIAL_PIN = "123456"
CARD_YEARS = 10
_APPLICATION = "D156000005"
_ETHNIC_GROUPS = ("01",) * 44 + ("07", "06", "15", "03", "04", "13")

History = Callable[[Random, date, Sequence[str]], tuple[DemoParticipation, ...]]


@dataclass
class Register:
    """What is already given out while the town is made: no number, of a person or a card, comes twice."""

    numbers: set[str] = field(default_factory=set)
    cards: set[str] = field(default_factory=set)

    def card_number(self, rng: Random) -> str:
        """A card number not given out yet: a capital letter and eight digits."""
        while True:
            number = f"{rng.choice('BCDEFGH')}{rng.randrange(10**8):08d}"
            if number not in self.cards:
                self.cards.add(number)
                return number


def identification_of(card_number: str) -> str:
    """The 32 hex digits of a card: unassigned county, application, and eight bytes of its own."""
    own = hashlib.sha256(card_number.encode()).hexdigest()[:16].upper()
    return UNASSIGNED_COUNTY + _APPLICATION + own


def years_after(day: date, years: int) -> date:
    """The same day ``years`` later; days of a card never lie after the 28th."""
    return day.replace(year=day.year + years)


def _card(rng: Random, today: date, number: str) -> DemoCard:
    """Mostly 2.00, one in eight 1.00 or 3.00 each; one in twenty-five expired; some with the initial PIN."""
    age = rng.randint(CARD_YEARS + 1, CARD_YEARS + 3) if rng.random() < 0.04 else rng.randint(1, CARD_YEARS - 2)  # noqa: PLR2004 - share of expired cards
    issued = date(today.year - age, rng.randint(1, 12), rng.randint(1, 28))
    version = rng.choices(("1.00", "2.00", "3.00"), (1, 6, 1))[0]
    pin = INITIAL_PIN if rng.random() < 0.08 else f"{rng.randrange(10**6):06d}"  # noqa: PLR2004 - share of initial PINs
    valid_until = years_after(issued, CARD_YEARS)
    return DemoCard(number, identification_of(number), version, pin, issued, valid_until, CardStatus.NORMAL)


def _full(rng: Random, today: date, units: Sequence[str]) -> tuple[DemoParticipation, ...]:
    return employee([plain_stretch(rng, today, rng.choice(units))], rng.randrange(3800, 9000, 10))


def _several(rng: Random, today: date, units: Sequence[str]) -> tuple[DemoParticipation, ...]:
    return employee(several_units(rng, today, rng.sample(units, rng.randint(2, 3))), rng.randrange(3800, 7000, 10))


def _arrears(rng: Random, today: date, units: Sequence[str]) -> tuple[DemoParticipation, ...]:
    return employee([in_arrears(rng, today, rng.choice(units))], rng.randrange(3800, 6000, 10))


def _flexible(rng: Random, today: date, units: Sequence[str]) -> tuple[DemoParticipation, ...]:
    del units
    return flexible_worker(rng, today)


def _payer(rng: Random, today: date, units: Sequence[str]) -> tuple[DemoParticipation, ...]:
    del units
    years = range(today.year - rng.randint(3, 12), today.year + 1)
    skipped = frozenset({today.year - 2}) if rng.random() < 0.3 else frozenset[int]()  # noqa: PLR2004 - three in ten skip a year
    return resident_payer(rng, years, month_index(today) - 1, InsuredStatus.PAYING, skipped)


def _nothing(rng: Random, today: date, units: Sequence[str]) -> tuple[DemoParticipation, ...]:
    del rng, today, units
    return ()


HISTORIES: tuple[tuple[History, int], ...] = (
    (_full, 120),
    (_several, 50),
    (_arrears, 30),
    (_flexible, 20),
    (_payer, 80),
    (_nothing, 20),
)
"""How many residents of working age have which history."""


def _person(rng: Random, born_on: date, register: Register) -> tuple[str, str, str, str, str]:
    """Number, name, sex, ethnic group and town of somebody born on ``born_on``."""
    sex = rng.choice((MALE, FEMALE))
    name = invented_name(rng, sex, born_on)
    number = invented_number(rng, sex, born_on, register.numbers)
    return number, name, sex, rng.choice(_ETHNIC_GROUPS), rng.choice(TOWNS)[0]


def _pensioner(
    rng: Random, today: date, state: EligibilityState, units: Sequence[str], register: Register
) -> DemoResident:
    born_on = pensioner_birthday(rng, today)
    number, name, sex, group, town = _person(rng, born_on, register)
    card = _card(rng, today, register.card_number(rng))
    benefit = rng.choices((RESIDENT_BENEFIT, EMPLOYEE_BENEFIT), (3, 1))[0]
    paid = paid_before_pension(rng, born_on, state, benefit, rng.choice(units))
    pension = pension_in(rng, state, today, benefit)
    prints = enrolled(card.number, rng.choice(FINGERS_ENROLLED))
    return DemoResident(number, name, sex, group, born_on, town, card, "", paid, pension, prints)


def _of_working_age(
    rng: Random, today: date, history: History, units: Sequence[str], register: Register
) -> DemoResident:
    born_on = today - timedelta(days=rng.randint(27 * 366, 57 * 365))
    number, name, sex, group, town = _person(rng, born_on, register)
    card = _card(rng, today, register.card_number(rng))
    paid = history(rng, today, units)
    return DemoResident(number, name, sex, group, born_on, town, card, "", paid, None, ())


def ordinary_residents(rng: Random, today: date, units: Sequence[str]) -> tuple[DemoResident, ...]:
    """Forty pensioners in each state and everybody of ``HISTORIES``, in the order in which they happen to live."""
    register = Register()
    pensioners = [
        _pensioner(rng, today, state, units, register) for state in PENSIONER_STATES for _ in range(PENSIONERS_A_STATE)
    ]
    workers = [
        _of_working_age(rng, today, history, units, register) for history, count in HISTORIES for _ in range(count)
    ]
    everybody = pensioners + workers
    rng.shuffle(everybody)
    return tuple(everybody)
