"""The card proves itself and is opened by the key service (reference/card.md §2.4, vector V5)."""

from __future__ import annotations

import contextlib
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from devices.card import (
    CardForged,
    CardGone,
    CardIdentity,
    CardLocked,
    CardUnreadable,
    KeyAnswerForeign,
    KeyCounterBurnt,
)
from devices.card.chip import ApduChip
from devices.card.key_service import KeyAnswer, KeyQuestion
from devices.card.virtual.described import CardFault
from devices.card.virtual.keys import CardKeys, KeyStore
from devices.device import DeviceError
from tests.devices.card.holders import MAIMAITI, OLD_WANG, OUYANG, card, read, through

TOY = CardKeys(bytes(range(0x10)), bytes(range(0x10, 0x20)))
INFO, FACTOR = "A1A2A3A4A5A6A7A8", "1122334455667788"
OUTER_INFO, OUTER_FACTOR = "B1B2B3B4B5B6B7B8", "C1C2C3C4C5C6C7C8"
SSSE = ("00A404000F7378312E73682EC9E7BBE1B1A3D5CF", "6F19840F7378312E73682EC9E7BBE1B1A3D5CFA5069F0C038601019000")
V5 = [
    SSSE,
    ("00A4020002EF05", "9000"),
    ("00B2010012", "0110639900D15600000500654321A1B2C3D49000"),
    ("00B2030006", "0304332E30309000"),
    ("00B207000B", "6982"),
    ("00A4020002EF06", "9000"),
    ("00B2080014", "6982"),
    SSSE,
    ("0084000008", INFO + "9000"),
    ("0084000008", FACTOR + "9000"),
    ("0088000010" + FACTOR + INFO, "F939BBCDC12C62DB9000"),
    ("0084000008", OUTER_INFO + "9000"),
    ("0084000008", OUTER_FACTOR + "9000"),
    ("0082000A1010530319E2135F65" + OUTER_INFO, "9000"),
    ("00A4020002EF05", "9000"),
    ("00B2050006", "0504202405209000"),
    ("00B2060006", "0604203405209000"),
    ("00B207000B", "07095830303035343332319000"),
    ("00A4020002EF06", "9000"),
    ("00B2080014", "08123633393930303139383530363037313238399000"),
    ("00B2090020", "091EC2F2C2F2CCE1BDADA1A4B0A2B2B7B6C5C8C8D2C0C4BEB0ACBACFC2F299339000"),
    ("00B24E0016", "4E14C336" + "00" * 18 + "9000"),
    ("00B20A0003", "0A01329000"),
]
CONTACT = [CardFault.SW61, CardFault.NUMBER_ONLY, CardFault.TAG_ONLY, CardFault.SFI_ONLY, CardFault.P1_00_ONLY]


def vector_card(*challenges: str):
    values = iter(challenges or [INFO, FACTOR, OUTER_INFO, OUTER_FACTOR])
    return card(MAIMAITI, keys=TOY, random=lambda _: bytes.fromhex(next(values)))


def heard_of(slotted):
    """The driver on this card, and the list of the commands it sends."""
    line, heard = through(slotted), []

    def transmit(command: bytes) -> bytes:
        heard.append(bytes(command))
        return line(command)

    return ApduChip(transmit, slotted.atr, block_wise=slotted.block_wise), heard


def instructions(heard) -> list[int]:
    return [command[1] for command in heard]


EXTERNAL, INTERNAL, CHALLENGE = 0x82, 0x88, 0x84


# --- the virtual card and the driver, each against the vector ---


def test_the_virtual_card_answers_as_vector_v5_says():
    slotted = vector_card()
    for command, answer in V5:
        assert slotted.answer(bytes.fromhex(command)).hex().upper() == answer, command


def test_the_driver_asks_the_key_service_what_vector_v5_says_and_reads_the_card():
    service = KeyStore({MAIMAITI.identification: TOY})
    chip, heard = heard_of(vector_card())
    identity = chip.identity(service)
    (question,) = service.asked
    assert "|".join(
        [
            question.region, question.atr_history, question.algorithm, question.identification,
            question.inner_factor.hex().upper(), question.inner_original.hex().upper(),
            question.outer_factor.hex().upper(), question.outer_original.hex().upper(), "",
        ]
    ) == (
        "639900|00904A30018660639900654321|01|639900D15600000500654321A1B2C3D4|1122334455667788|A1A2A3A4A5A6A7A8|"
        "C1C2C3C4C5C6C7C8|B1B2B3B4B5B6B7B8|"
    )  # fmt: skip
    assert service(question) == KeyAnswer(
        bytes.fromhex("F939BBCDC12C62DB" + INFO), bytes.fromhex("10530319E2135F65" + OUTER_INFO)
    )
    assert (identity.name, identity.social_security_no) == ("买买提江·阿卜杜热依木艾合买𬱖", "639900198506071289")
    assert (identity.card_number, identity.version, identity.proven) == ("X00054321", "3.00", True)
    assert bytes.fromhex("0082000A1010530319E2135F65" + OUTER_INFO) in heard


