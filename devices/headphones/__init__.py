"""The headphone jack: whether somebody's ears are at it. Unknown counts as no: then nothing personal is spoken."""

from __future__ import annotations

import threading
from typing import Protocol

from devices.device import HealthBoard


class HeadphoneJack(Protocol):
    """A jack that knows whether a plug is in."""

    name: str
    board: HealthBoard

    @property
    def inserted(self) -> bool:
        """Whether a plug is in, as far as is known now; False whenever that is not known."""

    def wait_for_change(self, told: bool, seconds: float) -> bool:  # noqa: FBT001  the state somebody was told last
        """Whether a plug is in, as soon as that differs from ``told``, at the latest after ``seconds``."""

    def attend(self, stop: threading.Event) -> None:
        """One bounded round of looking; see devices.device.Supervised."""

    def close(self) -> None:
        """Let go of it."""


class Plug:
    """What is known of the plug; safe from any thread, and wakes who waits for a change."""

    def __init__(self) -> None:
        self._in = False
        self._changed = threading.Condition()

    @property
    def inserted(self) -> bool:
        """Whether it is in."""
        return self._in

    def set(self, inserted: bool) -> bool:  # noqa: FBT001  the one thing there is to say
        """Note it; True where that is new."""
        with self._changed:
            new = inserted is not self._in
            self._in = inserted
            self._changed.notify_all()
        return new

    def wait_for_change(self, told: bool, seconds: float) -> bool:  # noqa: FBT001  see HeadphoneJack
        """See :class:`HeadphoneJack`."""
        with self._changed:
            self._changed.wait_for(lambda: self._in is not told, seconds)
            return self._in
