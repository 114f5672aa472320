"""Numbers, answers to reset, and whatever else a card may say (reference vector V10)."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from devices.card import CardIdentity, CardUnreadable, PinOutcome, records
from devices.card.chip import ApduChip
from devices.card.pins import verify_pin
from devices.device import DeviceError
from devices.sex import Sex
from tests.devices.card.holders import MAIMAITI, OUYANG, card, pin, read

COMMANDS = 14


# --- numbers, V10 ---


@pytest.mark.parametrize(
    "number",
    ["11010519491231002X", "440524188001010014", "639900199001010020", "639900198506071289", "63990019620315001X"],
)
def test_the_check_digit_of_the_vectors(number):
    assert records.check_digit(number[:17]) == number[17]


def test_a_small_x_is_folded_and_an_old_number_completed():
    assert records.social_security_no("n", b"63990019620315001x") == "63990019620315001X"
    assert records.social_security_no("n", b"639900900101002\0\0\0") == "639900199001010020"


def test_a_foreigners_number_with_letters_is_not_checked_as_an_id_number():
    assert read(card(replace(OUYANG, number="CAN110080010112345", born="19800101", sex="2"))).sex is Sex.FEMALE


def test_a_sex_that_is_not_stated_contradicts_nothing():
    assert read(card(replace(OUYANG, sex="9"))).sex is Sex.NOT_STATED


# --- answers to reset ---


def test_the_historical_bytes_of_several_answers_to_reset():
    assert records.history(OUYANG.atr) == "00814E43238697639900123456"
    assert records.history(bytes.fromhex("3B888001112233445566778800")) == "1122334455667788"
    assert records.history(bytes.fromhex("3B00")) == ""


@pytest.mark.parametrize("atr", ["", "3B", "3BF0", "3B6D0000", "3B80", "3B8280", "3B6D000000814E4323869763990012"])
def test_a_cut_answer_to_reset_is_unreadable(atr):
    with pytest.raises(CardUnreadable, match="atr"):
        records.history(bytes.fromhex(atr))


# --- the algorithm of the keys ---


@pytest.mark.parametrize(
    ("control", "algorithm"),
    [
        ("6F19840F7378312E73682EC9E7BBE1B1A3D5CFA5069F0C03860101", "01"),
        ("6F19840F7378312E73682EC9E7BBE1B1A3D5CFA5069F0C03860102", "02"),
        ("6F19840F7378312E73682EC9E7BBE1B1A3D5CFA5069F0C03860103", "03"),
        ("A5059F0C860103", "03"),  # two sources disagree whether a length stands between 9F0C and 86
        ("6F11840F7378312E73682EC9E7BBE1B1A3D5CF", "01"),
        ("9F0C038601", "01"),
        ("9F0C", "01"),
        ("", "01"),
    ],
)
def test_the_algorithm_stands_in_the_answer_to_select_or_is_3des(control, algorithm):
    assert records.algorithm(bytes.fromhex(control)) == algorithm


# --- whatever a card may say ---

ANSWERS = st.one_of(
    st.binary(max_size=40),
    st.builds(lambda body, sw: body + sw, st.binary(max_size=34), st.sampled_from([b"\x90\0", b"\x61\5", b"\x6c\6"])),
)


@settings(max_examples=400, deadline=None)
@given(st.lists(ANSWERS, min_size=1, max_size=40), st.binary(max_size=34))
def test_any_bytes_from_a_card_give_an_identity_or_a_device_error(answers, atr):
    said = iter(range(10_000))
    for act in (lambda line: ApduChip(line, atr).identity(), lambda line: verify_pin(line, pin("123456"))):
        try:
            outcome = act(lambda _: answers[next(said) % len(answers)])
        except DeviceError as error:
            outcome = error
        assert isinstance(outcome, CardIdentity | PinOutcome | DeviceError)


@pytest.mark.soak
def test_a_hundred_thousand_babbling_cards_end_no_thread():
    dice = random.Random(20250316)  # noqa: S311 - reproducible noise, no secret
    ends = [b"\x90\0"] * 6 + [b"\x61\5", b"\x6c\6", b"\x6a\x83", b""]
    refused = 0
    for _ in range(100_000):
        slotted = card(replace(MAIMAITI, version="2.00"))

        def transmit(command: bytes, slotted=slotted) -> bytes:
            if dice.random() < 0.9:
                return slotted.answer(command)
            return dice.randbytes(dice.randrange(34)) + dice.choice(ends)

        try:
            ApduChip(transmit, MAIMAITI.atr).identity()
        except DeviceError:
            refused += 1
    assert 0 < refused < 100_000


@settings(max_examples=400, deadline=None)
@given(st.integers(0, COMMANDS - 1), st.integers(0, 34), st.integers(1, 255))
def test_one_flipped_byte_gives_an_identity_or_a_device_error(step, place, flip):
    slotted, asked = card(replace(MAIMAITI, version="2.00")), iter(range(1000))

    def transmit(command: bytes) -> bytes:
        answer = bytearray(slotted.answer(command))
        if next(asked) == step and place < len(answer):
            answer[place] ^= flip
        return bytes(answer)

    try:
        outcome = ApduChip(transmit, MAIMAITI.atr).identity()
    except DeviceError as error:
        outcome = error
    assert isinstance(outcome, CardIdentity | DeviceError)


@settings(max_examples=200, deadline=None)
@given(st.text(st.characters(blacklist_categories=["C", "Z"]), min_size=1, max_size=12))
def test_every_name_that_fits_on_a_card_comes_back(name):
    if len(name.encode("gb18030")) <= 50:
        assert read(card(replace(OUYANG, name=name))).name == name
