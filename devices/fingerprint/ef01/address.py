"""The part of a device line after ``ef01:``, such as ``/dev/ttyUSB0?baud=57600``, and how long to wait for a sensor."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from urllib.parse import parse_qsl, urlencode

from devices.fingerprint.ef01.frames import FACTORY_ADDRESS

BAUD_RATES = tuple(9600 * n for n in range(1, 13))
AUTO = 0
"""As a baud rate: find out which one the sensor answers at."""

USUAL_RATES = (57600, 115200, 9600, 19200, 38400)
"""In the order in which they are tried (§1.10)."""


@dataclass(frozen=True)
class Ef01Address:
    """Where the sensor is and what is known about it beforehand.

    ``baud`` AUTO: the usual rates are tried. ``template_size`` None: learned from the sensor. ``verify``: the loaded
    template is read back before a match. ``boot``: opening the port gives the sensor its power, so wait for its 55.
    ``address`` and ``password`` are the sensor's own, factory values unless an installer changed them.
    """

    url: str
    baud: int = 57600
    template_size: int | None = None
    verify: bool = True
    boot: bool = False
    address: int = FACTORY_ADDRESS
    password: int = 0


@dataclass(frozen=True)
class Patience:
    """Seconds, on a monotonic clock.

    ``answer`` to a command, to a ``probe`` (which costs the sensor nothing), to a handshake (``shake``), which may find
    it booting or at another rate; for the next ``packet`` of an upload, for the 55 of a ``boot``; ``quiet`` after which
    nothing more is under way, waited for at most a ``hush``; ``receipt`` that some firmware gives after a download;
    ``heartbeat`` between signs of life, ``recount`` between counts of stored templates, ``idle`` between looks at the
    port, ``poll`` between looks for a finger.
    """

    answer: float = 2.0
    probe: float = 1.0
    shake: float = 0.3
    packet: float = 1.0
    boot: float = 0.5
    quiet: float = 0.1
    hush: float = 1.0
    receipt: float = 0.06
    heartbeat: float = 10.0
    recount: float = 3600.0
    idle: float = 0.4
    poll: float = 0.12


def _size(text: str) -> int:
    if not 128 <= int(text) <= 4096:  # noqa: PLR2004 - sizes seen are 512, 768 and 1536 (§1.5)
        raise ValueError(text)
    return int(text)


def _rate(text: str) -> int:
    return AUTO if text == "auto" else BAUD_RATES[BAUD_RATES.index(int(text))]


def _word(text: str) -> int:
    if not 0 <= int(text, 16) <= FACTORY_ADDRESS:
        raise ValueError(text)
    return int(text, 16)


_KEYS: Mapping[str, Callable[[str], int]] = MappingProxyType(
    {
        "baud": _rate,
        "template_size": _size,
        "verify": ("no", "yes").index,
        "boot": ("no", "wait").index,
        "address": _word,
        "password": _word,
    }
)


def parse_ef01(line: str) -> Ef01Address:
    """``PORT-OR-URL[?baud=57600&template_size=512&verify=yes&boot=no&address=FFFFFFFF&password=00000000]``.

    Every key may be left out; ``baud`` may be ``auto``, ``boot`` ``wait``; address and password are hexadecimal. A key
    that is not ours stays with a pyserial URL and is refused on a plain port. ValueError names what is wrong.
    """
    url, _, query = line.partition("?")
    if not url:
        raise ValueError("ef01: names no port")
    ours: dict[str, int] = {}
    theirs: list[tuple[str, str]] = []
    for key, text in parse_qsl(query, keep_blank_values=True):
        if key in _KEYS:
            ours[key] = _read(key, text)
        elif "://" in url:
            theirs.append((key, text))
        else:
            raise ValueError(f"ef01:{url}: unknown key {key!r}")
    rest = f"?{urlencode(theirs, safe='/')}" if theirs else ""
    return Ef01Address(
        url + rest,
        ours.get("baud", 57600),
        ours.get("template_size"),
        bool(ours.get("verify", 1)),
        bool(ours.get("boot", 0)),
        ours.get("address", FACTORY_ADDRESS),
        ours.get("password", 0),
    )


def _read(key: str, text: str) -> int:
    try:
        return _KEYS[key](text)
    except ValueError:
        raise ValueError(f"ef01: {key}={text!r} is not possible") from None
