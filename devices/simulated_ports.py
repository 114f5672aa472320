"""Ports for simulated serial devices: a TCP socket on the loopback (``socket://``) and, on POSIX, a pseudo-terminal."""

from __future__ import annotations

import contextlib
import os
import select
import socket
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

POLL_SECONDS = 0.2
BETWEEN_PIECES = 0.001


@dataclass(frozen=True)
class Answer:
    """Bytes to put on the wire, after ``delay`` seconds; then the cable is out where ``hang_up``."""

    wire: bytes
    delay: float = 0.0
    hang_up: bool = False


class Wired(Protocol):
    """A simulated device behind a port. ``greeting``: what it says when power comes; ``written_at_once`` 0: all.

    ``receive`` is also called with nothing, every poll, so that a device may speak unasked.
    """

    @property
    def unplugged(self) -> bool: ...

    @property
    def greeting(self) -> bytes: ...

    @property
    def written_at_once(self) -> int: ...

    def receive(self, wire: bytes) -> list[Answer]: ...

    def power_on(self) -> None: ...


class Wire(Protocol):
    """A plugged-in cable, seen from the sensor. ``read`` gives None when the far end is gone for good."""

    def read(self) -> bytes | None: ...

    def write(self, wire: bytes) -> None: ...

    def cut(self) -> None: ...


class SensorPort:
    """Serves one sensor in its own thread: plugs the cable in, answers, pulls it when the sensor says so."""

    def __init__(self, sensor: Wired, poll: float = POLL_SECONDS) -> None:
        self._sensor = sensor
        self._poll = poll
        self._stop = threading.Event()
        self._wire: Wire | None = None
        self._thread = threading.Thread(target=self._serve, name="simulated port", daemon=True)

    url: str
    """What stands after ``ef01:`` in a device line."""

    def start(self) -> None:
        """Begin to answer."""
        self._thread.start()

    def close(self) -> None:
        """Pull the cable and end the thread."""
        self._stop.set()
        self._thread.join(timeout=5)
        self._unplug()

    def restart_sensor(self) -> None:
        """A brown-out: the sensor forgets everything, and says 55 where its kind does."""
        self._sensor.power_on()
        wire = self._wire
        if wire is not None:
            wire.write(self._sensor.greeting)

    def _plug_in(self) -> Wire | None:
        """Wait a little for somebody to connect."""
        raise NotImplementedError

    def _serve(self) -> None:
        while not self._stop.is_set():
            if self._sensor.unplugged:
                self._unplug()
                self._stop.wait(self._poll)
                continue
            if self._wire is None:
                self._wire = self._plug_in()
                continue
            with contextlib.suppress(OSError):
                self._answer_once(self._wire)

    def _answer_once(self, wire: Wire) -> None:
        came = self._take(wire)
        if came is None:
            self._unplug()
            return
        for answer in self._sensor.receive(came):
            if self._wire is wire:  # an earlier answer may have ended with the cable out
                self._send(wire, answer)

    def _take(self, wire: Wire) -> bytes | None:
        return wire.read()

    def _send(self, wire: Wire, answer: Answer) -> None:
        self._stop.wait(answer.delay)
        at_once = self._sensor.written_at_once or len(answer.wire) or 1
        for start in range(0, len(answer.wire), at_once):
            if start:
                time.sleep(BETWEEN_PIECES)
            wire.write(answer.wire[start : start + at_once])
        if answer.hang_up:
            self._unplug()

    def _unplug(self) -> None:
        wire, self._wire = self._wire, None
        if wire is not None:
            wire.cut()
            if self._sensor.unplugged:
                self._sensor.power_on()


class _SocketWire:
    def __init__(self, connection: socket.socket, poll: float) -> None:
        self._connection = connection
        connection.settimeout(poll)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def read(self) -> bytes | None:
        try:
            return self._connection.recv(4096) or None
        except TimeoutError:
            return b""
        except OSError:
            return None

    def write(self, wire: bytes) -> None:
        self._connection.sendall(wire)

    def cut(self) -> None:
        self._connection.close()


class SocketPort(SensorPort):
    """The sensor behind ``socket://127.0.0.1:<free port>``; while unplugged, callers are hung up on at once."""

    def __init__(self, sensor: Wired, poll: float = POLL_SECONDS) -> None:
        super().__init__(sensor, poll)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._listener.settimeout(poll)
        self.url = f"socket://127.0.0.1:{self._listener.getsockname()[1]}"

    def close(self) -> None:
        super().close()
        self._listener.close()

    def _plug_in(self) -> Wire | None:
        try:
            wire = _SocketWire(self._listener.accept()[0], self._poll)
        except OSError:
            return None
        wire.write(self._sensor.greeting)
        return wire

    def _unplug(self) -> None:
        super()._unplug()
        if self._sensor.unplugged:
            with contextlib.suppress(OSError):
                self._listener.accept()[0].close()


class PtyWire:
    """Holds the terminal's own end open too, so that the sensor waits quietly while no driver is connected."""

    def __init__(self, link: Path, poll: float) -> None:
        import pty  # noqa: PLC0415 - POSIX only; this file must import on Windows
        import tty  # noqa: PLC0415 - POSIX only

        self._link, self._poll = link, poll
        self._sensor_end, self._host_end = pty.openpty()
        tty.setraw(self._host_end)
        link.unlink(missing_ok=True)
        link.symlink_to(os.ttyname(self._host_end))

    def read(self) -> bytes | None:
        ready, _, _ = select.select([self._sensor_end], [], [], self._poll)
        return os.read(self._sensor_end, 4096) if ready else b""

    def write(self, wire: bytes) -> None:
        while wire:
            wire = wire[os.write(self._sensor_end, wire) :]

    def cut(self) -> None:
        self._link.unlink(missing_ok=True)
        os.close(self._sensor_end)
        os.close(self._host_end)

    def heard_at(self, baud: int) -> bool:
        """Whether the host's end is set to this baud rate."""
        import termios  # noqa: PLC0415 - POSIX only

        return bool(termios.tcgetattr(self._sensor_end)[5] == getattr(termios, f"B{baud}"))


class PtyPort(SensorPort):
    """The sensor behind a pseudo-terminal, found at ``link`` whenever it is plugged in, as udev would name it."""

    def __init__(self, sensor: Wired, link: Path, poll: float = POLL_SECONDS) -> None:
        if sys.platform == "win32":
            raise OSError("pseudo-terminals are a POSIX thing: use SocketPort")
        super().__init__(sensor, poll)
        self._link = link
        self.url = str(link)

    def start(self) -> None:
        """Plug in at once: a driver started right afterwards finds the port."""
        self._wire = self._plug_in()
        super().start()

    def _plug_in(self) -> Wire | None:
        return PtyWire(self._link, self._poll)
