"""The vectors of reference/serial-devices.md §3.2 and §9.5."""

from __future__ import annotations

import pytest

from devices.device import DeviceFault
from devices.printer import CoverOpen, OutOfPaper, Paper, PrinterJam
from devices.printer.answers import is_end, is_status
from devices.printer.commands import ask
from devices.printer.emulator import PaperMachine, PrinterFault
from devices.printer.emulator_commands import command_length
from devices.printer.status import read_status

WELL = dict.fromkeys((1, 2, 3, 4), 0x12)


@pytest.mark.parametrize(
    ("answers", "trouble", "paper"),
    [
        ({}, None, Paper.PLENTY),
        ({1: 0x1A}, DeviceFault, Paper.PLENTY),
        ({1: 0x1A, 2: 0x16}, CoverOpen, Paper.PLENTY),
        ({1: 0x1A, 2: 0x32}, OutOfPaper, Paper.OUT),
        ({2: 0x52}, PrinterJam, Paper.PLENTY),
        ({3: 0x1A}, PrinterJam, Paper.PLENTY),
        ({3: 0x32}, PrinterJam, Paper.PLENTY),
        ({3: 0x52}, PrinterJam, Paper.PLENTY),
        ({4: 0x1E}, None, Paper.LOW),
        ({4: 0x72}, OutOfPaper, Paper.OUT),
        ({4: 0x7E}, OutOfPaper, Paper.OUT),
    ],
)
def test_each_answer_means_what_the_manuals_say(answers, trouble, paper):
    status = read_status(WELL | answers)
    assert (type(status.trouble), status.paper) == (trouble or type(None), paper)


def test_a_head_that_is_too_hot_is_named_before_a_jam():
    assert "hot" in str(read_status(WELL | {2: 0x52, 3: 0x52}).trouble)
    assert "cutter" in str(read_status(WELL | {2: 0x52, 3: 0x1A}).trouble)


def test_an_unanswered_question_about_paper_is_not_plenty():
    assert read_status({1: 0x12}).paper is Paper.UNKNOWN


def test_only_bytes_of_the_pattern_are_answers():
    assert [byte for byte in (0x12, 0x16, 0x1A, 0x1E, 0x32, 0x52, 0x72, 0x7E) if not is_status(byte)] == []
    assert [byte for byte in (0x00, 0x11, 0x13, 0x0F, 0xFF, 0x92) if is_status(byte)] == []
    assert [is_end(byte) for byte in (0x00, 0x0F, 0x03, 0x12, 0x11, 0xFF)] == [True, True, True, False, False, False]


@pytest.mark.parametrize(
    ("fault", "answers"),
    [
        (None, "12121212"),
        (PrinterFault.PAPER_LOW, "1212121e"),
        (PrinterFault.OUT_OF_PAPER, "1a32127e"),
        (PrinterFault.COVER_OPEN, "1a161212"),
        (PrinterFault.CUTTER_ERROR, "1a521a12"),
        (PrinterFault.HEAD_HOT, "1a525212"),
        (PrinterFault.SILENT, ""),
        (PrinterFault.GARBAGE_STATUS, "ff11" * 4),
        (PrinterFault.BROKEN, "1a523212"),
        (PrinterFault.OFFLINE, "1a121212"),
        (PrinterFault.NOISE, "1113121113" * 4),
    ],
)
def test_the_emulator_answers_the_same_bytes(fault, answers):
    machine = PaperMachine(faults={fault} if fault else set())
    assert machine.take(b"".join(ask(question) for question in (1, 2, 3, 4))).hex() == answers


def test_a_status_request_inside_a_picture_is_a_picture():
    machine = PaperMachine()
    assert machine.take(b"\x1d\x76\x30\x00\x03\x00\x02\x00\x10\x04\x01\x10\x04") == b""
    assert machine.take(b"\x01\x10\x04\x01") == b"\x12"
    machine.advance()
    machine.advance()
    assert machine.rows == [b"\x10\x04\x01"] * 2


def test_commands_in_pieces_wait_for_their_rest():
    for command in ("1b40", "1b6403", "1b4a03", "1d7201", "1d564203", "1d5600", "100401", "1d763000010001 00ff"):
        whole = bytes.fromhex(command)
        assert command_length(whole) == len(whole)
        assert PaperMachine().take(whole[:-1]) == b""
    assert command_length(b"") == 0
    assert command_length(b"A") == 1


@pytest.mark.parametrize(
    ("commands", "height"),
    [("0a1d5600", 34), ("1b64021d5601", 68), ("1b4a051d564203", 8), ("411b7a1b400a1d5630", 34), ("1d5600", 1)],
)
def test_paper_moves_as_far_as_the_commands_say(commands, height):
    machine = PaperMachine()
    machine.take(bytes.fromhex(commands))
    while machine.waiting:
        machine.advance()
    assert [image.height for image in machine.cut_off] == [height]


def test_the_queued_answer_waits_for_its_turn_and_an_order_to_forget_clears_it():
    machine = PaperMachine(faults={PrinterFault.PAPER_LOW})
    assert machine.take(b"\n\x1d\x72\x01") == b""
    assert [machine.advance(), machine.advance()] == [b"", b"\x03"]
    machine.take(b"\n\n\x10\x05\x02")
    assert not machine.waiting
