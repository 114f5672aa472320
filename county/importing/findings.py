"""What an import finds: where something stands, what is wrong with it, and how many rows are new."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from enum import StrEnum

from contract.identifiers import mask_id_number, mask_name, mask_phone

SHOWN = 40
MOST_FAULTS = 5000
"""So many are named one by one; the rest is counted."""
_LONG_NUMBER = re.compile(r"\d{11,}[0-9Xx]?")
_PHONE_DIGITS = 11


class FileRefused(ValueError):
    """A file that is not read at all; the words say why and what to do."""


class BadCell(ValueError):
    """A cell that cannot be taken; the words say what is wrong with it."""


class RowFault(ValueError):
    """A row whose cells contradict each other; ``column`` is the one to look at."""

    def __init__(self, column: str, words: str) -> None:
        super().__init__(words)
        self.column = column


@dataclass(frozen=True, slots=True)
class Place:
    """A row as the clerk finds it: file, sheet ("" in a CSV file), number of the row as the table program counts."""

    file: str
    sheet: str
    row: int

    def __str__(self) -> str:
        sheet = f" 表“{self.sheet}”" if self.sheet else ""
        return f"{self.file}{sheet} 第 {self.row} 行"


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong; ``shown`` is the value, masked where it is personal."""

    place: Place
    column: str
    shown: str
    words: str


class Standing(StrEnum):
    """What a good row means for the tables."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"


@dataclass
class Findings:
    """All of it. ``rows`` counts good rows by kind and standing, ``bad`` the rows with a fault by kind."""

    rows: Counter[tuple[str, Standing]] = field(default_factory=Counter)
    bad: Counter[str] = field(default_factory=Counter)
    faults: list[Fault] = field(default_factory=list)
    unnamed: int = 0
    notes: list[str] = field(default_factory=list)

    def add(self, kind: str, faults: list[Fault]) -> None:
        """One bad row of ``kind``."""
        self.bad[kind] += 1
        room = max(MOST_FAULTS - len(self.faults), 0)
        self.faults += faults[:room]
        self.unnamed += len(faults[room:])

    @property
    def clean(self) -> bool:
        """True where nothing is wrong."""
        return not self.bad

    @property
    def total(self) -> int:
        """All rows that were read."""
        return self.rows.total() + self.bad.total()


def masked(field_name: str, text: str) -> str:
    """``text`` as a report may show it: numbers of people and phones masked wherever they stand, names by one star."""
    if field_name in ("full_name", "contact_name"):
        return mask_name(text)
    if field_name == "contact_phone":
        return mask_phone(text)
    if field_name in ("social_security_no", "card_number", "card_identification"):
        return _ends(text)
    return _LONG_NUMBER.sub(lambda found: _ends(found.group()), text)[:SHOWN]


def _ends(number: str) -> str:
    """The basic mask; of another length the last four only."""
    shown = mask_id_number(number)
    return shown if shown.strip("*") else "*" * max(len(number) - 4, 0) + number[-4:]
