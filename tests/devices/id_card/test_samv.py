"""The driver in front of the simulated module, over a pseudo-terminal and a socket: what happens at the reader."""

import threading
import time

import pytest

from devices.device import DeviceMissing, HealthState
from devices.id_card import IdCardKind, IdCardReader, IdCardStays
from devices.id_card.samv import SamvReader
from devices.id_card.samv_address import SamvAddress, parse_samv
from devices.id_card.simulated import ModuleModel
from devices.id_card.simulated_cards import SAMPLES, SampleCard, WrittenCard
from devices.id_card.simulated_faults import IdReaderFault
from devices.id_card.simulated_reader import open_simulated
from tests.devices.id_card.conftest import OUYANG, WIRES
from tests.hall import eventually


@pytest.mark.parametrize("wire", WIRES)
def test_a_card_that_is_laid_down_is_read(build, wire):
    booth = build(wire)
    booth.module.lay(OUYANG)
    card = booth.read()
    assert (card.kind, card.name, card.number) == (IdCardKind.CITIZEN, "欧阳晓晴", "639900199001010020")
    assert booth.reader.board.record.counters == {"cards read": 1}


def test_a_card_that_comes_while_it_is_waited_for_is_read(booth):
    threading.Timer(0.2, booth.module.lay, [OUYANG]).start()
    assert booth.read().name == "欧阳晓晴"


@pytest.mark.parametrize("sample", SampleCard)
def test_all_layouts_come_through(booth, sample):
    booth.module.lay(SAMPLES[sample])
    assert booth.read().number == SAMPLES[sample].number


@pytest.mark.parametrize(
    "model", [ModuleModel(written_at_once=1), ModuleModel(sends_fingerprints=True), ModuleModel(finds_again=True)]
)
def test_modules_of_other_habits_are_read_too(build, model):
    booth = build(model=model)
    booth.module.lay(OUYANG)
    assert booth.read().name == "欧阳晓晴"


def test_nobody_comes(booth):
    assert booth.read(0.1) is None


def test_a_wait_that_is_called_off_ends_at_once(booth):
    threading.Timer(0.2, booth.cancelled.set).start()
    began = time.monotonic()
    assert booth.read(60) is None
    assert time.monotonic() - began < 10


def test_a_card_is_read_once_each_time_it_is_laid_down(booth):
    booth.module.lay(OUYANG)
    assert booth.read().name == "欧阳晓晴"
    assert booth.read(0.1) is None
    booth.module.lift()
    booth.module.lay(WrittenCard.of_resident("张𬱖", "639900198506071289"))
    assert booth.read().name == "张𬱖"


def test_where_the_module_finds_it_for_ever_it_must_be_lifted(build):
    booth = build(model=ModuleModel(finds_again=True))
    booth.module.lay(OUYANG)
    booth.read()
    with pytest.raises(IdCardStays):
        booth.read(0.1)
    threading.Timer(0.1, booth.module.lift).start()
    threading.Timer(0.6, booth.module.lay, [OUYANG]).start()
    assert booth.read().name == "欧阳晓晴"


def test_the_watch_notices_that_the_card_was_lifted_between_two_people(build):
    booth = build(model=ModuleModel(finds_again=True)).attended()
    booth.module.lay(OUYANG)
    assert booth.read().name == "欧阳晓晴"
    booth.module.lift()
    eventually(lambda: (b"\x20\x02", 0x81) in booth.module.answered, 10, "a look at the empty reader")
    booth.module.lay(WrittenCard.of_resident("李伟", "639900198506071289"))
    assert booth.read().name == "李伟"


def test_the_module_says_its_number_and_is_ready(booth):
    booth.attended()
    eventually(lambda: booth.reader.board.health.ready, 10)
    assert booth.reader.board.record.facts == {"model": "SAM_V", "serial": "05020100D6063501E8030000112233AA"}


def test_unplugged_it_is_missing_and_plugged_in_again_it_reads(build):
    booth = build("pty").attended()
    eventually(lambda: booth.reader.board.health.ready, 10)
    booth.module.fail(IdReaderFault.UNPLUGGED)
    eventually(lambda: booth.reader.board.health.state is HealthState.MISSING, 10, "the reader is missed")
    booth.module.mend()
    eventually(lambda: booth.reader.board.health.ready, 15, "the reader is back")
    booth.module.lay(OUYANG)
    assert booth.read().name == "欧阳晓晴"


def test_a_module_that_failed_its_test_is_reset_whichever_reset_it_knows(build):
    """card.md §4 resets with 10 FF, the driver of serial-devices.md §7 with 01 FF."""
    for old, reset in ((False, b"\x10\xff"), (True, b"\x01\xff")):
        booth = build(model=ModuleModel(old_reset=old))
        booth.module.fail(IdReaderFault.SELF_TEST_FAILED)
        threading.Thread(target=mend_after, args=(booth.module, reset), daemon=True).start()
        booth.attended()
        eventually(lambda board=booth.reader.board: board.health.ready, 20, "the module is well again")
        assert reset in dict(booth.module.answered)


def mend_after(module, command):
    eventually(lambda: command in dict(module.answered), 15)
    module.mend()


def test_a_closed_reader_stays_closed(booth):
    booth.reader.close()
    with pytest.raises(DeviceMissing):
        booth.read(0.1)


def test_the_tap_hears_both_sides(booth):
    booth.module.lay(OUYANG)
    booth.read()
    assert bytes.fromhex("AAAAAA96690003300132") in booth.tap.sent_frames
    assert bytes(booth.tap.came_bytes).count(b"\xaa\xaa\xaa\x96\x69") == len(booth.tap.sent_frames)
    assert booth.tap.bauds[-1] == 115200


def test_the_town_has_a_reader_behind_the_real_driver():
    simulated = open_simulated()
    simulated.module.lay(OUYANG)
    reader: IdCardReader = simulated.reader
    assert isinstance(reader, SamvReader)
    assert reader.read(10, threading.Event()).name == "欧阳晓晴"
    simulated.close()


def test_lines():
    assert parse_samv("/dev/ttyUSB1") == SamvAddress("/dev/ttyUSB1", 115200)
    assert parse_samv("COM4?baud=9600") == SamvAddress("COM4", 9600)
    assert parse_samv("usb:0400:C35A") == SamvAddress("usb:0400:C35A", 115200)
    assert parse_samv("socket://h:1?logging=debug&baud=57600") == SamvAddress("socket://h:1?logging=debug", 57600)


@pytest.mark.parametrize("line", ["", "?baud=9600", "/dev/x?baud=1200", "/dev/x?speed=9600", "/dev/x?baud="])
def test_lines_that_mean_nothing(line):
    with pytest.raises(ValueError, match="samv"):
        parse_samv(line)
