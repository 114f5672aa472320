"""The memory of this process: little is kept of what was freed, a crash leaves nothing, what stays is left alone."""

from __future__ import annotations

import contextlib
import ctypes
import gc
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


def start_uncollected() -> None:
    """No collector until ``settle``: a start makes a hundred thousand objects, and nearly all of them stay."""
    gc.disable()


def settle() -> None:
    """The program stands: from now on the collector leaves alone what is there, it was a sixth of a page's time."""
    gc.enable()
    gc.collect()
    gc.freeze()


def leave_no_core() -> None:
    """No core file of this process or of what it starts: it would hold pages of residents, words and strokes."""
    with contextlib.suppress(ImportError, ValueError, OSError):  # not on Windows
        import resource  # noqa: PLC0415  see above

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
