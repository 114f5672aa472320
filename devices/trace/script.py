"""A trace as a play: what the driver is expected to say, and what the device answers, when. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from devices.trace.format import Exchange, Trace, Way, hex_words

RASTER = b"\x1d\x76"
ZEROS = b"\x00"


@dataclass(frozen=True)
class Cue:
    """What the device does ``pause`` seconds after what happened before.

    Bytes, or (``hang_up``) none: the line goes away, a card stays silent.
    """

    pause: float
    content: bytes = b""
    hang_up: bool = False


@dataclass(frozen=True)
class Turn:
    """One thing the driver says, its place in the trace from 1, and what the device does then."""

    number: int
    sent: Exchange
    cues: tuple[Cue, ...] = ()

    def is_for(self, message: bytes) -> bool:
        """Whether ``message`` is what was said here; pictures are alike whatever their size, and so are paddings."""
        if self.sent.known.startswith(RASTER):
            return message.startswith(RASTER)
        if not self.sent.known.strip(ZEROS) and not message.strip(ZEROS):
            return True
        return self.sent.fits(message)


@dataclass(frozen=True)
class Difference:
    """The driver said something else than the trace."""

    number: int
    expected: Exchange | None
    said: bytes

    def __str__(self) -> str:
        wanted = " ".join(hex_words(self.expected.parts)) if self.expected else "nothing more"
        place = self.expected.first_difference(self.said) if self.expected else 0
        return (
            f"exchange {self.number}, byte {len(self.said) if place is None else place}:\n"
            f"  trace  > {wanted}\n  driver > {self.said.hex().upper()}"
        )


@dataclass
class Script:
    """The turns of one conversation. ``greeting``: what the device says unasked at the beginning."""

    greeting: tuple[Cue, ...]
    turns: tuple[Turn, ...]
    baud: int = 0
    place: int = 0
    played: int = 0
    again: int = 0
    passed_over: int = 0
    difference: Difference | None = field(default=None)

    def answer(self, message: bytes) -> Turn | None:
        """What belongs to ``message``; None, and ``difference`` noted, where the trace knows no answer.

        A driver may ask again what it asked before (a sign of life comes when it comes), and need not ask again what
        the trace asks again.
        """
        for at in range(self.place, len(self.turns)):
            if self.turns[at].is_for(message):
                self.passed_over += at - self.place
                self.place = at + 1
                self.played += 1
                return self.turns[at]
            if not self._said_before(at):
                break
        for turn in reversed(self.turns[: self.place]):
            if turn.is_for(message):
                self.again += 1
                return turn
        self._differ(message)
        return None

    @property
    def over(self) -> bool:
        """True when every turn was played or passed over."""
        return self.place >= len(self.turns)

    def _said_before(self, at: int) -> bool:
        return any(turn.is_for(self.turns[at].sent.filled) for turn in self.turns[:at])

    def _differ(self, message: bytes) -> None:
        if self.difference is None:
            expected = self.turns[self.place].sent if not self.over else None
            self.difference = Difference(self.place + 1, expected, message)


def conversations(trace: Trace) -> list[list[Exchange]]:
    """The exchanges from each opening to the next."""
    found: list[list[Exchange]] = []
    for exchange in trace.exchanges:
        if exchange.way is Way.OPENED or not found:
            found.append([])
        if exchange.way is not Way.NOTE:
            found[-1].append(exchange)
    return found


def script_of(exchanges: Sequence[Exchange]) -> Script:
    """The play of one conversation. What closed it was the driver, or a line that vanished before."""
    greeting: list[Cue] = []
    turns: list[tuple[Exchange, list[Cue]]] = []
    before = exchanges[0].at if exchanges else 0.0
    for exchange in exchanges:
        pause, before = max(0.0, exchange.at - before), exchange.at
        cues = turns[-1][1] if turns else greeting
        if exchange.way is Way.SENT:
            turns.append((exchange, []))
        elif exchange.way is Way.CAME:
            cues.append(Cue(pause, exchange.filled, hang_up=not exchange.size))
    numbered = tuple(Turn(number, sent, tuple(cues)) for number, (sent, cues) in enumerate(turns, 1))
    return Script(tuple(greeting), numbered, exchanges[0].baud if exchanges else 0)
