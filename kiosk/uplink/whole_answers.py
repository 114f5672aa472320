"""A whole answer within a time: the HTTP library bounds each piece, and a county that trickles its head has no end."""

from __future__ import annotations

import ssl
import time
from collections.abc import Iterable
from typing import Any

import httpcore
import httpx

from kiosk.uplink.addresses import EachAddress


class BoundedStream(httpcore.NetworkStream):
    """A connection whose reads end ``seconds`` after the last write, however often a byte comes in between."""

    def __init__(self, stream: httpcore.NetworkStream, seconds: float) -> None:
        self._stream = stream
        self._seconds = seconds
        self._until = time.monotonic() + seconds

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """As the connection reads; httpcore.ReadTimeout past the end."""
        left = self._until - time.monotonic()
        if left <= 0:
            raise httpcore.ReadTimeout("the answer trickles")
        return self._stream.read(max_bytes, left if timeout is None else min(timeout, left))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """A request goes out: the time of its answer begins."""
        self._stream.write(buffer, timeout)
        self._until = time.monotonic() + self._seconds

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        """The same inside TLS."""
        return BoundedStream(self._stream.start_tls(ssl_context, server_hostname, timeout), self._seconds)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


class BoundedBackend(httpcore.NetworkBackend):
    """Opens such connections."""

    def __init__(self, backend: httpcore.NetworkBackend, seconds: float) -> None:
        self._backend = backend
        self._seconds = seconds

    def connect_tcp(
        self, host: str, port: int, timeout: float | None = None, local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:  # fmt: skip
        """A bounded connection."""
        return BoundedStream(
            self._backend.connect_tcp(host, port, timeout, local_address, socket_options), self._seconds
        )


def bounded(transport: httpx.BaseTransport, seconds: float) -> httpx.BaseTransport:
    """The transport, its connections bounded where it opens any."""
    if isinstance(transport, httpx.HTTPTransport):
        pool = transport._pool  # noqa: SLF001 - httpx hands a backend on to nobody; tests/kiosk/test_client.py sees it
        pool._network_backend = BoundedBackend(EachAddress(pool._network_backend), seconds)  # noqa: SLF001 - see above
    return transport
