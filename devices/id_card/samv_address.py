"""What stands after ``samv:`` in a device line, such as ``/dev/ttyUSB1?baud=115200``, and how long to wait."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode

BAUD_RATES = (115200, 57600, 38400, 19200, 9600)


@dataclass(frozen=True)
class SamvAddress:
    """Where the module is and at which speed it speaks."""

    url: str
    baud: int = BAUD_RATES[0]


@dataclass(frozen=True)
class Patience:
    """Seconds, on a monotonic clock.

    For an ``answer``, and for the one to a ``read`` (the card's own time; the bytes on the line come on top of it);
    ``quiet`` after which nothing more is under way; ``heartbeat`` between signs of life, ``idle`` between looks at
    the port, ``poll`` between looks for a card (reference/card.md §4: 300 to 500 ms).
    """

    answer: float = 1.0
    read: float = 2.0
    quiet: float = 0.2
    heartbeat: float = 10.0
    idle: float = 0.4
    poll: float = 0.3


def parse_samv(line: str) -> SamvAddress:
    """``PORT-OR-URL[?baud=115200]``. ValueError names what is wrong.

    A key that is not ours stays with a pyserial URL and is refused on a plain port.
    """
    url, _, query = line.partition("?")
    if not url:
        raise ValueError("samv: names no port")
    asked = parse_qsl(query, keep_blank_values=True)
    theirs = [(key, text) for key, text in asked if key != "baud"]
    if theirs and "://" not in url:
        raise ValueError(f"samv:{url}: unknown key {theirs[0][0]!r}")
    rest = f"?{urlencode(theirs, safe='/')}" if theirs else ""
    return SamvAddress(url + rest, _baud(dict(asked).get("baud", "115200")))


def _baud(text: str) -> int:
    if text not in map(str, BAUD_RATES):
        raise ValueError(f"samv: baud={text!r} is not possible")
    return int(text)
