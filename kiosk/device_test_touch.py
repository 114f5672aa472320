"""The test of the touchscreen: five targets, one after another; every touch is taken down, ghosts are noticed."""

from __future__ import annotations

import time

from kiosk.device_tests import Outcome, Patience, Trial
from kiosk.panel import TARGETS, Panel, TouchFindings


def tap_targets(panel: Panel, patience: Patience, trial: Trial) -> Outcome:
    """Five targets, one after another, on the resident's screen; every touch is taken down."""
    panel.look()
    if not panel.board.health.ready:
        return Outcome(passed=False, words=("自助机的屏幕没有开着", "怎么办：打开自助机的屏幕，再检测"), code="K-502")
    panel.begin()
    until = time.monotonic() + patience.tap
    for target in range(1, TARGETS + 1):
        trial.show("/touch-test", target)
        trial.say(f"请到自助机前，点屏幕上的圆点：第 {target} 个，共 {TARGETS} 个")
        while not panel.wait_for_hits(target, 0.2):
            if trial.off.is_set() or time.monotonic() > until:
                return told_of(panel.end())
    return told_of(panel.end())


def told_of(found: TouchFindings) -> Outcome:
    """The findings in words."""
    lines = [f"第 {place} 个点：偏 {touch.off_mm:.0f} 毫米" for place, touch in enumerate(found.hits, 1)]
    if found.missed:
        lines.append(f"点偏 {len(found.missed)} 下，最多偏 {max(touch.off_mm for touch in found.missed):.0f} 毫米")
    if found.ghosts:
        where = "、".join(dict.fromkeys(place_of(touch.x, touch.y) for touch in found.ghosts))
        advice = "可能是碰到，再试一次" if len(found.ghosts) == 1 else "擦屏幕，查接线"
        lines.append(f"没有圆点的地方有 {len(found.ghosts)} 下：{where}。{advice}")
    if not found.complete:
        untouched = not (found.hits or found.missed or found.ghosts)
        first = "没有人点屏幕，没有检测成" if untouched else f"只点到 {len(found.hits)} 个，共 {TARGETS} 个"
        return Outcome(passed=None if untouched else False, words=(first, *lines))
    if len(found.ghosts) == 1:
        return Outcome(passed=None, words=("五个都点到了", *lines))
    first = "五个都点到了" if found.sound else "都点到了，可是屏幕自己也在动"
    return Outcome(passed=found.sound, words=(first, *lines))


def place_of(x: int, y: int) -> str:
    """A place of the screen in words; thousandths."""
    rows, columns = ("上", "中", "下"), ("左", "中", "右")
    return f"{rows[min(y * 3 // 1000, 2)]}{columns[min(x * 3 // 1000, 2)]}".replace("中中", "正中")
