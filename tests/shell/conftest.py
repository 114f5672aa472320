"""One screen, one hostile kiosk and one supervised browser for the tests of a file."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.shell.pages import Hostile
from tests.shell.screen import PATIENCE, Display, Supervised, why_not


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    reason = why_not()
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)
            if reason and "display" in getattr(item, "fixturenames", ()):
                item.add_marker(pytest.mark.skip(reason=reason))


@pytest.fixture(scope="module")
def display() -> Iterator[Display]:
    screen = Display()
    yield screen
    screen.close()


class Tried:
    """The browser of the shell before a hostile kiosk, begun anew where somebody got out."""

    def __init__(self, folder: Path, display: Display) -> None:
        self.display, self.hostile = display, Hostile()
        self.shell = Supervised(folder, display, self.hostile.address)
        self.shell.key.write_text("key-of-a-test", encoding="ascii")
        self.begin()

    def begin(self) -> None:
        self.shell.stop()
        self.hostile.go = "/"
        self.shell.start()
        assert self.hostile.next_beats(3, PATIENCE), "the browser never came"

    def close(self) -> None:
        self.shell.stop()
        self.hostile.close()


@pytest.fixture(scope="module")
def tried(tmp_path_factory: pytest.TempPathFactory, display: Display) -> Iterator[Tried]:
    trying = Tried(tmp_path_factory.mktemp("shell"), display)
    yield trying
    trying.close()


@pytest.fixture
def hostile() -> Iterator[Hostile]:
    serving = Hostile()
    yield serving
    serving.close()
