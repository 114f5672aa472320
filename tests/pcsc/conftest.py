"""One real pcscd for all tests here, and a hall that hears what the reader reports."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from devices.card import CardEvent, CardInserted, Insertion
from devices.card.pcsc import PcscReader
from devices.card.virtual.vpcd import VirtualSlot
from devices.device import HealthBoard, HealthState, utc_now, watch
from tests.pcscd import PcscDaemon, missing

LACK = missing()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.pcsc)
            if LACK:
                item.add_marker(pytest.mark.skip(reason=LACK))


@pytest.fixture(scope="session")
def daemon() -> Iterator[PcscDaemon]:
    with PcscDaemon() as running:
        yield running


class Hall:
    """A watched reader, the slot in front of it, and the events in their order."""

    def __init__(self, daemon: PcscDaemon, name_filter: str | None = None) -> None:
        self.daemon = daemon
        self.slot = VirtualSlot(daemon.port)
        self.events: queue.Queue[CardEvent] = queue.Queue()
        self.reader = PcscReader(name_filter, HealthBoard("card", utc_now), self.events.put)
        self._stop = threading.Event()
        self._thread = threading.Thread(target=watch, args=(self.reader, self._stop), daemon=True)

    def open(self) -> None:
        self._thread.start()
        self.health(HealthState.READY)

    def close(self) -> None:
        self.slot.remove()
        self._stop.set()
        self.reader.close()
        self._thread.join(3)
        assert not self._thread.is_alive()

    def next(self, timeout: float = 8.0) -> CardEvent:
        return self.events.get(timeout=timeout)

    def insert(self, card) -> Insertion:
        self.slot.insert(card)
        event = self.next()
        assert isinstance(event, CardInserted)
        return event.insertion

    def quiet(self, seconds: float = 1.0) -> bool:
        time.sleep(seconds)
        return self.events.empty()

    def health(self, state: HealthState, timeout: float = 8.0) -> None:
        until = time.monotonic() + timeout
        while self.reader.board.health.state is not state:
            assert time.monotonic() < until, self.reader.board.health
            time.sleep(0.02)


@pytest.fixture
def hall(daemon: PcscDaemon) -> Iterator[Hall]:
    hall = Hall(daemon)
    hall.open()
    yield hall
    hall.close()
    time.sleep(0.6)  # the virtual reader looks at its slot every 0.4 s: leave it empty for the next test
