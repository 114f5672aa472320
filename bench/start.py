"""`run.py kiosk`, second start: first page served ÷ the sum of the import times of the same libraries."""

from __future__ import annotations

import re
import subprocess
import sys
import time

from bench.figure import Figure, p50
from bench.town import ROOT, Town

ROUNDS = 5
OURS = ("kiosk", "county", "contract", "devices", "run", "__main__")
IMPORTER = """
import importlib, sys, time
began = time.perf_counter()
for name in sys.argv[1].split(","):
    try:
        importlib.import_module(name)
    except ImportError:
        pass
print(time.perf_counter() - began)
"""


def start_once(town: Town, name: str, *options: str) -> float:
    """Seconds from the start of the process to its first page."""
    began = time.perf_counter()
    command = town.run_py("kiosk")
    town.start(name, [command[0], *options, *command[1:]])
    town.await_answer(f"{town.resident}/")
    took = time.perf_counter() - began
    town.stop(name)
    return took


def libraries(town: Town) -> list[str]:
    """Every module that is not ours and is imported until the first page, in the order of its import."""
    start_once(town, "counted", "-X", "importtime")
    told = (town.folder / "counted.log").read_text(errors="replace")
    names = re.findall(r"(?m)^import time:\s+\d+ \|\s+\d+ \|\s+(\S+)$", told)
    return [name for name in names if name.split(".")[0] not in OURS]


def import_seconds(names: list[str]) -> float:
    """Seconds a fresh interpreter takes to import them, its own start included as it is in the other term."""
    began = time.perf_counter()
    subprocess.run([sys.executable, "-c", IMPORTER, ",".join(names)], cwd=ROOT, check=True, capture_output=True)
    return time.perf_counter() - began


def figures(town: Town) -> list[Figure]:
    """Starts and imports in turn."""
    start_once(town, "first")
    names = libraries(town)
    starts, imports = [], []
    for _ in range(ROUNDS):
        imports.append(import_seconds(names))
        starts.append(start_once(town, "again"))
    ratio = p50([start / imported for start, imported in zip(starts, imports, strict=True)])
    behind = f"{p50(starts):.2f} s ÷ {p50(imports):.2f} s, {len(names)} modules, median of {ROUNDS}"
    return [Figure("second start → first page ÷ imports of the same libraries", ratio, "×", 1.5, behind)]
