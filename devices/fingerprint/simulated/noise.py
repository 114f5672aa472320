"""Bits that flip on the way, the same ones in each run: a share of all frames, or of all bits."""

from __future__ import annotations

import random

HEAD = b"\xef\x01\xff\xff\xff\xff"
MOST_FLIPS = 3


class Noise:
    """``frames``: the share of packets of which one to three bits flip; ``bits``: the share of all bits that do."""

    def __init__(self, frames: float, bits: float, seed: int) -> None:
        self._frames, self._bits = frames, bits
        self._chance = random.Random(seed)  # noqa: S311 - noise that every run repeats, no secret
        self.flipped = 0

    def disturb(self, wire: bytes) -> bytes:
        """What arrives of what was sent."""
        heads = wire.split(HEAD)
        packets = [heads[0], *(HEAD + rest for rest in heads[1:])]
        return b"".join(self._packet(bytearray(packet)) for packet in packets if packet)

    def _packet(self, packet: bytearray) -> bytes:
        count = 8 * len(packet)
        flips: list[int] = []
        if self._bits:
            flips = [bit for bit in range(count) if self._chance.random() < self._bits]
        elif self._chance.random() < self._frames:
            flips = self._chance.sample(range(count), min(count, self._chance.randint(1, MOST_FLIPS)))
        for bit in flips:
            packet[bit // 8] ^= 1 << bit % 8
        self.flipped += len(flips)
        return bytes(packet)
