"""Whether this machine is ready for residents, and the facts of the printable report. No secrets, no persons."""

from __future__ import annotations

import platform
import re
import shutil
from collections.abc import Sequence
from dataclasses import dataclass

from kiosk import VERSION
from kiosk.device_words import TITLES
from kiosk.machine import Machine
from kiosk.settings import Settings
from kiosk.staff.device_rows import DeviceSheet

MEGABYTE = 1_000_000
LEAST_SPACE, WISHED_SPACE = 200 * MEGABYTE, 1000 * MEGABYTE
REQUIRED = ("card",)
"""Kinds without which nobody can be served."""
SECRET_KEYS = re.compile(r"(?i)\b(password|key|token|secret)=[^&\s]*")
USER_IN_ADDRESS = re.compile(r"(?<=://)[^/@\s]*@")
MODES = {"counter": "窗口代办", "kiosk": "自助机"}
STAGES = {"development": "演示", "production": "正式"}


@dataclass(frozen=True)
class Surroundings:
    """What beside the devices decides: good, wait or stop of the clock, the store's own check, what the county gave.

    ``approved``: whether the county serves this machine; None where it has not said so since the start.
    """

    clock: str
    store: str
    county_copy: bool
    county_reachable: bool
    approved: bool | None
    free_bytes: int
    production: bool


@dataclass(frozen=True)
class Readiness:
    """The verdict: ready where there is no reason against it. ``remarks``: what to look after all the same."""

    reasons: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()

    @property
    def ready(self) -> bool:
        """True when residents can be served."""
        return not self.reasons


def readiness_of(sheets: Sequence[DeviceSheet], around: Surroundings) -> Readiness:
    """The verdict; pure."""
    reasons = [f"{sheet.row.title}：{sheet.row.words}" for sheet in sheets if sheet.row.mood == "stop"]
    reasons += [f"{sheet.row.title}：没有装" for sheet in sheets if sheet.row.kind in REQUIRED and not sheet.last_test]
    reasons += [
        f"{sheet.row.title}：上次检测没有通过"
        for sheet in sheets
        if "没有通过" in sheet.last_test and sheet.row.mood != "stop"
    ]
    reasons += ["时钟不对，请校时"] if around.clock == "stop" else []
    reasons += [f"存储有问题：{around.store}"] if around.store != "ok" else []
    reasons += ["硬盘快满了"] if around.free_bytes < LEAST_SPACE else []
    reasons += [] if around.county_copy else ["还没有从县里取到过数据"]
    reasons += ["县里还没有批准（或已停用）这台机器"] if around.approved is False else []
    reasons += [] if around.production else ["现在是演示，不能给群众办事"]
    return Readiness(tuple(reasons), tuple(remarks_of(sheets, around)))


def remarks_of(sheets: Sequence[DeviceSheet], around: Surroundings) -> list[str]:
    """What does not stop anybody."""
    remarks = [
        f"{sheet.row.title}：{sheet.row.words}" for sheet in sheets if sheet.row.mood == "wait" and sheet.testable
    ]
    remarks += [f"{sheet.row.title}：还没有检测过" for sheet in sheets if "没有检测过" in sheet.last_test]
    remarks += [] if around.county_reachable else ["县里暂时连不上"]
    remarks += ["还没有问到县里批准没有"] if around.approved is None else []
    low = LEAST_SPACE <= around.free_bytes < WISHED_SPACE
    return remarks + (["硬盘空间不多了"] if low else [])


def surroundings_of(here: Machine, clock: str) -> Surroundings:
    """Look around once."""
    return Surroundings(
        clock=clock,
        store=here.store.check(),
        county_copy=here.county.feed.as_of is not None,
        county_reachable=here.county.client.reachable,
        approved=here.county.approved,
        free_bytes=shutil.disk_usage(here.settings.folder).free,
        production=here.settings.kiosk.stage == "production",
    )


def without_secrets(line: str) -> str:
    """A line of the configuration as it may stand on paper."""
    return USER_IN_ADDRESS.sub("…@", SECRET_KEYS.sub(r"\1=…", line))


def settings_summary(settings: Settings) -> list[tuple[str, str]]:
    """What an installer compares: labels and values."""
    kiosk, faces, county, panel = settings.kiosk, settings.faces, settings.county, settings.panel
    lines = {TITLES[name]: str(line) for name, line in settings.devices if name in TITLES}
    return [
        ("站点", f"{kiosk.site}，{kiosk.name}"),
        ("用途", f"{MODES[kiosk.mode]}，{STAGES[kiosk.stage]}"),
        ("地方包", kiosk.locality),
        ("地址", f"居民 {faces.resident}，工作人员 {faces.staff}，大屏 {faces.display}"),
        ("县里", f"{without_secrets(county.url)}，每 {county.poll_seconds:.0f} 秒核对"),
        ("屏幕", f"{panel.width_px} 像素，宽 {panel.width_mm:.0f} 毫米"),
        *((name, without_secrets(line) or "没有") for name, line in lines.items()),
    ]


def versions() -> str:
    """Program, Python, system."""
    system = f"{platform.system()} {platform.release()} {platform.machine()}"
    return f"程序 {VERSION}，Python {platform.python_version()}，{system}"
