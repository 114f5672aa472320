"""The number of a resident: reference/card.md V10."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.id_number import check_digit, contradiction

GOOD = [
    "11010519491231002X", "440524188001010014", "639900199001010020", "639900198506071289", "63990019620315001X",
]  # fmt: skip


def born(number):
    return date(int(number[6:10]), int(number[10:12]), int(number[12:14]))


@pytest.mark.parametrize("number", GOOD)
def test_good_numbers_agree_with_themselves(number):
    male = int(number[16]) % 2 == 1
    assert check_digit(number[:17]) == number[17]
    assert contradiction(number, born(number), male=male) == ""
    assert contradiction(number, born(number), male=None) == ""
    assert "sex" in contradiction(number, born(number), male=not male)
    assert "birth" in contradiction(number, None, male=male)
    assert "birth" in contradiction(number, date(1999, 9, 9), male=male)


def test_a_wrong_check_digit_is_named_and_the_number_is_not():
    said = contradiction("639900199001010021", date(1990, 1, 1), male=False)
    assert "check digit" in said
    assert "6399" not in said


def test_numbers_with_letters_inside_carry_no_check_digit():
    assert contradiction("XYZ639900010100123", None, male=None) == ""
    assert contradiction("６39900199001010020", None, male=None) == ""


@given(st.text(max_size=20), st.none() | st.dates(), st.none() | st.booleans())
def test_any_text_gets_an_answer(number, day, male):
    assert isinstance(contradiction(number, day, male=male), str)
