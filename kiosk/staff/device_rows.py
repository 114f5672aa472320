"""Devices as a clerk reads them: state and since when, what to do, last fault, last test, facts, counters."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from devices.device import DeviceHealth, DeviceRecord, DeviceTest, HealthBoard
from kiosk.clock import Clock
from kiosk.device_words import COUNTERS, FACTS, PANEL, REASONS, TITLES, cure_of, named, words_of
from kiosk.machine import Machine, machine


@dataclass(frozen=True)
class DeviceRow:
    """One device. ``mood``: good, wait, stop, or none (not fitted).

    ``code`` is what a resident may have been told; ``cure``: what to do.
    """

    kind: str
    title: str
    mood: str
    words: str
    code: str = ""
    cure: str = ""
    since: datetime | None = None


@dataclass(frozen=True)
class DeviceSheet:
    """All that is known of one device.

    ``testable``: this hall has something to test. ``last_fault``: "" while the last one is the present one.
    """

    row: DeviceRow
    testable: bool = False
    last_test: str = ""
    last_fault: str = ""
    facts: tuple[tuple[str, str], ...] = ()
    counters: tuple[tuple[str, int], ...] = ()


def row_of(kind: str, health: DeviceHealth | None) -> DeviceRow:
    """A device in words."""
    title = TITLES.get(kind, kind)
    if health is None:
        return DeviceRow(kind, title, "none", "本厅没有装")
    since = machine().clock.to_local(health.since)
    trouble = None if health.ready else named(health.reason, kind)
    if trouble is None:
        mood = "wait" if health.reason or not health.ready else "good"
        return DeviceRow(kind, title, mood, REASONS.get(health.reason, health.reason), since=since)
    return DeviceRow(kind, title, "stop", words_of(trouble), trouble.code, cure_of(trouble), since)


def panel_row(here: Machine) -> DeviceRow:
    """The touchscreen, known by the window that asks."""
    here.panel.look()
    health = here.panel.board.health
    since = here.clock.to_local(health.since)
    if health.ready:
        return DeviceRow(PANEL, TITLES[PANEL], "good", "屏幕开着", since=since)
    starting = here.panel.quiet_for is None
    words = "程序启动以来，屏幕还没有打开过" if starting else "屏幕没有动静了"
    return DeviceRow(
        PANEL, TITLES[PANEL], "wait" if starting else "stop", words, cure="打开或重启屏幕上的浏览器", since=since
    )


def rows(here: Machine) -> list[DeviceRow]:
    """Every kind of device, the touchscreen last."""
    return [*(row_of(kind, health) for kind, health in here.devices.health().items()), panel_row(here)]


def sheets(here: Machine) -> list[DeviceSheet]:
    """Every kind of device with all that is known of it."""
    boards = {kind: device.board for kind, device in here.devices.supervised()} | {PANEL: here.panel.board}
    return [sheet_of(row, boards.get(row.kind), testable=here.device_tests.offers(row.kind)) for row in rows(here)]


def sheet_of(row: DeviceRow, board: HealthBoard | None, *, testable: bool) -> DeviceSheet:
    """One device."""
    if board is None:
        return DeviceSheet(row)
    record: DeviceRecord = board.record
    return DeviceSheet(
        row,
        testable,
        words_of_test(record.last_test, machine().clock),
        "" if row.mood == "stop" else words_of_fault(row.kind, record.last_fault, machine().clock),
        tuple((FACTS.get(name, name), value) for name, value in record.facts.items()),
        tuple((COUNTERS.get(what, what), times) for what, times in record.counters.items()),
    )


def words_of_test(test: DeviceTest | None, clock: Clock) -> str:
    """When a clerk tested it last, and how that went."""
    if test is None:
        return "程序启动以来没有检测过"
    how = "好的" if test.passed else f"没有通过（{test.code}）" if test.code else "没有通过"
    return f"{moment(clock.to_local(test.at))}，{how}"


def words_of_fault(kind: str, fault: DeviceHealth | None, clock: Clock) -> str:
    """What was wrong last, its code and its cure."""
    if fault is None:
        return "程序启动以来没有"
    at, trouble = moment(clock.to_local(fault.since)), named(fault.reason, kind)
    if kind == PANEL:
        return f"{at}，屏幕没有动静"
    if trouble is None:
        return f"{at}，{fault.reason}"
    return f"{at}，{words_of(trouble).rstrip('。')}（{trouble.code}）；{cure_of(trouble)}"


def moment(at: datetime) -> str:
    """11月22日 14:08."""
    return f"{at.month}月{at.day}日 {at:%H:%M}"
