"""The virtual card on the wire of the virtual reader (reference vector V8), against a plain socket."""

from __future__ import annotations

import socket

import pytest

from devices.card.virtual.described import CardFault
from devices.card.virtual.vpcd import VirtualSlot
from devices.device import DeviceMissing
from tests.devices.card.holders import OUYANG, card


class Wire:
    """The reader's end of the line."""

    def __init__(self):
        self.door = socket.create_server(("127.0.0.1", 0))
        self.door.settimeout(5)
        self.port = self.door.getsockname()[1]

    def accept(self):
        self.line, _ = self.door.accept()
        self.line.settimeout(5)

    def say(self, frame: str):
        self.line.sendall(bytes.fromhex(frame))

    def hear(self) -> str:
        count = int.from_bytes(self.line.recv(2, socket.MSG_WAITALL))
        return self.line.recv(count, socket.MSG_WAITALL).hex().upper()


@pytest.fixture
def wire():
    end = Wire()
    yield end
    end.door.close()


@pytest.fixture
def slot(wire):
    slot = VirtualSlot(wire.port, least_empty=0.1)
    yield slot
    slot.remove()


def test_the_card_speaks_as_the_vector_says(wire, slot):
    slot.insert(card(OUYANG))
    wire.accept()
    wire.say("0001 04")
    assert wire.hear() == "3B6D000000814E43238697639900123456"
    wire.say("0001 01 0001 02 0001 00 0001 01")  # none of these is answered
    wire.say("0014 00A404000F7378312E73682EC9E7BBE1B1A3D5CF")
    assert wire.hear().startswith("6F19840F")
    wire.say("0007 00A4020002EF05")
    assert wire.hear() == "9000"
    wire.say("0005 00B2010412")
    assert wire.hear() == "0110639900D1560000050012345600ABCDEF9000"


def test_pulling_the_card_closes_the_line(wire, slot):
    slot.insert(card(OUYANG))
    wire.accept()
    slot.remove()
    assert wire.line.recv(1) == b""


def test_a_card_pulled_at_its_second_command_answers_only_the_first(wire, slot):
    slot.insert(card(OUYANG, pull_at=2))
    wire.accept()
    wire.say("0005 00B2010412 0005 00B2010412")
    assert wire.hear() == "6986"
    assert wire.line.recv(1) == b""


def test_a_card_stays_in_its_slot_while_the_service_restarts(wire, slot):
    slot.insert(card(OUYANG))
    wire.accept()
    wire.line.close()
    wire.accept()
    wire.say("0001 04")
    assert wire.hear() == "3B6D000000814E43238697639900123456"


def test_a_dumb_card_keeps_the_line_open_and_says_nothing(wire, slot):
    slot.insert(card(OUYANG, CardFault.DUMB))
    wire.accept()
    wire.say("0005 00B2010412 0001 04")
    assert wire.hear() == "3B6D000000814E43238697639900123456"


def test_another_card_takes_the_place_of_the_first(wire, slot):
    slot.insert(card(OUYANG))
    wire.accept()
    first = wire.line
    slot.insert(card(OUYANG, CardFault.SILENT))
    assert first.recv(1) == b""
    wire.accept()
    wire.say("0001 04")
    assert len(wire.hear()) > 2 * 33, "longer than any answer to reset may be"


def test_no_virtual_reader_is_a_missing_device():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound, and nobody listens
        with pytest.raises(DeviceMissing):
            VirtualSlot(taken.getsockname()[1]).insert(card(OUYANG), timeout=0.1)
