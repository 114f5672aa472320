"""``run.py county import FILE… [--apply] [--without-bad-rows] [--report FILE] [--mapping FILE]``."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.exc import OperationalError

from contract.mapping import MappingTable
from county.clock import HubClock
from county.importing import run
from county.importing.findings import Findings
from county.importing.kinds import KINDS
from county.importing.report import lines, write_faults
from county.mapping_file import read_mapping
from county.publishing import Leases
from county.settings import HubSettings, SettingsError
from county.store import Store, open_store

PREVIEW = "预览：什么都没有写入"
NOTHING = "有错误，什么都没有导入。改好后再来；只导入没有错的行，加 --without-bad-rows"
BUSY = "数据库正忙（另一个程序在写），什么都没有导入：请稍后再来"

Say = Callable[[str], None]


@dataclass(frozen=True)
class Wanted:
    """What the officer asked for. ``mapping`` "" takes that of the settings."""

    files: tuple[Path, ...]
    apply: bool = False
    without_bad_rows: bool = False
    report: Path = Path("import-report.csv")
    mapping: str = ""


def imported(settings: HubSettings, wanted: Wanted, say: Say) -> int:
    """Preview or import; 0 where all went well, 1 where a row is bad. Raises ValueError for a file that is refused."""
    if not wanted.files:
        raise ValueError("name the files: county import FILE… [--apply]")
    mapping = _mapping(wanted.mapping or settings.mapping)
    plan = run.plan_of(wanted.files, mapping, Leases(settings.lease_hours, settings.names_lease_hours))
    store = open_store(settings.database)
    try:
        return _carry_out(store, plan, wanted, say)
    except OperationalError as error:
        raise ValueError(BUSY) from error
    finally:
        store.close()


def _carry_out(store: Store, plan: run.Plan, wanted: Wanted, say: Say) -> int:
    now = HubClock().now()
    findings = run.preview(store, plan, now)
    if not wanted.apply:
        say(PREVIEW)
        return _told(findings, wanted, say)
    if not findings.clean and not wanted.without_bad_rows:
        say(NOTHING)
        return _told(findings, wanted, say)
    try:
        written = run.apply(
            store, plan, now, without_bad_rows=wanted.without_bad_rows, progress=lambda rows: say(f"已处理 {rows} 行")
        )
    except run.NothingWritten as undone:
        say(NOTHING)
        return _told(undone.findings, wanted, say)
    say("已导入" if written.clean else "已导入没有错的行；有错的行没有导入")
    return _told(written, wanted, say)


def _told(findings: Findings, wanted: Wanted, say: Say) -> int:
    for line in lines(findings):
        say(line)
    if findings.clean:
        return 0
    write_faults(wanted.report, findings)
    say(f"全部问题写在 {wanted.report}")
    return 1


def _mapping(file: str) -> MappingTable | None:
    """The table, whose fields of these kinds must all be known; other messages are a backend's."""
    if not file:
        return None
    mapping = read_mapping(Path(file))
    for kind in KINDS:
        for row in mapping.messages.get(kind.key, ()):
            if kind.column(row.name) is None:
                raise SettingsError(f"{file}: {kind.key}.{row.code}: no column is called {row.name} (docs/import.md)")
    return mapping
