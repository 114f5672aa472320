"""The county's name may stand for several addresses, IPv6 before IPv4: one that is dead costs its share of the time."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable, Iterable

import httpcore

Resolve = Callable[[str, int], list[str]]


def addresses_of(host: str, port: int) -> list[str]:
    """The addresses of a name in the system's order; raises OSError. How long that takes is the system's."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(address[0]) for *_, address in found))


class EachAddress(httpcore.NetworkBackend):
    """Connects to one address of a name after the other, all within the time given for one connection.

    Each that is left has an equal share of the time that is left. The one that answered last is tried first.
    """

    def __init__(self, backend: httpcore.NetworkBackend, resolve: Resolve = addresses_of) -> None:
        self._backend = backend
        self._resolve = resolve
        self._answered = ""

    def connect_tcp(
        self, host: str, port: int, timeout: float | None = None, local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:  # fmt: skip
        """A connection; httpcore.ConnectError or ConnectTimeout of the last address where none answers."""
        until = None if timeout is None else time.monotonic() + timeout
        addresses = self._in_order(host, port)
        failed: Exception = httpcore.ConnectError(f"{host} has no address")
        for left, address in zip(range(len(addresses), 0, -1), addresses, strict=True):
            share = None if until is None else max(0.0, until - time.monotonic()) / left
            try:
                stream = self._backend.connect_tcp(address, port, share, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failed = error
            else:
                self._answered = address
                return stream
        raise failed

    def _in_order(self, host: str, port: int) -> list[str]:
        try:
            return sorted(self._resolve(host, port), key=lambda address: address != self._answered)
        except OSError as error:
            raise httpcore.ConnectError(str(error)) from error
