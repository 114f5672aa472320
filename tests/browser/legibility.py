"""What an elder at arm's length can read and reach on a page, measured in the browser (reference/domain.md §8).

All sizes in CSS pixels of a panel with 3.21 px a millimetre: 40 px is body text read from 700 mm, 57 px from 1015 mm,
64 px is a target of 20 mm, 26 px a gap of 8 mm.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Page

MEASURE = (Path(__file__).parent / "measure.js").read_text(encoding="utf-8").partition("\n")[2]

TARGET, GAP, LIST_GAP = 64.0, 25.0, 12.0
BODY, ELDER_BODY, LEAST = 40.0, 57.0, 32.0
CLOSE_KINDS = frozenset({"chip", "choice", "key", "shade", "INPUT", "link"})
"""Lists and filters: by design 4 to 5 mm between them, each being 20 mm or more itself."""


@dataclass(frozen=True)
class Target:
    """Something to press."""

    name: str
    kind: str
    x: float
    y: float
    w: float
    h: float
    inside: bool
    shown: bool
    covered: bool
    cut: bool
    layer: str
    disabled: bool

    def gap(self, other: Target) -> float | None:
        """Pixels to a neighbour beside or below; None where they are no neighbours."""
        across = max(self.x, other.x) - min(self.x + self.w, other.x + other.w)
        down = max(self.y, other.y) - min(self.y + self.h, other.y + other.h)
        if across < 0 and down < 0:
            return min(0.0, max(across, down))
        return max(across, down) if across < 0 or down < 0 else None


def too_hard(tab: Page, *, elder: bool = False) -> list[str]:
    """Everything on the page that an elder could not read or reach; empty where all is well."""
    found = tab.evaluate(MEASURE)
    targets = [Target(**one) for one in found["targets"]]
    wanted = ELDER_BODY if elder else BODY
    hard = [] if found["body"] >= wanted - 0.5 else [f"body text {found['body']:.1f} px"]
    hard += [f"{text['size']:.1f} px: {text['words']}" for text in found["texts"] if text["size"] < LEAST]
    hard += [f"target {one.name} {one.w:.0f} x {one.h:.0f}" for one in targets if min(one.w, one.h) < TARGET]
    hard += [f"{one.name} is covered" for one in targets if one.covered]
    hard += [f"words cut off in {one.name}" for one in targets if one.cut]
    hard += [f"{one} leaves the screen sideways" for one in found["wide"]]
    hard += ["scrolls sideways"] if found["sideways"] else []
    hard += [] if found["titles"] == 1 else [f"{found['titles']} titles"]
    hard += [] if found["outs"] else ["no way out"]
    return hard + crowded(targets, GAP if not elder else 0.8 * GAP)


def crowded(targets: list[Target], gap: float) -> list[str]:
    """Pairs of neighbours that stand too close for a finger."""
    pairs = [
        (one, other, one.gap(other))
        for at, one in enumerate(targets)
        for other in targets[at + 1 :]
        if one.layer == other.layer and one.shown and other.shown
    ]
    return [
        f"{one.name} and {other.name} {between:.0f} px apart"
        for one, other, between in pairs
        if between is not None and between < (LIST_GAP if {one.kind, other.kind} & CLOSE_KINDS else gap)
    ]
