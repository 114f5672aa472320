"""Where a driver meets its device, somebody may listen: the recorder of devices/trace/__init__.py, or nobody."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol


class Tap(Protocol):
    """Hears every exchange of one device, in the thread that makes it, in order. Must not wait and never raises."""

    def opened(self, baud: int) -> None:
        """The line was opened (``baud`` 0: not a serial one)."""

    def sent(self, content: bytes) -> None:
        """These bytes go to the device: one command APDU, or what is written to a line."""

    def came(self, content: bytes) -> None:
        """These bytes came from the device: one response APDU, or whatever a line had ready.

        Of a card: the first that comes, before anything was sent, is its answer to reset. ``b""``: a card that is
        there gave no answer, or a line has vanished.
        """

    def closed(self) -> None:
        """The line was closed or lost."""


class _Nobody:
    """Listens to nothing."""

    def opened(self, baud: int) -> None:
        del baud

    def sent(self, content: bytes) -> None:
        del content

    def came(self, content: bytes) -> None:
        del content

    def closed(self) -> None:
        return


NO_TAP: Tap = _Nobody()

Taps = Callable[[str, str], Tap]
"""Gives the tap of one driver, by its kind and its configuration line."""


def no_taps(_kind: str, _line: str) -> Tap:
    """Nobody listens."""
    return NO_TAP
