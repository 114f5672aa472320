"""What an import found, in words for the officer and as a table for whoever mends the files."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

from county.importing.contributions import PARTICIPATION
from county.importing.findings import Fault, Findings, Standing
from county.importing.kinds import KINDS

NAMED_ON_SCREEN = 20
COMPUTES = ("=", "+", "-", "@", "\t", "\r")
"""A cell that begins so would be computed by the table program that opens the report."""
TITLES = {kind.key: kind.title for kind in KINDS} | {PARTICIPATION: "参保关系（状态、余额）"}
HEADER = ("文件", "工作表", "行", "列", "值", "问题")


def lines(findings: Findings) -> Iterator[str]:
    """Counts by kind, what was left aside, and the first faults."""
    for key, title in TITLES.items():
        counts = [findings.rows[key, standing] for standing in (Standing.NEW, Standing.CHANGED, Standing.UNCHANGED)]
        if any(counts) or findings.bad[key]:
            new, changed, unchanged = counts
            yield f"{title}：新增 {new}，更改 {changed}，不变 {unchanged}，有错 {findings.bad[key]} 行"
    if not findings.total:
        yield "文件里没有数据行"
    yield from findings.notes
    for fault in findings.faults[:NAMED_ON_SCREEN]:
        yield f"  {fault.place} {fault.column} {fault.shown or '（空）'}：{fault.words}"
    more = len(findings.faults) - NAMED_ON_SCREEN + findings.unnamed
    if more > 0:
        yield f"  ……还有 {more} 处"


def write_faults(file: Path, findings: Findings) -> None:
    """The faults as a CSV file that a table program opens: UTF-8 with its mark, nothing in it that computes."""
    with file.open("w", encoding="utf-8-sig", newline="") as stream:
        table = csv.writer(stream)
        table.writerow(HEADER)
        table.writerows(_row(fault) for fault in findings.faults)
        if findings.unnamed:
            table.writerow(("", "", "", "", "", f"另有 {findings.unnamed} 处没有列出"))


def _row(fault: Fault) -> tuple[str, ...]:
    cells = (fault.place.file, fault.place.sheet, str(fault.place.row), fault.column, fault.shown, fault.words)
    return tuple(f"'{cell}" if cell.startswith(COMPUTES) else cell for cell in cells)
