"""A reader that blinks: a card that stayed in opens no session by itself, whoever is or is not there."""

import time

import pytest

from devices.card.simulated import CardFault, VirtualCard
from kiosk.events import Finished
from kiosk.left_card import SlotMemory
from kiosk.states import CardLeft, ReadingCard, Serving, Vacant
from tests.card_in import happened, put_in, served
from tests.hall import eventually

LONG = 10.0


def blink(hall, meanwhile=lambda: None) -> None:
    board = hall.machine.devices.card.board
    hall.reader.disappear()
    eventually(lambda: not board.health.ready, LONG, "the reader is missed")
    eventually(lambda: isinstance(hall.machine.desk.state, Vacant), LONG, "nobody is served")
    meanwhile()
    hall.reader.reappear()
    eventually(lambda: board.health.ready, LONG, "the reader is back")


def is_left(hall) -> None:
    eventually(lambda: isinstance(hall.machine.desk.state, CardLeft), LONG, "the card is to be taken out")
    assert hall.machine.desk.state.problem is None


def serves_after_taking_it_out(hall, card) -> None:
    hall.remove()
    put_in(hall, card)
    assert isinstance(hall.machine.desk.state, Serving)


@pytest.fixture
def card(hall):
    return VirtualCard(hall.person("李伟").card)


@pytest.mark.parametrize("moment", ["serving", "left"])
def test_a_card_that_stayed_in_opens_no_session_however_often_the_reader_blinks(hall, card, moment):
    put_in(hall, card)
    token = served(hall).token
    if moment == "left":
        hall.machine.desk.handle(Finished())
    for _ in range(2):
        blink(hall)
        is_left(hall)
    eventually(lambda: len(happened(hall, "session_began")) == 1, LONG)
    assert not hall.machine.desk.serves(token)
    serves_after_taking_it_out(hall, card)


def test_a_card_that_was_being_read_counts_as_left_too(hall, card):
    slow = VirtualCard(card.description, frozenset({CardFault.SLOW}), pause=lambda _: time.sleep(0.05))
    hall.reader.insert(slow)
    eventually(lambda: isinstance(hall.machine.desk.state, ReadingCard), LONG)
    blink(hall)
    is_left(hall)
    serves_after_taking_it_out(hall, card)


def test_another_card_put_in_while_the_reader_was_away_is_served(hall, card):
    put_in(hall, card)
    blink(hall, lambda: hall.reader.insert(VirtualCard(hall.person("王秀英").card)))
    eventually(lambda: isinstance(hall.machine.desk.state, Serving), LONG, "the other one is served")
    assert served(hall).resident.name.plain() == "王秀英"
    blink(hall)
    is_left(hall)


def test_the_same_card_taken_out_meanwhile_and_put_in_again_is_served(hall, card):
    put_in(hall, card)
    blink(hall, hall.reader.remove)
    put_in(hall, card)
    assert isinstance(hall.machine.desk.state, Serving)


def test_a_card_put_in_while_the_reader_is_away_for_the_first_time_is_served(hall, card):
    board = hall.machine.devices.card.board
    hall.reader.disappear()
    eventually(lambda: not board.health.ready, LONG)
    hall.reader.insert(card)
    hall.reader.reappear()
    eventually(lambda: isinstance(hall.machine.desk.state, Serving), LONG)


def test_of_the_card_in_the_slot_nothing_but_a_digest_is_kept(card):
    slot, again = SlotMemory(), SlotMemory()
    for one in (slot, again):
        assert not one.inserted(found=True)
        one.read(card.description.identification)
        assert card.description.identification not in repr(vars(one))
    assert slot._card != again._card
    slot.lost()
    assert slot.inserted(found=True)
    assert not slot.is_another(card.description.identification)
    assert slot.is_another("another")


def test_a_driver_that_was_exchanged_finds_the_card_without_having_lost_it(card):
    slot = SlotMemory()
    slot.inserted(found=False)
    assert slot.inserted(found=True)
    slot.emptied()
    assert not slot.inserted(found=True)
