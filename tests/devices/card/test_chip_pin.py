"""Asking for the PIN, and the one place that knows 61xx and 6Cxx (reference vector V3)."""

from __future__ import annotations

import pytest

from devices.card import CardGone, CardUnreadable, PinOutcome, PinResult
from devices.card.files import exchange
from devices.card.pin_pad import outcome as pad_outcome
from devices.card.pins import change_pin, verify_pin
from devices.card.vendor.codes import pin_outcome as vendor_outcome
from devices.card.virtual.described import CardFault
from tests.devices.card.holders import OUYANG, card, pin, scripted, through


@pytest.mark.parametrize("moment", range(1, 2 + 1))
def test_a_card_pulled_at_any_command_of_the_pin_is_gone_and_loses_no_try(moment):
    slotted = card(OUYANG, pull_at=moment)
    with pytest.raises(CardGone):
        verify_pin(through(slotted), pin("888888"))
    assert slotted.tries_left == 3


# --- PIN ---


def test_the_life_of_a_pin_to_its_end():
    slotted = card(OUYANG)
    line = through(slotted)
    assert verify_pin(line, pin("888888")) == PinOutcome(PinResult.WRONG, 2)
    assert verify_pin(line, pin("123456")) == PinOutcome(PinResult.ACCEPTED)
    assert verify_pin(line, pin("111111")) == PinOutcome(PinResult.WRONG, 2)
    assert verify_pin(line, pin("111111")) == PinOutcome(PinResult.WRONG, 1)
    assert verify_pin(line, pin("111111")) == PinOutcome(PinResult.BLOCKED, 0)
    assert verify_pin(line, pin("123456")) == PinOutcome(PinResult.BLOCKED, 0)


def test_a_card_blocked_before_says_so():
    assert verify_pin(through(card(OUYANG, CardFault.BLOCKED)), pin("123456")).result is PinResult.BLOCKED


@pytest.mark.parametrize(
    ("digits", "command"),
    [
        ("1234", "00200000021234"),
        ("12345", "002000000312345F"),
        ("123456", "0020000003123456"),
        ("1234567890123456", "00200000081234567890123456"),
    ],
)
def test_a_pin_is_sent_once_as_bcd(digits, command):
    transmit, heard = scripted("9000", "9000")
    assert verify_pin(transmit, pin(digits)).result is PinResult.ACCEPTED
    assert [sent.hex().upper() for sent in heard[1:]] == [command]


@pytest.mark.parametrize("answer", ["6C03", "6F00", "6A88"])
def test_a_pin_is_never_sent_again_whatever_the_card_says(answer):
    transmit, heard = scripted("9000", answer)
    with pytest.raises(CardUnreadable, match="pin"):
        verify_pin(transmit, pin("123456"))
    assert len(heard) == 2


def test_the_command_that_carried_the_pin_is_wiped_also_when_the_card_is_pulled():
    kept: list[bytes] = []

    def transmit(command: bytes) -> bytes:
        kept.append(command)
        if command[1] == 0x20:
            assert command[5:] == bytes.fromhex("123456")
            raise CardGone("pulled")
        return b"\x90\x00"

    entered = pin("123456")
    with pytest.raises(CardGone):
        verify_pin(transmit, entered)
    assert not any(kept[-1])
    assert entered == b"123456", "the entered digits are the caller's to wipe"


def test_digits_wiped_while_the_card_is_selected_change_nothing_of_what_is_sent():
    entered, heard = pin("123456"), []

    def transmit(command: bytes) -> bytes:
        entered[:] = bytes(6)
        heard.append(bytes(command))
        return b"\x90\x00"

    verify_pin(transmit, entered)
    assert heard[-1].hex() == "0020000003123456"


def test_a_pin_withdrawn_while_the_card_was_selected_is_not_sent_and_its_command_wiped():
    transmit, heard = scripted("9000", "9000")

    def withdrawn() -> None:
        assert len(heard) == 1, "asked after the selection and before the PIN"
        raise TimeoutError

    with pytest.raises(TimeoutError):
        verify_pin(transmit, pin("123456"), withdrawn)
    assert len(heard) == 1


