"""The configuration lines of card readers, taken apart: ``pcsc:NAME?pad=yes`` and ``vendor:/path/lib.so?type=3``."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import parse_qsl

YES_OR_NO = {"yes": True, "no": False}
SLOTS = ("1", "2", "3", "4")


@dataclass(frozen=True)
class PcscAddress:
    """``name_filter``: a part of the reader's name, None for any. ``pad``: its keys face the resident and are used."""

    name_filter: str | None = None
    pad: bool = False


@dataclass(frozen=True)
class VendorAddress:
    """``library``: the file. ``pad``: the library's own keys face the resident and are used.

    ``slot``: iType of reference/card.md §2.3: 1 contact, 2 contactless, 3 and 4 whichever is there, contact first (3)
    or contactless first (4).
    """

    library: str
    slot: int = 3
    pad: bool = True


def parse_pcsc(rest: str) -> PcscAddress:
    """What stands behind ``pcsc:``; ValueError where an option means nothing."""
    name, options = _options(rest, {"pad"})
    return PcscAddress(name or None, _yes(options.get("pad", "no")))


def parse_vendor(rest: str) -> VendorAddress:
    """What stands behind ``vendor:``; ValueError where it names no file or an option means nothing."""
    library, options = _options(rest, {"type", "pad"})
    slot = options.get("type", "3")
    if not library or slot not in SLOTS:
        raise ValueError("devices.card: vendor:/path/to/libSSCardDriver.so, and ?type=1, 2, 3 or 4")
    return VendorAddress(library, int(slot), _yes(options.get("pad", "yes")))


def _options(rest: str, known: set[str]) -> tuple[str, dict[str, str]]:
    name, _, query = rest.partition("?")
    options = dict(parse_qsl(query, keep_blank_values=True, strict_parsing=bool(query)))
    if not options.keys() <= known:
        raise ValueError(f"devices.card: no option {', '.join(sorted(options.keys() - known))}")
    return name, options


def _yes(word: str) -> bool:
    if word not in YES_OR_NO:
        raise ValueError("devices.card: pad=yes or pad=no")
    return YES_OR_NO[word]