# --- version 3 ---


@pytest.mark.parametrize("dialect", [(), *((one,) for one in CONTACT), (CardFault.CONTACTLESS,), (CardFault.NO_4E,)])
def test_a_version_3_card_is_opened_in_every_dialect(dialect):
    whole = replace(MAIMAITI, name="阿依古丽") if CardFault.NO_4E in dialect else MAIMAITI
    identity = read(card(whole, *dialect), KeyStore())
    assert (identity.name, identity.proven) == (whole.name, True)


@pytest.mark.parametrize("version", ["\0\0\0\0", "9.00", "2.01"])
def test_a_card_of_unknown_version_that_asks_for_a_key_gets_the_two_steps(version):
    guarded = card(replace(MAIMAITI, version=version), CardFault.GUARDED)
    with pytest.raises(CardLocked):
        read(guarded)
    assert read(guarded, KeyStore()).proven


@pytest.mark.parametrize("version", ["\0\0\0\0", "9.00", "2.01"])
def test_a_card_of_unknown_version_that_asks_for_none_is_read_freely(version):
    identity = read(card(replace(OUYANG, version=version)))
    assert (identity.name, identity.version) == ("欧阳晓晴", version.strip("\0"))


def test_a_service_without_an_outer_answer_leaves_the_card_locked():
    chip, heard = heard_of(card(MAIMAITI))
    with pytest.raises(CardLocked):
        chip.identity(lambda question: KeyAnswer(KeyStore()(question).inner, None))
    assert EXTERNAL not in instructions(heard)


def test_a_service_that_compares_nothing_opens_the_card_and_proves_nothing():
    assert not read(card(MAIMAITI), lambda question: KeyAnswer(None, KeyStore()(question).outer)).proven


def test_a_version_3_card_without_the_key_of_its_standard_is_unreadable():
    with pytest.raises(CardUnreadable) as caught:
        read(card(MAIMAITI, CardFault.NO_KEYS), KeyStore())
    assert caught.value.field == "internal_authentication"


# --- forged cards, wrong keys: the counter of the outer key is precious ---


@pytest.mark.parametrize("holder", [OUYANG, OLD_WANG, MAIMAITI], ids=["2.00", "1.00", "3.00"])
def test_a_forged_card_is_found_out_before_its_outer_key_is_touched(holder):
    slotted = card(holder, CardFault.FORGED)
    chip, heard = heard_of(slotted)
    with pytest.raises(CardForged):
        chip.identity(KeyStore())
    assert EXTERNAL not in instructions(heard)
    assert slotted.key_tries_left == holder.key_tries


@pytest.mark.parametrize("tries", [2, 5])
def test_a_cryptogram_that_the_card_refuses_is_never_sent_a_second_time(tries):
    slotted = card(replace(MAIMAITI, key_tries=tries), CardFault.KEY_REFUSED)
    service = KeyStore()
    chip, heard = heard_of(slotted)
    with pytest.raises(KeyCounterBurnt) as caught:
        chip.identity(service)
    assert caught.value.tries_left == slotted.key_tries_left == tries - 1
    assert instructions(heard).count(EXTERNAL) == len(service.asked) == 1
    assert instructions(heard)[-1] == EXTERNAL, "nothing is sent behind it"


def test_a_card_whose_outer_key_was_locked_before_says_so():
    with pytest.raises(KeyCounterBurnt) as caught:
        read(card(MAIMAITI, CardFault.KEY_LOCKED), KeyStore())
    assert caught.value.tries_left == 0


