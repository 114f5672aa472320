"""The virtual card answers byte for byte as the reference's vectors say (V1, V3, V5)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from devices.card.virtual.described import CardFault, answer_to_reset
from tests.devices.card.holders import MAIMAITI, OLD_WANG, OUYANG, card

SSSE = "00A404000F7378312E73682EC9E7BBE1B1A3D5CF"
FCI = "6F19840F7378312E73682EC9E7BBE1B1A3D5CFA5069F0C038601019000"

V1 = [
    (SSSE, FCI),
    ("00A4020002EF05", "9000"),
    ("00B2010412", "0110639900D1560000050012345600ABCDEF9000"),
    ("00B2020403", "0201339000"),
    ("00B2030406", "0304322E30309000"),
    ("00B204040E", "040C6399000000010000000000019000"),
    ("00B2050406", "0504201503169000"),
    ("00B2060406", "0604202503169000"),
    ("00B207040B", "07095830303031323334359000"),
    ("00B2080400", "6A83"),
    ("00B207040F", "6C0B"),
    ("00A4020002EF06", "9000"),
    ("00B2010414", "08123633393930303139393030313031303032309000"),
    ("00B2020420", "091EC5B7D1F4CFFEC7E7" + "00" * 22 + "9000"),
    ("00B2030416", "4E14" + "00" * 20 + "9000"),
    ("00B2040403", "0A01329000"),
    ("00B2050403", "0B01019000"),
    ("00B2060405", "0C036399009000"),
    ("00B2070406", "0D04199001019000"),
    ("00B2080014", "08123633393930303139393030313031303032309000"),
    ("00B2090020", "091EC5B7D1F4CFFEC7E7" + "00" * 22 + "9000"),
    ("00B24E0016", "4E14" + "00" * 20 + "9000"),
    ("00B20A0003", "0A01329000"),
    ("00B20D0006", "0D04199001019000"),
    ("00B2010003", "6A83"),
    ("00B2012C12", "0110639900D1560000050012345600ABCDEF9000"),
    ("00B2013414", "08123633393930303139393030313031303032309000"),
    ("00A4000002DF09", "6A82"),
]
V3 = [
    (SSSE, FCI),
    ("0020000003888888", "63C2"),
    ("0020000003123456", "9000"),
    ("805E010007123456FF246810", "9000"),
    ("0020000003123456", "63C2"),
    ("0020000003123456", "63C1"),
    ("0020000003123456", "63C0"),
    ("0020000003246810", "6983"),
    ("805E010007246810FF123456", "6983"),
]
V5_WITHOUT_KEY_SERVICE = [
    (SSSE, FCI),
    ("00A4020002EF05", "9000"),
    ("00B2010012", "0110639900D15600000500654321A1B2C3D49000"),
    ("00B2030006", "0304332E30309000"),
    ("00B207000B", "6982"),
    ("00A4020002EF06", "9000"),
    ("00B2080014", "6982"),
]


@pytest.mark.parametrize(
    ("holder", "conversation"),
    [(OUYANG, V1), (OUYANG, V3), (MAIMAITI, V5_WITHOUT_KEY_SERVICE)],
    ids=["V1 read", "V3 life of a PIN", "V5 locked"],
)
def test_the_card_answers_as_the_vector_says(holder, conversation):
    slotted = card(holder)
    assert slotted.power_on() == holder.atr
    for command, answer in conversation:
        assert slotted.answer(bytes.fromhex(command)).hex().upper() == answer, command


def test_a_name_of_32_bytes_is_cut_inside_its_last_character():
    slotted = card(replace(MAIMAITI, version="2.00"))
    for command in (SSSE, "00A4020002EF06"):
        slotted.answer(bytes.fromhex(command))
    first = slotted.answer(bytes.fromhex("00B2090020"))
    extension = slotted.answer(bytes.fromhex("00B24E0016"))
    assert first.hex().upper() == "091EC2F2C2F2CCE1BDADA1A4B0A2B2B7B6C5C8C8D2C0C4BEB0ACBACFC2F299339000"
    assert extension.hex().upper() == "4E14C336" + "00" * 18 + "9000"


def test_a_card_of_version_1_has_no_extension_and_moves_up():
    slotted = card(OLD_WANG)
    for command in (SSSE, "00A4020002EF06"):
        slotted.answer(bytes.fromhex(command))
    assert slotted.answer(bytes.fromhex("00B24E0016")) == b"\x6a\x83"
    assert slotted.answer(bytes.fromhex("00B2030403")) == bytes.fromhex("0A0131 9000")
    assert slotted.answer(bytes.fromhex("00B2060406")) == bytes.fromhex("0D04 19620315 9000")


def test_the_answer_to_reset_is_made_from_the_identification_where_none_is_given():
    assert answer_to_reset(replace(OUYANG, atr=b"")) == OUYANG.atr


def test_power_off_forgets_the_pin_but_not_the_counter():
    slotted = card()
    slotted.power_on()
    for command in (SSSE, "0020000003888888", "0020000003888888"):
        slotted.answer(bytes.fromhex(command))
    slotted.power_off()
    slotted.power_on()
    assert slotted.answer(bytes.fromhex("0020000003123456")) == b"\x69\x85"
    slotted.answer(bytes.fromhex(SSSE))
    assert slotted.answer(bytes.fromhex("0020000003888888")) == b"\x63\xc0"


def test_rights_end_when_the_application_is_selected_again():
    slotted = card()
    slotted.answer(bytes.fromhex(SSSE))
    slotted.answer(bytes.fromhex("0020000003123456"))
    assert slotted.verified
    slotted.answer(bytes.fromhex(SSSE))
    assert not slotted.verified


@pytest.mark.parametrize(
    ("command", "answer"),
    [
        ("", "6700"),
        ("00A4", "6700"),
        ("00B20104", "6700"),
        ("00860000", "6D00"),
        ("00840000", "6700"),
        ("FFB2010412", "6E00"),
        ("00C0000005", "6985"),
        ("00B2010412", "6986"),
        ("805E010007888888FF123456", "63C2"),
    ],
)
def test_a_command_it_does_not_know_is_refused_by_its_usual_word(command, answer):
    assert card().answer(bytes.fromhex(command)).hex().upper() == answer


def test_a_card_of_the_t0_kind_lets_the_answer_be_fetched():
    slotted = card(OUYANG, CardFault.SW61)
    assert slotted.answer(bytes.fromhex(SSSE)) == b"\x61\x1b"
    assert slotted.answer(bytes.fromhex("00C0000005")) == b"\x6c\x1b"
    assert slotted.answer(bytes.fromhex("00C000001B")).hex().upper() == FCI
