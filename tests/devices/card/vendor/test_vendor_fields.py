"""The strings of the national interface, field by field; its codes, each with the noun a clerk understands."""

from __future__ import annotations

from datetime import date

import pytest

from devices.card import (
    CardForeign,
    CardForged,
    CardGone,
    CardLocked,
    CardSilent,
    CardUnreadable,
    KeyAnswerForeign,
    KeyCounterBurnt,
    PinIsInitial,
    PinOutcome,
    PinPadCancelled,
    PinPadLength,
    PinPadMismatch,
    PinPadTimeout,
    PinResult,
)
from devices.card.key_service import KeyAnswer
from devices.card.vendor.codes import error_of, key_error_of, pin_outcome
from devices.card.vendor.fields import basic, identification_in, question, reply
from devices.device import DeviceFault, DeviceGarbled, DeviceMissing, DeviceSilent
from devices.sex import Sex

# reference/card.md, vectors V1 and V5
OUYANG = (
    "639900|639900199001010020|X00012345|639900D1560000050012345600ABCDEF|欧阳晓晴|00814E43238697639900123456|2.00|"
    "20150316|20250316|000000000000||"
)
MAIMAITI = (
    "639900|639900198506071289|X00054321|639900D15600000500654321A1B2C3D4|买买提江·阿卜杜热依木艾合买𬱖|"
    "00904A30018660639900654321|3.00|20240520|20340520|000000000000||"
)
STEP1 = (
    "639900|00904A30018660639900654321|01|639900D15600000500654321A1B2C3D4|1122334455667788|A1A2A3A4A5A6A7A8|"
    "C1C2C3C4C5C6C7C8|B1B2B3B4B5B6B7B8|"
)
REPLY = "F939BBCDC12C62DBA1A2A3A4A5A6A7A8|10530319E2135F65B1B2B3B4B5B6B7B8|"


def said(text: str) -> bytes:
    return text.encode("gb18030")


def changed(text: str, place: int, value: str) -> bytes:
    parts = text.split("|")
    parts[place] = value
    return said("|".join(parts))


def answer(text: str = REPLY) -> KeyAnswer:
    inner, outer, _ = text.split("|")
    return KeyAnswer(bytes.fromhex(inner), bytes.fromhex(outer))


def test_the_eleven_fields_are_a_cards_identity():
    card = basic(said(OUYANG))
    assert (card.region, card.social_security_no, card.card_number) == ("639900", "639900199001010020", "X00012345")
    assert (card.identification, card.name) == ("639900D1560000050012345600ABCDEF", "欧阳晓晴")
    assert (card.atr_history, card.version) == ("00814E43238697639900123456", "2.00")
    assert (card.issued_on, card.valid_until) == (date(2015, 3, 16), date(2025, 3, 16))
    assert (card.sex, card.born_on, card.proven) == (Sex.FEMALE, date(1990, 1, 1), False)


def test_a_name_beyond_gbk_is_read():
    assert basic(said(MAIMAITI)).name == "买买提江·阿卜杜热依木艾合买𬱖"


def test_blanks_around_a_field_and_fields_behind_the_last_do_no_harm():
    assert basic(changed(OUYANG, 1, "639900199001010020  ") + b"more|").card_number == "X00012345"
    assert basic(changed(OUYANG, 3, "639900d1560000050012345600abcdef")).identification.endswith("00ABCDEF")


@pytest.mark.parametrize(
    ("place", "value", "field"),
    [
        (0, "510521", "region"),
        (0, "", "region"),
        (1, "639900199001010021", "identity"),
        (1, "63990019900101002", "social_security_no"),
        (2, "", "card_number"),
        (3, "639900D15600000500123456", "identification"),
        (3, "639900D1560000050012345600ABCDEG", "identification"),
        (3, "639900A1560000050012345600ABCDEF", "identification"),
        (4, "", "name"),
        (5, "00814E", "atr_history"),
        (7, "20151332", "issued_on"),
        (8, "2025-3-16", "valid_until"),
    ],
)
def test_a_field_that_is_not_what_the_interface_says_is_named(place, value, field):
    with pytest.raises(CardUnreadable) as caught:
        basic(changed(OUYANG, place, value))
    assert caught.value.field == field


def test_a_name_cut_inside_a_character_is_unreadable():
    with pytest.raises(CardUnreadable, match="name"):
        basic(said(OUYANG).replace(said("欧阳晓晴"), said("欧阳晓晴")[:-1]))


def test_a_card_of_version_3_read_without_keys_is_locked_yet_known():
    """As one maker's library gives it: number, card number and name are empty (reference/card.md §1.7)."""
    content = b"411600|||411600D15600000599110145A1B2C3D4||008C544CB386844116000000AA|3.00|20211203|20311202|0||"
    with pytest.raises(CardLocked):
        basic(content)
    assert identification_in(content) == "411600D15600000599110145A1B2C3D4"


@pytest.mark.parametrize("short", ["", "639900|", OUYANG.removesuffix("||")])
def test_too_few_fields_are_garbled(short):
    with pytest.raises(DeviceGarbled):
        basic(said(short))


