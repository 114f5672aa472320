"""The ring (R503) or lamp (older models) of an EF01 sensor; reference/serial-devices.md §1.2, codes 35, 50 and 51."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from types import MappingProxyType

from devices.fingerprint import LightState
from devices.fingerprint.ef01.codes import Command
from devices.fingerprint.ef01.frames import Acknowledgement

Offered = Callable[[Command, bytes, threading.Event], Acknowledgement | None]

COLOURS: Mapping[LightState, bytes] = MappingProxyType(
    {
        LightState.OFF: bytes([4, 0, 2, 0]),
        LightState.INVITING: bytes([1, 0x60, 2, 0]),
        LightState.ACCEPTED: bytes([3, 0, 2, 0]),
        LightState.REFUSED: bytes([2, 0x30, 1, 3]),
    }
)
"""Control, speed, colour, times: blue breathes, blue stands, red flashes thrice. No green: older rings have none."""


class Ef01Light:
    """Remembers what the lamp should say and says it when the line is free; quiet where the model has none."""

    def __init__(self, offered: Offered) -> None:
        self._offered = offered
        self._shown: LightState | None = None
        self.wanted: LightState | None = None

    def restarted(self) -> None:
        """The sensor forgot what its lamp was told."""
        self._shown = None

    def show(self, abort: threading.Event) -> None:
        """Bring the lamp to what is wanted."""
        wanted = self.wanted
        if wanted is None or wanted is self._shown:
            return
        self._shown = wanted
        if self._offered(Command.COLOUR_LIGHT, COLOURS[wanted], abort) is None:
            self._offered(Command.LIGHT_OFF if wanted is LightState.OFF else Command.LIGHT_ON, b"", abort)
