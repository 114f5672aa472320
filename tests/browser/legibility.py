"""What an elder at arm's length can read and reach on a page, measured in the browser (reference/domain.md §8).

All sizes in CSS pixels of a panel with 3.21 px a millimetre: 40 px is body text read from 700 mm, 57 px from 1015 mm,
64 px is a target of 20 mm, 25.7 px a gap of 8 mm. On a panel with fewer pixels everything shrinks by one ``scale``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Page

MEASURE = (Path(__file__).parent / "measure.js").read_text(encoding="utf-8").partition("\n")[2]

TARGET, GAP = 64.0, 25.5
BODY, ELDER_BODY, LEAST = 40.0, 57.0, 32.0
ROUNDING = 0.5


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
    top: float
    layer: str
    disabled: bool

    def gap(self, other: Target) -> float | None:
        """Pixels to a neighbour beside or below; None where they are no neighbours."""
        across = max(self.x, other.x) - min(self.x + self.w, other.x + other.w)
        down = max(self.y, other.y) - min(self.y + self.h, other.y + other.h)
        if across < 0 and down < 0:
            return min(0.0, max(across, down))
        return max(across, down) if across < 0 or down < 0 else None


def too_hard(tab: Page, *, elder: bool = False, low: bool = False, scale: float = 1.0) -> list[str]:
    """Everything on the page that an elder could not read or reach; empty where all is well.

    ``low``: everything that can be pressed must stand in the lower half. ``scale``: of a panel with fewer pixels.
    """
    found = tab.evaluate(MEASURE)
    targets = [Target(**one) for one in found["targets"]]
    wanted = scale * (ELDER_BODY if elder else BODY) - ROUNDING
    hard = [] if found["body"] >= wanted else [f"body text {found['body']:.1f} px"]
    hard += [f"{text['size']:.1f} px: {text['words']}" for text in found["texts"] if text["size"] < scale * LEAST]
    hard += [wrong for one in targets for wrong in _wrong_with(one, scale)]
    hard += [f"{one.name} stands too high" for one in targets if low and one.top < found["half"] - 1]
    hard += [f"{one} leaves the screen sideways" for one in found["wide"]]
    hard += ["scrolls sideways"] if found["sideways"] else []
    hard += [] if found["titles"] == 1 else [f"{found['titles']} titles"]
    hard += [] if found["outs"] else ["no way out"]
    return hard + crowded(targets, scale * GAP)


def _wrong_with(one: Target, scale: float) -> list[str]:
    wrong = [f"target {one.name} {one.w:.0f} x {one.h:.0f}"] if min(one.w, one.h) < scale * TARGET - ROUNDING else []
    wrong += [f"{one.name} is covered"] if one.covered else []
    return wrong + ([f"words cut off in {one.name}"] if one.cut else [])


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
        if between is not None and between < gap
    ]


SHAPES = {(1080, 1920): 1.0, (1920, 1080): 1.0, (1280, 800): 800 * 0.298 / 100 / 3.2143}
"""Panels, and how much smaller than in millimetres everything stands there: 1280 x 800 has too few pixels for a 27-inch
panel's letters, and shrinks all of it evenly (static/tokens.css, --u)."""
PUT = """(modes) => {
  Object.assign(document.querySelector('#page').dataset, modes);
  dispatchEvent(new Event('resize'));
}"""
MODES = [
    {"text": "normal", "reach": "normal"}, {"text": "large", "reach": "normal"}, {"text": "normal", "reach": "low"},
    {"text": "large", "reach": "low"},
]  # fmt: skip
HARDEST = [MODES[0], MODES[3]]
"""Everything small and up where it is, everything large and low: what fits both, fits between."""


def hard_to_use(tab: Page, modes: Sequence[dict[str, str]] = MODES) -> list[str]:
    """What is wrong with the page on any panel, in any letters, with its controls anywhere."""
    hard = []
    for (width, height), scale in SHAPES.items():
        tab.set_viewport_size({"width": width, "height": height})
        for mode in modes:
            tab.evaluate(PUT, mode)
            elder, low = mode["text"] == "large", mode["reach"] == "low"
            found = too_hard(tab, elder=elder, low=low, scale=scale)
            hard += [f"{width} x {height} {' '.join(mode.values())}: {wrong}" for wrong in found]
    tab.set_viewport_size({"width": 1080, "height": 1920})
    tab.evaluate(PUT, MODES[0])
    return hard
