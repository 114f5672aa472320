"""`make bench`: every figure in one run. `python -m bench pages idle` takes some of them."""

from __future__ import annotations

import sys
from collections.abc import Callable

from bench import card, card_driver, fingerprint, idle, pages, plugs, receipt, start
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


def main() -> int:
    """Print the table; 1 where a bar is missed."""
    asked = sys.argv[1:] or list(BENCHES)
    found: list[Figure] = []
    with Town() as town:
        for name in asked:
            print(f"measuring: {name}", file=sys.stderr, flush=True)
            if name in NEED_KIOSK and "kiosk" not in town.children:
                town.start_kiosk()
            found += BENCHES[name](town)
    print(HEAD)
    for figure in found:
        print(figure.row())
    return 0 if all(figure.reached for figure in found) else 1


if __name__ == "__main__":
    sys.exit(main())
