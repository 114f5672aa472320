"""From a place to an open connection with somebody listening: every exchange passes the tap.

One command of a job at a time, so that who records can tell the pictures (1D 76 30, somebody's receipt) from the rest.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import assert_never

from devices.device import DeviceMissing
from devices.printer.address import FilePlace, Place, SerialPlace, TcpPlace, UsbPlace
from devices.printer.transports import FileTransport, SerialTransport, TcpTransport, Transport, UsbTransport
from devices.tap import NO_TAP, Tap


class TappedTransport:
    """Any transport with somebody listening."""

    def __init__(self, inner: Transport, baud: int, tap: Tap) -> None:
        self._inner, self._tap = inner, tap
        self._closed = False
        tap.opened(baud)

    def write(self, message: bytes) -> None:
        if message:
            self._tap.sent(message)
        with self._told_of_loss():
            self._inner.write(message)

    def read(self, limit: float) -> bytes:
        with self._told_of_loss():
            came = self._inner.read(limit)
        if came:
            self._tap.came(came)
        return came

    @contextlib.contextmanager
    def _told_of_loss(self) -> Iterator[None]:
        try:
            yield
        except DeviceMissing:
            self._tap.came(b"")
            raise

    def close(self) -> None:
        if not self._closed:
            self._closed = True
            self._tap.closed()
            self._inner.close()


def connect(place: Place, tap: Tap = NO_TAP) -> Transport:
    """Open the place; DeviceMissing or DeviceBusy when it cannot be."""
    return TappedTransport(_opened_at(place), place.baud if isinstance(place, SerialPlace) else 0, tap)


def _opened_at(place: Place) -> Transport:
    match place:
        case FilePlace():
            return FileTransport(place)
        case SerialPlace():
            return SerialTransport(place)
        case TcpPlace():
            return TcpTransport(place)
        case UsbPlace():
            return UsbTransport(place)
        case _:
            assert_never(place)
