"""Plays a trace to a driver: behind a loopback socket for serial lines, as a transmit for cards; with faults."""

from __future__ import annotations

import contextlib
import select
import socket
import threading
import time
from collections import deque
from dataclasses import dataclass

from devices.card import CardGone, CardSilent
from devices.device import DeviceGarbled
from devices.trace.script import Cue, Script, Turn
from devices.trace.scrubber import Language

LOOK = 0.02


@dataclass(frozen=True)
class GoneAfter:
    """The card, or the cable, is out after so many exchanges."""

    exchanges: int


@dataclass(frozen=True)
class CutAfter:
    """The cable is out after so many bytes from the device."""

    size: int


@dataclass(frozen=True)
class Late:
    """Every answer comes so many seconds later."""

    seconds: float


ReplayFault = GoneAfter | CutAfter | Late


def fault_of(text: str) -> ReplayFault:
    """``gone:3``, ``cut:20`` or ``late:2.5``; ValueError for anything else."""
    what, _, number = text.partition(":")
    match what:
        case "gone":
            return GoneAfter(int(number))
        case "cut":
            return CutAfter(int(number))
        case "late":
            return Late(float(number))
    raise ValueError(f"fault {text!r}: write gone:EXCHANGES, cut:BYTES or late:SECONDS")


class CardPlayer:
    """A transmit that answers as the card of the trace did. A command without an answer: the card was pulled."""

    def __init__(self, script: Script, speed: float, fault: ReplayFault | None) -> None:
        self._script, self._speed, self._fault = script, speed, fault
        self._exchanges = self._size = 0

    def transmit(self, command: bytes) -> bytes:
        """CardGone, CardSilent as it was; DeviceGarbled where the driver says what the trace does not know."""
        if isinstance(self._fault, GoneAfter) and self._exchanges >= self._fault.exchanges:
            raise CardGone("pulled, as was asked for")
        turn = self._script.answer(command)
        if turn is None:
            raise DeviceGarbled("the trace goes on otherwise")
        self._exchanges += 1
        came = turn.cues
        if not came:
            raise CardGone("the trace has no answer: pulled")
        time.sleep(came[0].pause / self._speed + (self._fault.seconds if isinstance(self._fault, Late) else 0.0))
        self._size += len(came[0].content)
        if isinstance(self._fault, CutAfter) and self._size > self._fault.size:
            raise CardGone("the reader's cable is out, as was asked for")
        if not came[0].content:
            raise CardSilent("no answer in the trace either")
        return came[0].content


class LinePlayer:
    """A device on ``socket://127.0.0.1:PORT`` that plays one conversation after another, one connection each."""

    def __init__(self, scripts: list[Script], language: Language, speed: float, fault: ReplayFault | None) -> None:
        self._scripts, self._language = deque(scripts), language
        self._speed, self._fault = speed, fault
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._listener.settimeout(LOOK)
        self.port: int = self._listener.getsockname()[1]
        self._stop = threading.Event()
        self._exchanges = self._size = 0
        self._plugged = True
        self._thread = threading.Thread(target=self._serve, name="trace-player", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Hang up and end."""
        self._stop.set()
        self._thread.join(5)

    def _serve(self) -> None:
        while self._scripts and not self._stop.is_set():
            with contextlib.suppress(TimeoutError):
                line, _ = self._listener.accept()
                script = self._scripts.popleft()
                with contextlib.closing(line), contextlib.suppress(OSError):
                    if not self._play(line, script) and not self._scripts and self._plugged:
                        self._scripts.append(script)  # the driver went and may come back: it goes on where it was
        self._listener.close()  # from now on nothing is plugged in

    def _play(self, line: socket.socket, script: Script) -> bool:
        """Answer until one side goes; whether it was the device."""
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._language.reset()
        held, waiting = b"", self._due(script.greeting)
        while not self._stop.is_set():
            ready, _, _ = select.select([line], [], [], self._patience(waiting))
            if ready:
                came = line.recv(65536)
                if not came:
                    return False
                held = self._hear(held + came, script, waiting)
            if not self._act(line, waiting) or script.difference is not None:
                return True
        return True

    def _hear(self, held: bytes, script: Script, waiting: deque[tuple[float, Cue]]) -> bytes:
        while held:
            size, _ = self._language.cut_sent(held)
            if not size:
                break
            turn = script.answer(held[:size])
            held = held[size:]
            if turn is not None:
                waiting.extend(self._due(self._cues(turn)))
        return held

    def _cues(self, turn: Turn) -> tuple[Cue, ...]:
        self._exchanges += 1
        if isinstance(self._fault, GoneAfter) and self._exchanges >= self._fault.exchanges:
            self._pull()
            return (*turn.cues, Cue(0.0, hang_up=True))
        return turn.cues

    def _pull(self) -> None:
        """The cable stays out."""
        self._scripts.clear()
        self._plugged = False

    def _due(self, cues: tuple[Cue, ...]) -> deque[tuple[float, Cue]]:
        at = time.monotonic() + (self._fault.seconds if isinstance(self._fault, Late) and cues else 0.0)
        due: deque[tuple[float, Cue]] = deque()
        for cue in cues:
            at += cue.pause / self._speed
            due.append((at, cue))
        return due

    @staticmethod
    def _patience(waiting: deque[tuple[float, Cue]]) -> float:
        return min(LOOK, max(0.0, waiting[0][0] - time.monotonic())) if waiting else LOOK

    def _act(self, line: socket.socket, waiting: deque[tuple[float, Cue]]) -> bool:
        """Do what is due; False once the line is to go away."""
        while waiting and waiting[0][0] <= time.monotonic():
            _, cue = waiting.popleft()
            if cue.hang_up:
                return False
            content = cue.content
            if isinstance(self._fault, CutAfter) and self._size + len(content) > self._fault.size:
                line.sendall(content[: self._fault.size - self._size])
                self._pull()
                return False
            self._size += len(content)
            line.sendall(content)
        return True
