"""What comes back on one line, told apart: reference/serial-devices.md §3.2, §9.5, and the four bytes of GS a."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.printer import CoverOpen, Outlet, OutOfPaper, Paper, PrinterJam
from devices.printer.answers import (
    Answers,
    AutoStatus,
    EndByte,
    FullStatus,
    StatusByte,
    is_end,
    is_status,
    read_name,
)
from devices.printer.emulator import PaperMachine, PrinterFault
from devices.printer.status import read_auto, read_outlet

WELL = bytes.fromhex("10000000")
COVER = bytes.fromhex("38000000")


def heard(*pieces):
    answers = Answers()
    return [answer for piece in pieces for answer in answers.hear(bytes.fromhex(piece))]


@pytest.mark.parametrize(
    ("pieces", "answers"),
    [
        (["12"], [StatusByte(0x12)]),
        (["10000000"], [AutoStatus(WELL)]),
        (["10", "00", "00", "00"], [AutoStatus(WELL)]),
        (["12100000001a"], [StatusByte(0x12), AutoStatus(WELL), StatusByte(0x1A)]),
        (["1000120000"], [StatusByte(0x12), AutoStatus(WELL)]),
        (["1011001300 00"], [AutoStatus(WELL)]),
        (["00100000000f"], [EndByte(0x00), AutoStatus(WELL), EndByte(0x0F)]),
        (["100f20000000"], [FullStatus(bytes.fromhex("20000000"))]),
        (["100f", "2012", "9010", "12"], [FullStatus(bytes.fromhex("20129010")), StatusByte(0x12)]),
        (["ff1193"], []),
    ],
)
def test_answers_are_told_apart_wherever_they_are_cut(pieces, answers):
    assert heard(*pieces) == answers


def test_a_report_that_breaks_off_does_not_eat_what_comes_after_a_silence():
    answers = Answers()
    assert answers.hear(b"\x18\x00") == []
    answers.forget()
    assert answers.hear(b"\x00\x12") == [EndByte(0), StatusByte(0x12)]
    assert answers.noise == 2


@given(st.binary(max_size=400), st.lists(st.integers(1, 7), max_size=60))
def test_any_bytes_in_any_pieces_give_the_same_answers_and_hold_next_to_nothing(line, cuts):
    whole, pieces = Answers(), Answers()
    once = whole.hear(line)
    places = [0, *itertools.accumulate(cuts), len(line)]
    again = [answer for start, end in itertools.pairwise(places) for answer in pieces.hear(line[start:end])]
    assert again == once
    assert len(pieces._held) < 6
    assert all(is_status(answer.value) for answer in once if isinstance(answer, StatusByte))
    assert all(is_end(answer.value) for answer in once if isinstance(answer, EndByte))


@pytest.mark.parametrize(
    ("packet", "trouble", "paper"),
    [
        ("10000000", None, Paper.PLENTY),
        ("14000000", None, Paper.PLENTY),
        ("10000300", None, Paper.LOW),
        ("38000000", CoverOpen, Paper.PLENTY),
        ("18000c00", OutOfPaper, Paper.OUT),
        ("18000f00", OutOfPaper, Paper.OUT),
        ("18080000", PrinterJam, Paper.PLENTY),
        ("18040000", PrinterJam, Paper.PLENTY),
        ("18200000", PrinterJam, Paper.PLENTY),
        ("18400000", PrinterJam, Paper.PLENTY),
        ("38400000", CoverOpen, Paper.PLENTY),
    ],
)
def test_the_four_bytes_mean_what_the_manuals_say(packet, trouble, paper):
    status = read_auto(bytes.fromhex(packet))
    assert (type(status.trouble), status.paper) == (trouble or type(None), paper)


def test_the_ticket_sensor_is_bit_five_of_the_paper_byte():
    assert read_outlet(bytes.fromhex("20000000")) is Outlet.HOLDING
    assert read_outlet(bytes.fromhex("05024101")) is Outlet.EMPTY


@pytest.mark.parametrize(
    ("fault", "packet"),
    [
        (None, "10000000"),
        (PrinterFault.COVER_OPEN, "38000000"),
        (PrinterFault.OUT_OF_PAPER, "18000f00"),
        (PrinterFault.PAPER_LOW, "10000300"),
        (PrinterFault.CUTTER_ERROR, "18080000"),
        (PrinterFault.BROKEN, "18200000"),
        (PrinterFault.HEAD_HOT, "18400000"),
        (PrinterFault.OFFLINE, "18000000"),
    ],
)
def test_the_emulator_reports_each_change_once_from_the_moment_it_is_told_to(fault, packet):
    machine = PaperMachine()
    assert machine.report() == b""
    machine.take(b"\x1d\x61\x0e")
    machine.advance()
    assert machine.report().hex() == "10000000"
    machine.faults = {fault} if fault else set()
    assert machine.report().hex() == (packet if fault else "")
    assert machine.report() == b""
    machine.faults = set()
    machine.take(b"\x1b\x40")
    machine.advance()
    assert machine.report() == b"", "a reset turns it off"


def test_the_emulator_with_a_ticket_sensor_answers_six_bytes_and_one_without_none():
    assert PaperMachine().take(b"\x10\x04\x14") == b""
    machine = PaperMachine(sensor=True)
    machine.take(b"\x1d\x56\x00")
    machine.advance()
    assert machine.take(b"\x10\x04\x14").hex() == "100f20000000"
    machine.hanging = False
    machine.faults = {PrinterFault.COVER_OPEN, PrinterFault.OUT_OF_PAPER, PrinterFault.CUTTER_ERROR}
    assert machine.take(b"\x10\x04\x14").hex() == "100f05020001"


@pytest.mark.parametrize(
    ("came", "name"),
    [
        (b"_TM-T88V\0", "TM-T88V"),
        (b"\x12\x10\x00\x00\x00_1.08 ESC/POS\0", "1.08 ESC/POS"),
        (b"_1.0" + COVER + b"8\0", "1.08"),
        (b"_1." + WELL + b"08\0", "1.08"),
        (b"_1.08\0" + WELL, "1.08"),
        (b"\x20", ""),
        (b"_never ends", ""),
        (b"_\0", ""),
        (b"", ""),
    ],
)
def test_a_name_is_read_with_a_report_in_its_middle(came, name):
    assert read_name(came) == name


@given(st.binary(max_size=200))
def test_any_bytes_give_a_name_of_plain_letters_or_none(came):
    name = read_name(came)
    assert name.isprintable()
    assert len(name) <= 80
