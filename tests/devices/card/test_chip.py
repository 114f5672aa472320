"""Reading a card and asking for its PIN, through any transmit (reference vectors V1, V3, V5, V10)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from devices.card import (
    CardForeign,
    CardGone,
    CardIdentity,
    CardLocked,
    CardSilent,
    CardUnreadable,
)
from devices.card.chip import ApduChip
from devices.card.virtual.described import CardDescription, CardFault
from devices.sex import Sex
from tests.devices.card.holders import (
    EVERYONE_READABLE,
    MAIMAITI,
    OLD_WANG,
    OUYANG,
    card,
    chip_of,
    read,
    scripted,
    through,
)

HARMLESS = [
    CardFault.TAG_ONLY,
    CardFault.NUMBER_ONLY,
    CardFault.NO_4E,
    CardFault.P1_00_ONLY,
    CardFault.SW61,
    CardFault.SSSE_MISSING,
    CardFault.DDF1_ONLY,
    CardFault.BLOCKED,
    CardFault.SFI_ONLY,
    CardFault.NO_KEYS,
]
DAMAGED = [CardFault.WRONG_TAG, CardFault.SHORT_RECORD, CardFault.LONG_RECORD, CardFault.FF_FILLED]
COMMANDS = {"read": 14, "identification": 3, "pin": 2}


# --- a card that is as it should be ---


def test_a_card_of_version_2_is_read_whole():
    assert read(card(OUYANG)) == CardIdentity(
        region="639900",
        social_security_no="639900199001010020",
        card_number="X00012345",
        identification="639900D1560000050012345600ABCDEF",
        name="欧阳晓晴",
        atr_history="00814E43238697639900123456",
        version="2.00",
        issued_on=date(2015, 3, 16),
        valid_until=date(2025, 3, 16),
        sex=Sex.FEMALE,
        ethnic_group="01",
        born_on=date(1990, 1, 1),
        proven=False,
    )


def test_a_card_of_version_1_is_read_with_its_eight_character_number():
    identity = read(card(OLD_WANG))
    assert (identity.name, identity.card_number, identity.sex) == ("王大锤", "A1234567", Sex.MALE)
    assert identity.social_security_no == "63990019620315001X"


@pytest.mark.parametrize("holder", EVERYONE_READABLE, ids=["2.00", "1.00"])
@pytest.mark.parametrize("dialect", HARMLESS)
def test_every_dialect_of_the_same_card_reads_the_same(holder, dialect):
    assert read(card(holder, dialect)) == read(card(holder))


def test_all_dialects_at_once_still_read():
    odd = card(OUYANG, CardFault.NUMBER_ONLY, CardFault.NO_4E, CardFault.P1_00_ONLY, CardFault.SW61)
    assert read(odd) == read(card(OUYANG))


def test_a_version_2_card_with_the_numbering_of_version_1_is_searched_by_tag():
    shifted = card(OUYANG, CardFault.NUMBER_ONLY, CardFault.NO_4E)
    assert read(shifted).born_on == date(1990, 1, 1)


def test_a_name_cut_inside_a_character_is_joined_before_it_is_decoded():
    assert read(card(replace(MAIMAITI, version="2.00"))).name == "买买提江·阿卜杜热依木艾合买𬱖"


@pytest.mark.parametrize("name", ["𬱖", "㼆", "䶮", "阿依古丽·买买提", "a" * 50])
def test_rare_characters_and_long_names_come_through(name):
    assert read(card(replace(OUYANG, name=name))).name == name


def test_an_expired_card_is_read_all_the_same():
    assert read(card(replace(OUYANG, valid_until="20200101"))).valid_until == date(2020, 1, 1)


def test_dates_and_version_that_were_left_blank_are_unknown():
    identity = read(card(replace(OUYANG, issued="00000000", valid_until="00000000", version="\0\0\0\0")))
    assert (identity.issued_on, identity.valid_until, identity.version) == (None, None, "")


def test_reading_takes_no_more_commands_than_there_are_files_and_fields():
    slotted = card(OUYANG)
    read(slotted)
    assert slotted.answered == COMMANDS["read"]


def test_the_proof_that_it_is_still_the_same_card_takes_three_commands():
    slotted = card(MAIMAITI)
    assert chip_of(slotted).identification() == MAIMAITI.identification
    assert slotted.answered == COMMANDS["identification"]


# --- a card that is not ---


@pytest.mark.parametrize("fault", [CardFault.FOREIGN, CardFault.PSAM])
def test_a_card_of_another_kind_is_foreign(fault):
    for act in (ApduChip.identification, ApduChip.identity):
        with pytest.raises(CardForeign):
            act(ApduChip(through(card(OUYANG, fault)), OUYANG.atr))


def test_a_dumb_card_is_silent():
    with pytest.raises(CardSilent):
        read(card(OUYANG, CardFault.DUMB))


def test_a_slow_card_is_waited_for():
    waits = []
    slotted = card(OUYANG, CardFault.SLOW, pause=waits.append)
    assert read(slotted).name == "欧阳晓晴"
    assert waits == [2.0] * COMMANDS["read"]


def test_a_version_3_card_is_locked_until_there_is_a_key_service():
    with pytest.raises(CardLocked):
        read(card(MAIMAITI))
    assert chip_of(card(MAIMAITI)).identification().startswith("639900")


def test_a_file_that_asks_for_a_key_locks_the_card_whatever_its_version():
    transmit, _ = scripted("9000", "9000", "6982")
    with pytest.raises(CardLocked):
        ApduChip(transmit, OUYANG.atr).identity()


@pytest.mark.parametrize("fault", DAMAGED)
@pytest.mark.parametrize(
    ("tag", "field"),
    [
        (0x01, "identification"),
        (0x03, "version"),
        (0x05, "issued_on"),
        (0x06, "valid_until"),
        (0x07, "card_number"),
        (0x08, "social_security_no"),
        (0x09, "name"),
        (0x0A, "sex"),
        (0x0B, "ethnic_group"),
        (0x0D, "born_on"),
    ],
)
@pytest.mark.parametrize("dialect", [(), (CardFault.NUMBER_ONLY,), (CardFault.SW61,)])
def test_a_damaged_record_is_named(fault, tag, field, dialect):
    with pytest.raises(CardUnreadable) as caught:
        read(card(OUYANG, fault, *dialect, damaged=tag))
    assert caught.value.field == field


@pytest.mark.parametrize("fault", [CardFault.WRONG_TAG, CardFault.SHORT_RECORD])
@pytest.mark.parametrize("dialect", [(), (CardFault.NUMBER_ONLY,)])
def test_a_damaged_extension_never_shortens_a_name_in_silence(fault, dialect):
    with pytest.raises(CardUnreadable) as caught:
        read(card(replace(MAIMAITI, version="2.00"), fault, *dialect, damaged=0x4E))
    assert caught.value.field == "name"


@pytest.mark.parametrize("holder", [OUYANG, replace(MAIMAITI, version="2.00")], ids=["short", "long"])
def test_a_name_that_ends_inside_a_character_is_unreadable(holder):
    with pytest.raises(CardUnreadable) as caught:
        read(card(holder, CardFault.NAME_CUT))
    assert caught.value.field == "name"


@pytest.mark.parametrize("name", ["", "   ", "李\n四", "李\x1b[2J", "李\u202e四"])
def test_a_name_that_is_no_name_is_unreadable(name):
    with pytest.raises(CardUnreadable) as caught:
        read(card(replace(OUYANG, name=name)))
    assert caught.value.field == "name"


@pytest.mark.parametrize(
    "holder",
    [
        replace(OUYANG, number="639900199001010021"),
        replace(OUYANG, born="19900102"),
        replace(OUYANG, born="00000000"),
        replace(OUYANG, sex="1"),
    ],
    ids=["check digit", "day of birth", "no day of birth", "sex"],
)
def test_fields_that_contradict_each_other_are_no_identity(holder):
    with pytest.raises(CardUnreadable) as caught:
        read(card(holder))
    assert caught.value.field == "identity"
    assert holder.number not in str(caught.value)


def test_the_inconsistent_card_of_the_dock_is_no_identity():
    with pytest.raises(CardUnreadable, match="identity"):
        read(card(OUYANG, CardFault.INCONSISTENT))


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"identification": "639900D1560000050012345600FFFFFFFF"[:24] + "FFFFFFFF"}, "identification"),
        ({"identification": "639900D9560000050012345600ABCDEF"}, "identification"),
        ({"identification": "63990AD1560000050012345600ABCDEF"}, "identification"),
        ({"issued": "20151316"}, "issued_on"),
        ({"issued": "2015A316"}, "issued_on"),
        ({"sex": "7"}, "sex"),
        ({"ethnic_group": "AB"}, "ethnic_group"),
        ({"card_number": "X00 12345"}, "card_number"),
        ({"card_number": ""}, "card_number"),
        ({"number": "63990019900101002 ", "sex": "2"}, "social_security_no"),
        ({"number": "63990019900101002?", "sex": "2"}, "social_security_no"),
    ],
)
def test_a_value_outside_its_rules_is_named(change, field):
    with pytest.raises(CardUnreadable) as caught:
        read(card(replace(OUYANG, **change)))
    assert caught.value.field == field


# --- the card is pulled ---


@pytest.mark.parametrize("moment", range(1, COMMANDS["read"] + 1))
def test_a_card_pulled_at_any_command_of_reading_is_gone(moment):
    with pytest.raises(CardGone):
        read(card(OUYANG, pull_at=moment))


def test_every_command_of_a_slow_style_card_may_be_its_last():
    whole = card(OUYANG, CardFault.SW61)
    read(whole)
    for moment in range(1, whole.answered + 1):
        with pytest.raises(CardGone):
            read(card(OUYANG, CardFault.SW61, pull_at=moment))


def test_the_description_of_a_card_is_frozen():
    with pytest.raises(AttributeError):
        OUYANG.name = "other"  # type: ignore[misc]
    assert isinstance(OUYANG, CardDescription)
