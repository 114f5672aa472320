"""What a bench prints: one row a figure, with its bar and what stands behind it."""

from __future__ import annotations

import statistics
from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    """One measured figure. ``bar``: the most it may be, in the unit of ``value``."""

    name: str
    value: float
    unit: str
    bar: float
    behind: str = ""

    @property
    def reached(self) -> bool:
        """Whether the bar is kept."""
        return self.value <= self.bar

    def row(self) -> str:
        """The figure as a row of Markdown."""
        said = "yes" if self.reached else "NO"
        return f"| {self.name} | {self.value:.3g} {self.unit} | {self.bar:g} {self.unit} | {said} | {self.behind} |"


HEAD = "| Figure | Measured | Bar | Reached | Behind it |\n|---|---|---|---|---|"


def p50(values: list[float]) -> float:
    """The median."""
    return statistics.median(values)


def p95(values: list[float]) -> float:
    """The value that nineteen of twenty stay under."""
    return sorted(values)[max(0, -(-len(values) * 95 // 100) - 1)]
