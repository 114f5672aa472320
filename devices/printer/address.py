"""Where an ESC/POS printer is: the part of a configuration line after ``escpos:``.

``file:/path`` · ``serial:/dev/ttyUSB0?baud=115200`` · ``serial:usb:1a86:7523[:SERIAL]?baud=115200`` · ``tcp:host:port``
· ``usb:04b8:0202``. Each may end in options, the first after ``?``, the others after ``&``:

- ``paper=80`` (mm; or 58)
- ``status=asb``: the printer is asked (DLE EOT) and told to report by itself where it can (GS a); ``poll``: only
  asked; ``no``: a printer known never to answer
- ``cut=partial``: the slip hangs until it is taken; ``full``: it falls; ``none``: no cutter, fed to the tear bar
- ``ticket=no``; ``eot20``: the printer has a ticket sensor and tells of it by DLE EOT 20
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import parse_qsl

PAPER_DOTS = {"80": 576, "58": 384}
TICKET = {"no": False, "eot20": True}
USB_PARTS = (3, 4)


class StatusWay(StrEnum):
    """How the printer's state is known."""

    ASB = "asb"
    POLL = "poll"
    NO = "no"


class CutWay(StrEnum):
    """How the paper is cut."""

    PARTIAL = "partial"
    FULL = "full"
    NONE = "none"


@dataclass(frozen=True)
class FilePlace:
    """A device file or an ordinary file; has no way back."""

    path: str


@dataclass(frozen=True)
class SerialPlace:
    """A serial port (a path, a by-id path, ``usb:VID:PID[:SERIAL]``) and its speed."""

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
    """A place, the width of its paper in dots, and what the printer can do. ``ticket``: it has a ticket sensor."""

    place: Place
    width: int = 576
    status: StatusWay = StatusWay.ASB
    cut: CutWay = CutWay.PARTIAL
    ticket: bool = False

    @property
    def answers(self) -> bool:
        """True where the printer answers status requests."""
        return self.status is not StatusWay.NO


def parse_address(text: str) -> PrinterAddress:
    """Read an address; ValueError says in English what is wrong with it."""
    where, _, tail = text.partition("?")
    options = dict(parse_qsl(tail, keep_blank_values=True))
    try:
        width = PAPER_DOTS[options.pop("paper", "80")]
        status, cut = StatusWay(options.pop("status", "asb")), CutWay(options.pop("cut", "partial"))
        ticket = TICKET[options.pop("ticket", "no")]
    except (KeyError, ValueError) as error:
        raise ValueError(
            f"printer {text!r}: {error}; paper=80|58, status=asb|poll|no, cut=partial|full|none, ticket=no|eot20"
        ) from error
    place = _place(where, options)
    if options:
        raise ValueError(f"printer {text!r}: unknown {', '.join(sorted(options))}")
    if isinstance(place, FilePlace):
        status, ticket = StatusWay.NO, False
    return PrinterAddress(place, width, status, cut, ticket and status is not StatusWay.NO)


def _place(where: str, options: dict[str, str]) -> Place:
    kind, _, rest = where.partition(":")
    first, _, second = rest.rpartition(":")
    try:
        match kind:
            case "file" if rest:
                return FilePlace(rest)
            case "serial" if rest:
                return SerialPlace(_serial(rest), _positive(options.pop("baud", "9600")))
            case "tcp" if first:
                return TcpPlace(first.strip("[]"), _positive(second))
            case "usb" if first:
                return UsbPlace(int(first, 16), int(second, 16))
    except ValueError as error:
        raise ValueError(f"printer {where!r}: a number is wrong ({error})") from error
    raise ValueError(f"printer {where!r}: write file:/path, serial:/dev/port, tcp:host:port or usb:vendor:product")


def _serial(port: str) -> str:
    parts = port.split(":")
    if parts[0].lower() == "usb":
        if len(parts) not in USB_PARTS:
            raise ValueError(f"{port} is not usb:VID:PID[:SERIAL]")
        int(parts[1], 16), int(parts[2], 16)
    return port


def _positive(digits: str) -> int:
    number = int(digits)
    if number <= 0:
        raise ValueError(f"{number} is not positive")
    return number
