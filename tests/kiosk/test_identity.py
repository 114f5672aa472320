"""Personal numbers show themselves only when asked by name; errors say a code, words and a next step."""

import json
from dataclasses import replace
from datetime import date

import pytest

from devices import card, device, fingerprint, printer
from devices.card import CardIdentity, CardUnreadable
from devices.sex import Sex
from kiosk.device_errors import GENERAL_ERRORS, error_of, every_error
from kiosk.errors import KioskError
from kiosk.identity import Assurance, CardNumber, IdNumber, Masked, PersonName, resident_of

NUMBER, CARD, NAME = "510521195003070028", "B12345678", "买买提·吐尔逊"


def a_card(**other):
    whole = CardIdentity(
        region="510521", social_security_no=NUMBER, card_number=CARD, identification="5" * 32, name=NAME,
        atr_history="0" * 26, version="2.00", issued_on=None, valid_until=None, sex=Sex.FEMALE, ethnic_group="05",
        born_on=date(1950, 3, 7),
    )  # fmt: skip
    return replace(whole, **other)


@pytest.mark.parametrize(
    ("kind", "plain", "shown"),
    [
        (IdNumber, NUMBER, "5105**********0028"),
        (CardNumber, CARD, "******678"),
        (PersonName, NAME, "买*"),
        (Masked, "ab", "**"),
    ],
)
def test_a_personal_text_is_masked_however_it_is_written_out(kind, plain, shown):
    value = kind(plain)
    assert value.masked() == shown
    for written in (str(value), f"{value}", f"{value!r}", "%s" % value, str([value]), json.dumps(value, default=str)):  # noqa: UP031  every way of writing out
        assert plain not in written
    assert value.plain() == plain


def test_a_whole_resident_written_out_shows_nothing_plain():
    written = repr(resident_of(a_card()))
    for plain in (NUMBER, CARD, NAME):
        assert plain not in written


def test_equal_numbers_of_different_kinds_are_not_equal():
    assert IdNumber(NUMBER) == IdNumber(NUMBER)
    assert IdNumber(NUMBER) != CardNumber(NUMBER)
    assert IdNumber(NUMBER) != NUMBER
    assert len({IdNumber(NUMBER), IdNumber(NUMBER), CardNumber(NUMBER)}) == 2


def test_a_masked_text_has_no_place_for_anything_else():
    with pytest.raises(AttributeError):
        Masked("ab").note = "x"


def test_a_resident_is_what_the_card_says():
    resident = resident_of(a_card(proven=True))
    assert (resident.number.plain(), resident.born_on, resident.card_version) == (NUMBER, date(1950, 3, 7), "2.00")
    assert resident.card_proven
    assert resident.reference == ""


def test_assurance_grows_from_open_to_witnessed():
    assert sorted(Assurance, reverse=True) == [Assurance.WITNESSED, Assurance.PIN, Assurance.CARD, Assurance.OPEN]


def every_device_error():
    modules = (device, card, fingerprint, printer)
    found = {kind for module in modules for kind in vars(module).values() if isinstance(kind, type)}
    return sorted((kind for kind in found if issubclass(kind, device.DeviceError)), key=lambda kind: kind.__name__)


@pytest.mark.parametrize("where", ["card", "fingerprint", "printer"])
@pytest.mark.parametrize("kind", every_device_error(), ids=lambda kind: kind.__name__)
def test_every_error_of_a_device_has_a_code_wherever_it_comes_from(where, kind):
    error = kind("field", "why") if kind is CardUnreadable else kind("why")
    told = error_of(error, where)
    assert isinstance(told, KioskError)
    assert told.code != KioskError.code


def test_the_general_errors_are_told_apart_by_device():
    codes = {(kind, where): error_of(kind("x"), where).code for kind in GENERAL_ERRORS for where in ("card", "printer")}
    assert codes[device.DeviceMissing, "card"] == "K-110"
    assert codes[device.DeviceMissing, "printer"] == "K-304"
    assert codes[device.DeviceBusy, "card"] == "K-111"
    assert codes[device.DeviceSilent, "printer"] == "K-304"


def width(line):
    return sum(0.5 if character.isascii() else 1 for character in line)


@pytest.mark.parametrize("error", every_error(), ids=lambda error: error.__name__)
def test_every_error_has_words_an_elder_can_read_and_one_next_step(error):
    assert error.words.endswith("。")
    assert error.next_step.endswith("。")
    assert all(width(line) <= 20 for line in (*error.words.split("，"), *error.next_step.split("；")))
    assert error.hint.isascii()
    assert 400 <= error.status < 600


def test_no_two_errors_share_a_code():
    codes = [error.code for error in every_error()]
    assert len(codes) == len(set(codes)) > 40
