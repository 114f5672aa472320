"""A file as sheets of rows, whatever it is: CSV in UTF-8, GB 18030 or UTF-16, or an Excel workbook."""

from __future__ import annotations

import codecs
import csv
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from county.importing import workbook
from county.importing.cells import Cell
from county.importing.findings import FileRefused

MOST_BYTES = 1024 * 1024 * 1024
MOST_ROWS = 2_000_000
PIECE = 1 << 20
HEADER_LINES = 3
"""A title may stand above the header."""
DELIMITERS = ",\t;"
MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
ENCODINGS = ("utf-8", "gb18030")


@dataclass(frozen=True)
class Sheet:
    """One sheet of a file; ``name`` is "" for a CSV file."""

    file: Path
    name: str
    encoding: str = ""

    def rows(self) -> Iterator[tuple[int, tuple[Cell, ...]]]:
        """Every row that is not empty, with its number, counted from 1; raises FileRefused."""
        rows = workbook.rows_of(self.file, self.name) if self.name else _lines(self.file, self.encoding)
        most = workbook.MOST_ROWS if self.name else MOST_ROWS
        for number, row in enumerate(rows, start=1):
            if number > most:
                raise FileRefused(f"超过 {most} 行：请分成几个文件")
            if any(cell is not None and cell != "" for cell in row):
                yield number, row


def sheets_of(file: Path) -> list[Sheet]:
    """The sheets of ``file``; raises FileRefused with words."""
    try:
        size = file.stat().st_size
        if not size:
            raise FileRefused("是空文件")
        if size > MOST_BYTES:
            raise FileRefused("超过 1 GB：请分成几个文件")
        if workbook.is_workbook(file):
            return [Sheet(file, name) for name in workbook.sheet_names(file)]
        return [Sheet(file, "", _encoding_of(file))]
    except OSError as error:
        raise FileRefused(f"打不开：{error.strerror}") from error


def _encoding_of(file: Path) -> str:
    with file.open("rb") as stream:
        begin = stream.read(4)
        for mark, encoding in MARKS:
            if begin.startswith(mark):
                return encoding
        for encoding in ENCODINGS:
            stream.seek(0)
            if _reads_as(iter(lambda: stream.read(PIECE), b""), encoding):
                return encoding
    raise FileRefused("文字编码认不出来：请另存为“CSV UTF-8”")


def _reads_as(pieces: Iterator[bytes], encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        for piece in pieces:
            decoder.decode(piece)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _lines(file: Path, encoding: str) -> Iterator[tuple[Cell, ...]]:
    with file.open(encoding=encoding, newline="") as stream:
        try:
            begin = "".join(islice(stream, HEADER_LINES))
            stream.seek(0)
            delimiter = max(DELIMITERS, key=begin.count)
            for row in csv.reader(stream, delimiter=delimiter, strict=True):
                yield tuple(row[: workbook.MOST_COLUMNS])
        except (csv.Error, UnicodeDecodeError) as error:
            raise FileRefused("不是完整的 CSV：引号没有成对，或文件被截断") from error
