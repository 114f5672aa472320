"""A jack for the dock and the tests: a hand puts the plug in and takes it out."""

from __future__ import annotations

import threading

from devices.device import Clock, DeviceMissing, HealthBoard, utc_now
from devices.headphones import Plug


class SimulatedJack:
    """A jack that is there unless :meth:`vanish` was called."""

    def __init__(self, name: str = "headphones", clock: Clock = utc_now) -> None:
        self.name = name
        self.board = HealthBoard(name, clock)
        self._plug = Plug()
        self._there = True

    @property
    def inserted(self) -> bool:
        """Whether a plug is in."""
        return self._plug.inserted

    def wait_for_change(self, told: bool, seconds: float) -> bool:  # noqa: FBT001  see HeadphoneJack
        """See HeadphoneJack."""
        return self._plug.wait_for_change(told, seconds)

    def attend(self, stop: threading.Event) -> None:
        """Be there."""
        if not self._there:
            self.close()
            raise DeviceMissing("the sound card is gone")
        self.board.ready()
        stop.wait(0.2)

    def plug_in(self) -> None:
        """Somebody puts headphones in."""
        self._plug.set(self._there)

    def pull_out(self) -> None:
        """Somebody takes them out."""
        self._plug.set(False)

    def vanish(self, *, there: bool = False) -> None:
        """The sound card goes, or comes back."""
        self._there = there
        if not there:
            self.close()

    def close(self) -> None:
        """No plug is known of any more."""
        self._plug.set(False)
