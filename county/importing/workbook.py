"""Excel files (.xlsx), row by row. What is packed too tightly, is too large or is something else is refused first."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time
from itertools import islice
from pathlib import Path
from typing import Any

from county.importing.cells import Cell, Formula
from county.importing.findings import FileRefused

MOST_COLUMNS = 200
MOST_ROWS = 1_048_576
"""As many as a sheet can have; a row number beyond is a trap that never ends (the reader refuses one row more)."""
MOST_UNPACKED = 1024 * 1024 * 1024
MOST_RATIO = 300
"""A sheet of numbers packs thirty-fold; ten times that is a trap."""
SMALL = 4 * 1024 * 1024
MOST_PARTS = 2000
OLD_FILE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""How .xls, .et and encrypted files begin."""
PACKED = b"PK\x03\x04"


def is_workbook(file: Path) -> bool:
    """True for .xlsx by its content; an older or encrypted one is refused with words."""
    with file.open("rb") as stream:
        begin = stream.read(8)
    if begin == OLD_FILE:
        raise FileRefused("是旧版 .xls（.et）或加了密码的文件：请打开后另存为 .xlsx 或 CSV（UTF-8）")
    return begin.startswith(PACKED)


def check_packing(file: Path) -> None:
    """Refuse what would unpack without end, before anything is unpacked. Sizes bind: no more than them is ever read."""
    try:
        with zipfile.ZipFile(file) as packed:
            parts = packed.infolist()
    except (zipfile.BadZipFile, OSError) as error:
        raise FileRefused("文件已损坏，打不开") from error
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
        raise FileRefused("文件展开后太大：请分成几个文件，或导出为 CSV")
    for part in parts:
        if part.file_size > SMALL and part.file_size > MOST_RATIO * max(part.compress_size, 1):
            raise FileRefused("文件的压缩比不正常，不像业务系统导出的表，已拒绝")
        if part.flag_bits & 1:
            raise FileRefused("文件加了密码：请去掉密码后再导入")


def sheet_names(file: Path) -> list[str]:
    """The sheets of the workbook, in their order."""
    book = _opened(file)
    try:
        return [sheet.title for sheet in book.worksheets]
    finally:
        book.close()


def rows_of(file: Path, sheet: str) -> Iterator[tuple[Cell, ...]]:
    """Every row of one sheet from the first, empty ones too."""
    book = _opened(file)
    try:
        wanted = book[sheet]
        wanted.reset_dimensions()  # what the file says of its own size is often wrong
        for row in islice(wanted.iter_rows(), MOST_ROWS + 1):
            yield tuple(_cell(cell) for cell in row[:MOST_COLUMNS])
    except (KeyError, ValueError, TypeError, AttributeError, zipfile.BadZipFile, SyntaxError) as error:
        raise FileRefused(f"工作表“{sheet}”读不出来：请用 Excel 或 WPS 重新另存为 .xlsx") from error
    finally:
        book.close()


def _opened(file: Path) -> Any:
    import openpyxl  # noqa: PLC0415 - 0.3 s that the hub does not need

    check_packing(file)
    try:
        return openpyxl.load_workbook(file, read_only=True, keep_links=False)
    except (KeyError, ValueError, TypeError, AttributeError, zipfile.BadZipFile, SyntaxError, OSError) as error:
        raise FileRefused("不是能读的 .xlsx 文件：请用 Excel 或 WPS 重新另存") from error


def _cell(cell: Any) -> Cell:
    found = cell.value
    if cell.data_type == "f":
        return Formula(str(found))
    if cell.data_type == "e":
        return f"{found}"
    match found:
        case datetime():
            return found
        case date():
            return datetime.combine(found, time())
        case None | str() | int() | float():
            return found
        case _:
            return str(found)
