"""A PIN whose page was told that the card does not answer: never sent afterwards, and what was sent is written down."""

import threading
from functools import partial

import pytest

from devices.card.simulated import CardFault, VirtualCard
from kiosk.card_errors import CardNotAnswering
from kiosk.identity import Assurance
from kiosk.same_card import SessionCard
from kiosk.workers import Worker
from tests.card_in import happened, put_in, served
from tests.hall import eventually

SELECT, VERIFY, IDENTIFICATION = 0xA4, 0x20, 0xB2
LONG = 30.0


class SlowCard(VirtualCard):
    """Thinks before it hears (or behind it, ``after``) the first command of one kind that comes when it is told to."""

    def waits_at(self, instruction: int, *, after: bool = False) -> None:
        self.reached, self.goes_on = threading.Event(), threading.Event()
        self.instruction, self.after, self.heard = instruction, after, []

    def answer(self, command: bytes) -> bytes:
        if not hasattr(self, "heard"):
            return super().answer(command)
        self.heard.append(bytes(command))
        here = command[1] == self.instruction and not self.reached.is_set()
        answer = super().answer(command) if self.after or not here else b""
        if here:
            self.reached.set()
            assert self.goes_on.wait(LONG)
        return answer or super().answer(command)


@pytest.fixture
def card(hall):
    card = SlowCard(hall.person("李伟").card)
    put_in(hall, card)
    return card


@pytest.fixture
def impatient(hall, monkeypatch):
    """The hall's PINs, whose pages wait half a second instead of twenty."""
    worker = Worker("card", "card")
    pins = hall.machine.reception.pins
    pins._with_same_card = SessionCard(hall.machine.desk, hall.reader, worker, 0.5).ask
    yield pins
    worker.close(wait=True, drop=True)


def given_up(hall, pins, digits: bytes) -> bytearray:
    pin = bytearray(digits)
    with pytest.raises(CardNotAnswering):
        pins.verify(served(hall).token, pin)
    assert pin == bytes(6)
    return pin


def is_free(hall) -> bool:
    with hall.reader._held:
        return True


@pytest.mark.parametrize("place", [IDENTIFICATION, SELECT])
@pytest.mark.parametrize("digits", [b"999999", b"135790"])
def test_a_pin_given_up_while_the_card_is_looked_at_is_never_sent(hall, card, impatient, place, digits):
    card.waits_at(place)
    given_up(hall, impatient, digits)
    assert card.reached.is_set()
    card.goes_on.set()
    eventually(partial(is_free, hall), LONG, "the job is over")
    assert VERIFY not in [command[1] for command in card.heard]
    assert card.tries_left == card.description.tries
    assert happened(hall, "pin_refused") == []


def test_a_wrong_pin_whose_answer_comes_too_late_is_written_down_and_warned_of(hall, card, impatient):
    card.waits_at(VERIFY, after=True)
    given_up(hall, impatient, b"999999")
    assert VERIFY in [command[1] for command in card.heard]
    card.goes_on.set()
    eventually(lambda: happened(hall, "pin_refused"), LONG, "the journal knows")
    assert [entry["why"] for entry in happened(hall, "pin_refused")] == ["wrong"]
    assert impatient.last_wrong(served(hall)).tries_left == card.description.tries - 1
    assert card.heard[-1].hex() == "0020000003999999", "the digits that were typed, and not what was left of them"


def test_a_right_pin_whose_answer_comes_too_late_is_written_down_and_raises_nothing(hall, card, impatient):
    card.waits_at(VERIFY, after=True)
    given_up(hall, impatient, card.description.pin.encode())
    card.goes_on.set()
    eventually(lambda: happened(hall, "pin_accepted"), LONG, "the journal knows")
    assert served(hall).assurance is Assurance.CARD


def test_the_second_selection_of_a_pin_is_where_it_is_given_up_too(hall, card, impatient):
    """The card is found to be the same, and only then falls silent: the digits are packed already."""
    card.waits_at(IDENTIFICATION, after=True)
    given_up(hall, impatient, b"999999")
    card.goes_on.set()
    eventually(partial(is_free, hall), LONG, "the job is over")
    assert card.tries_left == card.description.tries
    assert CardFault.BLOCKED not in card.faults
