"""The import itself: every file looked at, every row judged, all of it written in one transaction or nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from pathlib import Path
from typing import Any

from contract.mapping import MappingTable
from county.clock import local_day
from county.importing.contributions import Contributions
from county.importing.findings import BadCell, Fault, FileRefused, Findings, Place, RowFault, masked
from county.importing.headings import Heading, heading_of
from county.importing.kinds import CONTRIBUTION, EMPLOYER, KINDS, PENSIONER, POSTING, RESIDENT, Kind
from county.importing.landing import PORTION, Filled, Ledger, Register
from county.importing.people import Pensioners, Residents
from county.importing.sheets import Sheet, sheets_of
from county.importing.work import Employers, Postings
from county.publishing import Leases
from county.store import Store

REGISTERS: dict[str, Callable[[Ledger], Register]] = {
    EMPLOYER.key: Employers,
    RESIDENT.key: Residents,
    CONTRIBUTION.key: Contributions,
    PENSIONER.key: Pensioners,
    POSTING.key: Postings,
}
EMPTY = "不能为空"
TOLD_EACH = 5000

Progress = Callable[[int], None]


class NothingWritten(Exception):
    """Bad rows were found while writing: the transaction is undone. Carries what was found."""

    def __init__(self, findings: Findings) -> None:
        super().__init__("bad rows")
        self.findings = findings


@dataclass(frozen=True)
class Planned:
    """One sheet and what stands in it."""

    sheet: Sheet
    heading: Heading


@dataclass(frozen=True)
class Plan:
    """What is to be imported, in which order is known by ``KINDS``; ``notes`` say what is left aside."""

    sheets: tuple[Planned, ...]
    notes: tuple[str, ...]
    leases: Leases


def plan_of(files: Sequence[Path], mapping: MappingTable | None, leases: Leases) -> Plan:
    """Look at every file; FileRefused names the first that cannot be imported."""
    found: list[Planned] = []
    notes: list[str] = []
    for file in files:
        try:
            found += _sheets_in(file, mapping, notes)
        except FileRefused as refusal:
            raise FileRefused(f"{file.name}：{refusal}") from refusal
    return Plan(tuple(found), tuple(notes), leases)


def _sheets_in(file: Path, mapping: MappingTable | None, notes: list[str]) -> list[Planned]:
    found: list[Planned] = []
    why: FileRefused | None = None
    for sheet in sheets_of(file):
        try:
            heading = heading_of(sheet.rows(), mapping)
        except FileRefused as refusal:
            why = refusal
            notes.append(f"{file.name} 表“{sheet.name}”没有导入：{refusal}")
            continue
        found.append(Planned(sheet, heading))
        if heading.ignored:
            notes.append(f"{file.name} 这些列没有用到：{'、'.join(heading.ignored)}")
    if not found:
        raise why or FileRefused("没有工作表")
    return found


def preview(store: Store, plan: Plan, now: datetime) -> Findings:
    """What an import would do; nothing is written."""
    with store.reading() as connection:
        return _carried(plan, Ledger(connection, now, local_day(now), write=False), lambda _rows: None)


def apply(store: Store, plan: Plan, now: datetime, *, without_bad_rows: bool, progress: Progress) -> Findings:
    """Write all of it in one transaction; NothingWritten where a row is bad and is not to be left out."""
    with store.writing("import") as connection:
        ledger = Ledger(connection, now, local_day(now), write=True, leases=plan.leases)
        findings = _carried(plan, ledger, progress)
        if not findings.clean and not without_bad_rows:
            raise NothingWritten(findings)
    return findings


def _carried(plan: Plan, ledger: Ledger, progress: Progress) -> Findings:
    findings = Findings(notes=list(plan.notes))
    told = TOLD_EACH
    for kind in KINDS:
        sheets = [planned for planned in plan.sheets if planned.heading.kind is kind]
        if not sheets:
            continue
        register = REGISTERS[kind.key](ledger)
        rows = (filled for planned in sheets for filled in _good_rows(planned, ledger.today, findings))
        while portion := list(islice(rows, PORTION)):
            _judge(kind, register, portion, findings)
            if findings.total >= told:
                progress(findings.total)
                told = findings.total + TOLD_EACH
        findings.rows.update(register.finish())
    return findings


def _judge(kind: Kind, register: Register, portion: list[Filled[Any]], findings: Findings) -> None:
    for filled, verdict in zip(portion, register.take(portion), strict=True):
        if isinstance(verdict, RowFault):
            shown = getattr(filled.row, verdict.column)
            findings.add(kind.key, [_fault(kind, filled.place, verdict, "" if shown is None else str(shown))])
        else:
            findings.rows[kind.key, verdict] += 1


def _good_rows(planned: Planned, today: date, findings: Findings) -> Iterator[Filled[Any]]:
    """Every row that is good by itself; a fault of any other goes to the findings."""
    kind, sheet = planned.heading.kind, planned.sheet
    for number, cells in sheet.rows():
        if number <= planned.heading.row:
            continue
        place = Place(sheet.file.name, sheet.name, number)
        values, faults = _values(planned, place, cells, today)
        if not faults:
            try:
                yield Filled(place, kind.row(**values))
                continue
            except RowFault as fault:
                shown = values.get(fault.column)
                faults = [_fault(kind, place, fault, "" if shown is None else str(shown))]
        findings.add(kind.key, faults)


def _values(planned: Planned, place: Place, cells: tuple[Any, ...], today: date) -> tuple[dict[str, Any], list[Fault]]:
    values: dict[str, Any] = {}
    faults: list[Fault] = []
    for told in planned.heading.columns:
        cell = cells[told.index] if told.index < len(cells) else None
        field = told.column.field
        try:
            values[field] = told.value(cell, today)
        except BadCell as bad:
            shown = masked(field, "" if cell is None else str(cell))
            faults.append(Fault(place, told.column.title, shown, str(bad)))
            continue
        if told.column.needed and values[field] is None:
            faults.append(Fault(place, told.column.title, "", EMPTY))
    return values, faults


def _fault(kind: Kind, place: Place, fault: RowFault, shown: str) -> Fault:
    column = kind.column(fault.column)
    return Fault(place, column.title if column else "", masked(fault.column, shown), str(fault))
