"""What goes wrong with a maker's library: it hangs, floods, is missing or another's; and what a tap may hear of it."""

from __future__ import annotations

import logging
import threading
import time

import pytest

from devices.card import CardGone, CardInserted, CardRemoved
from devices.card.card_address import VendorAddress
from devices.card.vendor.reader import VendorReader
from devices.device import DeviceGarbled, DeviceMissing, DeviceSilent, HealthBoard, HealthState, utc_now
from tests.devices.card.holders import MAIMAITI, OUYANG
from tests.devices.card.vendor.acts import key_service, read
from tests.devices.card.vendor.conftest import compiled

ELF_32 = b"\x7fELF\x01\x01\x01" + bytes(9) + b"\x03\x00\x03\x00\x01\x00\x00\x00" + bytes(28)


def test_a_library_that_hangs_is_reported_and_found_again(open_reader, library):
    watched = open_reader(address=VendorAddress(str(library), seconds=0.5))
    insertion = watched.insert(OUYANG)
    watched.slot.set(hang="2")
    assert watched.next() == CardRemoved(insertion.reader)
    watched.health(HealthState.FAULT)
    began = time.monotonic()
    with pytest.raises((CardGone, DeviceSilent)):
        read(watched, insertion)
    assert time.monotonic() - began < 3
    watched.slot.set(hang="")
    event = watched.next()
    assert isinstance(event, CardInserted)
    watched.health(HealthState.READY)
    assert read(watched, event.insertion).name == "欧阳晓晴"


def test_an_act_in_a_library_that_hangs_ends_in_time(open_reader, library):
    watched = open_reader(address=VendorAddress(str(library), seconds=1.0))
    insertion = watched.insert(OUYANG)
    with watched.reader.connect(insertion) as chip:
        watched.slot.set(hang="3")
        with pytest.raises(DeviceSilent):
            chip.identification()
        with pytest.raises(DeviceSilent, match="earlier"):
            chip.identification()


@pytest.mark.parametrize("flood", ["65536", "60000"])
def test_an_output_without_an_end_is_not_read_beyond_its_room(watched, flood):
    insertion = watched.insert(OUYANG)
    with watched.reader.connect(insertion) as chip:
        watched.slot.set(flood=flood)
        with pytest.raises(DeviceGarbled):
            chip.identity()
    watched.slot.set(flood="")
    event = watched.next() if not watched.events.empty() else None
    while event is not None and not isinstance(event, CardInserted):
        event = watched.next()
    assert read(watched, event.insertion if event else insertion).name == "欧阳晓晴"


@pytest.mark.parametrize(
    ("code", "state"),
    [("-12", HealthState.MISSING), ("-5", HealthState.MISSING), ("-13", HealthState.FAULT), ("-15", HealthState.FAULT)],
)
def test_a_reader_that_is_not_there_or_not_well_is_told_until_it_is(watched, code, state):
    insertion = watched.insert(OUYANG)
    watched.slot.set(code=code)
    removed = watched.next()
    assert (removed, removed.lost) == (CardRemoved(insertion.reader), True)
    watched.health(state)
    watched.slot.set(code="")
    watched.health(HealthState.READY)
    again = watched.next()
    assert isinstance(again, CardInserted)
    assert again.found
    watched.slot.remove()
    removed = watched.next()
    assert not removed.lost
    watched.slot.insert(OUYANG)
    assert not watched.next().found


def unwatched(library) -> VendorReader:
    return VendorReader(VendorAddress(str(library)), HealthBoard("card", utc_now), lambda _: None)


def test_a_library_that_is_not_there_is_missing_and_says_so_once(tmp_path, caplog):
    reader, nowhere = unwatched(tmp_path / "libNone.so"), tmp_path / "libNone.so"
    for _ in range(3):
        with caplog.at_level(logging.WARNING), pytest.raises(DeviceMissing, match="there is no library"):
            reader.attend(threading.Event())
    assert [one.getMessage() for one in caplog.records] == [f"card reader: there is no library {nowhere}"]


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (ELF_32.ljust(4096, b"\0"), "made for another width than this program"),
        (b"no library at all".ljust(4096), "is no library of this system"),
        (b"", "is no library of this system"),
    ],
    ids=["32 bits", "text", "empty"],
)
def test_a_file_that_cannot_be_loaded_is_missing_with_a_plain_reason(tmp_path, content, why):
    file = tmp_path / "libSSCardDriver.so"
    file.write_bytes(content)
    with pytest.raises(DeviceMissing, match=why):
        unwatched(file).attend(threading.Event())


def test_a_library_of_something_else_is_missing(tmp_path):
    other = compiled(tmp_path, "libOther.so", "-DiReadCardBas=somethingElse")
    with pytest.raises(DeviceMissing, match="no SSCardDriver"):
        unwatched(other).attend(threading.Event())


def test_an_old_library_without_keys_and_steps_still_reads(open_reader, tmp_path, slot):
    old = compiled(tmp_path, "libOld.so", "-DONLY_READING")
    type(slot)(old, tmp_path)
    watched = open_reader(library=old)
    insertion = watched.insert(OUYANG)
    with watched.reader.connect(insertion) as chip:
        assert not chip.has_pin_pad
        assert chip.identity().name == "欧阳晓晴"
        assert chip.identity(key_service()[0]).proven is False, "nobody can be asked for its proof"
    watched.slot.remove()
    watched.next()
    insertion = watched.insert(MAIMAITI)
    with pytest.raises(DeviceMissing, match="Step1"):
        read(watched, insertion, key_service()[0])


class Ear:
    """A tap that keeps what it hears."""

    def __init__(self) -> None:
        self.heard: list[bytes] = []

    def opened(self, baud: int) -> None: ...

    def sent(self, content: bytes) -> None:
        self.heard.append(content)

    came = sent

    def failed(self, error: Exception) -> None: ...

    def closed(self) -> None: ...


def test_the_tap_hears_calls_codes_and_lengths_and_nothing_of_a_person(open_reader):
    ear = Ear()
    watched = open_reader(tap=ear)
    insertion = watched.insert(OUYANG)
    read(watched, insertion)
    everything = b"\n".join(ear.heard)
    assert b"iReadCardBas\n0 6 18 9 32 8 26 4 8 8 12 0 0" in everything
    for personal in (OUYANG.number, OUYANG.card_number, OUYANG.identification):
        assert personal.encode() not in everything
    assert OUYANG.name.encode("gb18030") not in everything
