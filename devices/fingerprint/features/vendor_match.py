"""The vendor's own comparison of two features, on this machine: sensors that only hand out features need it.

No open program reads those features (reference/serial-devices.md §2.1, §2.4), so the vendor's library does it, through
the one call that public headers of 维尔 (``libFPDevICBC.h``, ``libFPDev_WL_dll.h``) and callers of 中正's share:
``int FPIMatch(unsigned char *template, unsigned char *feature, int level)``.
"""

from __future__ import annotations

import ctypes
from typing import Protocol

from devices.device import DeviceFault
from devices.fingerprint import TemplateRefused

ROOM = 2048
"""Bytes behind each pointer: the call is told no lengths, so a library that reads on must find zeroes."""

SAME = 0
NOT_SAME_BY_ICBC = -201
TEMPLATE_REFUSED = frozenset({-204, -205})
"""``-204`` illegal fingerprint bytes, ``-205`` not a template."""

BROKEN = frozenset({*range(-14, -1), *range(-116, -99), -202, -203, -206})
"""What ``libFPDevICBC.h`` lists as failures of the program and not of the finger (memory, licence, a bad feature …)."""


class FeatureMatcher(Protocol):
    """Compares one live feature with one enrolled template; never 1:n."""

    def load(self) -> None:
        """Make ready. DeviceFault where it cannot be."""

    def same(self, enrolled: bytes, live: bytes) -> bool:
        """True when both are of one finger. TemplateRefused, DeviceFault."""


def read_verdict(code: int) -> bool:
    """What ``FPIMatch`` says: 0 is the same finger; another negative number than a failure is a different one.

    One caller's note has "0 success, below 0 not", ``libFPDevICBC.h`` has -201 for "not the same" and other numbers for
    failures: both are taken. A positive number stands in no header: it is a fault and never a match.
    """
    if code in TEMPLATE_REFUSED:
        raise TemplateRefused(f"the vendor's library refuses the template ({code})")
    if code > 0 or code in BROKEN:
        raise DeviceFault(f"the vendor's library answered {code}")
    return code == SAME


class VendorLibrary:
    """The shared library at ``path``, loaded when the sensor is greeted. It runs in this process: a crash is ours."""

    def __init__(self, path: str, level: int) -> None:
        self._path, self._level = path, level
        self._library: ctypes.CDLL | None = None

    def load(self) -> None:
        """Load it once; DeviceFault names the path."""
        if self._library is None:
            try:
                library = ctypes.CDLL(self._path)
                library.FPIMatch.argtypes = (ctypes.c_char_p, ctypes.c_char_p, ctypes.c_int)
                library.FPIMatch.restype = ctypes.c_int
            except (OSError, AttributeError) as error:
                raise DeviceFault(f"the vendor's library {self._path}: {error}") from error
            self._library = library

    def same(self, enrolled: bytes, live: bytes) -> bool:
        """See :class:`FeatureMatcher`; what was compared is overwritten afterwards."""
        self.load()
        if self._library is None or max(len(enrolled), len(live)) > ROOM:
            raise TemplateRefused(f"{len(enrolled)} and {len(live)} bytes to compare")
        first, second = ctypes.create_string_buffer(enrolled, ROOM), ctypes.create_string_buffer(live, ROOM)
        try:
            return read_verdict(self._library.FPIMatch(first, second, self._level))
        finally:
            for room in (first, second):
                ctypes.memset(room, 0, ROOM)