@pytest.mark.parametrize(("sw", "left"), [("63C2", 2), ("63C1", 1), ("63C0", 0), ("6983", 0), ("6300", None)])
def test_what_is_left_of_the_key_is_told_by_arithmetic(sw, left):
    slotted, sent = card(MAIMAITI), []

    def transmit(command: bytes) -> bytes:
        if command[1] != EXTERNAL:
            return slotted.answer(command)
        sent.append(command)
        return bytes.fromhex(sw)

    with pytest.raises(KeyCounterBurnt) as caught:
        ApduChip(transmit, slotted.atr).identity(KeyStore())
    assert (caught.value.tries_left, len(sent)) == (left, 1)


def other_original(value: bytes) -> bytes:
    return value[:8] + bytes(8)


@pytest.mark.parametrize("which", ["inner", "outer"])
def test_an_answer_to_another_question_is_not_sent_to_the_card(which):
    def confused(question: KeyQuestion) -> KeyAnswer:
        answer = KeyStore()(question)
        return replace(answer, **{which: other_original(getattr(answer, which))})

    slotted = card(MAIMAITI)
    with pytest.raises(KeyAnswerForeign):
        read(slotted, confused)
    assert slotted.key_tries_left == MAIMAITI.key_tries


# --- challenges that are lost ---


@pytest.mark.parametrize("dialect", [(), (CardFault.SW61,), (CardFault.CONTACTLESS,)])
def test_a_lost_challenge_starts_the_first_step_anew(dialect):
    slotted, service = card(MAIMAITI, CardFault.CHALLENGE_LOST, *dialect), KeyStore()
    assert read(slotted, service).proven
    assert len(service.asked) == 2
    assert service.asked[0].outer_factor != service.asked[1].outer_factor
    assert slotted.key_tries_left == MAIMAITI.key_tries


@pytest.mark.parametrize(
    ("fault", "unharmed"), [(None, 1), (CardFault.CHALLENGE_LOST, 2), (CardFault.KEY_REFUSED, 0), (CardFault.FORGED, 0)]
)
def test_it_is_told_whenever_an_outer_answer_cost_the_key_no_try(fault, unharmed):
    slotted, told = card(MAIMAITI, *([fault] if fault else [])), []
    with contextlib.suppress(KeyCounterBurnt, CardForged):
        ApduChip(through(slotted), slotted.atr).identity(KeyStore(), lambda: told.append(1))
    assert len(told) == unharmed


@pytest.mark.parametrize("instruction", [EXTERNAL, INTERNAL])
@pytest.mark.parametrize("sw", ["6984", "6985"])
def test_a_card_that_loses_every_challenge_is_given_up_after_two_new_starts(instruction, sw):
    slotted, service, sent = card(MAIMAITI), KeyStore(), []

    def transmit(command: bytes) -> bytes:
        sent.append(command[1])
        return bytes.fromhex(sw) if command[1] == instruction else slotted.answer(command)

    with pytest.raises(CardUnreadable) as caught:
        ApduChip(transmit, slotted.atr).identity(service)
    assert caught.value.field == "challenge"
    assert sent.count(instruction) == 3
    assert len(service.asked) == (3 if instruction == EXTERNAL else 0)


@pytest.mark.parametrize("answer", ["9000", "A1A29000", "6D00", "6982"])
def test_a_challenge_that_is_none_ends_the_act(answer):
    slotted = card(MAIMAITI)

    def transmit(command: bytes) -> bytes:
        return bytes.fromhex(answer) if command[1] == CHALLENGE else slotted.answer(command)

    with pytest.raises((CardUnreadable, CardLocked), match="challenge"):
        ApduChip(transmit, slotted.atr).identity(KeyStore())


@pytest.mark.parametrize(
    ("between", "answer"),
    [("0084000008", "63C4"), ("00A4020002EF05", "6984"), (SSSE[0], "6984"), ("power", "6984"), ("", "9000")],
)
def test_a_challenge_serves_once_and_only_until_the_next_selection_or_reset(between, answer):
    slotted = vector_card(OUTER_INFO, OUTER_FACTOR, INFO)
    for command in (SSSE[0], "0084000008", "0084000008"):
        slotted.answer(bytes.fromhex(command))
    if between == "power":
        slotted.power_on()
    elif between:
        slotted.answer(bytes.fromhex(between))
    external = bytes.fromhex("0082000A1010530319E2135F65" + OUTER_INFO)
    assert slotted.answer(external).hex().upper() == answer
    assert slotted.answer(external).hex().upper() == "6984"


