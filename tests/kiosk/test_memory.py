"""A process that keeps little memory gives back what it freed; one that does not, keeps it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

ACT = """
import sys
from pathlib import Path
if sys.argv[1] == "little":
    from kiosk.memory import keep_little
    assert keep_little()
large = bytearray(30_000_000)
del large  # from now on the C library keeps pieces of such a size for later
pieces = [(bytearray(1_000_000), bytearray(600)) for _ in range(30)]
pieces = [small for _, small in pieces]
lines = Path("/proc/self/smaps_rollup").read_text().splitlines()
print(next(line.split()[1] for line in lines if line.startswith("Rss")))
"""


@pytest.mark.skipif(sys.platform != "linux" or "glibc" not in os.confstr("CS_GNU_LIBC_VERSION"), reason="not glibc")
def test_what_was_freed_is_given_back():
    little, much = (resident_kb(word) for word in ("little", "much"))
    assert much - little > 20_000, "30 MB were freed"


def resident_kb(word):
    command = [sys.executable, "-c", ACT, word]
    answer = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)  # noqa: S603 - ourselves
    return int(answer.stdout)


@pytest.mark.skipif(sys.platform != "linux", reason="core files are Linux")
def test_a_crash_of_the_program_or_of_what_it_starts_leaves_no_core_file():
    """run.py itself, asked for something that ends at once, in a process that could leave one."""
    script = (
        "import resource, sys; hard = resource.getrlimit(resource.RLIMIT_CORE)[1]; "
        "resource.setrlimit(resource.RLIMIT_CORE, (hard, hard)); sys.argv = ['run.py', '--config', '/none', 'journal', "
        "'verify']; import run; run.main(); print(resource.getrlimit(resource.RLIMIT_CORE))"
    )
    ended = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)  # noqa: S603  ours
    assert ended.stdout.strip().endswith("(0, 0)")
