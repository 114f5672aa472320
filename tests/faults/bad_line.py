"""A stretch of wire between kiosk and hub that breaks as wires do: real sockets, byte by byte."""

from __future__ import annotations

import contextlib
import socket
import struct
import threading
from enum import StrEnum

PIECE = 65536


class Break(StrEnum):
    """How the next exchange breaks. The request reached the hub in all but the first."""

    REFUSED = "the connection is closed before a byte was read"
    RESET_AFTER = "the hub answered, the wire is reset"
    HALF = "half of the answer, then the end"
    SILENT = "the answer never comes"
    TRICKLE = "the answer comes a byte a second"


class BadLine:
    """Listens on loopback and passes on to ``target`` (host:port); ``next`` breaks so many exchanges in that way."""

    def __init__(self, target: str) -> None:
        host, _, port = target.rpartition(":")
        self._target = (host, int(port))
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listening.getsockname()[1]}"
        self.breaks: list[Break] = []
        self.passed = 0
        self._closing = threading.Event()
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        while not self._closing.is_set():
            try:
                line, _ = self._listening.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(line,), daemon=True).start()

    def _serve(self, line: socket.socket) -> None:
        """One exchange a connection: whoever wants another connects again."""
        with contextlib.suppress(OSError), line:
            request = self._whole_request(line)
            broken = self.breaks.pop(0) if request and self.breaks else None
            if not request or broken is Break.REFUSED:
                _reset(line)
                return
            answer = self._ask_hub(request)
            self.passed += 1
            self._give_back(line, answer, broken)

    def _give_back(self, line: socket.socket, answer: bytes, broken: Break | None) -> None:
        match broken:
            case None:
                line.sendall(answer)
            case Break.HALF:
                line.sendall(answer[: len(answer) // 2])
            case Break.SILENT:
                self._closing.wait(30)
            case Break.TRICKLE:
                for at in range(len(answer)):
                    line.sendall(answer[at : at + 1])
                    if self._closing.wait(1.0):
                        return
            case _:
                _reset(line)

    @staticmethod
    def _whole_request(line: socket.socket) -> bytes:
        line.settimeout(10)
        request = b""
        while b"\r\n\r\n" not in request:
            piece = line.recv(PIECE)
            if not piece:
                return b""
            request += piece
        head, _, body = request.partition(b"\r\n\r\n")
        length = next(
            (int(row.split(b":")[1]) for row in head.split(b"\r\n") if row.lower().startswith(b"content-length:")), 0
        )
        while len(body) < length:
            body += line.recv(PIECE)
        rows = [row for row in head.split(b"\r\n") if not row.lower().startswith(b"connection:")]
        return b"\r\n".join([*rows, b"Connection: close", b"", body])

    def _ask_hub(self, request: bytes) -> bytes:
        answer = b""
        with socket.create_connection(self._target, 10) as hub:
            hub.sendall(request)
            while piece := hub.recv(PIECE):
                answer += piece
        return answer

    def close(self) -> None:
        self._closing.set()
        self._listening.close()


def _reset(line: socket.socket) -> None:
    """RST instead of FIN."""
    line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    line.close()
