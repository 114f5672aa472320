"""What a card and the county's key service say to each other (reference/card.md §2.4)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

BLOCK = 8
"""Bytes of a challenge, of a cryptogram, and of what goes into one (3DES and SM4 cards alike)."""


@dataclass(frozen=True)
class KeyQuestion:
    """What a card asks of the key service (reference/card.md §2.4): all that the two-step flow sends upstream.

    ``region`` six digits, ``atr_history`` none to 30 hex digits, ``algorithm`` two: "01" 3DES, "02" SSF33, "03" SM4,
    ``identification`` 32 hex digits. ``inner_factor`` and ``inner_original``: 8 bytes each, for the proof that the card
    is genuine. ``outer_factor`` and ``outer_original``: 8 bytes each, for the right to read; None on versions 1 and 2.
    """

    region: str
    atr_history: str = field(repr=False)
    algorithm: str
    identification: str = field(repr=False)
    inner_factor: bytes = field(repr=False)
    inner_original: bytes = field(repr=False)
    outer_factor: bytes | None = field(default=None, repr=False)
    outer_original: bytes | None = field(default=None, repr=False)


@dataclass(frozen=True)
class KeyAnswer:
    """What the key service says: each 16 bytes, a cryptogram and the original it was made of; None where it has none.

    ValueError for any other length.
    """

    inner: bytes | None = field(repr=False)
    outer: bytes | None = field(repr=False)

    def __post_init__(self) -> None:
        for value in (self.inner, self.outer):
            if value is not None and len(value) != 2 * BLOCK:
                raise ValueError("a key service answers two blocks of 8 bytes")


KeyService = Callable[[KeyQuestion], KeyAnswer]
"""Asks the county's key service while the card stays open: a few seconds at most. What it raises is passed on."""
