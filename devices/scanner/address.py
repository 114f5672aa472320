"""A scanner's configuration line, such as ``gm65:/dev/ttyACM0?baud=9600&mode=command``, and how long to wait."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode

from devices.scanner.dialects import Dialect, Gm65, Mode, Newland

DIALECTS: dict[str, type[Gm65 | Newland]] = {"gm65": Gm65, "newland": Newland}
BAUD_RATES = (9600, 19200, 38400, 57600, 115200)
KEYBOARD_LINES = ("wedge", "keyboard", "hid", "hidraw", "evdev")
NO_KEYBOARD = (
    "a scanner set up as a keyboard is not taken: it types each code into whatever window has the focus, where other "
    "programs and the screen can read it; nobody can tell its typing from a person's; and a printed code can press "
    "Ctrl and Alt (reference/serial-devices.md §4.3). Set it to serial mode (virtual COM) with its own setting "
    "code, and name its port: gm65:PORT or newland:PORT"
)


@dataclass(frozen=True)
class ScannerAddress:
    """Where the scanner is and what it speaks."""

    url: str
    dialect: Dialect
    baud: int = 9600


@dataclass(frozen=True)
class Patience:
    """Seconds, on a monotonic clock.

    ``silence`` that ends a code without CR or LF; ``debounce`` in which the same code counts once; ``again`` after
    which a scanner that saw nothing is told to look once more; ``heartbeat`` between signs of life, ``idle`` between
    looks at the port.
    """

    silence: float = 0.1
    debounce: float = 2.0
    again: float = 3.0
    heartbeat: float = 10.0
    idle: float = 0.4


def parse_scanner(line: str) -> ScannerAddress:
    """``FAMILY:PORT-OR-URL[?baud=9600&mode=command|continuous]``, FAMILY gm65 or newland.

    ValueError says what is wrong, or why a keyboard is not taken.
    A key that is not ours stays with a pyserial URL and is refused on a plain port.
    """
    family, _, rest = line.partition(":")
    if family.lower() in KEYBOARD_LINES:
        raise ValueError(f"{line!r}: {NO_KEYBOARD}")
    if family not in DIALECTS:
        raise ValueError(f"{line!r} is neither gm65: nor newland: nor simulated:")
    url, _, query = rest.partition("?")
    if not url:
        raise ValueError(f"{family}: names no port")
    asked = parse_qsl(query, keep_blank_values=True)
    theirs = [(key, text) for key, text in asked if key not in ("baud", "mode")]
    if theirs and "://" not in url:
        raise ValueError(f"{family}:{url}: unknown key {theirs[0][0]!r}")
    given = dict(asked)
    tail = f"?{urlencode(theirs, safe='/')}" if theirs else ""
    return ScannerAddress(url + tail, DIALECTS[family](_mode(given)), _baud(given))


def _mode(given: dict[str, str]) -> Mode:
    try:
        return Mode(given.get("mode", Mode.COMMAND.value))
    except ValueError:
        raise ValueError(f"scanner: mode={given['mode']!r} is not possible") from None


def _baud(given: dict[str, str]) -> int:
    text = given.get("baud", "9600")
    if text not in map(str, BAUD_RATES):
        raise ValueError(f"scanner: baud={text!r} is not possible")
    return int(text)
