"""A reader with a PIN pad in a real PC/SC stack: our own reader driver, compiled here, and the resident at its keys."""

from __future__ import annotations

import shutil
import subprocess
import threading
import time
from pathlib import Path

import pytest

from devices.card import (
    CardGone,
    CardSilent,
    PinOutcome,
    PinPadCancelled,
    PinPadLength,
    PinPadMismatch,
    PinPadMissing,
    PinPadTimeout,
    PinResult,
)
from devices.card.pcsc import PcscReader
from devices.card.pin_pad import PadEntry, verify_structure
from devices.card.virtual.vpcd import VirtualSlot
from devices.device import DeviceError, HealthBoard, utc_now
from tests.devices.card.holders import OUYANG, card, pin
from tests.pcsc.conftest import Hall
from tests.pcscd import PcscDaemon, free_pair

SOURCE = Path(__file__).with_name("pin_pad_reader.c")
HEADERS = Path("/usr/include/PCSC")
NAME = "Reader with a pad"
LONG = 20


def lack() -> str:
    if shutil.which("gcc") is None:
        return "no C compiler"
    return "" if (HEADERS / "ifdhandler.h").exists() else "libpcsclite-dev is not installed"


pytestmark = pytest.mark.skipif(bool(lack()), reason=lack() or "-")


class Keys:
    """The keys of the pad, and what the reader was asked."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def press(self, words: str) -> None:
        (self._folder / "keys").write_text(f"{words}\n")

    def let_go(self) -> None:
        (self._folder / "keys").unlink(missing_ok=True)

    @property
    def asked(self) -> bytes:
        return bytes.fromhex((self._folder / "asked").read_text())


class PadHall(Hall):
    """A hall whose reader has keys."""

    def __init__(self, daemon: PcscDaemon, port: int, keys: Keys, entry: PadEntry | None) -> None:
        super().__init__(daemon)
        self.slot = VirtualSlot(port)
        self.keys = keys
        self.reader = PcscReader(NAME, HealthBoard("card", utc_now), self.events.put, pad=entry)
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def _watch(self) -> None:
        while not self._stop.is_set():
            try:
                self.reader.attend(self._stop)
            except DeviceError:
                self._stop.wait(0.2)


@pytest.fixture(scope="module")
def beside(daemon, tmp_path_factory):
    """The port and the keys of the second reader, known to the service for the tests of this file."""
    folder = tmp_path_factory.mktemp("pad")
    library, port = folder / "libpinpad.so", free_pair()
    command = ["gcc", "-Wall", "-Wextra", "-Werror", "-shared", "-fPIC", f"-I{HEADERS}", "-o", library, SOURCE]
    subprocess.run(command, check=True)  # noqa: S603 - our own words
    folder.chmod(0o755)
    daemon.beside = f'FRIENDLYNAME "{NAME}"\nDEVICENAME {folder}:{port}\nLIBPATH {library}\nCHANNELID 1\n'
    daemon.restart()
    yield port, Keys(folder)
    daemon.beside = ""
    daemon.restart()


@pytest.fixture
def open_hall(daemon, beside):
    opened: list[PadHall] = []

    def open_one(entry: PadEntry | None = PadEntry(seconds=LONG)) -> PadHall:  # noqa: B008 - frozen
        hall = PadHall(daemon, *beside, entry)
        hall.keys.let_go()
        opened.append(hall)
        hall._thread.start()
        return hall

    yield open_one
    for hall in opened:
        hall.close()
        time.sleep(0.6)


def on_pad(hall: PadHall, insertion) -> PinOutcome:
    with hall.reader.connect(insertion) as chip:
        assert chip.has_pin_pad
        return chip.verify_pin_on_pad()


def test_the_pin_goes_from_the_keys_to_the_card_and_every_answer_comes_back(open_hall):
    hall = open_hall()
    slotted = card(OUYANG)
    insertion = hall.insert(slotted)
    with hall.reader.connect(insertion) as chip:
        assert chip.identity().name == "欧阳晓晴"
    hall.keys.press("123456")
    assert on_pad(hall, insertion) == PinOutcome(PinResult.ACCEPTED)
    assert hall.keys.asked == verify_structure(PadEntry(seconds=LONG))
    said = {"cancel": PinPadCancelled, "12345": PinPadLength, "1234567": PinPadLength, "broken": CardSilent}
    for words, error in said.items():
        hall.keys.press(words)
        with pytest.raises(error):
            on_pad(hall, insertion)
    assert slotted.tries_left == 3
    for left in (2, 1):
        hall.keys.press("999999")
        assert on_pad(hall, insertion) == PinOutcome(PinResult.WRONG, left)
    hall.keys.press("999999")
    assert on_pad(hall, insertion) == PinOutcome(PinResult.BLOCKED, 0)
    with hall.reader.connect(insertion) as chip:
        assert chip.identification() == OUYANG.identification


def test_nobody_types_and_the_pad_gives_up(open_hall):
    hall = open_hall(PadEntry(seconds=1))
    insertion = hall.insert(card(OUYANG))
    with pytest.raises(PinPadTimeout):
        on_pad(hall, insertion)
    hall.keys.press("123456")
    assert on_pad(hall, insertion).result is PinResult.ACCEPTED


def test_a_card_pulled_while_the_pad_waits_is_gone(open_hall):
    hall = open_hall()
    insertion = hall.insert(card(OUYANG))
    pull = threading.Timer(0.7, hall.slot.remove)
    pull.start()
    with pytest.raises(CardGone):
        on_pad(hall, insertion)
    pull.join()
    assert hall.next().reader == insertion.reader


def test_a_new_pin_is_typed_twice_on_the_pad(open_hall):
    hall = open_hall()
    insertion = hall.insert(card(OUYANG))

    def change(words: str) -> PinOutcome:
        hall.keys.press(words)
        with hall.reader.connect(insertion) as chip:
            return chip.change_pin_on_pad()

    with pytest.raises(PinPadMismatch):
        change("123456 246810 246811")
    assert change("999999 246810 246810") == PinOutcome(PinResult.WRONG, 2)
    assert change("123456 246810 246810") == PinOutcome(PinResult.ACCEPTED)
    hall.keys.press("246810")
    assert on_pad(hall, insertion).result is PinResult.ACCEPTED


def test_a_pad_that_the_line_does_not_ask_for_is_not_used(open_hall):
    hall = open_hall(None)
    insertion = hall.insert(card(OUYANG))
    with hall.reader.connect(insertion) as chip:
        assert not chip.has_pin_pad
        with pytest.raises(PinPadMissing):
            chip.verify_pin_on_pad()
        assert chip.verify_pin(pin("123456")).result is PinResult.ACCEPTED


def test_a_reader_without_keys_has_no_pad(daemon, hall):
    """vsmartcard's reader knows no features."""
    reader = PcscReader("Virtual PCD", HealthBoard("card", utc_now), hall.events.put, pad=PadEntry())
    insertion = hall.insert(card(OUYANG))
    reader.attend(threading.Event())
    with reader.connect(hall.next().insertion) as chip:
        assert not chip.has_pin_pad
    del insertion
