"""Code scanners: what a resident shows is handed on once, whole and unread, and then forgotten."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import Protocol

from devices.device import DeviceError, DeviceFault, HealthBoard

LONGEST_CODE = 4096
"""Characters; reference/serial-devices.md §4.3."""


class CodeUnusable(DeviceError):
    """A code was scanned that cannot be handed on: too long, or with characters no code for a hall carries."""


class ScannerTypes(DeviceFault):
    """The scanner is set up as a keyboard: it would type codes into whatever window has the focus."""


def wipe(content: bytearray) -> None:
    """Overwrite and empty it."""
    content[:] = bytes(len(content))
    content.clear()


@dataclass(frozen=True, repr=False, eq=False)
class ScannedCode:
    """What one scan gave, printable ASCII, for one consumer. ``length`` in characters stays readable.

    Whoever drops it untaken overwrites it by that: nobody came any more, a card came first, the program ends.
    Opaque: an electronic social-security card's code means nothing to this machine and is never parsed
    (reference/card.md §5). It has no equality, no hash of its content, no pickle and no words.
    """

    length: int
    _content: list[bytearray]

    @classmethod
    def of(cls, content: bytearray) -> ScannedCode:
        """A code around ``content``, which belongs to it from now on."""
        return cls(len(content), [content])

    def take(self) -> bytearray:
        """The content, once; whoever takes it overwrites it after handing it on. LookupError: it was taken."""
        try:
            return self._content.pop()
        except IndexError:
            raise LookupError("this code was taken already") from None

    def forget(self) -> None:
        """Overwrite the content that nobody took."""
        while self._content:
            wipe(self._content.pop())

    def __del__(self) -> None:
        self.forget()

    def __repr__(self) -> str:
        return f"ScannedCode({self.length} characters)"

    def __reduce__(self) -> str:
        raise TypeError("a scanned code is handed on in memory only")


class CodeScanner(Protocol):
    """A scanner on a serial line; one set up as a keyboard is refused (:class:`ScannerTypes`).

    ``scan`` lets it look for up to ``seconds`` and gives the first code; None when none came or ``cancelled`` was set
    (within 0.3 s). What was scanned before is thrown away, and so is the same code delivered a second time within
    two seconds. Raises DeviceError; CodeUnusable leaves the scanner READY.
    """

    name: str
    board: HealthBoard

    def attend(self, stop: threading.Event) -> None: ...

    def scan(self, seconds: float, cancelled: threading.Event) -> ScannedCode | None: ...

    def close(self) -> None: ...
