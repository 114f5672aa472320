"""Where the printer emulator is plugged in: a loopback socket, or a pseudo-terminal."""

from __future__ import annotations

import contextlib
import os
import socket
from collections.abc import Iterator


class TcpPlug:
    """The network side: one connection at a time, as such printers have it."""

    def __init__(self) -> None:
        self._listener: socket.socket | None = socket.create_server(("127.0.0.1", 0))
        self._port: int = self._listener.getsockname()[1]
        self._line: socket.socket | None = None
        self.url = f"tcp:127.0.0.1:{self._port}"

    def powered(self, *, on: bool) -> None:
        if not on:
            self.pull()
        elif self._listener is None:
            self._listener = socket.create_server(("127.0.0.1", self._port))

    def listens(self) -> Iterator[socket.socket]:
        return (source for source in (self._line or self._listener,) if source is not None)

    def hear(self) -> bytes | None:
        """What came; None when the other end came or went."""
        if self._line is None:
            if self._listener is not None:
                self._line = self._listener.accept()[0]
            return None
        message = b""
        with contextlib.suppress(OSError):
            message = self._line.recv(65536)
        if not message:
            self._line.close()
            self._line = None
            return None
        return message

    def say(self, answer: bytes) -> None:
        with contextlib.suppress(OSError):
            if self._line is not None and answer:
                self._line.sendall(answer)

    def pull(self) -> None:
        for source in (self._line, self._listener):
            if source is not None:
                source.close()
        self._line = self._listener = None


class PtyPlug:
    """The serial side. The emulator holds the far end open, so that a driver may come and go."""

    def __init__(self) -> None:
        import tty  # noqa: PLC0415 - not on Windows, where only the network side is used

        self._ours, self._far = os.openpty()
        tty.setraw(self._far)
        self.url = f"serial:{os.ttyname(self._far)}?baud=115200"

    def powered(self, *, on: bool) -> None:
        """Nothing to see: the cable stays."""

    def listens(self) -> Iterator[int]:
        yield self._ours

    def hear(self) -> bytes | None:
        return os.read(self._ours, 65536)

    def say(self, answer: bytes) -> None:
        os.write(self._ours, answer)

    def pull(self) -> None:
        for end in (self._ours, self._far):
            with contextlib.suppress(OSError):
                os.close(end)
