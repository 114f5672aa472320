"""``run.py trace``: show a recorded conversation with a device, or play it to the real driver."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from devices.device import DeviceError
from devices.trace.format import Exchange, Trace, Way, hex_words, read_trace
from devices.trace.player import fault_of
from devices.trace.replay import Played, replay
from kiosk.device_errors import trouble_of
from kiosk.errors import KioskError

WIDTH = 32
SHOWN = {Way.OPENED: "opened", Way.CLOSED: "closed", Way.SENT: "kiosk  >", Way.CAME: "device <", Way.NOTE: "note"}


def load(file: Path) -> Trace:
    """The trace in a file; ValueError names file and line."""
    try:
        return read_trace(file.read_text(encoding="utf-8"))
    except ValueError as error:
        raise ValueError(f"{file}: {error}") from error


def shown(trace: Trace) -> Iterator[str]:
    """A trace to be read: its header, then a line an exchange, long ones broken."""
    yield from (f"{key}: {value}" for key, value in trace.header.items())
    yield ""
    for number, one in enumerate(trace.exchanges, 1):
        yield from _lines(number, one)


def _lines(number: int, one: Exchange) -> Iterator[str]:
    words = " ".join(hex_words(one.parts)) or ("nothing" if one.way is Way.CAME else "")
    pieces = [words[at : at + 2 * WIDTH] for at in range(0, len(words), 2 * WIDTH)] or [""]
    baud = f" at {one.baud} baud" if one.baud else ""
    remark = f"   ({one.remark})" if one.remark else ""
    yield f"{number:5d} {one.at:10.3f} s  {SHOWN[one.way]:8s} {pieces[0]}{baud}{remark if len(pieces) == 1 else ''}"
    for place, piece in enumerate(pieces[1:], 2):
        yield f"{'':28s}{piece}{remark if place == len(pieces) else ''}"


def played(file: Path, speed: float, fault: str) -> Iterator[str]:
    """Play a trace and tell what came of it; ValueError at the end where the driver said something else."""
    trace = load(file)
    if speed <= 0:
        raise ValueError(f"speed {speed:g}: must be more than 0")
    yield f"{file}: {trace.header.get('scene') or trace.kind}, {len(trace.exchanges)} exchanges"
    yield from told(trace, replay(trace, speed, fault_of(fault) if fault else None))


def told(trace: Trace, result: Played) -> Iterator[str]:
    """What the driver concluded, with the code of its error, and how the replay went."""
    yield from (f"  {key}: {value}" for key, value in result.conclusion.items())
    code = code_of(result.conclusion.get("error", ""), trace.kind)
    if code is not None:
        yield f"  {code.code}: {code.words} ({code.hint})"
    yield f"  {result.exchanges} exchanges played, {result.passed_over} passed over, {result.again} asked again"
    recorded = trace.header.get("concludes")
    now = "; ".join(f"{key} = {value}" for key, value in result.conclusion.items())
    if recorded and recorded != now:
        yield f"  when it was recorded: {recorded}"
    if result.difference is not None:
        yield f"DIFFERENT, {result.difference}"
        raise ValueError("the driver does not say today what the trace says")


def code_of(name: str, kind: str) -> type[KioskError] | None:
    """The kiosk's error for a device error by its name; None where nothing went wrong."""
    return next((trouble_of(error, kind) for error in _family(DeviceError) if error.__name__ == name), None)


def _family(error: type[DeviceError]) -> list[type[DeviceError]]:
    return [error, *(one for kind in error.__subclasses__() for one in _family(kind))]
