"""The hub's own tables as the backend: what was imported, or invented in development."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from contract.codes import Finger
from contract.residents import ContributionMonth
from county import registers
from county.backends import Person
from county.eligibility import PensionRecord
from county.insurance import Membership
from county.store import Store


@dataclass(frozen=True)
class Tables:
    """Each answer is one consistent view of the database."""

    store: Store

    def memberships(self, person: Person) -> Sequence[Membership]:
        """From ``participations`` and ``contribution_months``."""
        with self.store.reading() as connection:
            return registers.memberships(connection, person.row)

    def contributions(self, person: Person, year: int) -> Sequence[ContributionMonth]:
        """From the same."""
        with self.store.reading() as connection:
            return registers.contributions(connection, person.row, year)

    def pension(self, person: Person) -> PensionRecord | None:
        """From ``pensions``."""
        with self.store.reading() as connection:
            return registers.pension_of(connection, person.row)

    def fingers(self, person: Person) -> Sequence[tuple[Finger, bytes]]:
        """From ``fingers``."""
        with self.store.reading() as connection:
            return registers.fingers_of(connection, person.row)
