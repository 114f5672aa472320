"""Who listens at the boundary hears every exchange, and never a PIN."""

from __future__ import annotations

import pytest

from devices.card import CardGone, CardSilent
from devices.card.simulated import SimulatedReader
from devices.card.tapped import tapped, without_pin
from devices.card.virtual.described import CardFault
from devices.card.virtual.keys import KeyStore
from devices.device import HealthBoard, utc_now
from tests.devices.card.holders import MAIMAITI, OUYANG, card, pin, scripted


class Ear:
    """A tap that writes down what it hears."""

    def __init__(self):
        self.heard = []

    def opened(self, baud):
        self.heard.append(("opened", baud))

    def sent(self, content):
        self.heard.append(("sent", bytes(content).hex().upper()))

    def came(self, content):
        self.heard.append(("came", bytes(content).hex().upper()))

    def closed(self):
        self.heard.append(("closed", None))

    def commands(self):
        return [what for kind, what in self.heard if kind == "sent"]


@pytest.fixture
def slot():
    ear = Ear()
    return SimulatedReader(HealthBoard("card", utc_now), lambda _: None, tap=ear), ear


def put_in(reader, slotted):
    reader.insert(slotted)
    return reader._present()


def test_an_act_is_heard_from_its_opening_to_its_end(slot):
    reader, ear = slot
    with reader.connect(put_in(reader, card(OUYANG))) as chip:
        assert chip.identification() == OUYANG.identification
    assert [kind for kind, _ in ear.heard] == ["opened", "came", *["sent", "came"] * 3, "closed"]
    assert ear.heard[:2] == [("opened", 0), ("came", OUYANG.atr.hex().upper())]
    assert ear.heard[-2] == ("came", "0110639900D1560000050012345600ABCDEF9000")


def test_the_end_is_heard_of_a_card_that_was_pulled_too(slot):
    reader, ear = slot
    with pytest.raises(CardGone), reader.connect(put_in(reader, card(OUYANG, pull_at=2))) as chip:
        chip.identity()
    assert [kind for kind, _ in ear.heard] == ["opened", "came", "sent", "came", "sent", "closed"]


def test_a_card_that_does_not_answer_came_with_nothing(slot):
    reader, ear = slot
    with pytest.raises(CardSilent), reader.connect(put_in(reader, card(OUYANG, CardFault.DUMB))) as chip:
        chip.identification()
    assert ear.heard[-2:] == [("came", ""), ("closed", None)]


def test_pins_are_heard_as_zeros_while_the_card_gets_them(slot):
    reader, ear = slot
    slotted = card(OUYANG)
    with reader.connect(put_in(reader, slotted)) as chip:
        chip.verify_pin(pin("123456"))
        assert slotted.verified
        chip.change_pin(pin("123456"), pin("24681"))
    assert ear.commands()[1] == "0020000003000000"
    assert ear.commands()[-1] == "805E010007000000FF00000F"
    assert not any(digits in str(ear.commands()) for digits in ("123456", "24681"))


def test_the_two_steps_are_heard(slot):
    reader, ear = slot
    with reader.connect(put_in(reader, card(MAIMAITI))) as chip:
        assert chip.identity(KeyStore()).proven
    assert sum(command.startswith("0082000A10") for command in ear.commands()) == 1


def test_a_second_program_is_not_heard(slot):
    reader, ear = slot
    insertion = put_in(reader, card(OUYANG, CardFault.BLOCKED))
    with reader.connect(insertion), pytest.raises(Exception, match="another program"), reader.connect(insertion):
        pass
    assert [kind for kind, _ in ear.heard] == ["opened", "came", "closed"]


@pytest.mark.parametrize(
    ("command", "shown"),
    [
        ("0020000003123456", "0020000003000000"),
        ("002000000312345F", "002000000300000F"),
        ("805E010007123456FF246810", "805E010007000000FF000000"),
        ("00200000", "00200000"),
        ("00B2010412", "00B2010412"),
        ("00A4020002EF05", "00A4020002EF05"),
    ],
)
def test_only_the_digits_of_a_pin_are_taken_out(command, shown):
    original = bytearray.fromhex(command)
    copy = without_pin(original)
    assert copy.hex().upper() == shown
    original[:] = bytes(len(original))
    assert copy.hex().upper() == shown, "wiping the command wipes no record of it"


def test_what_the_card_says_comes_through_unchanged():
    ear = Ear()
    transmit, heard = scripted("63C2")
    with tapped(transmit, ear) as line:
        assert line(bytes.fromhex("0020000003123456")) == b"\x63\xc2"
    assert heard[0].hex() == "0020000003123456"
