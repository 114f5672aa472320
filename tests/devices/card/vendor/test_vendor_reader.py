"""The driver for makers' libraries, in front of a library of ours: cards, the two steps, PINs on its keys."""

from __future__ import annotations

import contextlib
import threading

import pytest

from devices.card import (
    CardForged,
    CardGone,
    CardInserted,
    CardLocked,
    CardMute,
    CardRemoved,
    CardUnreadable,
    KeyAnswerForeign,
    KeyCounterBurnt,
    PinIsInitial,
    PinOutcome,
    PinPadCancelled,
    PinPadLength,
    PinPadMismatch,
    PinPadMissing,
    PinPadTimeout,
    PinResult,
)
from devices.card.card_address import parse_vendor
from devices.card.key_service import KeyAnswer, KeyQuestion
from devices.device import DeviceGarbled
from tests.devices.card.holders import MAIMAITI, OLD_WANG, OUYANG, pin
from tests.devices.card.vendor.acts import INNER, OUTER, key_service, read
from tests.hall import eventually


def on_pad(watched, insertion, words: str = "") -> PinOutcome:
    watched.slot.press(words)
    with watched.reader.connect(insertion) as chip:
        assert chip.has_pin_pad
        return chip.verify_pin_on_pad()


# --- coming and going ---


def test_a_card_comes_is_read_and_goes(watched):
    insertion = watched.insert(OUYANG)
    identity = read(watched, insertion)
    assert (identity.name, identity.social_security_no, identity.proven) == ("欧阳晓晴", OUYANG.number, False)
    with watched.reader.connect(insertion) as chip:
        assert chip.identification() == OUYANG.identification
    watched.slot.remove()
    assert watched.next() == CardRemoved(insertion.reader)
    with pytest.raises(CardGone), watched.reader.connect(insertion):
        pass
    assert watched.insert(OUYANG).counter != insertion.counter


def test_another_card_in_the_same_slot_is_a_removal_and_an_insertion(watched):
    first = watched.insert(OUYANG)
    watched.slot.insert(OLD_WANG)
    assert watched.next() == CardRemoved(first.reader)
    event = watched.next()
    assert isinstance(event, CardInserted)
    with pytest.raises(CardGone):
        read(watched, first)
    assert read(watched, event.insertion).name == "王大锤"


def test_a_card_swapped_during_an_act_gets_no_pin(watched):
    """While an act talks nobody looks into the slot: the act itself reads the card again."""
    insertion = watched.insert(OUYANG)
    with watched.reader.connect(insertion) as chip:
        assert chip.identity().name == "欧阳晓晴"
    with watched.reader.connect(insertion) as chip:
        watched.slot.insert(OLD_WANG)
        assert chip.identification() == OLD_WANG.identification
        with pytest.raises(CardGone):
            chip.verify_pin_on_pad()
        with pytest.raises(CardGone):
            chip.identity()


def test_a_mute_card_is_told(watched):
    watched.slot.set(card="dirty", code="-4")
    assert watched.next() == CardMute(watched.reader.name)
    watched.slot.remove()
    assert watched.next() == CardRemoved(watched.reader.name)


def test_a_card_that_cannot_be_read_is_there_and_says_why(watched):
    insertion = watched.insert(OUYANG, raw="639900|nonsense|")
    with pytest.raises(DeviceGarbled):
        read(watched, insertion)
    watched.slot.set(raw="", number="639900199001010021")
    with pytest.raises(CardUnreadable, match="identity"):
        read(watched, insertion)


def test_a_card_that_could_not_be_read_at_first_is_known_once_it_can(watched):
    insertion = watched.insert(OUYANG, raw="639900|nonsense|")
    watched.slot.set(raw="")
    assert read(watched, insertion).name == "欧阳晓晴"
    eventually(lambda: watched.reader._reported.card == OUYANG.identification, 10, "a look has told the card")
    watched.slot.insert(OLD_WANG)
    assert watched.next() == CardRemoved(insertion.reader)
    assert isinstance(watched.next(), CardInserted)


def test_cards_are_counted_for_the_clerk(watched):
    for _ in range(2):
        watched.insert(OUYANG)
        watched.slot.remove()
        watched.next()
    record = watched.reader.board.record
    assert record.counters["cards inserted"] == 2
    assert "iVerifyPIN" in record.facts["functions"]


# --- the two steps ---


def test_a_version_3_card_is_read_and_proven_with_the_key_service(watched):
    insertion = watched.insert(MAIMAITI, inner=INNER, outer=OUTER)
    with pytest.raises(CardLocked):
        read(watched, insertion)
    keys, heard = key_service()
    identity = read(watched, insertion, keys)
    assert (identity.name, identity.proven, identity.version) == ("买买提江·阿卜杜热依木艾合买𬱖", True, "3.00")
    assert [question.identification for question in heard] == [MAIMAITI.identification]
    with watched.reader.connect(insertion) as chip:
        assert chip.identification() == MAIMAITI.identification


def test_a_terminal_with_every_key_reads_a_version_3_card_at_once_and_it_counts_as_unproven(watched):
    insertion = watched.insert(MAIMAITI, psam="yes")
    keys, heard = key_service()
    assert read(watched, insertion, keys).proven is False
    assert heard == []


def test_a_forged_card_never_costs_the_external_key_a_try(watched):
    insertion = watched.insert(MAIMAITI, inner="0000000000000000", outer=OUTER, key_tries="1")
    with pytest.raises(CardForged):
        read(watched, insertion, key_service()[0])
    watched.slot.set(inner=INNER)
    assert read(watched, insertion, key_service()[0]).proven