def test_step_1_is_the_question_and_the_reply_goes_back_as_the_interface_wants_it():
    asked = question(said(STEP1))
    assert (asked.region, asked.algorithm, asked.atr_history) == ("639900", "01", "00904A30018660639900654321")
    assert asked.identification == "639900D15600000500654321A1B2C3D4"
    assert (asked.inner_factor.hex(), asked.inner_original.hex()) == ("1122334455667788", "a1a2a3a4a5a6a7a8")
    assert (asked.outer_factor.hex(), asked.outer_original.hex()) == ("c1c2c3c4c5c6c7c8", "b1b2b3b4b5b6b7b8")
    assert reply(asked, answer()) == REPLY.encode()


def test_a_ninth_field_and_an_empty_outer_pair_are_allowed():
    asked = question(said(STEP1.replace("C1C2C3C4C5C6C7C8|B1B2B3B4B5B6B7B8", "|") + "000000000000|"))
    assert asked.outer_factor is None
    assert reply(asked, KeyAnswer(answer().inner, None)) == b"F939BBCDC12C62DBA1A2A3A4A5A6A7A8||"


@pytest.mark.parametrize(
    ("place", "value", "error"),
    [
        (0, "510521", CardUnreadable),
        (1, "00904A", CardUnreadable),
        (2, "04", CardUnreadable),
        (3, "", CardUnreadable),
        (4, "", CardLocked),
        (5, "A1A2", CardUnreadable),
        (6, "", CardUnreadable),
    ],
)
def test_a_question_that_is_none_is_not_asked(place, value, error):
    with pytest.raises(error):
        question(changed(STEP1, place, value))


def test_an_answer_to_another_question_never_reaches_the_card():
    asked = question(said(STEP1))
    foreign = KeyAnswer(answer().inner, bytes(8) + bytes.fromhex("B1B2B3B4B5B6B700"))
    with pytest.raises(KeyAnswerForeign):
        reply(asked, foreign)
    with pytest.raises(CardLocked):
        reply(asked, KeyAnswer(answer().inner, None))


CODES = {
    -1: DeviceFault, -2: CardGone, -3: CardSilent, -4: CardSilent, -5: DeviceMissing, -11: DeviceFault,
    -12: DeviceMissing, -13: DeviceFault, -14: DeviceFault, -15: DeviceFault, -20: CardUnreadable, -21: CardForged,
    -22: CardGone, -23: DeviceFault, -24: CardLocked, -25: CardForged, -31: PinPadCancelled, -32: PinPadTimeout,
    -33: PinPadLength, -34: PinPadMismatch, -35: PinIsInitial, -36: PinIsInitial, -41: CardUnreadable,
    -42: CardUnreadable, -2201: CardLocked, -2202: CardLocked, -2203: CardLocked, -2204: DeviceFault,
    -27272: CardLocked, -27010: CardLocked, -27266: CardForeign, -27267: CardUnreadable, -37891: CardUnreadable,
    -111: DeviceSilent, 1: DeviceFault, -99999: DeviceFault,
}  # fmt: skip


@pytest.mark.parametrize(("code", "error"), CODES.items())
def test_every_code_of_the_table_has_its_noun(code, error):
    assert type(error_of(code)) is error


@pytest.mark.parametrize(
    ("code", "words", "outcome"),
    [
        (0, "", PinOutcome(PinResult.ACCEPTED)),
        (-51, "密码错误，还剩2次", PinOutcome(PinResult.WRONG, 2)),
        (-51, "PIN校验错误(-51)，剩余 1 次机会", PinOutcome(PinResult.WRONG, 1)),
        (-51, "5", PinOutcome(PinResult.WRONG, 5)),
        (-51, "还剩0次", PinOutcome(PinResult.BLOCKED, 0)),
        (-51, "密码错误", PinOutcome(PinResult.WRONG, None)),
        (-51, "错误99999，请重试", PinOutcome(PinResult.WRONG, None)),
        (-52, "密码已锁定", PinOutcome(PinResult.BLOCKED, 0)),
        (-27011, "", PinOutcome(PinResult.BLOCKED, 0)),
        (-25538, "", PinOutcome(PinResult.WRONG, 2)),
        (-25537, "", PinOutcome(PinResult.WRONG, 1)),
        (-25536, "", PinOutcome(PinResult.BLOCKED, 0)),
    ],
)
def test_what_became_of_a_pin(code, words, outcome):
    assert pin_outcome(code, said(words)) == outcome


def test_a_pin_that_never_reached_the_card_is_an_error_of_its_own():
    with pytest.raises(PinPadCancelled):
        pin_outcome(-31, b"")


@pytest.mark.parametrize(("code", "left"), [(-25538, 2), (-25537, 1), (-25536, 0), (-27011, 0), (-25344, None)])
def test_the_counter_of_the_cards_key_is_told_by_arithmetic(code, left):
    """One public list reads -25536 … -25538 as 2, 1, 0 left; the status word 63Cx says x left."""
    error = key_error_of(code)
    assert isinstance(error, KeyCounterBurnt)
    assert error.tries_left == left


def test_a_key_service_that_is_not_this_cards_is_said_before_the_key_counter_suffers():
    assert isinstance(key_error_of(-25), CardForged)
