"""The jack of a sound card as Linux reports it: an input device with SW_HEADPHONE_INSERT, asked by ioctl.

An event says only that something changed; the state is always asked for, so that a lost event loses nothing.
"""

from __future__ import annotations

import os
import select
import threading
from collections.abc import Callable
from contextlib import suppress

from devices.device import Clock, DeviceFault, DeviceMissing, HealthBoard, utc_now
from devices.headphones import Plug
from devices.headphones.switches import GET_SWITCHES, SWITCH_BYTES, plug_is_in

SCHEME = "evdev:"
LOOK_SECONDS = 0.5
EVENTS_AT_ONCE = 24 * 64


def ask_switches(device: int) -> bytes:
    """The state of all switches of an open input device. Raises OSError."""
    import fcntl  # noqa: PLC0415  not on every system; a hall without such a jack never comes here

    state = bytearray(SWITCH_BYTES)
    fcntl.ioctl(device, GET_SWITCHES, state)
    return bytes(state)


class EvdevJack:
    """Watches ``path`` (best one of /dev/input/by-path). ``ask``: how the switches of an open device are read."""

    def __init__(
        self, path: str, name: str = "headphones", clock: Clock = utc_now,
        ask: Callable[[int], bytes] = ask_switches,
    ) -> None:  # fmt: skip
        self.name = name
        self.board = HealthBoard(name, clock)
        self._path = path
        self._ask = ask
        self._device: int | None = None
        self._plug = Plug()
        self._lock = threading.Lock()

    @property
    def inserted(self) -> bool:
        """Whether a plug is in; False while the device does not answer."""
        return self._plug.inserted

    def wait_for_change(self, told: bool, seconds: float) -> bool:  # noqa: FBT001  see HeadphoneJack
        """See HeadphoneJack."""
        return self._plug.wait_for_change(told, seconds)

    def attend(self, stop: threading.Event) -> None:
        """Look, then wait for an event for half a second."""
        if stop.is_set():
            return
        try:
            device = self._opened()
            self._look(device)
            ready, _, _ = select.select([device], [], [], LOOK_SECONDS)
            if ready and not os.read(device, EVENTS_AT_ONCE):
                raise FileNotFoundError(2, "it ended")  # noqa: TRY301  the same road as what the system says
            self._look(device)
        except FileNotFoundError as error:
            self.close()
            raise DeviceMissing(f"{self._path}: not there") from error
        except (OSError, ValueError) as error:
            self.close()
            gone = not os.path.exists(self._path)  # noqa: PTH110  a question about a device, asked of the system
            raise (DeviceMissing if gone else DeviceFault)(f"{self._path}: {type(error).__name__}") from error

    def _look(self, device: int) -> None:
        if self._plug.set(plug_is_in(self._ask(device))):
            self.board.counted("plug in" if self._plug.inserted else "plug out")
        self.board.ready()

    def _opened(self) -> int:
        with self._lock:
            if self._device is None:
                self._device = os.open(self._path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
            return self._device

    def close(self) -> None:
        """Let go of it; what is not looked at is not known, so no plug is in."""
        self._plug.set(False)
        with self._lock:
            if self._device is not None:
                with suppress(OSError):
                    os.close(self._device)
            self._device = None
