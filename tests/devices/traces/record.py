"""Records every shipped trace anew, simulators before real drivers: ``python -m tests.devices.traces.record``.

With names of traces (or their beginnings) as arguments only these. Each one is played once at the end, and what the
driver concludes then goes into its header; the run fails where that is not what it concluded while it was recorded.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from devices.device import utc_now
from devices.trace import Recorder
from devices.trace.acts import Conclusion
from devices.trace.fakes import Fakes
from devices.trace.format import Trace, read_trace, text_of
from devices.trace.replay import replay
from tests.devices.traces.scenes import SCENES, Scene

HERE = Path(__file__).parent
SAME_KEY = bytes(range(32))
"""Of invented people alone: so that a trace recorded anew differs in its times only."""
PERSONAL = {"name", "number", "card", "identification", "born"}
AT_ONCE = 8


def recorded(scene: Scene) -> tuple[Trace, Conclusion]:
    """One scene, recorded."""
    with tempfile.TemporaryDirectory(prefix="trace-") as folder:
        recorder = Recorder(
            scene.kind,
            scene.dialect,
            Path(folder),
            utc_now,
            header={"scene": scene.about, **dict(scene.header)},
            fakes=lambda: Fakes(SAME_KEY),
        )
        concluded = scene.record(recorder)
        if recorder.file is None:
            raise RuntimeError(f"{scene.name}: nothing was heard")
        return read_trace(recorder.file.read_text(encoding="utf-8")), concluded


def concludes(conclusion: Conclusion) -> str:
    """A conclusion as it stands in a header."""
    return "; ".join(f"{key} = {value}" for key, value in conclusion.items())


def impersonal(conclusion: Conclusion) -> Conclusion:
    return {key: value for key, value in conclusion.items() if key not in PERSONAL}


def record(scene: Scene) -> str:
    """Record, play, write; what is wrong with it, or nothing."""
    trace, before = recorded(scene)
    played = replay(trace)
    shown = Trace({**trace.header, "concludes": concludes(played.conclusion)}, trace.exchanges)
    (HERE / f"{scene.name}.trace").write_text(text_of(shown), encoding="utf-8")
    if impersonal(before) != impersonal(played.conclusion):
        return f"{scene.name}: recorded {before}, played {played.conclusion}"
    return f"{scene.name}: {played.difference}" if played.difference else ""


def main() -> int:
    """1 where a trace does not play as it was recorded."""
    wanted = [scene for scene in SCENES if scene.name.startswith(tuple(sys.argv[1:]) or ("",))]
    for old in {file.stem for file in HERE.glob("*.trace")} - {scene.name for scene in SCENES}:
        (HERE / f"{old}.trace").unlink()
    run: Callable[[Scene], str] = record
    with ThreadPoolExecutor(AT_ONCE) as pool:
        troubles = [trouble for trouble in pool.map(run, wanted) if trouble]
    sys.stdout.write(
        "".join(f"{trouble}\n" for trouble in troubles) + f"{len(wanted)} traces, {len(troubles)} troubles\n"
    )
    return 1 if troubles else 0


if __name__ == "__main__":
    sys.exit(main())
