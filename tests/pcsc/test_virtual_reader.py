"""A reader made of software is passed over where residents are served: vsmartcard's, in a real PC/SC service."""

from __future__ import annotations

import threading

import pytest

from devices.card import ReaderVirtual
from devices.card.pcsc import PcscReader
from devices.card.slots import is_virtual
from devices.device import HealthBoard, HealthState, utc_now, watch
from kiosk.device_words import named
from tests.devices.card.holders import OUYANG, card
from tests.hall import eventually


@pytest.mark.parametrize("name", ["Virtual PCD 00 00", "Virtual PCD 00 01", "vpcd", "VSmartCard reader 00"])
def test_what_readers_made_of_software_call_themselves(name):
    assert is_virtual(name)


@pytest.mark.parametrize(
    "name",
    ["", "ACS ACR39U ICC Reader 00 00", "Feitian R502 [Contact] 01 00", "Identive CLOUD 2700 R", "Reader with a pad"],
)
def test_real_ones_do_not(name):
    assert not is_virtual(name)


def test_its_card_is_never_reported_and_the_fault_has_words(hall):
    """``hall`` is served by the same reader as in development: there the card is seen."""
    events = []
    reader = PcscReader(None, HealthBoard("card", utc_now), events.append, real_only=True)
    stop = threading.Event()
    watching = threading.Thread(target=watch, args=(reader, stop), daemon=True)
    watching.start()
    try:
        eventually(lambda: reader.board.health.state is HealthState.FAULT, 25, "the reader is refused")
        assert reader.board.health.reason == ReaderVirtual.__name__
    finally:
        stop.set()
        reader.close()
        watching.join(25)
    assert not watching.is_alive()
    hall.insert(card(OUYANG))
    for _ in range(2):  # a round looks at every reader that is asked, and waits a second for news
        reader.attend(threading.Event())
    reader.close()
    assert events == []
    trouble = named(reader.board.health.reason, "card")
    assert trouble is not None
    assert (trouble.code, trouble.words) == ("K-117", "读卡器不是真的，不能用。")
