"""Pure rules of the wall: which size can be read from where people stand, how a notice is paged, whose turn it is.

Lengths are in *units*: a hundredth of the screen's height, on an upright screen 0.65 of that. ``static/display.css``
draws with the same numbers (``--k`` is one unit, ``--legible`` the least size); a browser test holds the two together.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from contract.feed import DisplayItem
from kiosk.settings import WallSection

DISTANCE_PER_SIZE = 200
"""A character must be at least 1/200 of the distance high: 20 mm at 4 m, 17 minutes of arc.

EN 301 549 5.1.4 asks 0.7 degrees of a terminal's own text, for reading at arm's length and by people with low vision;
on a wall that would be 49 mm at 4 m, six lines a screen. Eyesight 1.0 separates strokes 1 minute of arc apart, a dense
character has about 11 of them side by side: 12 minutes, and 17 for an elder with eyesight 0.7. Smaller is refused.
"""

UPRIGHT = 0.65
LADDER = (7.0, 6.2, 5.4, 4.8, 4.2, 3.6, 3.0)
"""Sizes of a notice's text, in units; the CSS has a class for each."""

NARROW_TOP = 4.8
PAGED = 4.2
"""What does not fit on one page is paged at the ordinary size: small pages would turn before they are read."""

LETTERS_A_SECOND = 5
"""How fast an elder reads; a page stays at least that long."""

TITLE_RATIO = 1.5
TITLE_LINE, BODY_LINE, SMALL_LINE = 1.22, 1.45, 1.35
GAP, EDGE, NOTICE_EDGE, BOARD_EDGE = 3.4, 5.0, 4.2, 3.2
NOTICE_GAP = 2.4
SMALL, TABLE, HEADLINE = 3.0, 3.3, 5.6
NOTICE_SHARE = 2.7
TEXT_BESIDE_PICTURE = 0.5
NARROW_GLYPH = 0.6
SENTENCE_END = re.compile(r"(?<=[。！？；!?;\n])")
CLAUSE_END = re.compile(r"(?<=[，、：,:])")


@dataclass(frozen=True)
class Box:
    """Room for a notice, in units."""

    width: float
    height: float
    top_size: float


@dataclass(frozen=True)
class Page:
    """One page of a notice as it stands on the wall. ``size``: of its text, in units, one of LADDER."""

    text: str
    size: float
    number: int = 1
    of: int = 1

    @property
    def fit(self) -> str:
        """The word of the size in the style sheet."""
        return f"fit-{self.size * 10:.0f}"


@dataclass(frozen=True)
class Slot:
    """A page's turn in the rotation."""

    item: DisplayItem
    page: Page
    seconds: int


@dataclass(frozen=True)
class Shape:
    """A screen's proportions in units. ``legible``: the least size of text that can be read from ``distance_m``."""

    width: float
    height: float
    upright: bool
    legible: float

    def size(self, wished: float) -> float:
        """``wished``, or the least legible size where that is larger."""
        return max(wished, self.legible)

    @property
    def main_height(self) -> float:
        """What header and footer leave."""
        header = 3.4 + 2.4 + max(8.6, 1.2 * (self.size(4.6) + self.size(SMALL)))
        footer = 2.2 + 3.0 + SMALL_LINE * self.size(SMALL) * (3 if self.upright else 1)
        return self.height - header - footer

    def notice_box(self, *, alone: bool) -> Box:
        """Inside the notice's padding, above its issuer line. ``alone``: no job table beside it."""
        width, height = self.width - 2 * EDGE, self.main_height
        if not alone and self.upright:
            height = (height - GAP) / 2
        elif not alone:
            width = (width - GAP) / NOTICE_SHARE
        issuer = SMALL_LINE * self.size(SMALL) + NOTICE_GAP
        top = LADDER[0] if alone else NARROW_TOP
        return Box(width - 2 * NOTICE_EDGE, height - 2 * NOTICE_EDGE - issuer, top)

    def board_rows(self, wished: int, *, alone: bool) -> int:
        """How many lines of the job table can be read whole, at most ``wished``."""
        height = self.main_height if alone or not self.upright else (self.main_height - GAP) / 2
        head = 1.2 * self.size(HEADLINE) + 1.2 + SMALL_LINE * self.size(SMALL) + 2 * 0.9
        row = SMALL_LINE * self.size(TABLE) + 2 * 1.2 + 0.25
        return max(1, min(wished, math.floor((height - 2 * BOARD_EDGE - head) / row)))


