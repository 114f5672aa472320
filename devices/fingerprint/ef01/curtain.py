"""A curtain between a serial port and whoever listens: while a picture of a finger crosses the line, it is drawn."""

from __future__ import annotations

from devices.fingerprint.ef01 import frames
from devices.fingerprint.ef01.frames import Frame
from devices.tap import Tap


class Curtain:
    """A :class:`devices.tap.Tap` that passes everything on, but nothing that comes while it is ``drawn``.

    What may be known of a picture is told through :meth:`tell_length`: its frames, every pixel of them zero.
    """

    def __init__(self, tap: Tap, address: int) -> None:
        self._tap, self._address = tap, address
        self.drawn = False

    def opened(self, baud: int) -> None:
        """Passed on."""
        self._tap.opened(baud)

    def sent(self, content: bytes) -> None:
        """Passed on: the kiosk sends no picture."""
        self._tap.sent(content)

    def came(self, content: bytes) -> None:
        """Passed on, or kept back."""
        if not self.drawn or not content:  # nothing comes from a line that vanished
            self._tap.came(content)

    def closed(self) -> None:
        """Passed on."""
        self._tap.closed()

    def tell(self, frame: Frame) -> None:
        """A frame that came behind the curtain and shows nothing: an acknowledgement."""
        self._tap.came(frames.encode(frame.kind, frame.payload, self._address))

    def tell_length(self, frame: Frame) -> None:
        """A frame of a picture, as long as it was and blank."""
        self._tap.came(frames.encode(frame.kind, bytes(len(frame.payload)), self._address))
