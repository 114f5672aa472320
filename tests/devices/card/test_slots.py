"""What a reader's states mean: which slots count, which changes are real."""

from __future__ import annotations

import pytest

from devices.card import CardInserted, CardMute, CardRemoved, Insertion
from devices.card.slots import Occupant, chosen, looked_into, occupant_of, settle

PRESENT, IN_USE, EXCLUSIVE, MUTE, UNPOWERED = 0x22, 0x100, 0x80, 0x200, 0x400
ATR = bytes.fromhex("3B6D000000814E43238697639900123456")
READERS = ["Feitian SCR310 00 00", "Hall Reader Contact 01 00", "Hall Reader SAM 01 01", "Hall Reader PSAM2 01 02"]


def seen(state: int, atr: bytes = ATR, reader: str = "A", life: int = 1) -> list[Occupant]:
    occupant = occupant_of(reader, state, atr, life)
    return [occupant] if occupant else []


def test_a_card_goes_in_is_used_and_comes_out():
    events, reported = settle(None, seen(0x10000 | PRESENT))
    assert events == [CardInserted(Insertion("A", ATR, 0x10001))]
    for flags in (IN_USE, EXCLUSIVE, IN_USE | EXCLUSIVE, UNPOWERED):
        events, reported = settle(reported, seen(0x10000 | PRESENT | flags))
        assert events == []
    events, reported = settle(reported, [])
    assert events == [CardRemoved("A")]
    assert reported is None


def test_a_card_swapped_between_two_looks_is_told_by_the_counter():
    _, reported = settle(None, seen(0x10000 | PRESENT))
    events, reported = settle(reported, seen(0x30000 | PRESENT))
    assert events == [CardRemoved("A"), CardInserted(Insertion("A", ATR, 0x10003))]


def test_the_same_counter_in_another_life_of_the_service_is_another_insertion():
    _, reported = settle(None, seen(0x10000 | PRESENT, life=1))
    events, _ = settle(reported, seen(0x10000 | PRESENT, life=2))
    assert events == [CardRemoved("A"), CardInserted(Insertion("A", ATR, 0x20001))]


def test_a_card_that_is_being_powered_is_not_reported_yet():
    events, reported = settle(None, seen(0x10000 | PRESENT, b""))
    assert (events, reported) == ([], None)


def test_a_card_without_answer_is_mute():
    events, reported = settle(None, seen(0x10000 | PRESENT | MUTE, b""))
    assert events == [CardMute("A")]
    assert settle(reported, [])[0] == [CardRemoved("A")]


@pytest.mark.parametrize("atr", ["3B6C00025362862038370011223344AA", "3BFC11000010805662863800112233"])
def test_a_psam_is_nobodys_card(atr):
    assert settle(None, seen(0x10000 | PRESENT, bytes.fromhex(atr))) == ([], None)


@pytest.mark.parametrize("state", [0x10, 0x04, 0x2C, 0x08])
def test_an_empty_or_vanished_slot_holds_nothing(state):
    assert seen(0x10000 | state) == []


def test_a_card_in_a_second_reader_waits_until_the_first_is_empty():
    first, second = seen(0x10000 | PRESENT, reader="A"), seen(0x10000 | PRESENT, reader="B")
    _, reported = settle(None, first)
    events, reported = settle(reported, first + second)
    assert events == []
    events, reported = settle(reported, second)
    assert events == [CardRemoved("A"), CardInserted(Insertion("B", ATR, 0x10001))]


def test_only_the_named_reader_counts_and_never_a_sam_slot():
    assert chosen(READERS, None) == READERS[:2]
    assert chosen(READERS, "Hall") == [READERS[1]]
    assert chosen(READERS, "SAM 01") == [READERS[2]]
    assert chosen(READERS, "Absent") == []
    assert chosen(["Samsung Reader"], None) == ["Samsung Reader"]


def test_a_card_pulled_is_no_card_lost_with_its_reader():
    _, reported = settle(None, seen(0x10000 | PRESENT))
    for looked, lost in ((["A"], False), ([], True)):
        (event,), _ = settle(reported, [], looked)
        assert (type(event), event.lost) == (CardRemoved, lost)


@pytest.mark.parametrize(("counter", "found"), [(1, True), (3, False)])
def test_a_card_is_found_where_nothing_happened_since_the_first_look(counter, found):
    """The slot that was empty at the first look counts on as soon as a card goes in."""
    (event,), _ = settle(None, seen(counter << 16 | PRESENT), ["A"], {"A": 0x10001})
    assert event.found is found


@pytest.mark.parametrize(
    ("state", "looked"), [(0x10, True), (PRESENT, True), (0x04, False), (0x0C, False), (0x2C, False), (0x00, False)]
)
def test_a_reader_that_is_away_says_nothing_of_its_slot(state, looked):
    assert looked_into(0x10000 | state) is looked
