"""Identity numbers are read as the standard says and shown under masks (domain.md §1.1, §7.5; card.md V10)."""

from datetime import date

import pytest

from contract.identifiers import (
    BadIdNumber,
    birth_date,
    check_character,
    is_male,
    mask_card_number,
    mask_id_number,
    mask_name,
    mask_phone,
    normalise,
)

TODAY = date(2026, 3, 18)


@pytest.mark.parametrize(
    ("first17", "check"),
    [
        ("51059919400101001", "4"),
        ("51059919650110001", "5"),
        ("51059919700102002", "1"),
        ("51059920000229001", "X"),
        ("51059919720808003", "X"),
        ("51059919611231998", "8"),
        ("51059919850615123", "2"),
        ("51059919850615124", "0"),
        ("11010519491231002", "X"),
        ("44052418800101001", "4"),
        ("63990019900101002", "0"),
        ("63990019850607128", "9"),
        ("63990019620315001", "X"),
    ],
)
def test_the_check_character_follows_from_the_first_seventeen(first17, check):
    assert check_character(first17) == check
    assert normalise(first17 + check, TODAY) == first17 + check


@pytest.mark.parametrize(
    ("old", "long"),
    [("510599650110001", "510599196501100015"), ("639900900101002", "639900199001010020")],
)
def test_a_number_of_fifteen_digits_is_lengthened(old, long):
    assert normalise(old, TODAY) == long


@pytest.mark.parametrize(
    "written",
    ["63990019620315001x", "  63990019620315001X\n", "６３９９００１９６２０３１５００１Ｘ", "63990019620315001ｘ"],
)
def test_spaces_full_width_and_a_small_x_are_folded(written):
    assert normalise(written, TODAY) == "63990019620315001X"


@pytest.mark.parametrize(
    ("number", "rule"),
    [
        ("510599190002290011", "no such birth date"),
        ("510599196502300012", "no such birth date"),
        ("510599196513010012", "no such birth date"),
        ("639900199001010021", "check character is wrong"),
        ("510599194001010015", "check character is wrong"),
        ("51059919400101001", "has 18 characters"),
        ("5105991940010100144", "has 18 characters"),
        ("", "has 18 characters"),
        ("51059965011000A", "has 18 characters"),
        ("5105991940010100A4", "only the last character"),
        ("51059919400101O014", "only the last character"),
        ("51059919400101²014", "check character is wrong"),
        ("٥١٠٥٩٩١٩٤٠٠١٠١٠٠١٤", "only the last character"),
    ],
)
def test_a_number_that_breaks_a_rule_is_refused_with_the_rule(number, rule):
    with pytest.raises(BadIdNumber, match=rule):
        normalise(number, TODAY)


def test_a_birth_date_in_the_future_is_refused_until_that_day():
    first17 = "51059920260319001"
    number = first17 + check_character(first17)
    with pytest.raises(BadIdNumber, match="future"):
        normalise(number, date(2026, 3, 18))
    assert normalise(number, date(2026, 3, 19)) == number


def test_a_region_that_nobody_knows_is_no_reason_to_refuse():
    assert normalise("999999194001010013"[:17] + check_character("99999919400101001"), TODAY).startswith("999999")


def test_birth_date_and_sex_are_read_from_the_number():
    assert birth_date("51059920000229001X") == date(2000, 2, 29)
    assert is_male("510599198506151232")
    assert not is_male("510599198506151240")


@pytest.mark.parametrize(
    ("name", "shown"),
    [("王明", "王*"), ("王秀英", "王*"), ("欧阳婷婷", "欧*"), ("古丽·买买提", "古*"), ("𬱖", "𬱖*"), ("", "*")],
)
def test_a_hall_screen_shows_the_first_character_of_a_name(name, shown):
    assert mask_name(name) == shown


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        ("510599194001010014", "5105**********0014"),
        ("51059920000229001X", "5105**********001X"),
        ("510599650110001", "***************"),
        ("", ""),
    ],
)
def test_an_id_number_shows_its_first_six_and_last_four(number, shown):
    assert mask_id_number(number) == shown


@pytest.mark.parametrize(("number", "shown"), [("A51059901", "******901"), ("901", "901"), ("", "")])
def test_a_card_number_shows_its_last_three(number, shown):
    assert mask_card_number(number) == shown


def test_a_phone_shows_its_last_four():
    assert mask_phone("13812346789") == "***6789"
