"""What every booth of a serial device has: the loop that attends to its driver, and a tap that keeps what it hears."""

from __future__ import annotations

import threading
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Self

from devices.device import watch

LEAVING_SECONDS = 5.0


@dataclass
class Listener:
    """A tap that keeps what it hears."""

    sent_frames: list[bytes] = field(default_factory=list)
    came_bytes: bytearray = field(default_factory=bytearray)
    bauds: list[int] = field(default_factory=list)
    closings: int = 0

    def opened(self, baud: int) -> None:
        self.bauds.append(baud)

    def sent(self, content: bytes) -> None:
        self.sent_frames.append(content)

    def came(self, content: bytes) -> None:
        self.came_bytes += content

    def closed(self) -> None:
        self.closings += 1


@dataclass(kw_only=True)
class AttendedBooth(ABC):
    """A driver and the ``port`` it speaks to; ``attended`` begins the loop, ``leave`` ends everything."""

    cancelled: threading.Event = field(default_factory=threading.Event)
    stop: threading.Event = field(default_factory=threading.Event)
    watcher: threading.Thread | None = None

    @property
    @abstractmethod
    def driver(self) -> Any:
        """The real driver, under whatever name the booth has for it."""

    def attended(self) -> Self:
        self.watcher = threading.Thread(target=watch, args=(self.driver, self.stop), daemon=True)
        self.watcher.start()
        return self

    def leave(self) -> None:
        self.stop.set()
        if self.watcher is not None:
            self.watcher.join(LEAVING_SECONDS)
        self.driver.close()
        self.port.close()


@contextmanager
def all_left() -> Iterator[list[Any]]:
    """A list of booths that are left at the end, all of them told before the first is waited for."""
    booths: list[AttendedBooth] = []
    yield booths
    for booth in booths:
        booth.stop.set()
    for booth in booths:
        booth.leave()