def test_a_refused_key_is_never_tried_twice(watched):
    insertion = watched.insert(MAIMAITI, inner=INNER, outer=OUTER)
    keys, heard = key_service(outer="0000000000000000")
    with pytest.raises(KeyCounterBurnt) as caught:
        read(watched, insertion, keys)
    assert (caught.value.tries_left, len(heard)) == (2, 1)


def test_an_answer_to_another_question_is_not_passed_on(watched):
    insertion = watched.insert(MAIMAITI, inner=INNER, outer=OUTER, key_tries="1")
    with pytest.raises(KeyAnswerForeign):
        read(watched, insertion, lambda _: KeyAnswer(bytes(16), bytes(16)))
    assert read(watched, insertion, key_service()[0]).proven


def test_a_card_that_reads_without_keys_is_offered_for_its_proof(watched):
    """Versions 1 and 2 have no other: the inner pair alone, and nothing is lost where nobody can answer."""
    insertion = watched.insert(OUYANG, inner=INNER)
    heard: list[KeyQuestion] = []

    def keys(question: KeyQuestion) -> KeyAnswer:
        heard.append(question)
        return KeyAnswer(bytes.fromhex(INNER) + question.inner_original, None)

    assert read(watched, insertion, keys).proven is True
    assert heard[0].outer_factor is None
    assert read(watched, insertion, lambda _: KeyAnswer(None, None)).proven is False
    watched.slot.set(inner="0000000000000000")
    with pytest.raises(CardForged):
        read(watched, insertion, keys)


def test_a_lost_challenge_is_asked_for_anew_and_the_key_service_too(watched):
    insertion = watched.insert(MAIMAITI, inner=INNER, outer=OUTER, lost="2")
    keys, heard = key_service()
    assert read(watched, insertion, keys).proven
    assert len(heard) == 3


@pytest.mark.parametrize(("scene", "unharmed"), [({"outer": OUTER}, 1), ({"outer": OUTER, "lost": "2"}, 3), ({}, 0)])
def test_it_is_told_whenever_the_second_step_cost_the_key_no_try(watched, scene, unharmed):
    insertion = watched.insert(MAIMAITI, inner=INNER, **{"outer": "0000000000000000"} | scene)
    keys, _ = key_service()
    told: list[int] = []
    with watched.reader.connect(insertion) as chip, contextlib.suppress(KeyCounterBurnt):
        chip.identity(keys, lambda: told.append(1))
    assert len(told) == unharmed


def test_a_card_that_loses_every_challenge_is_given_up(watched):
    insertion = watched.insert(MAIMAITI, inner=INNER, outer=OUTER, lost="9")
    keys, heard = key_service()
    with pytest.raises(CardUnreadable, match="challenge"):
        read(watched, insertion, keys)
    assert len(heard) == 3


def test_what_the_key_service_raises_is_passed_on(watched):
    def cut(_question: KeyQuestion) -> KeyAnswer:
        raise ConnectionError("cut")

    with pytest.raises(ConnectionError):
        read(watched, watched.insert(MAIMAITI), cut)


# --- the library's own keys ---


def test_the_life_of_a_pin_on_the_librarys_keys(watched):
    insertion = watched.insert(OUYANG, pin="246810")
    assert on_pad(watched, insertion, "111111") == PinOutcome(PinResult.WRONG, 2)
    assert on_pad(watched, insertion, "246810") == PinOutcome(PinResult.ACCEPTED)
    assert [on_pad(watched, insertion, "111111").tries_left for _ in range(3)] == [2, 1, 0]
    assert on_pad(watched, insertion, "246810") == PinOutcome(PinResult.BLOCKED, 0)


@pytest.mark.parametrize(
    ("words", "error"),
    [("cancel", PinPadCancelled), ("123", PinPadLength), ("", PinPadTimeout), ("123456", PinIsInitial)],
)
def test_what_happens_on_the_keys_before_or_beside_the_card(watched, words, error):
    insertion = watched.insert(OUYANG, pin="123456", pad_seconds="1")
    with pytest.raises(error):
        on_pad(watched, insertion, words)
    assert read(watched, insertion).name == "欧阳晓晴"


def test_a_card_pulled_while_the_keys_wait_is_gone(watched):
    insertion = watched.insert(OUYANG)
    pull = threading.Timer(0.5, watched.slot.remove)
    pull.start()
    with pytest.raises(CardGone):
        on_pad(watched, insertion)
    pull.join()
    assert watched.next() == CardRemoved(insertion.reader)


def test_a_new_pin_on_the_librarys_keys(watched):
    insertion = watched.insert(OUYANG, pin="246810")

    def change(words: str) -> PinOutcome:
        watched.slot.press(words)
        with watched.reader.connect(insertion) as chip:
            return chip.change_pin_on_pad()

    with pytest.raises(PinPadMismatch):
        change("246810 135790 135791")
    with pytest.raises(PinIsInitial):
        change("246810 123456 123456")
    assert change("111111 135790 135790") == PinOutcome(PinResult.WRONG, 2)
    assert change("246810 135790 135790") == PinOutcome(PinResult.ACCEPTED)
    assert on_pad(watched, insertion, "135790") == PinOutcome(PinResult.ACCEPTED)


def test_no_typed_pin_is_taken_from_the_program(watched):
    insertion = watched.insert(OUYANG)
    with watched.reader.connect(insertion) as chip, pytest.raises(PinPadMissing):
        chip.verify_pin(pin("246810"))


def test_keys_that_do_not_face_the_resident_are_not_used(open_reader, library):
    watched = open_reader(address=parse_vendor(f"{library}?pad=no"))
    insertion = watched.insert(OUYANG)
    with watched.reader.connect(insertion) as chip:
        assert not chip.has_pin_pad
        with pytest.raises(PinPadMissing):
            chip.verify_pin_on_pad()
