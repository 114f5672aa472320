"""The hash chain of a journal: each entry carries the hash of the one before it.

A chain alone shows what was changed inside it. That its end was cut off, or that all of it was reckoned anew after a
change, only shows against a *head* that somebody else wrote down: a number and the digest of that entry.
"""

from __future__ import annotations

import hashlib
import re
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice

START = "0" * 64
WRITTEN = re.compile(r"([1-9][0-9]{0,17}):([0-9a-f]{8,64})")
BETWEEN_GROUPS = re.compile(r"[\s·.-]")
SHORT = 16
"""Hexadecimal digits of a head on paper and on the wall: 64 bits, which nobody meets by trying."""
GROUP = 4
LOOK_AHEAD = 1000
"""How far on an entry is looked for that stands in another place; what moved farther counts as changed."""
LOOKS = 20
"""For so many faults; a file that is wrong throughout is gone through all the same."""


@dataclass(frozen=True)
class Link:
    """One entry as stored: its number, its canonical text, and the hash that binds it to all before it."""

    number: int
    text: str
    digest: str


@dataclass(frozen=True)
class Head:
    """The last entry of a chain as somebody wrote it down; ``digest`` may be only its first digits."""

    number: int
    digest: str

    @property
    def short(self) -> str:
        """The digest as paper and wall show it: its first digits in groups, "3f9a-02bc-77d1-90ab"."""
        digits = self.digest[:SHORT]
        return "-".join(digits[at : at + GROUP] for at in range(0, len(digits), GROUP))

    @property
    def written(self) -> str:
        """As it is given back to whoever verifies: "1204:3f9a-02bc-77d1-90ab"."""
        return f"{self.number}:{self.short}"


class Fault(StrEnum):
    """What is wrong with a chain, one place."""

    MISSING = "missing"
    MOVED = "moved"
    CHANGED = "changed"
    CUT_OFF = "cut off"
    REWRITTEN = "rewritten"


@dataclass(frozen=True)
class Finding:
    """A fault and where: ``number`` is the entry, ``until`` the last one of a row of missing entries."""

    fault: Fault
    number: int
    until: int = 0


@dataclass(frozen=True)
class Verdict:
    """What a check found: how many entries there are, the head they end in (None: empty), and every fault."""

    entries: int
    head: Head | None
    findings: tuple[Finding, ...]

    @property
    def whole(self) -> bool:
        """True where nothing is wrong."""
        return not self.findings


def digest(previous: str, text: str) -> str:
    """The hash of an entry after ``previous`` (64 hex digits)."""
    return hashlib.sha256(f"{previous}\n{text}".encode()).hexdigest()


def head_from(text: str) -> Head:
    """A head from its written form, "NUMBER:DIGEST", the digest's first 8 to 64 digits in any grouping.

    Raises ValueError.
    """
    found = WRITTEN.fullmatch(BETWEEN_GROUPS.sub("", text).lower())
    if found is None:
        raise ValueError(f"{text!r} is no head: NUMBER:DIGEST, at least 8 hexadecimal digits of the digest")
    return Head(int(found[1]), found[2])


def first_break(links: Iterable[Link]) -> int | None:
    """The number of the first changed, missing or moved entry; None where the chain holds."""
    previous, expected = START, 1
    for link in links:
        if link.number != expected or digest(previous, link.text) != link.digest:
            return expected
        previous, expected = link.digest, expected + 1
    return None


def verified(links: Iterable[Link], heads: Sequence[Head] = ()) -> Verdict:
    """Everything that is wrong with the chain, in order; ``heads`` are what others wrote down of it.

    After a fault it goes on from what is stored, so that one fault is told once. Memory: LOOK_AHEAD entries.
    """
    wanted = {head.number for head in heads}
    kept: dict[int, str] = {}
    findings: list[Finding] = []
    entries, last = 0, None
    for link, fault in _walked(links):
        entries, last = entries + 1, Head(link.number, link.digest)
        findings += fault
        if link.number in wanted:
            kept[link.number] = link.digest
    length = last.number if last else 0
    return Verdict(entries, last, (*findings, *_against(heads, kept, length)))


def _walked(links: Iterable[Link]) -> Iterator[tuple[Link, list[Finding]]]:
    """Each entry in stored order with what is wrong at it."""
    stream, ahead = iter(links), deque[Link]()
    previous, expected, looked = START, 1, 0
    while True:
        ahead.extend(islice(stream, LOOK_AHEAD - len(ahead)))
        if not ahead:
            return
        link = ahead.popleft()
        fault = _fault_at(link, previous, expected, ahead if looked < LOOKS else ())
        looked += bool(fault)
        yield link, fault
        previous, expected = link.digest, link.number + 1


def _fault_at(link: Link, previous: str, expected: int, ahead: Iterable[Link]) -> list[Finding]:
    if link.number > expected:
        return [Finding(Fault.MISSING, expected, link.number - 1)]
    if link.number == expected and digest(previous, link.text) == link.digest:
        return []
    moved = any(digest(previous, other.text) == other.digest for other in ahead)
    return [Finding(Fault.MOVED if moved else Fault.CHANGED, link.number)]


def _against(heads: Sequence[Head], kept: dict[int, str], length: int) -> Iterator[Finding]:
    for head in sorted(heads, key=lambda one: one.number):
        if head.number > length:
            yield Finding(Fault.CUT_OFF, head.number, length)
        elif not kept.get(head.number, "").startswith(head.digest):
            yield Finding(Fault.REWRITTEN, head.number)
