"""What every kind of row needs to be compared with the tables and written: who is known, what came before."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Generic, Protocol, TypeVar

from sqlalchemy import Connection, func, select
from sqlalchemy.sql.schema import Table

from county.importing.findings import Place, RowFault, Standing
from county.models import employers, residents
from county.publishing import USUAL_LEASES, Leases

R = TypeVar("R")
PORTION = 500
Verdict = Standing | RowFault


@dataclass(frozen=True)
class Filled(Generic[R]):
    """A row that is good by itself, and where it stands."""

    place: Place
    row: R


class Register(Protocol):
    """One kind of row."""

    def take(self, portion: Sequence[Filled[Any]]) -> list[Verdict]:
        """A verdict for each row, in order; where the ledger writes, the good ones are written."""

    def finish(self) -> Counter[tuple[str, Standing]]:
        """What can be said (and written) only after the last row, by kind."""


@dataclass(frozen=True)
class KnownEmployer:
    """An employer, from the tables or from these files."""

    name: str
    checked_on: date
    closed: bool


@dataclass
class Ledger:
    """One import: its transaction, whether it writes, and who was named by the files so far."""

    connection: Connection
    now: datetime
    today: date
    write: bool
    leases: Leases = USUAL_LEASES
    residents: set[str] = field(default_factory=set)
    employers: dict[str, KnownEmployer] = field(default_factory=dict)

    def rows_of(self, numbers: set[str]) -> dict[str, int | None]:
        """The hub's row of each known number; None for a resident who comes with these files."""
        found = select(residents.c.number, residents.c.id).where(residents.c.number.in_(numbers))
        known: dict[str, int | None] = dict.fromkeys(numbers & self.residents)
        return known | {row.number: row.id for row in self.connection.execute(found)}

    def employers_of(self, wanted: set[str]) -> dict[str, KnownEmployer]:
        """The known employers by their numbers."""
        found = self.connection.execute(select(employers).where(employers.c.employer_no.in_(wanted)))
        known = {row.employer_no: KnownEmployer(row.name, row.checked_on, row.closed) for row in found}
        return known | {number: self.employers[number] for number in wanted & self.employers.keys()}

    def highest(self, table: Table) -> int:
        """The highest row number of ``table``."""
        return self.connection.scalar(select(func.max(table.c.id))) or 0


class Once:
    """Remembers what came before by eight bytes each, so that a million rows stay in memory."""

    def __init__(self) -> None:
        self._seen: dict[bytes, Place] = {}

    def earlier(self, place: Place, *key: str) -> Place | None:
        """Where ``key`` came before; remembers ``place`` where it did not. To be asked once a row."""
        short = hashlib.blake2b("\x1f".join(key).encode(), digest_size=8).digest()
        first = self._seen.setdefault(short, place)
        return None if first is place else first


def standing_of(known: object, same: bool) -> Standing:  # noqa: FBT001 - one word a register
    """NEW without something ``known``, else whether it is the ``same``."""
    if not known:
        return Standing.NEW
    return Standing.UNCHANGED if same else Standing.CHANGED
