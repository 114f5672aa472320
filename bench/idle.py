"""An idle kiosk with screen and wall open: share of one core; and the memory of kiosk and hub together."""

from __future__ import annotations

import os
import time
from pathlib import Path

from bench.browser import LANDSCAPE, PORTRAIT, chromium, window
from bench.figure import Figure
from bench.town import Town

SECONDS = 60.0
SETTLE = 5.0


def cpu_seconds(pid: int) -> float:
    """User and system time of a process with all its threads."""
    columns = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(columns[11]) + int(columns[12])) / os.sysconf("SC_CLK_TCK")


def memory_mb(pid: int, kind: str) -> float:
    """Rss or Pss of a process in MB."""
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if line.startswith(f"{kind}:"):
            return int(line.split()[1]) / 1024
    raise RuntimeError(f"no {kind} of {pid}")


def figures(town: Town) -> list[Figure]:
    """CPU while nobody does anything, then memory."""
    kiosk, hub = town.children["kiosk"].pid, town.children["county"].pid
    with chromium() as browser:
        window(browser, PORTRAIT).new_page().goto(town.resident)
        window(browser, LANDSCAPE).new_page().goto(town.display)
        time.sleep(SETTLE)
        before, began = cpu_seconds(kiosk), time.monotonic()
        time.sleep(SECONDS)
        share = 100 * (cpu_seconds(kiosk) - before) / (time.monotonic() - began)
    rss, pss = (memory_mb(kiosk, kind) + memory_mb(hub, kind) for kind in ("Rss", "Pss"))
    return [
        Figure("idle kiosk process, screen and wall open: CPU of one core", share, "%", 1.0, f"{SECONDS:.0f} s"),
        Figure("memory of kiosk + hub", rss, "MB", 250.0,
               f"kiosk {memory_mb(kiosk, 'Rss'):.0f}, hub {memory_mb(hub, 'Rss'):.0f}; proportional {pss:.0f}"),
    ]  # fmt: skip
