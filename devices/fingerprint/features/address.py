"""What stands after ``split-nibble:``, ``7e42:`` or ``wel-abc:`` in a device line, and how long to wait for these."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from urllib.parse import parse_qsl, urlencode

BAUD_RATES = (9600, 19200, 38400, 57600, 115200)
FEATURE_SIZES = (128, 256)
LEVELS = (1, 2, 3, 4, 5)


@dataclass(frozen=True)
class FeatureAddress:
    """Where the sensor is, which templates belong to it, and what compares them.

    ``format``: how the county tags the templates of this vendor. ``library``: path of the vendor's comparing
    library, "" where there is none (then nothing is compared). ``level``: its security level. ``feature``: bytes of a
    live feature, where the sensor offers several.
    """

    url: str
    format: str
    baud: int = 9600
    library: str = ""
    level: int = 3
    feature: int = 256


@dataclass(frozen=True)
class FeaturePatience:
    """Seconds, on a monotonic clock; the first three from reference/serial-devices.md §2.2.

    ``probe``: an answer that costs the sensor nothing. ``capture``: one feature, with the wait for the finger.
    ``enrol``: a template of three presses. ``transfer``: what the answer itself takes on the line. ``quiet`` after
    which nothing more is under way; ``heartbeat`` between signs of life, ``idle`` between looks at the port, ``poll``
    before a capture is asked for again.
    """

    probe: float = 1.0
    capture: float = 8.0
    enrol: float = 15.0
    transfer: float = 1.0
    quiet: float = 0.15
    heartbeat: float = 10.0
    idle: float = 0.4
    poll: float = 0.12


def _one_of(choices: tuple[int, ...]) -> Callable[[str], int]:
    return lambda text: choices[choices.index(int(text))]


_NUMBERS: Mapping[str, Callable[[str], int]] = MappingProxyType({"baud": _one_of(BAUD_RATES), "level": _one_of(LEVELS)})
_OF_SPLIT_NIBBLE = MappingProxyType({**_NUMBERS, "feature": _one_of(FEATURE_SIZES)})


def parse_split_nibble(line: str) -> FeatureAddress:
    """``PORT-OR-URL[?baud=9600&format=split-nibble&library=/path/lib.so&level=3&feature=256]``; all keys are optional.

    A key that is not ours stays with a pyserial URL and is refused on a plain port. ValueError names what is wrong.
    """
    return _parse("split-nibble", line, _OF_SPLIT_NIBBLE)


def parse_7e42(line: str) -> FeatureAddress:
    """``PORT-OR-URL[?baud=9600&format=7e42&library=/path/lib.so&level=3]``; the same otherwise."""
    return _parse("7e42", line, _NUMBERS)


def parse_wel_abc(line: str) -> FeatureAddress:
    """``PORT-OR-URL[?baud=9600&format=wel-abc&library=/path/lib.so&level=3]``; the same otherwise."""
    return _parse("wel-abc", line, _NUMBERS)


def _parse(dialect: str, line: str, number_keys: Mapping[str, Callable[[str], int]]) -> FeatureAddress:
    url, _, query = line.partition("?")
    if not url:
        raise ValueError(f"{dialect}: names no port")
    numbers: dict[str, int] = {}
    words = {"format": dialect, "library": ""}
    theirs: list[tuple[str, str]] = []
    for key, text in parse_qsl(query, keep_blank_values=True):
        if key in number_keys:
            numbers[key] = _number(dialect, key, text, number_keys[key])
        elif key in words:
            words[key] = text
        elif "://" in url:
            theirs.append((key, text))
        else:
            raise ValueError(f"{dialect}:{url}: unknown key {key!r}")
    rest = f"?{urlencode(theirs, safe='/')}" if theirs else ""
    found = FeatureAddress(url + rest, words["format"], library=words["library"])
    return replace(found, **numbers)  # type: ignore[arg-type]  # number_keys names none but the number fields


def _number(dialect: str, key: str, text: str, read: Callable[[str], int]) -> int:
    try:
        return read(text)
    except ValueError:
        raise ValueError(f"{dialect}: {key}={text!r} is not possible") from None
