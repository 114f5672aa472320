"""What the home screen shows at once: everything, or in large letters a few things and a way to more."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kiosk.resident_service import Tile, Window
from kiosk.visit import Modes, TextSize

FEW = 3
"""Tiles on one screen in large letters: as many as stand there without scrolling, beside slot and row of actions."""


@dataclass(frozen=True)
class Section:
    """A heading and the tiles below it."""

    title: str
    tiles: tuple[Tile, ...]


@dataclass(frozen=True)
class Shelf:
    """One screen of home. ``page`` and ``pages`` count from 1."""

    sections: tuple[Section, ...]
    page: int = 1
    pages: int = 1


def shelf_of(windows: Sequence[Window], modes: Modes, page: int) -> Shelf:
    """What stands on this screen of home; a page that does not exist is the nearest one that does. Pure."""
    everything = [(window.title, tile) for window in windows for tile in window.tiles]
    few = FEW if modes.text is TextSize.LARGE else max(1, len(everything))
    pages = max(1, -(-len(everything) // few))
    here = min(max(page, 1), pages)
    shown = everything[(here - 1) * few : here * few]
    titles = dict.fromkeys(title for title, _ in shown)
    sections = tuple(Section(title, tuple(tile for under, tile in shown if under == title)) for title in titles)
    return Shelf(sections, here, pages)
