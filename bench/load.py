"""A load in a process of its own: keep-alive connections that each ask again as soon as they are answered.

    python -m bench.load HOST PORT PATH COOKIE CONNECTIONS SECONDS   → p50 in milliseconds, number of answers

One thread and a selector, so that what is measured is the server and not this process.
"""

from __future__ import annotations

import json
import selectors
import socket
import sys
import time

from bench.figure import p50


class Line:
    """One connection: sends the same request again and again, reads each answer by its length."""

    def __init__(self, address: tuple[str, int], request: bytes) -> None:
        self.socket = socket.create_connection(address, timeout=10)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._request = request
        self._received = b""
        self._sent = 0.0

    def ask(self) -> None:
        """Send."""
        self._received = b""
        self._sent = time.perf_counter()
        self.socket.sendall(self._request)

    def read(self) -> float | None:
        """Seconds the answer took once it is complete, else None; raises RuntimeError for another status than 200."""
        part = self.socket.recv(262144)
        if not part:
            raise RuntimeError("the server hung up")
        self._received += part
        head, separator, body = self._received.partition(b"\r\n\r\n")
        if not separator:
            return None
        if b" 200 " not in head[:16]:
            raise RuntimeError(head.split(b"\r\n")[0].decode())
        length = next(int(line[15:]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:"))
        return time.perf_counter() - self._sent if len(body) >= length else None


def load(address: tuple[str, int], path: str, cookie: str, connections: int, seconds: float) -> list[float]:
    """Seconds of every answer."""
    lines = [
        f"GET {path} HTTP/1.1",
        f"Host: {address[0]}:{address[1]}",
        "Accept: text/html",
        *([f"Cookie: {cookie}"] * bool(cookie)),
    ]
    request = "\r\n".join([*lines, "", ""]).encode()
    took: list[float] = []
    with selectors.DefaultSelector() as waiting:
        for line in [Line(address, request) for _ in range(connections)]:
            waiting.register(line.socket, selectors.EVENT_READ, line)
            line.ask()
        until = time.perf_counter() + seconds
        while time.perf_counter() < until:
            for key, _ in waiting.select(5):
                passed = key.data.read()
                if passed is not None:
                    took.append(passed)
                    key.data.ask()
    return took


def main() -> None:
    """Print p50 and count as JSON."""
    host, port, path, cookie, connections, seconds = sys.argv[1:]
    took = load((host, int(port)), path, cookie, int(connections), float(seconds))
    print(json.dumps({"p50_ms": p50(took) * 1000, "answers": len(took)}))


if __name__ == "__main__":
    main()
