"""Where an ESC/POS printer is: the part of a configuration line after ``escpos:``.

``file:/path`` · ``serial:/dev/ttyUSB0?baud=115200`` · ``tcp:host:port`` · ``usb:04b8:0202``; each may end in
``?paper=58`` (mm, default 80) and ``status=no`` (a printer known never to answer status requests).
"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import parse_qsl

PAPER_DOTS = {"80": 576, "58": 384}


@dataclass(frozen=True)
class FilePlace:
    """A device file or an ordinary file; has no way back."""

    path: str


@dataclass(frozen=True)
class SerialPlace:
    """A serial port and its speed."""

    port: str
    baud: int


@dataclass(frozen=True)
class TcpPlace:
    """A printer in the network."""

    host: str
    port: int


@dataclass(frozen=True)
class UsbPlace:
    """A printer by its USB vendor and product numbers."""

    vendor: int
    product: int


Place = FilePlace | SerialPlace | TcpPlace | UsbPlace


@dataclass(frozen=True)
class PrinterAddress:
    """A place, the width of its paper in dots, and whether the printer answers status requests."""

    place: Place
    width: int
    answers: bool


def parse_address(text: str) -> PrinterAddress:
    """Read an address; ValueError says in English what is wrong with it."""
    where, _, tail = text.partition("?")
    options = dict(parse_qsl(tail, keep_blank_values=True))
    paper, status = options.pop("paper", "80"), options.pop("status", "yes")
    if paper not in PAPER_DOTS or status not in {"yes", "no"}:
        raise ValueError(f"printer {text!r}: paper is 80 or 58, status is yes or no")
    place = _place(where, options)
    if options:
        raise ValueError(f"printer {text!r}: unknown {', '.join(sorted(options))}")
    return PrinterAddress(place, PAPER_DOTS[paper], status == "yes" and not isinstance(place, FilePlace))


def _place(where: str, options: dict[str, str]) -> Place:
    kind, _, rest = where.partition(":")
    first, _, second = rest.rpartition(":")
    try:
        match kind:
            case "file" if rest:
                return FilePlace(rest)
            case "serial" if rest:
                return SerialPlace(rest, _positive(options.pop("baud", "9600")))
            case "tcp" if first:
                return TcpPlace(first.strip("[]"), _positive(second))
            case "usb" if first:
                return UsbPlace(int(first, 16), int(second, 16))
    except ValueError as error:
        raise ValueError(f"printer {where!r}: a number is wrong ({error})") from error
    raise ValueError(f"printer {where!r}: write file:/path, serial:/dev/port, tcp:host:port or usb:vendor:product")


def _positive(digits: str) -> int:
    number = int(digits)
    if number <= 0:
        raise ValueError(f"{number} is not positive")
    return number
