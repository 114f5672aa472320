"""`run.py` without the limit of searches a minute: a load asks faster than any person types."""

from __future__ import annotations

import runpy
from pathlib import Path

import kiosk.assembly

if __name__ == "__main__":
    kiosk.assembly.SEARCHES_A_MINUTE = 10**9
    runpy.run_path(str(Path(__file__).parent.parent / "run.py"), run_name="__main__")