def shape_of(wall: WallSection) -> Shape:
    """The shape of a configured screen."""
    upright = wall.height_px > wall.width_px
    percent = 100 * legible_px(wall) / wall.height_px
    unit = UPRIGHT if upright else 1.0
    return Shape(100 * wall.width_px / wall.height_px / unit, 100 / unit, upright, percent / unit)


def legible_px(wall: WallSection) -> float:
    """The least height of a character on this screen, in its pixels."""
    return wall.distance_m * 1000 / DISTANCE_PER_SIZE * wall.width_px / wall.width_mm


def width_of(text: str) -> float:
    """Width in ems; Chinese characters are one wide, all others are counted generously."""
    return sum(1.0 if unicodedata.east_asian_width(letter) in "WFA" else NARROW_GLYPH for letter in text)


def lines_of(text: str, ems: float) -> int:
    """How many lines ``text`` takes in ``ems``; a line may end one character early (no line begins with a comma)."""
    room = max(ems - 1, 1)
    return sum(max(1, math.ceil(width_of(line) / room)) for line in text.split("\n")) if text else 0


def fits(title: str, text: str, box: Box, size: float) -> bool:
    """True where title and text stand in ``box`` at ``size``."""
    title_size = size * TITLE_RATIO
    title_height = lines_of(title, box.width / title_size) * title_size * TITLE_LINE
    text_height = lines_of(text, box.width / size) * size * BODY_LINE
    return title_height + (NOTICE_GAP + text_height if text else 0) <= box.height


def pages_of(item: DisplayItem, shape: Shape, *, alone: bool, pictured: bool) -> tuple[Page, ...]:
    """The notice on one page at the largest size that fits; where none does, in pages that end with a sentence."""
    box = shape.notice_box(alone=alone)
    if pictured and item.body:
        box = Box(box.width, box.height * TEXT_BESIDE_PICTURE, box.top_size)
    for step in LADDER:
        if step <= box.top_size and fits(item.title, item.body, box, shape.size(step)):
            return (Page(item.body, step),)
    step = next(
        step for step in LADDER if step <= PAGED and (step == LADDER[-1] or _room(item.title, box, shape.size(step)))
    )
    return _numbered(split(item.title, item.body, box, shape.size(step)), step)


def _room(title: str, box: Box, size: float) -> bool:
    """True where a page under this title holds some lines."""
    return fits(title, "字\n字\n字", box, size)


def _numbered(texts: Sequence[str], step: float) -> tuple[Page, ...]:
    return tuple(Page(text, step, number, len(texts)) for number, text in enumerate(texts, start=1))


def title_fits(title: str, shape: Shape) -> bool:
    """True where the title leaves room for a line of text at the least legible size beside the job table."""
    return fits(title, "字", shape.notice_box(alone=False), shape.size(LADDER[-1]))


def split(title: str, text: str, box: Box, size: float) -> list[str]:
    """The text in pages that fit at ``size``: whole sentences where possible, else clauses, else characters."""
    pages = [""]
    for part in _parts(title, text, box, size):
        joined = pages[-1] + part
        if pages[-1] and not fits(title, joined.strip(), box, size):
            pages.append(part)
        else:
            pages[-1] = joined
    return [page.strip() for page in pages if page.strip()] or [""]


def _parts(title: str, text: str, box: Box, size: float) -> list[str]:
    parts: list[str] = []
    for sentence in SENTENCE_END.split(text):
        if fits(title, sentence.strip(), box, size):
            parts.append(sentence)
            continue
        for clause in CLAUSE_END.split(sentence):
            parts += [clause] if fits(title, clause.strip(), box, size) else list(clause)
    return parts


def seconds_of(item: DisplayItem, page: Page) -> int:
    """How long a page stands: as long as the editor said, or longer where it takes longer to read."""
    return max(item.seconds, math.ceil(len(item.title + page.text) / LETTERS_A_SECOND))


def slot_at(slots: Sequence[Slot], now: datetime) -> tuple[Slot | None, float]:
    """Whose turn it is by the clock alone, and for how many seconds more; None without slots."""
    total = sum(slot.seconds for slot in slots)
    if not total:
        return None, math.inf
    at = now.timestamp() % total
    for slot in slots:
        if at < slot.seconds:
            return slot, slot.seconds - at
        at -= slot.seconds
    return slots[-1], 0.0
