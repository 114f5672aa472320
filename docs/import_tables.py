"""The tables of docs/import.md and docs/mapping.md, from the columns and the example themselves (see generate.py)."""  # noqa: INP001  a folder of documents, not a package

from __future__ import annotations

from pathlib import Path

from contract.mapping import FieldRow, ValueRow
from county.importing.kinds import KINDS, Column, Kind
from county.mapping_file import read_mapping

EXAMPLE = Path(__file__).resolve().parent.parent / "config" / "localities" / "510521" / "mapping.toml"
NEEDED, MAY = "必填", ""


def _table(head: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    lines = [head, tuple("---" for _ in head), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def columns() -> str:
    """Every kind of file with its columns."""
    head = ("列名", "也认", "字段", "", "说明")
    parts = [
        f"### {kind.title}（`{kind.key}`，样例 [import/{_example(kind)}](import/{_example(kind)})）\n\n"
        + _table(head, [_column(column) for column in kind.columns])
        for kind in KINDS
    ]
    return "\n\n".join(parts)


def _example(kind: Kind) -> str:
    return f"{kind.title}.csv"


def _column(column: Column) -> tuple[str, ...]:
    needed = NEEDED if column.needed else MAY
    return column.title, "、".join(column.others), f"`{column.field}`", needed, column.about


def mapping() -> str:
    """The worked example, field by field."""
    head = ("Message", "Their field", "Ours", "Form", "Their value → ours", "Nothing is")
    found = read_mapping(EXAMPLE)
    rows = [_field(message, row) for message, fields in found.messages.items() for row in fields]
    return f"System: {found.system}, table of {found.version}.\n\n" + _table(head, rows)


def _field(message: str, row: FieldRow) -> tuple[str, ...]:
    values = "; ".join(_value(value) for value in row.values)
    nothing = ", ".join(f"`{text}`" for text in row.absent if text)
    return f"`{message}`", f"`{row.code}`", f"`{row.name}`", "" if row.values else row.form.value, values, nothing


def _value(row: ValueRow) -> str:
    ours = {True: "yes", False: "no"}[row.ours] if isinstance(row.ours, bool) else f"`{row.ours}`"
    span = "" if row.since == row.since.min else f" from {row.since}"
    span += "" if row.until == row.until.max else f" until {row.until}"
    return f"`{row.theirs}` → {ours}{span}{', read only' if row.reading_only else ''}"
