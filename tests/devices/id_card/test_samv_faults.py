"""Every fault of an ID-card reader: what it ends as, and that the next person is served once it is mended."""

import contextlib
from datetime import date

import pytest

from devices.device import (
    DeviceBusy,
    DeviceError,
    DeviceFault,
    DeviceGarbled,
    DeviceMissing,
    DeviceSilent,
    HealthState,
)
from devices.id_card import IdCardForeign, IdCardGone, IdCardUnreadable, SecurityModuleBroken
from devices.id_card.samv import SamvReader
from devices.id_card.samv_address import parse_samv
from devices.id_card.simulated import ModuleModel
from devices.id_card.simulated_cards import WrittenCard
from devices.id_card.simulated_faults import IdReaderFault
from tests.devices.id_card.conftest import HASTY, OUYANG, STEADY
from tests.hall import eventually

ENDS_AS = {
    IdReaderFault.SELF_TEST_FAILED: SecurityModuleBroken,
    IdReaderFault.UNAUTHORISED: SecurityModuleBroken,
    IdReaderFault.SILENT: DeviceSilent,
    IdReaderFault.UNPLUGGED: DeviceMissing,
    IdReaderFault.UNPLUGGED_MID_FRAME: DeviceMissing,
    IdReaderFault.BAD_CHECKSUM: DeviceGarbled,
    IdReaderFault.LYING_LENGTH: DeviceGarbled,
    IdReaderFault.LATE_ANSWER: DeviceSilent,
    IdReaderFault.STRANGE_STATUS: DeviceFault,
    IdReaderFault.GONE_MID_READ: IdCardGone,
    IdReaderFault.READ_FAILED: IdCardUnreadable,
    IdReaderFault.FOREIGN_CARD: IdCardForeign,
    IdReaderFault.NO_CONTENT: IdCardUnreadable,
    IdReaderFault.GARBLED_TEXT: IdCardUnreadable,
    IdReaderFault.WRONG_NUMBER: IdCardUnreadable,
}
NO_HINDRANCE = (IdReaderFault.NOISE_BEFORE, IdReaderFault.ECHO)
OF_THE_CARD = (IdCardGone, IdCardUnreadable, IdCardForeign)
NEEDS_HASTE = (IdReaderFault.SILENT, IdReaderFault.LATE_ANSWER)


def test_every_fault_has_its_place_here():
    assert {*ENDS_AS, *NO_HINDRANCE, IdReaderFault.EXPIRED} == set(IdReaderFault)


@pytest.mark.parametrize("fault", ENDS_AS)
def test_a_fault_ends_as_named_and_the_next_person_is_served(build, fault):
    booth = build("pty", ModuleModel(late_seconds=1.0), HASTY if fault in NEEDS_HASTE else STEADY)
    booth.module.lay(OUYANG)
    booth.module.fail(fault)
    wanted = (DeviceMissing, DeviceGarbled) if fault is IdReaderFault.UNPLUGGED_MID_FRAME else ENDS_AS[fault]
    with pytest.raises(wanted) as caught:
        booth.read()
    assert "欧阳" not in str(caught.value)
    assert "6399" not in str(caught.value)
    board = booth.reader.board
    assert (board.record.last_fault is None) == issubclass(ENDS_AS[fault], OF_THE_CARD)
    booth.module.mend()
    booth.module.lift()
    eventually(lambda: read_again(booth, OUYANG), 20, "the next person's card is read")


def read_again(booth, card):
    """Somebody lays the card down anew until it is read: a mended line may still carry a late answer."""
    booth.module.lift()
    try:
        if booth.read(0.1) is not None:
            return True
        booth.module.lay(card)
        return booth.read(2) is not None
    except DeviceError:
        return False


def test_a_text_that_comes_late_is_never_taken_for_the_next_persons(build):
    booth = build("pty", ModuleModel(late_text=True, late_seconds=2.5), HASTY)
    booth.module.lay(OUYANG)
    with pytest.raises(DeviceSilent):
        booth.read()
    booth.module.model = ModuleModel()
    booth.module.lay(WrittenCard.of_resident("李伟", "639900198506071289"))
    found = []

    def somebody_is_read():
        with contextlib.suppress(DeviceError):
            found.append(booth.read(0.5))
        return any(found)

    eventually(somebody_is_read, 20)
    assert {card.name for card in found if card} == {"李伟"}


@pytest.mark.parametrize("fault", NO_HINDRANCE)
def test_noise_and_echo_do_not_hinder(booth, fault):
    booth.module.lay(OUYANG)
    booth.module.fail(fault)
    assert booth.read().name == "欧阳晓晴"


def test_an_expired_card_is_read_and_says_so(booth):
    booth.module.lay(OUYANG)
    booth.module.fail(IdReaderFault.EXPIRED)
    assert booth.read().expired(date(2026, 11, 22))


def test_a_card_that_is_no_good_leaves_the_reader_ready(build):
    booth = build(model=ModuleModel(finds_again=True)).attended()
    board = booth.reader.board
    eventually(lambda: board.health.ready, 10)
    booth.module.lay(OUYANG)
    for fault, error in ((IdReaderFault.FOREIGN_CARD, IdCardForeign), (IdReaderFault.GARBLED_TEXT, IdCardUnreadable)):
        booth.module.fail(fault)
        with pytest.raises(error):
            booth.read()
        assert board.health.ready
    booth.module.fail(IdReaderFault.FOREIGN_CARD)
    seen = len(booth.module.answered)
    eventually(lambda: len(booth.module.answered) > seen + 3, 10, "the watch looks whether the card was lifted")
    assert board.health.ready
    assert board.record.counters == {"cards not read": 2}


def test_a_port_that_another_program_holds_is_busy(build):
    booth = build("pty")
    booth.module.lay(OUYANG)
    booth.read()
    other = SamvReader(parse_samv(booth.port.url))
    with pytest.raises(DeviceBusy):
        other.read(0.1, booth.cancelled)
    assert other.board.health.state is HealthState.FAULT
    other.close()
