"""A county's own system as the backend: a limit for every wait, whole answers or none, and what the hub must remember.

Whatever goes wrong there (an exception of any kind, silence, an answer of another shape) becomes BACKEND_UNAVAILABLE
(county/backends/bounded.py).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from itertools import pairwise
from typing import TypeVar

from contract.codes import Finger
from contract.residents import ContributionMonth
from county import registers
from county.backends import Person, StatementBackend
from county.backends.bounded import Bounded
from county.eligibility import PensionRecord
from county.insurance import Membership, participation
from county.store import Store

T = TypeVar("T")


class Elsewhere:
    """Asks the county's ``backend``, each question at most ``seconds`` long."""

    def __init__(self, backend: StatementBackend, store: Store, seconds: float, today: Callable[[], date]) -> None:
        self._backend = backend
        self._store = store
        self._line = Bounded(seconds)
        self._today = today

    def memberships(self, person: Person) -> Sequence[Membership]:
        """As told, once every one of them is what the protocol says."""
        return self._line.asked("memberships", lambda: _whole_memberships(tuple(self._backend.memberships(person))))

    def contributions(self, person: Person, year: int) -> Sequence[ContributionMonth]:
        """As told, in the order of the contract."""
        return self._line.asked(
            "contributions", lambda: _whole_year(tuple(self._backend.contributions(person, year)), year)
        )

    def pension(self, person: Person) -> PensionRecord | None:
        """As told, but for a verification that was made at a kiosk and is not known there yet: the later counts.

        The hub keeps what it was told, because evidence that arrives later is judged by it.
        """
        told = self._line.asked("pension", lambda: _whole(self._backend.pension(person), (PensionRecord, type(None))))
        with self._store.writing(f"resident:{person.row}") as connection:
            return registers.learn_pension(connection, person.row, told, self._today())

    def fingers(self, person: Person) -> Sequence[tuple[Finger, bytes]]:
        """As told."""
        return self._line.asked("fingers", lambda: _whole_fingers(tuple(self._backend.fingers(person))))


def _whole(told: T, kinds: tuple[type, ...]) -> T:
    if not isinstance(told, kinds):
        raise TypeError(f"not a {kinds[0].__name__}")
    return told


def _whole_memberships(told: tuple[Membership, ...]) -> tuple[Membership, ...]:
    for membership in told:
        participation(
            _whole(membership, (Membership,))
        )  # as it will be told: raises where a month or an amount is none
        months = [due.month for due in membership.months]
        if not months or any(before >= after for before, after in pairwise(months)):
            raise ValueError("months do not rise")
    return told


def _whole_year(told: tuple[ContributionMonth, ...], year: int) -> tuple[ContributionMonth, ...]:
    if any(int(_whole(row, (ContributionMonth,)).month[:4]) != year for row in told):
        raise ValueError("months of another year")
    return tuple(sorted(told, key=lambda row: (row.month, row.insurance_type)))


def _whole_fingers(told: tuple[tuple[Finger, bytes], ...]) -> tuple[tuple[Finger, bytes], ...]:
    for finger, content in told:
        _whole(finger, (Finger,))
        _whole(content, (bytes,))
    return told
