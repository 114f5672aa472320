"""The configuration lines of card readers, taken apart: ``pcsc:NAME?pad=yes`` and ``vendor:/path/lib.so?type=3``."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import parse_qsl

YES_OR_NO = {"yes": True, "no": False}
SLOTS = ("1", "2", "3", "4")
SECONDS = tuple(str(count) for count in range(1, 16))
"""Below what an act with a card may take altogether."""


@dataclass(frozen=True)
class PcscAddress:
    """``name_filter``: a part of the reader's name, None for any. ``pad``: its keys face the resident and are used."""

    name_filter: str | None = None
    pad: bool = False


@dataclass(frozen=True)
class VendorAddress:
    """``library``: the file. ``pad``: the library's own keys face the resident and are used.

    ``slot``: iType of reference/card.md §2.3: 1 contact, 2 contactless, 3 and 4 whichever is there, contact first (3)
    or contactless first (4). ``seconds``: the longest that reading a card may take; makers wait 6 for its power alone.
    """

    library: str
    slot: int = 3
    pad: bool = True
    seconds: float = 8.0


def parse_pcsc(rest: str) -> PcscAddress:
    """What stands behind ``pcsc:``; ValueError where an option means nothing."""
    name, options = _options(rest, {"pad"})
    return PcscAddress(name or None, _yes(options.get("pad", "no")))


def parse_vendor(rest: str) -> VendorAddress:
    """What stands behind ``vendor:``; ValueError where it names no file or an option means nothing."""
    library, options = _options(rest, {"type", "pad", "seconds"})
    slot, seconds = options.get("type", "3"), options.get("seconds", "8")
    if not library or slot not in SLOTS or seconds not in SECONDS:
        raise ValueError("devices.card: vendor:/path/to/libSSCardDriver.so?type=1 to 4&seconds=1 to 15")
    return VendorAddress(library, int(slot), _yes(options.get("pad", "yes")), float(seconds))


def _options(rest: str, known: set[str]) -> tuple[str, dict[str, str]]:
    name, _, query = rest.partition("?")
    options = dict(parse_qsl(query, keep_blank_values=True))
    if not options.keys() <= known:
        raise ValueError(f"devices.card: no option {', '.join(sorted(options.keys() - known))}")
    return name, options


def _yes(word: str) -> bool:
    if word not in YES_OR_NO:
        raise ValueError("devices.card: pad=yes or pad=no")
    return YES_OR_NO[word]
