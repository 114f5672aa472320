"""What a recorder asks before it writes: scrubbers turn what was heard into what may be kept. Pure.

A scrubber writes down what it knows to be harmless, invents what is personal, and leaves out the rest by its length.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from devices.trace.fakes import Fakes
from devices.trace.format import NotUnderstood, Part, Way

QUIET = 0.15
"""Seconds after which a line has stopped in the middle of something."""
LARGEST = 8192
"""More than any frame: what does not end by then is no frame."""


@dataclass(frozen=True)
class Said:
    """What may be written of something heard at ``at`` seconds."""

    at: float
    way: Way
    parts: tuple[Part, ...]
    remark: str = ""


class Scrubber(Protocol):
    """Hears one device in order. ``now``: any clock that counts seconds."""

    def opened(self) -> None:
        """A conversation begins; nothing of an earlier one counts."""

    def sent(self, content: bytes, now: float) -> list[Said]:
        """What may be kept of what went to the device, and of what came before it and never got whole."""

    def came(self, content: bytes, now: float) -> list[Said]:
        """What may be kept of what came."""

    def rest(self) -> list[Said]:
        """What is still held: the line was closed."""


Scrubbed = tuple[tuple[Part, ...], str]
"""Parts and remark of one frame."""


class Language(Protocol):
    """Frames of one dialect.

    ``cut_sent`` and ``cut_came`` look at the front of what a line brought: (bytes, True) for a frame of so many,
    (bytes, False) for so many that are none, (0, False) when more must come.
    """

    def cut_sent(self, held: bytes) -> tuple[int, bool]: ...

    def cut_came(self, held: bytes) -> tuple[int, bool]: ...

    def scrub_sent(self, frame: bytes) -> Scrubbed: ...

    def scrub_came(self, frame: bytes) -> Scrubbed: ...

    def scrub_rest(self, held: bytes) -> Scrubbed:
        """What may be kept of bytes that came and never became a frame."""

    def reset(self) -> None: ...


def by_length(held: bytes) -> Scrubbed:
    """Nothing but how many."""
    return (NotUnderstood(len(held)),), ""


class Opaque:
    """A language nobody here understands: lengths and times alone."""

    def __init__(self, fakes: Fakes) -> None:
        del fakes

    def reset(self) -> None:
        """Nothing to remember."""

    def cut_sent(self, held: bytes) -> tuple[int, bool]:
        """Whatever there is."""
        return len(held), False

    cut_came = cut_sent

    def scrub_sent(self, frame: bytes) -> Scrubbed:
        """See above."""
        return by_length(frame)

    scrub_came = scrub_rest = scrub_sent


class LineScrubber:
    """A scrubber for a serial line: puts frames together however they arrive."""

    def __init__(self, language: Language) -> None:
        self._language = language
        self._held = {Way.SENT: b"", Way.CAME: b""}
        self._since = {Way.SENT: 0.0, Way.CAME: 0.0}
        self._heard = 0.0

    def opened(self) -> None:
        self._held = {Way.SENT: b"", Way.CAME: b""}
        self._language.reset()

    def sent(self, content: bytes, now: float) -> list[Said]:
        return self._give_up(Way.CAME) + self._take(Way.SENT, content, now)

    def came(self, content: bytes, now: float) -> list[Said]:
        if not content:
            return [*self.rest(), Said(now, Way.CAME, (), "the line vanished")]
        late = self._give_up(Way.CAME) if now - self._heard > QUIET else []
        self._heard = now
        return self._give_up(Way.SENT) + late + self._take(Way.CAME, content, now)

    def rest(self) -> list[Said]:
        return self._give_up(Way.SENT) + self._give_up(Way.CAME)

    def _take(self, way: Way, content: bytes, now: float) -> list[Said]:
        if not self._held[way]:
            self._since[way] = now
        self._held[way] += content
        cut, scrub = (
            (self._language.cut_sent, self._language.scrub_sent)
            if way is Way.SENT
            else (self._language.cut_came, self._language.scrub_came)
        )
        parts: list[Part] = []
        remarks: list[str] = []
        while self._held[way]:
            size, whole = cut(self._held[way])
            if not size:
                break
            piece, self._held[way] = self._held[way][:size], self._held[way][size:]
            written, remark = scrub(piece) if whole else by_length(piece)
            parts += written
            remarks += [remark] if remark and remark not in remarks else []
            self._since[way] = now
        said = [Said(now, way, joined(parts), ", ".join(remarks))] if parts else []
        return said + (self._give_up(way) if len(self._held[way]) > LARGEST else [])

    def _give_up(self, way: Way) -> list[Said]:
        held, self._held[way] = self._held[way], b""
        if not held:
            return []
        parts, remark = by_length(held) if way is Way.SENT else self._language.scrub_rest(held)
        return [Said(self._since[way], way, parts, remark)]


def joined(parts: list[Part]) -> tuple[Part, ...]:
    """The same with neighbours of one kind put together."""
    made: list[Part] = []
    for part in parts:
        if made and isinstance(part, NotUnderstood) and isinstance(made[-1], NotUnderstood):
            made[-1] = NotUnderstood(made[-1] + part)
        else:
            made.append(part)
    return tuple(made)
