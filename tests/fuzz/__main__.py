"""`make fuzz`: each decoder under a coverage-guided fuzzer, 60 s each.

`python -m tests.fuzz 10 "ef01 frames"` tries one of them for ten seconds.
A crash leaves its input as crash-* in the folder it was started in, and ends with 1.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
from pathlib import Path

ONE = "--one"
SLOWEST = "5"
LARGEST = "4096"


def one(name: str, seconds: str) -> None:
    """Fuzz one decoder in this process; never returns."""
    import atheris

    with atheris.instrument_imports(include=["devices"]):
        from tests.fuzz.decoders import DECODERS
    decoder = DECODERS[name]
    with tempfile.TemporaryDirectory() as corpus:
        for number, seed in enumerate(decoder.seeds):
            (Path(corpus) / str(number)).write_bytes(seed)
        limits = [f"-max_total_time={seconds}", f"-max_len={LARGEST}", f"-timeout={SLOWEST}", "-rss_limit_mb=1024"]
        atheris.Setup([sys.argv[0], *limits, "-print_final_stats=1", corpus], decoder)
        atheris.Fuzz()


def every(seconds: str, names: list[str]) -> int:
    """One process a decoder, one after the other."""
    from tests.fuzz.decoders import DECODERS

    broken = []
    for name in names or DECODERS:
        ended = subprocess.run(
            [sys.executable, "-m", "tests.fuzz", ONE, name, seconds], capture_output=True, text=True, check=False
        )
        runs = re.search(r"Done (\d+) runs|number_of_executed_units: (\d+)", ended.stderr)
        tried = next(filter(None, runs.groups())) if runs else "unknown"
        print(f"{name}: {'CRASH' if ended.returncode else 'ok'}, {tried} inputs", flush=True)
        if ended.returncode:
            broken.append(name)
            print(ended.stderr[-4000:])
    return 1 if broken else 0


if __name__ == "__main__":
    if sys.argv[1:2] == [ONE]:
        one(sys.argv[2], sys.argv[3])
    else:
        sys.exit(every(sys.argv[1] if sys.argv[1:] else "60", sys.argv[2:]))
