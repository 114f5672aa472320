"""The hash chain of a journal: each entry carries the hash of the one before it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

START = "0" * 64


@dataclass(frozen=True)
class Link:
    """One entry as stored: its number, its canonical text, and the hash that binds it to all before it."""

    number: int
    text: str
    digest: str


def digest(previous: str, text: str) -> str:
    """The hash of an entry after ``previous`` (64 hex digits)."""
    return hashlib.sha256(f"{previous}\n{text}".encode()).hexdigest()


def first_break(links: Iterable[Link]) -> int | None:
    """The number of the first changed, missing or moved entry; None where the chain holds."""
    previous, expected = START, 1
    for link in links:
        if link.number != expected or digest(previous, link.text) != link.digest:
            return expected
        previous, expected = link.digest, expected + 1
    return None
