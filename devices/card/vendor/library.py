"""The national reader interface SSCardDriver as a shared library in this process (reference/card.md §2.3), by ctypes.

Its calls block for as long as the library likes. They all run in one thread of their own, one after another, each with
a limit: a library that hangs costs that thread, never the one that asked.
"""

from __future__ import annotations

import ctypes
import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future
from concurrent.futures import TimeoutError as TooLate
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from devices.device import DeviceError, DeviceGarbled, DeviceMissing, DeviceSilent

ROOM = 65536
"""Bytes of the buffer a library writes into. The interface names no size; the longest string of it has 200."""
READ, STEP1, STEP2 = "iReadCardBas", "iReadCardBas_HSM_Step1", "iReadCardBas_HSM_Step2"
VERIFY_PIN, CHANGE_PIN = "iVerifyPIN", "iChangePIN"
END = b"\0"


@dataclass(frozen=True)
class Said:
    """One return: the code (0 is good), and what stands in the buffer up to its end."""

    code: int
    content: bytes


class SscardLibrary:
    """The functions of one library file; DeviceMissing, with the reason, where it cannot be used."""

    def __init__(self, path: str) -> None:
        if not Path(path).is_file():
            raise DeviceMissing(f"there is no library {path}")
        try:
            self._loaded: Any = ctypes.CDLL(path)
        except OSError as error:
            raise DeviceMissing(_why_not(path, str(error))) from error
        if not self.offers(READ):
            raise DeviceMissing(f"{path} has no {READ}: it is no SSCardDriver")

    def offers(self, function: str) -> bool:
        """True when the library has this function; old ones have only some."""
        return hasattr(self._loaded, function)

    def call(self, function: str, argument: int | bytes) -> Said:
        """Call ``long function(argument, char *out)``.

        DeviceMissing where there is none, DeviceGarbled where the buffer came back without an end.
        """
        if not self.offers(function):
            raise DeviceMissing(f"the library has no {function}")
        out = ctypes.create_string_buffer(ROOM)
        called = getattr(self._loaded, function)
        called.restype = ctypes.c_long
        # a copy: the interface hands the key service's answer over as a pointer the library may write to
        given = ctypes.c_int(argument) if isinstance(argument, int) else ctypes.create_string_buffer(argument)
        code = ctypes.c_int32(called(given, out) & 0xFFFFFFFF).value  # some declare long, some return an int
        written, end, _ = out.raw.partition(END)
        ctypes.memset(out, 0, ROOM)
        if not end:
            raise DeviceGarbled(f"{function} filled {ROOM} bytes and came to no end")
        return Said(code, written)


def _why_not(path: str, loader: str) -> str:
    if "ELF class" in loader or "not a valid Win32" in loader:
        return f"{path} is made for another width than this program ({8 * ctypes.sizeof(ctypes.c_void_p)} bits)"
    if "ELF header" in loader or "too short" in loader:
        return f"{path} is no library of this system"
    return f"{path} cannot be loaded: {loader}"


class CallThread:
    """Runs calls one after another in a daemon thread that is started at the first."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._lock = threading.Lock()
        self._calls: queue.SimpleQueue[tuple[Future[Said], Callable[[], Said]]] = queue.SimpleQueue()
        self._last: Future[Said] | None = None
        self._thread: threading.Thread | None = None

    def ask(self, call: Callable[[], Said], seconds: float) -> Said:
        """The call's answer; DeviceSilent when it took longer, and at once while an earlier one has not come back."""
        with self._lock:
            if self._last is not None and not self._last.done():
                raise DeviceSilent("the library has not come back from an earlier call")
            self._last = asked = Future[Said]()
            self._calls.put((asked, call))
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._live, name=self._name, daemon=True)
                self._thread.start()
        try:
            return asked.result(timeout=seconds)
        except TooLate as late:
            raise DeviceSilent(f"the library has not come back after {seconds:g} s") from late

    def _live(self) -> None:
        while True:
            asked, call = self._calls.get()
            try:
                asked.set_result(call())
            except DeviceError as error:
                asked.set_exception(error)
            finally:
                asked.cancel()  # of an answered one nothing comes; a defect ends this thread, and nobody waits for it
