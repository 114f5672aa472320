"""What the card driver costs: commands against the fewest possible, time against the same commands without it.

Both on one real pcscd with one virtual card. The raw replay is what a program of ten lines would do: the library's own
calls, the commands in a list, nothing looked at.
"""

from __future__ import annotations

import queue
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from bench.card_in_slot import ON_THE_CONTACTS
from bench.figure import Figure, p50
from bench.town import ROOT, Town
from devices.card import CardEvent, CardInserted, Insertion
from devices.card.pcsc import PcscReader
from devices.card.pcsc_line import library
from devices.device import HealthBoard, utc_now, watch
from devices.tap import NO_TAP
from tests.pcscd import PcscDaemon, missing

ROUNDS, ROUNDS_AT_ONCE = 12, 60
RECORDS = 11
"""Identification, version, two dates, card number; number, name in two records, sex, ethnic group, day of birth."""
FEWEST = RECORDS + 1
"""One READ RECORD each, by the file's short name, and the one SELECT that no card does without."""


class Listener:
    """A tap that keeps the commands of one act."""

    def __init__(self) -> None:
        self.commands: list[bytes] = []

    def opened(self, baud: int) -> None:
        """A new act."""
        del baud
        self.commands = []

    def sent(self, content: bytes) -> None:
        """One command."""
        self.commands.append(content)

    def came(self, content: bytes) -> None:
        """Its answer."""

    def closed(self) -> None:
        """The commands stay."""


@contextmanager
def card_in(daemon: PcscDaemon, tap: Listener, byte_seconds: float) -> Iterator[tuple[PcscReader, Insertion]]:
    """A watched reader with a card in it."""
    events: queue.Queue[CardEvent] = queue.Queue()
    reader, stop = PcscReader(None, HealthBoard("card", utc_now), events.put), threading.Event()
    reader.tap = tap
    watching = threading.Thread(target=watch, args=(reader, stop), daemon=True)
    watching.start()
    command = [sys.executable, "-m", "bench.card_in_slot", str(daemon.port), str(byte_seconds)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, cwd=ROOT) as slot:
        event = events.get(timeout=10)
        if not isinstance(event, CardInserted):
            raise TypeError(event)
        yield reader, event.insertion
        slot.communicate()
    stop.set()
    reader.close()
    watching.join(5)


def by_driver(reader: PcscReader, insertion: Insertion) -> tuple[float, float]:
    """One identity: seconds of the whole act, and of the reading alone."""
    began = time.perf_counter()
    with reader.connect(insertion) as chip:
        opened = time.perf_counter()
        chip.identity()
        read = time.perf_counter()
    return time.perf_counter() - began, read - opened


def raw(api: Any, reader: str, commands: list[list[int]]) -> tuple[float, float]:
    """The same commands by the library alone: seconds with connecting, and without."""
    began = time.perf_counter()
    _, context = api.SCardEstablishContext(api.SCARD_SCOPE_USER)
    result, handle, _ = api.SCardConnect(context, reader, api.SCARD_SHARE_EXCLUSIVE, api.SCARD_PROTOCOL_T0)
    if result:
        raise OSError(result)
    opened = time.perf_counter()
    for command in commands:
        result, _ = api.SCardTransmit(handle, api.SCARD_PCI_T0, command)
        if result:
            raise OSError(result)
    read = time.perf_counter()
    api.SCardDisconnect(handle, api.SCARD_UNPOWER_CARD)
    api.SCardReleaseContext(context)
    return time.perf_counter() - began, read - opened


Seconds = tuple[float, float, float, float]
"""Driver and raw with connecting, driver and raw without; medians."""


def side_by_side(daemon: PcscDaemon, tap: Listener, byte_seconds: float, rounds: int) -> Seconds:
    """Each in turn, so that the machine's other work falls on both."""
    with card_in(daemon, tap, byte_seconds) as (reader, insertion):
        by_driver(reader, insertion)
        reader.tap = NO_TAP
        api, commands = library(), [list(command) for command in tap.commands]
        pairs = [(by_driver(reader, insertion), raw(api, insertion.reader, commands)) for _ in range(rounds)]
    whole, reading = zip(*(one for one, _ in pairs), strict=True)
    raw_whole, raw_reading = zip(*(other for _, other in pairs), strict=True)
    return p50([*whole]), p50([*raw_whole]), p50([*reading]), p50([*raw_reading])


def figures(_town: Town) -> list[Figure]:
    """Two figures; nothing where the machine has no pcscd."""
    if missing():
        print(f"card driver: left out, {missing()}")
        return []
    tap = Listener()
    with PcscDaemon() as daemon:
        whole, whole_raw, reading, reading_raw = side_by_side(daemon, tap, ON_THE_CONTACTS, ROUNDS)
        time.sleep(1)  # the virtual reader sees the empty slot
        at_once = [1000 * seconds for seconds in side_by_side(daemon, tap, 0.0, ROUNDS_AT_ONCE)]
    return [
        Figure("card: commands for an identity of version 2.00 ÷ the fewest that its records need",
               len(tap.commands) / FEWEST, "×", 1.2, f"{len(tap.commands)} ÷ {FEWEST}"),
        Figure("card: driver time ÷ the same commands raw on the same reader, connecting included, p50 of 12",
               whole / whole_raw, "×", 1.15,
               f"{1000 * whole:.0f} ÷ {1000 * whole_raw:.0f} ms on the contacts of a real card (0.9 ms a byte; "
               f"reading alone {1000 * reading:.0f} ÷ {1000 * reading_raw:.0f}); on a card that takes no time at all "
               f"{at_once[0]:.2f} ÷ {at_once[1]:.2f} ms (reading alone {at_once[2]:.2f} ÷ {at_once[3]:.2f})"),
    ]  # fmt: skip
