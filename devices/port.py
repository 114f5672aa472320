"""One serial port: opened for this program alone, found by its USB numbers, every exception of pyserial translated.

All serial drivers stand on it (fingerprint dialects, ID-card reader, code scanner); reference/serial-devices.md §5.
Not safe for two threads at once, except :meth:`SerialPort.close`: a driver holds one lock for each conversation.
"""

from __future__ import annotations

import errno
import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from devices.device import DeviceBusy, DeviceFault, DeviceMissing
from devices.tap import NO_TAP, Tap

if TYPE_CHECKING:
    import serial

log = logging.getLogger(__name__)

READ_SECONDS = 0.02
WRITE_SECONDS = 1.0
USB = "usb:"


def line_errors() -> tuple[type[Exception], ...]:
    """All that pyserial lets out when a port vanishes or is closed under a reader (§5.1; the last: socket://)."""
    import serial  # noqa: PLC0415 - loaded by halls that have a serial device

    errors: tuple[type[Exception], ...] = (serial.SerialException, OSError, TypeError, AttributeError, ValueError)
    if sys.platform != "win32":
        import termios  # noqa: PLC0415 - not on Windows

        errors += (termios.error,)
    return errors


def find_port(url: str) -> str:
    """The port behind ``usb:VID:PID[:SERIAL]`` (hexadecimal) as it is called now; anything else stays as it is.

    DeviceMissing: nothing like it is plugged in. DeviceFault: several are, and no serial number tells them apart.
    """
    if not url.lower().startswith(USB):
        return url
    from serial.tools import list_ports  # noqa: PLC0415 - see line_errors

    vendor, product, serial_number = (*url[len(USB) :].split(":"), "")[:3]
    wanted = (int(vendor, 16), int(product, 16))
    found = [
        port.device
        for port in list_ports.comports()
        if (port.vid, port.pid) == wanted and serial_number in ("", port.serial_number)
    ]
    if not found:
        raise DeviceMissing(f"{url}: not plugged in")
    if len(found) > 1:
        raise DeviceFault(f"{url}: {', '.join(found)} all look like it; add the serial number or use a by-id path")
    return found[0]


class SerialPort:
    """A port that is open, or not. ``url``: a path, a COM name, any pyserial URL, or ``usb:VID:PID[:SERIAL]``.

    Every method but ``close`` raises DeviceMissing when the port is not open or has vanished, and closes it then.
    ``tap`` hears what went and what came.
    """

    def __init__(self, url: str, baud: int, tap: Tap = NO_TAP) -> None:
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

    def read(self) -> bytes:
        """What has come, waiting at most ``READ_SECONDS`` for the first byte; empty when nothing did."""
        with self._on_the_wire() as port:
            came = bytes(port.read(max(1, port.in_waiting)))
        if came:
            self.tap.came(came)
        return came

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
