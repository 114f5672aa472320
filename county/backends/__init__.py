"""Where the hub takes statements from: its own tables, or a county's own system behind one class.

A county with a system of its own writes a class with the four methods of ``StatementBackend`` and names its factory in
``[hub] backend = "python:its_module:its_factory"``; docs/backends.md shows one. The factory is handed the hub's tables,
so that it may leave to them what it does not hold.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from contract.codes import Finger
from contract.residents import ContributionMonth
from county.eligibility import PensionRecord
from county.insurance import Membership


@dataclass(frozen=True)
class Person:
    """Whom a sitting is about: the hub's own row, and the number by which every other system knows them."""

    row: int
    number: str = field(repr=False)


class StatementBackend(Protocol):
    """Answers for one person at a time. Whatever it raises, or an answer that is not whole, is told as no answer.

    It may be asked by several threads at once, and is given up after ``[hub] backend_seconds``. Never logs the number.
    """

    def memberships(self, person: Person) -> Iterable[Membership]:
        """Every participation that has months, oldest entry first; months rising, none twice."""

    def contributions(self, person: Person, year: int) -> Iterable[ContributionMonth]:
        """The months of one calendar year, in any order."""

    def pension(self, person: Person) -> PensionRecord | None:
        """The benefit and its yearly verification; None for somebody who draws nothing."""

    def fingers(self, person: Person) -> Sequence[tuple[Finger, bytes]]:
        """The enrolled fingers with their templates, in the order in which a kiosk asks for them."""
