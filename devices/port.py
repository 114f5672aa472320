"""One serial port: opened for this program alone, found by its USB numbers, every exception of pyserial translated.

All serial drivers stand on it (fingerprint dialects, ID-card reader, code scanner); reference/serial-devices.md §5.
Not safe for two threads at once, except :meth:`SerialPort.close`: a driver holds one lock for each conversation.
"""

from __future__ import annotations

import errno
import logging
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from devices.device import DeviceBusy, DeviceFault, DeviceMissing
from devices.tap import NO_TAP, Tap

if TYPE_CHECKING:
    import serial

log = logging.getLogger(__name__)

READ_SECONDS = 0.02
WRITE_SECONDS = 1.0
USB = "usb:"
SOCKET = "socket://"


def line_errors() -> tuple[type[Exception], ...]:
    """All that pyserial lets out when a port vanishes or is closed under a reader (§5.1; the last: socket://)."""
    import serial  # noqa: PLC0415 - loaded by halls that have a serial device

    errors: tuple[type[Exception], ...] = (serial.SerialException, OSError, TypeError, AttributeError, ValueError)
    if sys.platform != "win32":
        import termios  # noqa: PLC0415 - not on Windows

        errors += (termios.error,)
    return errors


@dataclass(frozen=True)
class UsbName:
    """A port by the numbers of its USB device; ``serial_number`` "" where any will do."""

    vendor: int
    product: int
    serial_number: str = ""

    def names(self, port: ListedPort) -> bool:
        """Whether ``port`` is it."""
        return (port.vid, port.pid) == (self.vendor, self.product) and self.serial_number in ("", port.serial_number)


class ListedPort(Protocol):
    """What pyserial tells of a port of this machine."""

    device: str
    vid: int | None
    pid: int | None
    serial_number: str | None


def usb_name(url: str) -> UsbName | None:
    """The USB numbers in ``usb:VID:PID[:SERIAL]`` (hexadecimal); None for any other url. ValueError: a broken one."""
    if not url.lower().startswith(USB):
        return None
    words = url[len(USB) :].split(":", 2)
    try:
        return UsbName(int(words[0], 16), int(words[1], 16), words[2] if len(words) > 2 else "")  # noqa: PLR2004 - above
    except (ValueError, IndexError):
        raise ValueError(f"{url!r}: write usb:VID:PID or usb:VID:PID:SERIAL, hexadecimal as lsusb shows them") from None


def chosen_port(url: str, wanted: UsbName, listed: Iterable[ListedPort]) -> str:
    """The one port of those listed; DeviceMissing where none is it, DeviceFault where several are."""
    found = [port.device for port in listed if wanted.names(port)]
    if not found:
        raise DeviceMissing(f"{url}: not plugged in")
    if len(found) > 1:
        raise DeviceFault(f"{url}: {', '.join(found)} all look like it; add the serial number or use a by-id path")
    return found[0]


def find_port(url: str) -> str:
    """The port behind ``usb:VID:PID[:SERIAL]`` (hexadecimal) as it is called now; anything else stays as it is.

    DeviceMissing: nothing like it is plugged in. DeviceFault: several are, and no serial number tells them apart.
    """
    wanted = usb_name(url)
    if wanted is None:
        return url
    from serial.tools import list_ports  # noqa: PLC0415 - see line_errors

    return chosen_port(url, wanted, list_ports.comports())


class SerialPort:
    """A port that is open, or not. ``url``: a path, a COM name, any pyserial URL, or ``usb:VID:PID[:SERIAL]``.

    Every method but ``close`` raises DeviceMissing when the port is not open or has vanished, and closes it then.
    ``tap`` hears what went and what came.
    """

    def __init__(self, url: str, baud: int, tap: Tap = NO_TAP) -> None:
        usb_name(url)  # a broken one is said at the start, not each time it is looked for
        self.url, self.baud, self.tap = url, baud, tap
        self._port: serial.Serial | None = None

    @property
    def is_open(self) -> bool:
        """True until the port is closed or lost."""
        return self._port is not None

    def open(self) -> None:
        """Take the port for this program alone; DeviceMissing, DeviceBusy."""
        import serial  # noqa: PLC0415 - see line_errors

        path = find_port(self.url)
        try:
            self._port = serial.serial_for_url(
                path, self.baud, timeout=READ_SECONDS, write_timeout=WRITE_SECONDS, exclusive=True
            )
        except line_errors() as error:
            held = getattr(error, "errno", None) in (errno.EAGAIN, errno.EBUSY)
            raise (DeviceBusy if held else DeviceMissing)(f"{self.url}: {error}") from error
        self.tap.opened(self.baud)

    def close(self) -> None:
        """Give the port back; a read under way in another thread ends with DeviceMissing."""
        port, self._port = self._port, None
        if port is not None:
            self.tap.closed()
            try:
                port.close()
            except line_errors() as error:
                log.debug("closing %s: %s", self.url, error)

    def retune(self, baud: int) -> None:
        """Go on at another speed without letting the port go; the tap hears it as a line opened anew."""
        with self._on_the_wire() as port:
            port.baudrate = baud
        self.baud = baud
        self.tap.opened(baud)

    def read(self, seconds: float = READ_SECONDS) -> bytes:
        """What has come, waiting at most ``seconds`` for the first byte; empty when nothing did."""
        with self._on_the_wire() as port:
            if port.timeout != seconds:
                port.timeout = seconds
            came = bytes(port.read(max(1, self._waiting(port))))
        if came:
            self.tap.came(came)
        return came

    def _waiting(self, port: serial.Serial) -> int:
        """Bytes that can be had at once. Of a socket pyserial tells only whether there are any: the system is asked."""
        if not self.url.startswith(SOCKET) or sys.platform == "win32":
            return port.in_waiting
        import fcntl  # noqa: PLC0415 - not on Windows
        import termios  # noqa: PLC0415 - not on Windows

        told = fcntl.ioctl(port.fileno(), termios.FIONREAD, bytes(4))
        return int.from_bytes(told, sys.byteorder)

    def write(self, content: bytes) -> None:
        """Put all of it on the line."""
        self.tap.sent(content)
        with self._on_the_wire() as port:
            port.write(content)
            port.flush()

    def drain(self, longest: int) -> bytes:
        """Throw away what came unasked and return it; stops above ``longest`` bytes."""
        idle = b""
        with self._on_the_wire() as port:
            while (waiting := port.in_waiting) and len(idle) <= longest:
                idle += port.read(waiting)
        if idle:
            self.tap.came(idle)
        return idle

    @contextmanager
    def _on_the_wire(self) -> Iterator[serial.Serial]:
        """The one place where the port's own exceptions are caught; any of them loses the line."""
        port = self._port
        if port is None:
            raise DeviceMissing(f"{self.url}: not open")
        try:
            yield port
        except line_errors() as error:
            if self._port is not None:  # not closed by ourselves, in another thread
                self.tap.came(b"")
            self.close()
            raise DeviceMissing(f"{self.url}: {error}") from error
