"""Strokes between the screen and the reader, and the order of what it found. Pure."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from typing import Annotated

from annotated_types import Len
from pydantic import BaseModel, ConfigDict, Field

FIELD, MARGIN = 1000, 80
CHOICES = 10
SURE = 4
"""So many of the foremost stay where the reader put them; after them the characters of this hall's words come first."""

Thousandth = Annotated[int, Field(ge=0, le=FIELD)]
Stroke = Annotated[list[tuple[Thousandth, Thousandth]], Len(1, 200)]


class Written(BaseModel):
    """One character as it was written: its strokes in order, points in thousandths of the field."""

    model_config = ConfigDict(strict=True, extra="forbid", hide_input_in_errors=True)

    strokes: Annotated[list[Stroke], Len(1, 40)]


def framed(strokes: list[Stroke]) -> list[list[tuple[int, int]]]:
    """The strokes, moved and stretched alike both ways, so that what was written small or aside fills the field."""
    xs, ys = zip(*(point for stroke in strokes for point in stroke), strict=True)
    size = max(max(xs) - min(xs), max(ys) - min(ys), 1)
    scale, middle_x, middle_y = (FIELD - 2 * MARGIN) / size, (max(xs) + min(xs)) / 2, (max(ys) + min(ys)) / 2
    half = FIELD / 2
    return [
        [(round(half + (x - middle_x) * scale), round(half + (y - middle_y) * scale)) for x, y in stroke]
        for stroke in strokes
    ]


def foremost(found: tuple[str, ...], of_this_hall: AbstractSet[str]) -> tuple[str, ...]:
    """Ten of what the reader found: the first SURE as they are, then characters of this hall's words, then the rest."""
    rest = sorted(found[SURE:], key=lambda character: character not in of_this_hall)
    return (*found[:SURE], *rest)[:CHOICES]
