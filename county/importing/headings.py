"""Which kind of file a sheet is, told by its header row; the order of the columns is free."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from contract.mapping import FieldRow, Form, MappingTable, UnknownField, UnknownValue
from county.importing.cells import Cell, is_empty, plain, words
from county.importing.findings import BadCell, FileRefused
from county.importing.kinds import KINDS, Column, Kind

LOOKED_AT = 10
"""A title and a date may stand above the header."""
_REMARK = re.compile(r"[（(\[【].*?[）)\]】]|[*＊:：]")


@dataclass(frozen=True)
class Told:
    """One column of a sheet: where it stands, what it is, and the county's own field where a table maps it."""

    index: int
    column: Column
    mapped: FieldRow | None

    def value(self, cell: Cell, today: date) -> Any:
        """The value; None for an empty cell. Raises BadCell."""
        if self.mapped is not None:
            return self._mapped(self.mapped, cell, today)
        return None if is_empty(cell) else self.column.parse(cell, today)

    def _mapped(self, mapped: FieldRow, cell: Cell, today: date) -> Any:
        as_written = mapped.form is Form.TEXT and not mapped.values
        try:
            decoded = mapped.decode(words(cell) if as_written else plain(cell), today)
        except UnknownValue:
            raise BadCell(f"对照表里没有这个值（{mapped.code}）") from None
        return None if decoded is None else self.column.parse(decoded, today)


@dataclass(frozen=True)
class Heading:
    """The header of a sheet. ``row``: its number; ``ignored``: what is not taken from the file."""

    kind: Kind
    row: int
    columns: tuple[Told, ...]
    ignored: tuple[str, ...]


def heading_of(rows: Iterable[tuple[int, tuple[Cell, ...]]], mapping: MappingTable | None) -> Heading:
    """The heading among the first rows; raises FileRefused, naming what is missing in the row that comes nearest."""
    nearest: list[Heading] = []
    for looked_at, (number, row) in enumerate(rows, start=1):
        found = [_read(kind, number, row, mapping) for kind in KINDS]
        whole = [heading for heading in found if not _missing(heading)]
        if whole:
            return _only(whole)
        nearest += found
        if looked_at == LOOKED_AT:
            break
    raise FileRefused(_why_none(nearest))


def _only(whole: list[Heading]) -> Heading:
    most = max(len(heading.columns) for heading in whole)
    best = [heading for heading in whole if len(heading.columns) == most]
    if len(best) > 1:
        raise FileRefused("表头同时像几种表：" + "、".join(heading.kind.title for heading in best))
    fields = [told.column.field for told in best[0].columns]
    for told in best[0].columns:
        if fields.count(told.column.field) > 1:
            raise FileRefused(f"有两列都是“{told.column.title}”：请只留一列")
    return best[0]


def _why_none(nearest: list[Heading]) -> str:
    best = max(nearest, key=lambda heading: len(heading.columns), default=None)
    if best is None or len(best.columns) < 2:  # noqa: PLR2004 - one column alone is chance
        return "没有找到表头：第一行应是列名（见 docs/import.md）"
    missing = "、".join(_missing(best))
    return f"像是“{best.kind.title}”表，缺少列：{missing}（第 {best.row} 行；表头若合并了单元格或占两行，请改成一行）"


def _missing(heading: Heading) -> list[str]:
    told = {found.column.field for found in heading.columns}
    return [column.title for column in heading.kind.columns if column.needed and column.field not in told]


def _read(kind: Kind, number: int, row: tuple[Cell, ...], mapping: MappingTable | None) -> Heading:
    columns: list[Told] = []
    ignored: list[str] = []
    column_named = _names(kind)
    for index, cell in enumerate(row):
        title = cell if isinstance(cell, str) else ""
        told = _mapped(kind, index, title.strip(), mapping) or _standard(index, column_named(title))
        if told is not None:
            columns.append(told)
        elif title.strip():
            ignored.append(title.strip()[:20])
    return Heading(kind, number, tuple(columns), tuple(ignored))


def _mapped(kind: Kind, index: int, title: str, mapping: MappingTable | None) -> Told | None:
    if mapping is None:
        return None
    try:
        mapped = mapping.field(kind.key, title)
    except UnknownField:
        return None
    column = kind.column(mapped.name)
    return None if column is None else Told(index, column, mapped)


def _standard(index: int, column: Column | None) -> Told | None:
    return None if column is None else Told(index, column, None)


def _names(kind: Kind) -> Callable[[str], Column | None]:
    known = {_bare(name): column for column in kind.columns for name in (column.title, column.field, *column.others)}
    return lambda title: known.get(_bare(title))


def _bare(title: str) -> str:
    """A title without blanks, remarks in brackets ("（元）") and stars."""
    text = _REMARK.sub("", unicodedata.normalize("NFKC", title))
    return "".join(text.split()).casefold()
