"""What the fields and codes of one county's own system mean: a two-way table, per message and field, never per code.

The same code means different things in different systems and even in two messages of one (reference/domain.md §1.7,
§1.9 M1), so everything is looked up by (message, field). Each value is listed, a yes and a no too (M2); rows may hold
from a day and until a day, both included, because towns are merged and their codes given again. Pure: the file that
holds the table is read elsewhere.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import combinations
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, StrictBool, StrictStr, ValidationError

from contract.mapping_forms import FORMS, BadForm

Value = str | bool | None
"""A value of ours: words or a code, yes or no, nothing. Months are "2026-03", days "2026-03-15", amounts "360.00"."""


class MappingFault(ValueError):
    """A table that cannot be used; the message names message, field and what contradicts what."""


class UnknownField(LookupError):
    """A field that the table does not know for this message."""


class UnknownValue(LookupError):
    """A value that the table does not know for this field on this day."""


class Form(StrEnum):
    """How the other system writes what is no list of codes."""

    TEXT = "text"
    MONTH = "yyyymm"
    DAY = "yyyymmdd"
    FEN = "fen"


@dataclass(frozen=True)
class ValueRow:
    """One value: theirs, ours, and the days on which the pair holds. ``reading_only``: an old code still understood."""

    theirs: str
    ours: str | bool
    since: date
    until: date
    reading_only: bool

    def holds(self, on: date) -> bool:
        """True on the days of this row."""
        return self.since <= on <= self.until

    def meets(self, other: ValueRow) -> bool:
        """True where there is a day on which both hold."""
        return self.since <= other.until and other.since <= self.until


@dataclass(frozen=True)
class FieldRow:
    """One field. ``absent``: what stands there for "nothing" (M4); the first of them is what is written."""

    code: str
    name: str
    form: Form
    absent: tuple[str, ...]
    values: tuple[ValueRow, ...]

    def decode(self, theirs: str, on: date) -> Value:
        """Ours for their text; UnknownValue where none is listed for the day, or the text has another form."""
        if theirs in self.absent:
            return None
        if not self.values:
            return self._formed(FORMS[self.form].decode, theirs)
        found = [row.ours for row in self.values if row.theirs == theirs and row.holds(on)]
        if not found:
            raise UnknownValue(f"{self.code} ({self.name}): {theirs!r} is not listed for {on}")
        return found[0]

    def encode(self, ours: Value, on: date) -> str:
        """Their text for ours, such that ``decode`` gives ours again; UnknownValue where there is none."""
        if ours is None:
            if not self.absent:
                raise UnknownValue(f"{self.code} ({self.name}): nothing stands for nothing")
            return self.absent[0]
        theirs = self._listed(ours, on) if self.values else self._formed(FORMS[self.form].encode, str(ours))
        if theirs in self.absent:
            raise UnknownValue(f"{self.code} ({self.name}): {ours!r} would be read as nothing")
        return theirs

    def _listed(self, ours: Value, on: date) -> str:
        for row in self.values:
            if row.ours == ours and row.holds(on) and not row.reading_only:
                return row.theirs
        raise UnknownValue(f"{self.code} ({self.name}): {ours!r} is not listed for {on}")

    def _formed(self, change: Callable[[str], str], text: str) -> str:
        try:
            return change(text)
        except BadForm as error:
            raise UnknownValue(f"{self.code} ({self.name}): {text!r} {error}") from None


@dataclass(frozen=True)
class MappingTable:
    """The table of one system; ``messages`` by name, each a row of fields."""

    system: str
    version: str
    messages: Mapping[str, tuple[FieldRow, ...]]

    def field(self, message: str, code: str) -> FieldRow:
        """The field that the other system calls ``code``."""
        return self._one(message, code, lambda row: row.code)

    def named(self, message: str, name: str) -> FieldRow:
        """The field that we call ``name``."""
        return self._one(message, name, lambda row: row.name)

    def decode(self, message: str, record: Mapping[str, str], on: date) -> dict[str, Value]:
        """A record of theirs as ours; UnknownField or UnknownValue, never a record with something left out."""
        fields = {code: self.field(message, code) for code in record}
        return {fields[code].name: fields[code].decode(text, on) for code, text in record.items()}

    def encode(self, message: str, record: Mapping[str, Value], on: date) -> dict[str, str]:
        """The other way round: ``decode`` of the answer gives ``record`` again."""
        fields = {name: self.named(message, name) for name in record}
        return {fields[name].code: fields[name].encode(value, on) for name, value in record.items()}

    def _one(self, message: str, wanted: str, of: Callable[[FieldRow], str]) -> FieldRow:
        for row in self.messages.get(message, ()):
            if of(row) == wanted:
                return row
        raise UnknownField(f"{self.system}: message {message} has no field {wanted}")


class _Row(BaseModel):
    model_config = ConfigDict(extra="forbid")

    theirs: StrictStr
    ours: StrictBool | StrictStr
    since: date = Field(default=date.min, alias="from")
    until: date = date.max
    reading_only: StrictBool = False


class _Field(BaseModel):
    model_config = ConfigDict(extra="forbid")

    name: StrictStr
    form: Form = Form.TEXT
    absent: tuple[StrictStr, ...] = ("",)
    values: tuple[_Row, ...] = ()


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid")

    system: StrictStr
    version: StrictStr
    messages: dict[str, dict[str, _Field]]


def mapping_from(content: Mapping[str, Any]) -> MappingTable:
    """The table that ``content`` (a mapping.toml, read) describes; MappingFault where it contradicts itself."""
    try:
        read = _Table.model_validate(content)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        raise MappingFault(f"{'.'.join(map(str, first['loc']))}: {first['msg']}") from None
    messages = {
        message: tuple(_checked(message, code, field) for code, field in fields.items())
        for message, fields in read.messages.items()
    }
    for message, fields in messages.items():
        _refuse_twice(message, [field.name for field in fields])
    return MappingTable(read.system, read.version, messages)


def _checked(message: str, code: str, read: _Field) -> FieldRow:
    rows = tuple(ValueRow(row.theirs, row.ours, row.since, row.until, row.reading_only) for row in read.values)
    where = f"{message}.{code}"
    if rows and read.form is not Form.TEXT:
        raise MappingFault(f"{where}: a field has a form or a list of values, not both")
    for row in rows:
        if row.theirs in read.absent:
            raise MappingFault(f"{where}: {row.theirs!r} is a value and stands for nothing too")
        if row.since > row.until:
            raise MappingFault(f"{where}: {row.theirs!r} ends before it begins")
    _refuse_overlap(where, rows)
    _refuse_half_a_yes_and_no(where, rows)
    return FieldRow(code, read.name, read.form, read.absent, rows)


def _refuse_overlap(where: str, rows: Iterable[ValueRow]) -> None:
    for one, other in combinations(rows, 2):
        if one.meets(other) and one.theirs == other.theirs:
            raise MappingFault(f"{where}: {one.theirs!r} means two things on {max(one.since, other.since)}")
        written = not (one.reading_only or other.reading_only)
        if one.meets(other) and written and one.ours == other.ours:
            raise MappingFault(f"{where}: two codes for {one.ours!r} on {max(one.since, other.since)}")


def _refuse_half_a_yes_and_no(where: str, rows: tuple[ValueRow, ...]) -> None:
    kinds = {type(row.ours) for row in rows}
    if bool in kinds and (kinds != {bool} or {row.ours for row in rows if not row.reading_only} != {True, False}):
        raise MappingFault(f"{where}: a yes and a no are both listed, and nothing else")


def _refuse_twice(message: str, names: list[str]) -> None:
    for name in names:
        if names.count(name) > 1:
            raise MappingFault(f"{message}: two fields are called {name}")
