"""A load of requests made beforehand, in a process of its own: what is measured is the server, not the asking.

    python -m bench.county_load PORT TRUST FILE CONNECTIONS SECONDS RATE   → JSON: p50_ms, p99_ms, answers, statuses

TRUST: a certificate to believe, for TLS; empty for none.
FILE: one request a line, as a JSON string. They are sent in turn, over and over; where the first line is "once"
(signed requests are good one time) it ends when they are used up.
RATE: requests a second over all connections, sent at their moment however slow the answers are (late ones are late in
the figures too); 0: each connection asks again as soon as it is answered.
"""

from __future__ import annotations

import json
import selectors
import socket
import ssl
import sys
import time
from collections import Counter
from collections.abc import Iterator
from itertools import cycle
from pathlib import Path

from bench.figure import p50

ONCE = "once"


class Line:
    """One connection: sends a request, reads its answer by its length."""

    def __init__(self, port: int, trust: ssl.SSLContext | None) -> None:
        self._port, self._trust = port, trust
        self.socket: socket.socket | None = None
        self._received = b""
        self._since = 0.0

    def ask(self, request: bytes, since: float) -> None:
        """Send; ``since``: when it should have gone out."""
        self._received, self._since = b"", since
        if self.socket is None:  # only now: who connects and says nothing is hung up on
            self.socket = self._connected()
        self.socket.sendall(request)

    def _connected(self) -> socket.socket:
        plain = socket.create_connection(("127.0.0.1", self._port), timeout=20)
        plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return self._trust.wrap_socket(plain, server_hostname="127.0.0.1") if self._trust else plain

    def read(self) -> tuple[float, int] | None:
        """Seconds and status once the answer is complete."""
        assert self.socket is not None
        part = self.socket.recv(262144)
        if not part:
            raise RuntimeError("the server hung up")
        self._received += part + self._rest()
        head, separator, body = self._received.partition(b"\r\n\r\n")
        if not separator:
            return None
        lines = head.split(b"\r\n")
        length = next((int(line[15:]) for line in lines if line.lower().startswith(b"content-length:")), 0)
        return (time.perf_counter() - self._since, int(lines[0][9:12])) if len(body) >= length else None

    def _rest(self) -> bytes:
        """What TLS has read already, and a selector does not know of."""
        waiting = self.socket.pending() if isinstance(self.socket, ssl.SSLSocket) else 0
        return self.socket.recv(waiting) if self.socket and waiting else b""


def requests_in(file: Path) -> Iterator[bytes]:
    """The requests of a file: once each, or for ever."""
    lines = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    once = lines[0] == ONCE
    found = [line.encode() for line in lines[once:]]
    return iter(found) if once else cycle(found)


class Load:
    """The answers of one run."""

    def __init__(self, lines: list[Line], requests: Iterator[bytes]) -> None:
        self.took: list[float] = []
        self.statuses: Counter[int] = Counter()
        self._requests = requests
        self._free = lines
        self._waiting = selectors.DefaultSelector()
        self._busy = 0

    def run(self, seconds: float, rate: float) -> None:
        """Until the time is over or the requests are used up."""
        begin = time.perf_counter()
        until, due, more = begin + seconds, begin, True
        while more and (now := time.perf_counter()) < until:
            while more and self._free and (not rate or due <= now):
                more = self._ask(due if rate else time.perf_counter())
                due += 1 / rate if rate else 0
            self._gather(max(0.0, min(due - time.perf_counter(), 1.0)) if rate and self._free else 1.0)
        while self._busy:
            self._gather(20.0)

    def _ask(self, since: float) -> bool:
        request = next(self._requests, None)
        if request is None:
            return False
        line = self._free.pop()
        line.ask(request, since)
        assert line.socket is not None
        self._waiting.register(line.socket, selectors.EVENT_READ, line)
        self._busy += 1
        return True

    def _gather(self, seconds: float) -> None:
        for key, _ in self._waiting.select(seconds):
            answered = key.data.read()
            if answered is not None:
                self.took.append(answered[0])
                self.statuses[answered[1]] += 1
                self._waiting.unregister(key.data.socket)
                self._free.append(key.data)
                self._busy -= 1


def main() -> None:
    """Print the run as JSON."""
    port, trusted, file, connections, seconds, rate = sys.argv[1:]
    trust = ssl.create_default_context(cafile=trusted) if trusted else None
    load = Load([Line(int(port), trust) for _ in range(int(connections))], requests_in(Path(file)))
    load.run(float(seconds), float(rate))
    ordered = sorted(load.took)
    p99 = ordered[-(-len(ordered) * 99 // 100) - 1]
    told = {"p50_ms": p50(ordered) * 1000, "p99_ms": p99 * 1000, "answers": len(ordered), "statuses": load.statuses}
    print(json.dumps(told))


if __name__ == "__main__":
    main()
