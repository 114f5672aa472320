"""An empty kiosk takes in a county's whole feed of 50,000 items from a real hub: seconds, and the memory it needs.

python -m bench.county_resync HUB FOLDER   → the pull alone, as JSON; the figures start it as a process
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path

from bench.county_hub import SITE, County
from bench.county_posts import fill_hub
from bench.figure import Figure
from bench.town import ROOT
from kiosk.clock import Clock
from kiosk.store import Store
from kiosk.uplink.client import CountyClient
from kiosk.uplink.feed import Feed
from kiosk.uplink.job_index import JobIndex

ITEMS, TENTH = 50_000, 5_000
TIMEOUT = 30.0
SECONDS_BAR, MEMORY_BAR = 60.0, 1.1


def figures() -> list[Figure]:
    """A county with a tenth of it beside, whose peak of memory is compared."""
    small, whole = _pulled(TENTH), _pulled(ITEMS)
    behind = f"{whole['items']} posts; CPU of the kiosk {whole['cpu']:.0f} s"
    peaks = f"peak {whole['peak_mb']:.0f} MB ÷ {small['peak_mb']:.0f} MB; {whole['before_mb']:.0f} MB before"
    return [
        Figure("resync of an empty kiosk", whole["seconds"], "s", SECONDS_BAR, behind),
        Figure("its memory: whole ÷ a tenth", whole["peak_mb"] / small["peak_mb"], "×", MEMORY_BAR, peaks),
    ]


def _pulled(items: int) -> dict[str, float]:
    """What the process that pulls them tells."""
    with County("postgresql") as county:
        fill_hub(county.settings.database.replace("+psycopg", ""), items)
        return _pull(county, county.serve("hub").port)


def _pull(county: County, port: int) -> dict[str, float]:
    words = [f"http://127.0.0.1:{port}", str(county.folder / "kiosk-store")]
    ended = subprocess.run(
        [sys.executable, "-m", "bench.county_resync", *words], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if ended.returncode:
        raise RuntimeError(ended.stderr.strip().splitlines()[-1])
    found: dict[str, float] = json.loads(ended.stdout)
    return found


def _memory_mb(kind: str) -> float:
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith(f"{kind}:"))


def main() -> None:
    """The kiosk's own uplink, store and index; nothing else of the kiosk."""
    url, folder = sys.argv[1:]
    store = Store(Path(folder) / "kiosk.sqlite")
    feed = Feed(store, CountyClient(url, TIMEOUT), Clock("Asia/Shanghai"), SITE, JobIndex(store, 20))
    before, began, busy = _memory_mb("VmRSS"), time.perf_counter(), time.process_time()
    feed.pull()
    seconds, cpu = time.perf_counter() - began, time.process_time() - busy
    items = store.rows("SELECT count(*) FROM posting", ())[0][0]
    told = {"seconds": seconds, "cpu": cpu, "before_mb": before, "peak_mb": _memory_mb("VmHWM"), "items": items}
    print(json.dumps(told))


if __name__ == "__main__":
    main()
