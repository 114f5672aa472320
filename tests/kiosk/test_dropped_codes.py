"""The code of an electronic card that nobody takes: overwritten on every way on which it is dropped."""

from __future__ import annotations

import itertools
import threading
import time

import pytest

from contract.credentials import Worth
from devices.card import Insertion
from devices.device import HealthBoard, utc_now
from devices.scanner import ScannedCode, wipe
from kiosk.credential_room import CredentialRoom
from kiosk.desk import Desk
from kiosk.events import CardIn, Closed, Opened
from kiosk.identification_errors import CodeNeedsCounty
from kiosk.identity import Credential
from kiosk.locality import AssuranceRules
from kiosk.session_clock import IdleRules
from kiosk.states import ReadingCard
from tests.hall import eventually

CODE = b"E5C1A0FFEE00112233445566778899AA"
CARD = Insertion("reader", b"\x3b", 1)


class Scanner:
    """Sees nothing at first, then one code; ``before`` happens while it still has it in its hands."""

    name = "scanner"

    def __init__(self) -> None:
        self.board = HealthBoard("scanner", utc_now)
        self.board.ready()
        self.content = bytearray(CODE)
        self.before = lambda: None
        self.seen = False
        self._looks = itertools.count()

    def attend(self, stop: threading.Event) -> None:
        """Nothing to look after."""

    def scan(self, _seconds: float, _cancelled: threading.Event) -> ScannedCode | None:
        if next(self._looks) != 1:
            time.sleep(0.01)
            return None
        self.before()
        self.seen = True
        return ScannedCode.of(self.content)

    def look_again(self) -> None:
        """Another code comes at the next look but one."""
        self._looks = itertools.count()

    def close(self) -> None:
        """Nothing to close."""


class Admission:
    """Nobody comes in; keeps what it was asked with."""

    def __init__(self) -> None:
        self.asked: list[bytes] = []

    def by_code(self, content: bytearray, _insertion: object, _shown: object) -> None:
        self.asked.append(bytes(content))
        wipe(content)
        raise CodeNeedsCounty("no county here")


class Place:
    """A desk and a room that looks for codes."""

    def __init__(self) -> None:
        self.desk, self.scanner, self.admission = Desk(IdleRules(), time.monotonic), Scanner(), Admission()
        self.refused: list[object] = []
        self.room = CredentialRoom(
            desk=self.desk, id_card=None, scanner=self.scanner, admission=self.admission,
            rules=lambda: AssuranceRules(electronic_code=Worth.CARD), let_in=self.refused.append,
            refuse=lambda error, _insertion: self.refused.append(error),
        )  # fmt: skip
        self.stopping = threading.Event()

    def begin(self) -> None:
        self.room.start(self.stopping)

    def insert_card(self) -> None:
        self.desk.handle(CardIn(CARD))


@pytest.fixture
def place():
    made = Place()
    yield made
    made.stopping.set()
    made.room.close()


def overwritten(place):
    eventually(lambda: place.scanner.seen, 60, "the code was seen")
    eventually(lambda: place.scanner.content == b"", 60, "its bytes are overwritten")


def test_a_code_that_is_handed_on_is_overwritten(place):
    place.begin()
    overwritten(place)
    eventually(lambda: place.refused, 60)
    assert place.admission.asked == [CODE]


def test_a_card_comes_while_the_code_is_read(place):
    place.scanner.before = place.insert_card
    place.begin()
    overwritten(place)
    assert place.desk.state.insertion == CARD
    assert place.admission.asked == []


def test_a_card_comes_just_after_the_code(place):
    def come(_before: object, after: object) -> None:
        if isinstance(after, ReadingCard) and after.shown.credential is Credential.CODE:
            place.insert_card()

    place.desk.listen(come)
    place.begin()
    overwritten(place)
    assert place.desk.state.insertion == CARD
    assert place.admission.asked == []


def test_a_clerk_borrows_the_scanner_meanwhile(place):
    lent = []

    def borrow() -> None:
        lent.append(place.room.lent(Credential.CODE))
        lent[0].__enter__()

    place.scanner.before = borrow
    place.begin()
    overwritten(place)
    assert place.admission.asked == []


def test_the_machine_goes_out_of_service_and_the_program_ends(place):
    def end() -> None:
        place.desk.handle(Closed("maintenance"))
        place.room.close()

    place.scanner.before = end
    place.begin()
    overwritten(place)
    place.desk.handle(Opened())
    assert place.admission.asked == []
    assert place.refused == []


def test_a_code_that_waits_behind_another_is_overwritten_when_the_room_closes(place):
    """The worker is still busy with somebody before; what waits is dropped with it."""
    go_on, busy = threading.Event(), threading.Event()

    def slow(content: bytearray, _insertion: object, _shown: object) -> None:
        wipe(content)
        busy.set()
        go_on.wait(60)

    place.admission.by_code = slow
    place.begin()
    assert busy.wait(60)
    place.scanner.content, place.scanner.seen = bytearray(CODE), False
    place.desk.handle(Closed("maintenance"))
    place.scanner.look_again()
    place.desk.handle(Opened())
    eventually(lambda: isinstance(place.desk.state, ReadingCard), 60, "the second code is on its way")
    assert place.scanner.content == CODE
    place.room.close()
    go_on.set()
    overwritten(place)
