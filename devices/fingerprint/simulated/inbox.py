"""What a simulated sensor hears: packets found in bytes, by its own rules and not the driver's; §1.1."""

from __future__ import annotations

from collections.abc import Iterator

LENGTHS = range(3, 259)
HEADER = 9
PATIENT = 2  # polls without a byte after which half a packet of the host's is dropped


class Inbox:
    """Holds what came and is no whole packet yet."""

    def __init__(self) -> None:
        self._held = b""
        self._silence = 0

    def clear(self) -> None:
        """Forget it."""
        self._held = b""

    def take(self, wire: bytes) -> None:
        """More bytes, or none for the length of a poll."""
        self._silence = 0 if wire else self._silence + 1
        self._held = self._held + wire if self._silence <= PATIENT else b""

    def packets(self) -> Iterator[tuple[int, bytes]]:
        """Each packet to us as (id, payload); an empty payload stands for one that came in broken."""
        while (start := self._held.find(b"\xef\x01\xff\xff\xff\xff")) >= 0:
            packet = self._held[start:]
            if len(packet) < HEADER:
                return
            size = int.from_bytes(packet[7:HEADER], "big")
            if size not in LENGTHS:
                self._held = packet[1:]
                continue
            if len(packet) < HEADER + size:
                return
            self._held = packet[HEADER + size :]
            whole = sum(packet[6 : 7 + size]) == int.from_bytes(packet[7 + size : HEADER + size], "big")
            yield packet[6], packet[HEADER : 7 + size] if whole else b""
        self._held = self._held[-5:]
