"""The memory of a small machine: the C library keeps an arena a thread and what was freed; here it keeps little."""

from __future__ import annotations

import ctypes
import sys

TRIM_THRESHOLD, ARENA_MAX = -1, -8
"""Of mallopt(3), glibc."""
KEPT_AT_THE_TOP = 64 * 1024
ARENAS = 2


def keep_little() -> bool:
    """Give freed memory back to the system, share arenas; False where the C library knows no such settings."""
    if sys.platform != "linux":
        return False
    try:
        mallopt = ctypes.CDLL(None).mallopt
    except (OSError, AttributeError):  # another C library
        return False
    return bool(mallopt(ARENA_MAX, ARENAS)) and bool(mallopt(TRIM_THRESHOLD, KEPT_AT_THE_TOP))
