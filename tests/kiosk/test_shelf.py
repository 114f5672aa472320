"""Home: all at once, or in large letters a few things and a clear way to more."""

from types import SimpleNamespace as Thing

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.resident_service import Tile
from kiosk.screens.shelf import FEW, shelf_of
from kiosk.visit import Modes, TextSize

LARGE = Modes(TextSize.LARGE)


def windows(*counts):
    return [
        Thing(
            title=f"窗口{at}",
            tiles=tuple(
                Tile(f"事项{at}-{n}", "card", "", needs_card=True, hue="card", href=f"/{at}/{n}") for n in range(count)
            ),
        )
        for at, count in enumerate(counts)
    ]


def titles(shelf):
    return [tile.title for section in shelf.sections for tile in section.tiles]


def test_in_usual_letters_everything_stands_on_one_screen():
    shelf = shelf_of(windows(2, 4, 3), Modes(), 7)
    assert (len(titles(shelf)), shelf.page, shelf.pages) == (9, 1, 1)


def test_in_large_letters_a_few_at_a_time():
    shelf = shelf_of(windows(2, 4, 3), LARGE, 2)
    assert titles(shelf) == ["事项1-1", "事项1-2", "事项1-3"]
    assert [section.title for section in shelf.sections] == ["窗口1"]
    assert (shelf.page, shelf.pages) == (2, 3)


@given(st.lists(st.integers(0, 5), max_size=6))
def test_nothing_is_lost_between_the_screens(counts):
    pages = shelf_of(windows(*counts), LARGE, 1).pages
    shelves = [shelf_of(windows(*counts), LARGE, page) for page in range(1, pages + 1)]
    assert [title for shelf in shelves for title in titles(shelf)] == titles(shelf_of(windows(*counts), Modes(), 1))
    assert all(len(titles(shelf)) <= FEW for shelf in shelves)


@pytest.mark.parametrize("page", [-5, 0, 99])
def test_a_screen_that_does_not_exist_is_the_nearest(page):
    assert shelf_of(windows(4), LARGE, page).page == (1 if page < 1 else 2)