@pytest.mark.parametrize(
    ("sw", "said"),
    [
        ("6300", PinOutcome(PinResult.WRONG)), ("63C2", PinOutcome(PinResult.WRONG, 2)),
        ("63C0", PinOutcome(PinResult.BLOCKED, 0)), ("6983", PinOutcome(PinResult.BLOCKED, 0)),
    ],
)  # fmt: skip
def test_what_a_card_says_to_a_wrong_pin_is_the_same_from_keys_screen_and_makers_library(sw, said):
    transmit, heard = scripted("9000", sw)
    assert verify_pin(transmit, pin("123456")) == said
    assert len(heard) == 2
    assert pad_outcome(bytes.fromhex(sw)) == said
    assert vendor_outcome(-int(sw, 16), b"") == said


@pytest.mark.parametrize("digits", ["", "123", "12345678901234567", "12345x", "１２３４"])
def test_digits_that_can_be_no_pin_are_never_sent(digits):
    transmit, heard = scripted()
    with pytest.raises(ValueError, match="4 to 16 digits"):
        verify_pin(transmit, pin(digits))
    assert heard == []


# --- another PIN ---


def test_a_pin_is_changed_as_the_vector_says_and_costs_a_try_when_the_old_one_is_wrong():
    slotted = card(OUYANG)
    line = through(slotted)
    assert change_pin(line, pin("888888"), pin("246810")) == PinOutcome(PinResult.WRONG, 2)
    assert change_pin(line, pin("123456"), pin("246810")) == PinOutcome(PinResult.ACCEPTED)
    assert slotted.tries_left == 3
    assert verify_pin(line, pin("123456")) == PinOutcome(PinResult.WRONG, 2)
    assert verify_pin(line, pin("246810")) == PinOutcome(PinResult.ACCEPTED)


@pytest.mark.parametrize(
    ("old", "new", "command"),
    [
        ("123456", "246810", "805E010007123456FF246810"),
        ("1234", "24681", "805E0100061234FF24681F"),
        ("12345", "2468", "805E01000612345FFF2468"),
    ],
)
def test_a_change_is_sent_once_old_and_new_with_ff_between(old, new, command):
    transmit, heard = scripted("9000", "9000")
    entered, chosen = pin(old), pin(new)
    assert change_pin(transmit, entered, chosen).result is PinResult.ACCEPTED
    assert [sent.hex().upper() for sent in heard[1:]] == [command]
    assert (entered, chosen) == (pin(old), pin(new)), "the entered digits are the caller's to wipe"


def test_an_odd_pin_is_changed_and_asked_for():
    slotted = card(OUYANG)
    line = through(slotted)
    assert change_pin(line, pin("123456"), pin("24681")).result is PinResult.ACCEPTED
    assert change_pin(line, pin("24681"), pin("1357924")).result is PinResult.ACCEPTED
    assert verify_pin(line, pin("1357924")).result is PinResult.ACCEPTED


def test_a_blocked_card_changes_nothing():
    slotted = card(OUYANG, CardFault.BLOCKED)
    assert change_pin(through(slotted), pin("123456"), pin("246810")) == PinOutcome(PinResult.BLOCKED, 0)


@pytest.mark.parametrize(("old", "new"), [("123", "246810"), ("123456", ""), ("123456", "24681x")])
def test_digits_that_can_be_no_pin_are_never_sent_to_be_changed(old, new):
    transmit, heard = scripted()
    with pytest.raises(ValueError, match="4 to 16 digits"):
        change_pin(transmit, pin(old), pin(new))
    assert heard == []


# --- 61xx and 6Cxx ---


def test_a_long_answer_is_fetched_piece_by_piece():
    transmit, heard = scripted("6102", "AABB6101", "CC9000")
    answer = exchange(transmit, bytes.fromhex("00A4000002EF05"))
    assert (answer.data, answer.sw, answer.ok) == (b"\xaa\xbb\xcc", 0x9000, True)
    assert [sent.hex() for sent in heard[1:]] == ["00c0000002", "00c0000001"]


def test_a_wrong_length_is_asked_again_with_the_right_one():
    transmit, heard = scripted("6C0B", "AA9000")
    assert exchange(transmit, bytes.fromhex("00B2070400")).data == b"\xaa"
    assert heard[1].hex() == "00b207040b"


@pytest.mark.parametrize("endless", ["6101", "6C01"])
def test_a_card_that_never_comes_to_an_end_is_given_up(endless):
    with pytest.raises(CardUnreadable, match="answer"):
        exchange(lambda _: bytes.fromhex(endless), bytes.fromhex("00B2070400"))


@pytest.mark.parametrize("stump", [b"", b"\x90"])
def test_an_answer_without_status_word_is_unreadable(stump):
    with pytest.raises(CardUnreadable, match="answer"):
        exchange(lambda _: stump, b"\x00\xa4\x00\x00")
