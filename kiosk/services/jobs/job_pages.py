"""How many posts a page of the list shows: what the index gives at once, or in large letters a few of it."""

from __future__ import annotations

from dataclasses import dataclass

from kiosk.visit import Modes, TextSize

FEW = 5
"""Posts on a page in large letters."""


@dataclass(frozen=True)
class Slicing:
    """``size``: posts the index gives at once; ``few``: posts a page shows, at most ``size``. Pages count from 1."""

    size: int
    few: int

    @property
    def parts(self) -> int:
        """Pages made of what the index gives at once."""
        return -(-self.size // self.few)

    def pages(self, total: int) -> int:
        """Pages of so many posts; one where there is none."""
        whole, rest = divmod(total, self.size)
        return max(1, whole * self.parts + -(-rest // self.few))

    def index_page(self, page: int) -> int:
        """The page of the index that holds this page."""
        return (page - 1) // self.parts + 1

    def rows(self, page: int) -> slice:
        """Which of its posts stand on this page."""
        start = (page - 1) % self.parts * self.few
        return slice(start, start + self.few)


def slicing_of(size: int, modes: Modes) -> Slicing:
    """As the person wants it."""
    return Slicing(size, min(size, FEW) if modes.text is TextSize.LARGE else size)
