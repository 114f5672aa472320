"""Files as a county would hand them over, written for one test."""

from __future__ import annotations

import csv
from pathlib import Path

import openpyxl

from contract.identifiers import check_character
from county.importing.command import Wanted, imported

EXAMPLES = Path("docs/import")
RESIDENTS = ("社会保障号码", "姓名", "民族", "行政区划代码")
CONTRIBUTIONS = (
    "社会保障号码", "险种类型", "费款所属期", "单位名称", "缴费基数", "个人缴费金额", "单位缴费金额", "缴费标志",
)  # fmt: skip


def number(serial: int) -> str:
    """An identity number of the county that does not exist."""
    first = f"5105991962{1 + serial // 28 % 12:02}{1 + serial % 28:02}{serial % 999 + 1:03}"
    return first + check_character(first)


def resident(serial: int = 1, **other) -> dict[str, object]:
    return {"社会保障号码": number(serial), "姓名": "示例居民", "民族": "汉", "行政区划代码": "510521109"} | other


def month(serial: int = 1, period: object = "202603", **other) -> dict[str, object]:
    return {
        "社会保障号码": number(serial), "险种类型": "110", "费款所属期": period, "单位名称": "示例厂",
        "缴费基数": "4500.00",
        "个人缴费金额": "360.00", "单位缴费金额": "720.00", "缴费标志": "1",
    } | other  # fmt: skip


def table(file: Path, *rows: dict[str, object], encoding: str = "utf-8") -> Path:
    """A CSV file whose columns are those of the first row."""
    with file.open("w", encoding=encoding, newline="") as stream:
        writer = csv.DictWriter(stream, list(rows[0]), restval="")
        writer.writeheader()
        writer.writerows(rows)
    return file


def book(file: Path, *rows: tuple[object, ...], **sheets: list[tuple[object, ...]]) -> Path:
    """An Excel file: one sheet of ``rows``, or several by name."""
    made = openpyxl.Workbook()
    made.remove(made.active)
    for name, lines in (sheets or {"Sheet1": list(rows)}).items():
        sheet = made.create_sheet(name)
        for line in lines:
            sheet.append(line)
    made.save(file)
    return file


def take(office, *files: Path, **wanted) -> tuple[int, str]:
    """Run the officer's verb; its end and what it said. ``report`` goes beside the first file."""
    said: list[str] = []
    report = files[0].parent / "report.csv" if files[0].parent != EXAMPLES else office.hub.settings.media / "report.csv"
    ended = imported(office.hub.settings, Wanted(files, **({"report": report} | wanted)), said.append)
    return ended, "\n".join(said)
