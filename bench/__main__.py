"""`make bench`: every figure in one run. `python -m bench pages idle` takes some of them.

`python -m bench --long` takes those too that first write millions of rows (half an hour, 8 GB of disk).
"""

from __future__ import annotations

import sys
from collections.abc import Callable

from bench import (
    accessible,
    card,
    card_driver,
    county_fed,
    county_feed,
    county_months,
    county_processes,
    county_resync,
    county_search,
    county_signed,
    fingerprint,
    idle,
    pages,
    painted,
    plugs,
    receipt,
    start,
)
from bench.figure import HEAD, Figure
from bench.town import Town

BENCHES: dict[str, Callable[[Town], list[Figure]]] = {
    "start": start.figures,
    "pages": pages.figures,
    "idle": idle.figures,
    "card": card.figures,
    "card_driver": card_driver.figures,
    "receipt": receipt.figures,
    "fingerprint": fingerprint.figures,
    "plugs": plugs.figures,
}
NEED_KIOSK = ("pages", "idle")
RESIDENT: dict[str, Callable[[], list[Figure]]] = {
    "painted": painted.figures,
    "accessible": accessible.figures,
}
COUNTY: dict[str, Callable[[], list[Figure]]] = {
    "county_feed": county_feed.figures,
    "county_signed": county_signed.figures,
    "county_fed": county_fed.figures,
    "county_processes": county_processes.figures,
    "county_resync": county_resync.figures,
}
LONG: dict[str, Callable[[], list[Figure]]] = {
    "county_search": county_search.figures,
    "county_months": county_months.figures,
}


def main() -> int:
    """Print the table; 1 where a bar is missed."""
    words = sys.argv[1:]
    usual = [*BENCHES, *RESIDENT, *COUNTY, *(LONG if "--long" in words else ())]
    asked = [word for word in words if word != "--long"] or usual
    found = of_the_town([name for name in BENCHES if name in asked])  # in this order: a start is the first
    for name, figures in (RESIDENT | COUNTY | LONG).items():
        if name in asked:
            print(f"measuring: {name}", file=sys.stderr, flush=True)
            found += figures()
    print(HEAD)
    for figure in found:
        print(figure.row())
    return 0 if all(figure.reached for figure in found) else 1


def of_the_town(asked: list[str]) -> list[Figure]:
    """The figures that a town of its own is started for."""
    found: list[Figure] = []
    if not asked:
        return found
    with Town() as town:
        for name in asked:
            print(f"measuring: {name}", file=sys.stderr, flush=True)
            if name in NEED_KIOSK and "kiosk" not in town.children:
                town.start_kiosk()
            found += BENCHES[name](town)
    return found


if __name__ == "__main__":
    sys.exit(main())