def test_the_right_to_read_ends_with_a_new_selection_of_the_application_and_with_the_power():
    for end in (lambda one: one.answer(bytes.fromhex(SSSE[0])), lambda one: one.power_on()):
        slotted = card(MAIMAITI)
        assert read(slotted, KeyStore()).proven
        end(slotted)
        slotted.answer(bytes.fromhex(SSSE[0]))
        slotted.answer(bytes.fromhex("00A4020002EF06"))
        assert slotted.answer(bytes.fromhex("00B2080014")).hex() == "6982"


# --- versions 1 and 2: the inner pair is offered ---


@pytest.mark.parametrize("holder", [OUYANG, OLD_WANG], ids=["2.00", "1.00"])
@pytest.mark.parametrize("dialect", [(), (CardFault.SW61,), (CardFault.CONTACTLESS,), (CardFault.SFI_ONLY,)])
def test_a_card_of_version_1_or_2_proves_itself_where_the_service_answers(holder, dialect):
    service = KeyStore()
    identity = read(card(holder, *dialect), service)
    assert identity == replace(read(card(holder, *dialect)), proven=True)
    (question,) = service.asked
    assert (question.outer_factor, question.outer_original) == (None, None)


def test_a_card_of_version_2_stays_unproven_where_the_service_answers_nothing():
    assert read(card(OUYANG), lambda _: KeyAnswer(None, None)) == read(card(OUYANG))


def test_a_card_of_version_2_without_a_key_is_not_asked_about():
    service = KeyStore()
    assert not read(card(OUYANG, CardFault.NO_KEYS), service).proven
    assert service.asked == []


# --- the service fails, the card is pulled ---


class CountyAsleepError(Exception):
    """Whatever a key service may raise."""


def fails(_question: KeyQuestion) -> KeyAnswer:
    raise CountyAsleepError


@pytest.mark.parametrize("holder", [OUYANG, MAIMAITI], ids=["2.00", "3.00"])
def test_what_the_key_service_raises_is_passed_on_and_nothing_more_is_sent(holder):
    chip, heard = heard_of(card(holder))
    asked = []

    def service(question: KeyQuestion) -> KeyAnswer:
        asked.append(len(heard))
        return fails(question)

    with pytest.raises(CountyAsleepError):
        chip.identity(service)
    assert asked == [len(heard)]


def test_a_card_pulled_at_any_command_of_the_two_steps_is_gone():
    whole = card(MAIMAITI)
    read(whole, KeyStore())
    assert whole.answered == 4 + 7 + 2 + 3 + 6
    for moment in range(1, whole.answered + 1):
        slotted = card(MAIMAITI, pull_at=moment)
        with pytest.raises(CardGone):
            read(slotted, KeyStore())
        assert slotted.key_tries_left == MAIMAITI.key_tries


# --- what may be seen of it ---


def test_questions_and_answers_written_out_show_nothing_of_card_or_key():
    service = KeyStore()
    read(card(MAIMAITI), service)
    written = repr(service.asked) + repr(service(service.asked[0]))
    assert "639900" in written
    for secret in (MAIMAITI.identification, "00904A3001", "inner_factor", "inner=", "outer", "b'"):
        assert secret not in written


@pytest.mark.parametrize("value", [b"", bytes(8), bytes(15), bytes(17)])
def test_an_answer_of_another_length_is_none(value):
    with pytest.raises(ValueError, match="two blocks"):
        KeyAnswer(value, None)
    with pytest.raises(ValueError, match="two blocks"):
        KeyAnswer(None, value)


PIECES = st.one_of(
    st.binary(max_size=24),
    st.sampled_from(["9000", "6982", "6984", "63C2", "6108", "6C08", "A1A2A3A4A5A6A7A89000"]).map(bytes.fromhex),
)


@settings(max_examples=200, deadline=None)
@given(st.lists(PIECES, max_size=30), st.integers(0, 12))
def test_whatever_a_card_says_the_two_steps_end_in_an_identity_or_a_named_error(answers, behind):
    """A genuine card up to some command, then any bytes."""
    slotted, waiting = card(MAIMAITI), list(answers)
    sent = []

    def transmit(command: bytes) -> bytes:
        sent.append(command[1])
        honest = slotted.answer(command)
        if len(sent) <= behind:
            return honest
        return waiting.pop() if waiting else b"\x6f\x00"

    try:
        outcome = ApduChip(transmit, slotted.atr).identity(KeyStore())
    except DeviceError:
        outcome = None
    assert outcome is None or isinstance(outcome, CardIdentity)
    assert sent.count(EXTERNAL) <= 3
