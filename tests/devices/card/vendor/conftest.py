"""A library of ours with the national interface, compiled once a test run, and the resident in front of its reader."""

from __future__ import annotations

import ctypes
import itertools
import queue
import shutil
import subprocess
import threading
from pathlib import Path

import pytest

from devices.card import CardEvent, CardInserted, Insertion
from devices.card.card_address import VendorAddress
from devices.card.vendor.reader import VendorReader
from devices.card.virtual.described import CardDescription, answer_to_reset
from devices.device import HealthBoard, HealthState, utc_now, watch
from tests.hall import eventually

SOURCE = Path(__file__).with_name("sscarddriver.c")
PATIENCE = 10.0


def compiled(folder: Path, name: str, *flags: str) -> Path:
    if shutil.which("gcc") is None:
        pytest.skip("no C compiler")
    library = folder / name
    command = ["gcc", "-Wall", "-Wextra", "-Werror", "-shared", "-fPIC", *flags, "-o", library, SOURCE]
    subprocess.run(command, check=True)  # noqa: S603 - our own words
    return library


@pytest.fixture(scope="session")
def library(tmp_path_factory) -> Path:
    return compiled(tmp_path_factory.mktemp("sscard"), "libSSCardDriver.so")


class Slot:
    """The slot and the keys of the maker's reader: what the resident does with them stands in a file."""

    def __init__(self, library: Path, folder: Path) -> None:
        self._scene = folder / "scene"
        self._lines: dict[str, str] = {}
        self._numbers = itertools.count(1)
        ctypes.CDLL(str(library)).sscTestScene(str(self._scene).encode())

    def set(self, **lines: str) -> None:
        """Change lines of the scene; an empty one is taken out."""
        self._lines = {key: value for key, value in (self._lines | lines).items() if value}
        beside = self._scene.with_suffix(".new")
        beside.write_text("".join(f"{key}={value}\n" for key, value in self._lines.items()), encoding="gb18030")
        beside.replace(self._scene)

    def insert(self, holder: CardDescription, **lines: str) -> None:
        """Put a card in; one that is in there is another."""
        self.remove()
        written = {
            "card": f"card {next(self._numbers)}", "region": holder.identification[:6], "number": holder.number,
            "card_number": holder.card_number, "identification": holder.identification, "name": holder.name,
            "history": answer_to_reset(holder)[4:].hex().upper(), "version": holder.version, "issued": holder.issued,
            "valid": holder.valid_until, "pin": holder.pin,
        }  # fmt: skip
        self.set(**written | lines)

    def remove(self) -> None:
        """Pull the card."""
        self._lines = {}
        self._scene.unlink(missing_ok=True)

    def press(self, words: str) -> None:
        """What is typed on the pad from now on."""
        self.set(keys=words)


class Watched:
    """A reader, the thread that attends to it, and what it reported."""

    def __init__(self, slot: Slot, library: Path, **settings) -> None:
        self.slot = slot
        self.events: queue.Queue[CardEvent] = queue.Queue()
        address = settings.pop("address", VendorAddress(str(library)))
        self.reader = VendorReader(
            address, HealthBoard("card", utc_now), self.events.put, rest_seconds=0.05, **settings
        )
        self._stop = threading.Event()
        self._thread = threading.Thread(target=watch, args=(self.reader, self._stop), daemon=True)
        self._thread.start()

    def next(self) -> CardEvent:
        return self.events.get(timeout=PATIENCE)

    def insert(self, holder: CardDescription, **lines: str) -> Insertion:
        self.slot.insert(holder, **lines)
        event = self.next()
        assert isinstance(event, CardInserted), event
        return event.insertion

    def health(self, state: HealthState) -> None:
        eventually(lambda: self.reader.board.health.state is state, PATIENCE, f"the reader is {state}")

    def close(self) -> None:
        self._stop.set()
        self.reader.close()
        self._thread.join(PATIENCE)
        assert not self._thread.is_alive()


@pytest.fixture
def slot(library, tmp_path) -> Slot:
    return Slot(library, tmp_path)


@pytest.fixture
def open_reader(slot, library):
    opened: list[Watched] = []

    def open_one(**settings) -> Watched:
        opened.append(Watched(slot, settings.pop("library", library), **settings))
        return opened[-1]

    yield open_one
    slot.remove()
    for one in opened:
        one.close()


@pytest.fixture
def watched(open_reader) -> Watched:
    return open_reader()
