"""Bytes to and from a printer, over the transports of python-escpos, with a limit on every wait.

The library brings the connections; its own time-outs (none, or a minute) and its status calls are not used:
reference/serial-devices.md §3.3. Every failure leaves as a DeviceError.
"""

from __future__ import annotations

import contextlib
import errno
import os
import select
import socket
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Protocol

from devices.device import DeviceBusy, DeviceError, DeviceMissing, DeviceSilent
from devices.port import find_port
from devices.printer.address import FilePlace, SerialPlace, TcpPlace, UsbPlace

CONNECT_LIMIT = 2.0
WRITE_LIMIT = 5.0
CHUNK = 512
BUSY = {errno.EBUSY, errno.EAGAIN, errno.EWOULDBLOCK}


class Transport(Protocol):
    """One open connection to a printer. All of it is called from one thread at a time, but for ``close``."""

    def write(self, message: bytes) -> None:
        """Hand over all bytes; DeviceSilent when the printer stops taking them, DeviceMissing when it is gone."""

    def read(self, limit: float) -> bytes:
        """Bytes that came within ``limit`` seconds, at once when there are some; empty when none came."""

    def close(self) -> None:
        """Let go of the device; never raises. Whoever writes or reads meanwhile gets a DeviceError soon."""


def _meaning(error: BaseException) -> DeviceError:
    """What an error of the library or the system means for a clerk."""
    cause: BaseException | None = error
    while cause is not None:
        number = getattr(cause, "errno", None)
        if isinstance(cause, TimeoutError) or number == errno.ETIMEDOUT or "timeout" in type(cause).__name__.lower():
            return DeviceSilent(str(error))
        if number in BUSY:
            return DeviceBusy(str(error))
        cause = cause.__cause__ or cause.__context__
    return DeviceMissing(str(error))


@contextlib.contextmanager
def _translated(*, opening: bool = False) -> Iterator[None]:
    try:
        yield
    except DeviceError:
        raise
    except Exception as error:
        meaning = _meaning(error)
        if opening and isinstance(meaning, DeviceSilent):
            meaning = DeviceMissing(str(error))
        raise meaning from error


def _opened(printer: Any) -> Any:
    with _translated(opening=True):
        printer.open()
    return printer


class FileTransport:
    """A device file (usblp) or an ordinary file. An ordinary file is emptied when opened and grows with each job."""

    def __init__(self, place: FilePlace) -> None:
        from escpos.printer import File  # noqa: PLC0415 - the library costs 0.4 s, paid when a printer is there

        self._path, self._cut = Path(place.path), False
        self._printer = _opened(File(place.path))
        self._number: int = self._printer.device.fileno()
        if hasattr(os, "set_blocking"):
            os.set_blocking(self._number, False)  # usblp blocks for ever when the paper is out

    def write(self, message: bytes) -> None:
        with _translated():
            if not self._path.exists():
                raise DeviceMissing(f"{self._path} vanished")
            rest = memoryview(message)
            until = time.monotonic() + WRITE_LIMIT
            while rest:
                rest = rest[self._write_some(rest, until) :]

    def _write_some(self, rest: memoryview, until: float) -> int:
        if self._cut:  # its number may be another file's by now
            raise DeviceMissing(f"{self._path} closed")
        try:
            return os.write(self._number, rest)
        except BlockingIOError:
            left = until - time.monotonic()
            if left <= 0 or not select.select([], [self._number], [], left)[1]:
                raise DeviceSilent(f"{self._path} takes nothing") from None
            return 0

    def read(self, limit: float) -> bytes:
        del limit  # a file opened for writing says nothing, but that it is gone
        if not self._path.exists():
            raise DeviceMissing(f"{self._path} vanished")
        return b""

    def close(self) -> None:
        self._cut = True
        with contextlib.suppress(Exception):
            self._printer.close()


class SerialTransport:
    """A serial port, held exclusively."""

    def __init__(self, place: SerialPlace) -> None:
        from escpos.printer import Serial  # noqa: PLC0415 - see FileTransport

        self._printer = _opened(Serial(devfile=find_port(place.port), baudrate=place.baud, timeout=0.05))
        self._port = self._printer.device
        try:
            with _translated(opening=True):
                self._port.write_timeout = WRITE_LIMIT + CHUNK * 10 / place.baud
                self._port.exclusive = True
        except DeviceError:
            self.close()
            raise

    def write(self, message: bytes) -> None:
        with _translated():
            for start in range(0, len(message), CHUNK):  # each piece has its own limit: a slow line is not a silent one
                self._port.write(message[start : start + CHUNK])

    def read(self, limit: float) -> bytes:
        with _translated():
            self._port.timeout = limit
            first: bytes = self._port.read(1)
            return first + self._port.read(self._port.in_waiting) if first else b""

    def close(self) -> None:
        with contextlib.suppress(Exception):
            self._port.reset_output_buffer()  # the library flushes, which waits for ever on a stopped printer
        with contextlib.suppress(Exception):
            self._port.close()


class TcpTransport:
    """A connection to a printer in the network."""

    def __init__(self, place: TcpPlace) -> None:
        from escpos.printer import Network  # noqa: PLC0415 - see FileTransport

        self._printer = _opened(Network(host=place.host, port=place.port, timeout=CONNECT_LIMIT))
        self._socket = self._printer.device

    def write(self, message: bytes) -> None:
        with _translated():
            self._socket.settimeout(WRITE_LIMIT)
            self._socket.sendall(message)

    def read(self, limit: float) -> bytes:
        with _translated():
            self._socket.settimeout(limit)
            try:
                came: bytes = self._socket.recv(64)
            except TimeoutError:
                return b""
            if not came:
                raise DeviceMissing("the printer closed the connection")
            return came

    def close(self) -> None:
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)  # wakes who waits in it
        with contextlib.suppress(Exception):
            self._printer.close()


class UsbTransport:
    """A printer on USB; its bulk endpoints are taken from its own description. Never tried on hardware so far."""

    def __init__(self, place: UsbPlace) -> None:
        from escpos.printer import Usb  # noqa: PLC0415 - see FileTransport

        self._printer = _opened(Usb(place.vendor, place.product))
        self._device, self._cut = self._printer.device, False
        with _translated(opening=True):
            points = list(self._device.get_active_configuration()[(0, 0)])
            bulk = [point for point in points if point.bmAttributes & 0x03 == 0x02]  # noqa: PLR2004 - USB: 2 is bulk
            self._out = next((point for point in bulk if not point.bEndpointAddress & 0x80), None)
            self._in = next((point for point in bulk if point.bEndpointAddress & 0x80), None)
        if self._out is None:
            raise DeviceMissing("the USB device takes no bulk data: not a printer")

    def write(self, message: bytes) -> None:
        with _translated():
            for start in range(0, len(message), CHUNK):
                if self._cut:
                    raise DeviceMissing("closed")
                self._out.write(message[start : start + CHUNK], int(WRITE_LIMIT * 1000))  # type: ignore[union-attr] # checked when opened

    def read(self, limit: float) -> bytes:
        if self._in is None:
            return b""
        try:
            with _translated():
                return bytes(self._in.read(64, max(1, int(limit * 1000))))
        except DeviceSilent:
            return b""

    def close(self) -> None:
        self._cut = True
        with contextlib.suppress(Exception):
            self._printer.close()
