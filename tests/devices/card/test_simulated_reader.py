"""The reader of the dock: cards go in and out, programs compete, the reader itself comes and goes."""

from __future__ import annotations

import threading

import pytest

from devices.card import CardGone, CardInserted, CardMute, CardRemoved, CardSilent, Insertion
from devices.card.simulated import SimulatedReader
from devices.card.virtual.described import CardFault
from devices.device import DeviceBusy, HealthBoard, HealthState, utc_now, watch
from tests.devices.card.holders import MAIMAITI, OUYANG, card


class Slot:
    """A simulated reader attended by hand: ``look`` is one round of its thread."""

    def __init__(self):
        self.events = []
        self.reader = SimulatedReader(HealthBoard("card", utc_now), self.events.append)
        self.stop = threading.Event()

    def look(self):
        self.events.clear()
        if not self.reader._pending:
            self.stop.set()  # nothing will come: do not wait for it
        self.reader.attend(self.stop)
        self.stop.clear()
        return list(self.events)

    def insert(self, slotted) -> Insertion:
        self.reader.insert(slotted)
        return self.look()[-1].insertion


@pytest.fixture
def slot():
    return Slot()


def test_a_card_is_put_in_read_and_pulled_out(slot):
    insertion = slot.insert(card(OUYANG))
    assert insertion.atr == OUYANG.atr
    with slot.reader.connect(insertion) as chip:
        assert chip.identity().name == "欧阳晓晴"
    slot.reader.remove()
    assert slot.look() == [CardRemoved(slot.reader.name)]
    slot.reader.remove()
    assert slot.look() == []


def test_the_same_card_again_is_another_insertion(slot):
    first_card = card(OUYANG)
    first = slot.insert(first_card)
    slot.reader.remove()
    second = slot.insert(first_card)
    assert first != second
    with pytest.raises(CardGone), slot.reader.connect(first):
        pass
    with slot.reader.connect(second) as chip:
        assert chip.identification() == OUYANG.identification


def test_a_card_swapped_in_one_movement_is_removed_and_inserted(slot):
    slot.insert(card(OUYANG))
    slot.reader.insert(card(MAIMAITI))
    removed, inserted = slot.look()
    assert removed == CardRemoved(slot.reader.name)
    assert inserted.insertion.atr == MAIMAITI.atr


def test_a_card_swapped_while_it_is_read_ends_the_reading(slot):
    insertion = slot.insert(card(OUYANG))
    with slot.reader.connect(insertion) as chip:
        chip.identification()
        slot.reader.insert(card(OUYANG))
        with pytest.raises(CardGone):
            chip.identification()


@pytest.mark.parametrize("moment", range(1, 15))
def test_a_card_pulled_at_any_command_is_gone_and_reported(slot, moment):
    insertion = slot.insert(card(OUYANG, pull_at=moment))
    with pytest.raises(CardGone), slot.reader.connect(insertion) as chip:
        chip.identity()
    assert slot.look() == [CardRemoved(slot.reader.name)]
    assert not slot.reader.occupied


def test_two_programs_cannot_hold_one_card(slot):
    insertion = slot.insert(card(OUYANG))
    with slot.reader.connect(insertion), pytest.raises(DeviceBusy), slot.reader.connect(insertion):
        pass
    with slot.reader.connect(insertion) as chip:
        assert chip.identification()


def test_rights_end_with_the_connection(slot):
    slotted = card(OUYANG)
    insertion = slot.insert(slotted)
    with slot.reader.connect(insertion) as chip:
        chip.verify_pin(bytearray(b"123456"))
        assert slotted.verified
    assert not slotted.verified


def test_a_silent_card_is_mute_and_a_psam_is_passed_over(slot):
    slot.reader.insert(card(OUYANG, CardFault.SILENT))
    assert slot.look() == [CardMute(slot.reader.name)]
    slot.reader.insert(card(OUYANG, CardFault.PSAM))
    assert slot.look() == [CardRemoved(slot.reader.name)]
    slot.reader.remove()
    assert slot.look() == []


def test_a_dumb_card_is_silent(slot):
    insertion = slot.insert(card(OUYANG, CardFault.DUMB))
    with slot.reader.connect(insertion) as chip, pytest.raises(CardSilent):
        chip.identity()


def test_the_reader_is_unplugged_with_a_card_in_it_and_comes_back(slot):
    insertion = slot.insert(card(OUYANG))
    slot.reader.disappear()
    assert slot.look() == [CardRemoved(slot.reader.name)]
    assert slot.reader.board.health.state is HealthState.MISSING
    with pytest.raises(CardGone), slot.reader.connect(insertion):
        pass
    slot.reader.reappear()
    (inserted,) = slot.look()
    assert inserted.insertion.counter > insertion.counter
    assert slot.reader.board.health.ready


def test_a_card_put_into_an_unplugged_reader_is_found_later(slot):
    slot.reader.disappear()
    slot.reader.insert(card(OUYANG))
    assert slot.look() == []
    slot.reader.remove()
    slot.reader.insert(card(MAIMAITI))
    slot.reader.reappear()
    assert [event.insertion.atr for event in slot.look()] == [MAIMAITI.atr]


def test_its_own_thread_reports_at_once_and_ends_when_told():
    heard, happened, stop = [], threading.Event(), threading.Event()

    def listen(event):
        heard.append((threading.current_thread().name, type(event)))
        happened.set()

    reader = SimulatedReader(HealthBoard("card", utc_now), listen)
    thread = threading.Thread(target=watch, args=(reader, stop), name="card")
    thread.start()
    reader.insert(card(OUYANG))
    assert happened.wait(0.5)
    stop.set()
    reader.close()
    thread.join(2)
    assert heard == [("card", CardInserted)]
    assert not thread.is_alive()


def test_its_board_counts_the_cards_and_names_the_reader(slot):
    for slotted in (card(OUYANG), card(OUYANG, CardFault.SILENT), card(MAIMAITI)):
        slot.reader.insert(slotted)
        slot.look()
    slot.reader.remove()
    slot.look()
    record = slot.reader.board.record
    assert dict(record.counters) == {"cards inserted": 2, "cards mute": 1}
    assert record.facts["reader"] == "simulated:"
