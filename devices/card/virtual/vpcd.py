"""Puts a virtual card into the virtual reader of a real PC/SC service (vsmartcard's vpcd; reference/card.md §3.2).

The card is the TCP client. Frames both ways: two bytes of length, big-endian, then the content. Tests, benches and the
dock of a development machine only: the virtual reader listens on every interface.
"""

from __future__ import annotations

import contextlib
import socket
import threading
import time

from devices.card.virtual.card import CardPulled, VirtualCard
from devices.device import DeviceMissing

PORT = 35963
POWER_OFF, POWER_ON, RESET, ASK_ATR = b"\x00", b"\x01", b"\x02", b"\x04"
AGAIN = 0.05
LEAST_EMPTY = 0.6
"""The virtual reader looks at its slot every 0.4 s: a card swapped faster than that would be taken for the old one."""
NO_ATR = bytes(34)
"""Longer than any answer to reset may be: the virtual reader finds a card and cannot power it."""


class VirtualSlot:
    """One slot of the virtual reader. A card stays in it while the service restarts, as a real one would."""

    def __init__(self, port: int = PORT, host: str = "127.0.0.1", least_empty: float = LEAST_EMPTY) -> None:
        self._address = (host, port)
        self._least_empty = least_empty
        self._emptied = time.monotonic() - least_empty
        self._worker: threading.Thread | None = None
        self._out = threading.Event()
        self._line: socket.socket | None = None

    def insert(self, card: VirtualCard, timeout: float = 5.0) -> None:
        """Put a card in; DeviceMissing where the virtual reader does not listen within the time given."""
        self.remove()
        time.sleep(max(0.0, self._emptied + self._least_empty - time.monotonic()))
        self._out = threading.Event()
        self._line = self._reach(time.monotonic() + timeout)
        self._worker = threading.Thread(target=self._live, args=(card, self._out, self._line), daemon=True)
        self._worker.start()

    def remove(self) -> None:
        """Pull the card; nothing happens where none is in."""
        self._out.set()
        if self._line is not None:
            _hang_up(self._line)
        if self._worker is not None:
            self._worker.join(5)
        self._line = self._worker = None

    def _reach(self, until: float) -> socket.socket:
        while True:
            try:
                return socket.create_connection(self._address, timeout=2)
            except OSError as error:
                if time.monotonic() > until:
                    raise DeviceMissing(f"no virtual reader on port {self._address[1]}") from error
                time.sleep(AGAIN)

    def _live(self, card: VirtualCard, out: threading.Event, line: socket.socket) -> None:
        while not out.is_set():
            try:
                _converse(card, line)
            except CardPulled:
                out.set()
            except OSError:
                pass  # the service went away with the line; the card is still in its slot
            _hang_up(line)
            self._emptied = time.monotonic()
            card.power_off()
            line = self._wait_for_service(out) or line

    def _wait_for_service(self, out: threading.Event) -> socket.socket | None:
        while not out.wait(AGAIN):
            try:
                self._line = socket.create_connection(self._address, timeout=2)
            except OSError:
                continue
            return self._line
        return None


def _hang_up(line: socket.socket) -> None:
    with contextlib.suppress(OSError):  # already closed by the other side
        line.shutdown(socket.SHUT_RDWR)
    line.close()


def _converse(card: VirtualCard, line: socket.socket) -> None:
    line.settimeout(None)
    line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    while True:
        answer = _react(card, _receive(line, int.from_bytes(_receive(line, 2))))
        if answer:
            line.sendall(len(answer).to_bytes(2) + answer)


def _react(card: VirtualCard, content: bytes) -> bytes | None:
    if content == POWER_OFF:
        card.power_off()
        return None
    if content in (POWER_ON, RESET):
        card.power_on()
        return None
    if content == ASK_ATR:
        return card.atr or NO_ATR
    return card.answer(content)  # empty from a dumb card: the service waits for it until the card is pulled


def _receive(line: socket.socket, count: int) -> bytes:
    received = b""
    while len(received) < count:
        if hasattr(socket, "TCP_QUICKACK"):
            # the reader writes length and content separately: without this every command waits 45 ms for an ACK
            line.setsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK, 1)
        part = line.recv(count - len(received))
        if not part:
            raise ConnectionResetError("the virtual reader hung up")
        received += part
    return received
