"""The text of ID cards: citizen, foreigner old and new, Hong Kong, Macao and Taiwan; reference/card.md §4."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.id_card import IdCard, IdCardKind, IdCardUnreadable
from devices.id_card.simulated_cards import SAMPLES, SampleCard, WrittenCard
from devices.id_card.text_block import read_text
from devices.sex import Sex
from tests.devices.id_card.conftest import OUYANG
from tests.devices.id_card.test_samv_frames import TEXT

TODAY = date(2026, 11, 22)


def test_the_vector_of_the_reference_is_read_field_by_field():
    assert vars(read_text(TEXT)) == {
        "kind": IdCardKind.CITIZEN, "name": "欧阳晓晴", "number": "639900199001010020", "sex": Sex.FEMALE,
        "born_on": date(1990, 1, 1), "valid_from": date(2020, 1, 1), "valid_until": date(2040, 1, 1),
        "address": "测试省测试市样例县一号", "authority": "样例县公安局", "ethnic_group": "01",
        "english_name": "", "nationality": "", "permit_number": "",
    }  # fmt: skip


def test_the_simulators_writer_makes_the_vector_byte_for_byte():
    assert OUYANG.text == TEXT


def test_the_old_foreigners_card():
    card = read_text(SAMPLES[SampleCard.FOREIGNER].text)
    assert (card.kind, card.name, card.english_name) == (IdCardKind.FOREIGNER, "安娜", "SAMPLE, ANNA")
    assert (card.number, card.nationality, card.sex) == ("XYZ639900010100", "XYZ", Sex.FEMALE)
    assert (card.born_on, card.valid_until) == (date(1990, 1, 1), date(2029, 6, 1))


def test_the_foreigners_card_of_2023_has_a_number_with_a_check_digit():
    card = read_text(SAMPLES[SampleCard.FOREIGNER_2023].text)
    assert (card.kind, card.name, card.english_name) == (IdCardKind.FOREIGNER_2023, "SAMPLE, BORIS", "SAMPLE, BORIS")
    assert (card.number, card.sex, card.ethnic_group) == ("963999199001010015", Sex.MALE, "")


@pytest.mark.parametrize("number", ["932682198501010017", "911124198108030024"])
def test_the_sample_numbers_published_with_the_card_of_2023_are_good(number):
    written = WrittenCard("样本", number, "1" if int(number[16]) % 2 else "2", number[6:14], type="Y")
    assert read_text(written.text).number == number


def test_a_foreigners_number_on_a_new_card_must_begin_with_nine():
    with pytest.raises(IdCardUnreadable, match="not a foreigner"):
        read_text(replace(OUYANG, type="Y").text)


def test_a_residence_permit_carries_the_travel_permit_and_no_ethnic_group():
    card = read_text(SAMPLES[SampleCard.HONG_KONG_MACAO_TAIWAN].text)
    assert (card.kind, card.permit_number) == (IdCardKind.HONG_KONG_MACAO_TAIWAN, "H00000000")
    assert (card.name, card.number, card.ethnic_group) == ("陈样例", "810000199001010027", "")


def test_a_card_for_ever_never_expires():
    card = read_text(SAMPLES[SampleCard.FOR_EVER].text)
    assert card.valid_until is None
    assert not card.expired(date.max)


def test_the_last_day_still_counts():
    card = read_text(replace(OUYANG, valid_until="20261122").text)
    assert not card.expired(TODAY)
    assert card.expired(date(2026, 11, 23))
    assert read_text(OUYANG.expired().text).expired(TODAY)


@pytest.mark.parametrize("name", ["张𬱖", "阿卜杜拉·买买提", "李", "司马相如", "一二三四五六七八九十一二三四五"])
def test_rare_characters_and_long_names_are_whole(name):
    assert read_text(replace(OUYANG, name=name).text).name == name


def test_a_rare_character_cut_in_its_middle_is_left_out():
    """A name longer than 15 units is cut on the card (card.md §4, own), be it between the halves of a 𬱖."""
    name = "买买提阿卜杜拉艾合麦提江艾尼"
    assert len(name) == 14
    assert read_text(replace(OUYANG, name=name + "𬱖").text).name == name


def test_filling_of_blanks_and_of_zeros_is_left_out():
    zeros = OUYANG.text.replace(b" \x00", b"\x00\x00")
    assert read_text(zeros) == read_text(OUYANG.text)


def test_a_small_x_is_taken_for_a_big_one():
    written = WrittenCard.of_resident("王样例", "63990019620315001x")
    assert read_text(written.text).number == "63990019620315001X"


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"name": ""}, "name"), ({"name": "王\n伟"}, "name"), ({"sex": "7"}, "sex"),
        ({"ethnic_group": "X"}, "ethnic_group"),
        ({"born_on": "19900230"}, "born_on"), ({"born_on": "1990"}, "born_on"), ({"born_on": "19900102"}, "number"),
        ({"number": "639900199001010021"}, "number"), ({"number": "63990019900101002"}, "number"),
        ({"number": "6399001990010１0020"}, "number"), ({"sex": "1"}, "number"), ({"valid_from": ""}, "valid_from"),
        ({"valid_until": "永远"}, "valid_until"), ({"type": "Z"}, "type"), ({"address": "\x1b[2J"}, "address"),
        ({"type": "J", "permit_number": "H-1"}, "permit_number"),
        ({"type": "I", "number": "639900199001010"}, "number"), ({"type": "I", "number": "XYZ6399"}, "number"),
    ],
)  # fmt: skip
def test_a_field_that_cannot_be_right_is_named_and_never_quoted(change, field):
    written = replace(OUYANG, **change)
    with pytest.raises(IdCardUnreadable) as caught:
        read_text(written.text)
    assert caught.value.field == field
    for secret in (written.number, written.address, "欧阳"):
        assert len(secret) < 3 or secret not in str(caught.value)


def test_foreigners_cards_without_any_name_are_refused():
    for sample in (SampleCard.FOREIGNER, SampleCard.FOREIGNER_2023):
        with pytest.raises(IdCardUnreadable, match="name"):
            read_text(replace(SAMPLES[sample], name="", english_name="").text)


def test_half_a_character_in_the_middle_is_no_text():
    with pytest.raises(IdCardUnreadable, match="UTF-16"):
        read_text(b"\x00\xd8" + TEXT[2:])


def test_who_writes_a_card_down_writes_nearly_nothing():
    card = read_text(TEXT)
    assert f"{card} {card!r}" == "IdCard(citizen, 欧*, **************0020) IdCard(citizen, 欧*, **************0020)"


@given(st.binary(min_size=250, max_size=260))
def test_any_bytes_are_a_card_or_unreadable(block):
    assert outcome(block) in ("card", "unreadable")


@given(st.integers(0, 255), st.binary(min_size=1, max_size=40), st.sampled_from(["", "I", "J", "Y"]))
def test_a_damaged_card_is_a_card_or_unreadable(place, damage, kind):
    block = bytearray(replace(OUYANG, type=kind).text)
    block[place : place + len(damage)] = damage
    assert outcome(bytes(block[:256].ljust(256, b"\x00"))) in ("card", "unreadable")


def outcome(block):
    try:
        return "card" if isinstance(read_text(block), IdCard) else "?"
    except IdCardUnreadable:
        return "unreadable"
