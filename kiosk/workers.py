"""One thread that does one thing after another; what goes wrong in it is logged and told, never lost in a Future.

A job of a device has a limit. One that is not back by then hangs: its thread is left behind, who waits for it hears so,
and what comes after it is done by a new thread.
"""

from __future__ import annotations

import logging
import math
import threading
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, InvalidStateError
from contextlib import suppress
from functools import partial
from typing import Any, TypeVar

from devices.device import DeviceHangs
from kiosk.device_errors import error_of
from kiosk.errors import KioskError, ProgramDefect

log = logging.getLogger(__name__)

T = TypeVar("T")

Hung = Callable[[threading.Thread], None]
"""Hears of a thread that was left behind, before those who wait for its job."""

MOST_STUCK = 3
JOIN_SECONDS = 120.0


class _Job:
    """One thing to do, at most ``limit`` seconds long."""

    def __init__(self, act: Callable[[], Any], limit: float) -> None:
        self.act, self.limit = act, limit
        self.answer: Future[Any] = Future()
        self.clocks: list[threading.Timer] = []

    def run(self) -> None:
        if not self.answer.set_running_or_notify_cancel():
            return
        try:
            result = self.act()
        except Exception as error:  # noqa: BLE001 - as every executor does: the error belongs to who asked
            self.fail(error)
        else:
            with suppress(InvalidStateError):  # given up as hanging before
                self.answer.set_result(result)

    def fail(self, error: Exception) -> None:
        with suppress(InvalidStateError):
            self.answer.set_exception(error)

    def stop_clocks(self) -> None:
        while self.clocks:  # a clock holds its job: no circle may keep what the job gave
            self.clocks.pop().cancel()


def nobody(_stuck: threading.Thread) -> None:
    """Until somebody wants to know."""


class Worker:
    """A thread by name. Closed, it takes nothing more and says so: an event that comes late hits no wall.

    ``kind``: the device it works with, for the words of a job that hangs.
    """

    def __init__(self, name: str, kind: str = "", hung: Hung = nobody) -> None:
        self._name, self._kind, self._hung = name, kind, hung
        self._changed = threading.Condition()
        self._waiting: deque[_Job] = deque()
        self._present: _Job | None = None
        self._thread: threading.Thread | None = None
        self._stuck: list[threading.Thread] = []
        self._closed = False

    def do(
        self, act: Callable[[], object], defect: Callable[[KioskError], None] | None = None, limit: float = math.inf
    ) -> bool:
        """Do ``act`` after what is waiting; ``defect`` hears of what nobody foresaw, and of a hang. False: closed."""
        task = self.ask(act, limit)
        if task is not None:
            task.add_done_callback(partial(self._look, defect))
        return task is not None

    def ask(self, act: Callable[[], T], limit: float = math.inf) -> Future[T] | None:
        """The same for somebody who waits for the answer and sees every error, DeviceHangs among them; None: closed."""
        job = _Job(act, limit)
        with self._changed:
            if self._closed:
                log.info("%s: closed, nothing is done any more", self._name)
                return None
            stays_out = self._thread is None and not self._begin()
            if not stays_out:
                self._waiting.append(job)
                self._changed.notify_all()
        if stays_out:
            job.fail(DeviceHangs(f"{self._name}: {MOST_STUCK} jobs hang already"))
        return job.answer

    def hurry(self, seconds: float) -> None:
        """Whatever is being done now must be over within ``seconds``, else it hangs."""
        with self._changed:
            if self._present is not None:
                self._set_clock(self._present, seconds)

    def _begin(self) -> bool:
        """A new thread; False where too many hang."""
        self._stuck = [thread for thread in self._stuck if thread.is_alive()]
        if len(self._stuck) >= MOST_STUCK:
            return False
        self._thread = threading.Thread(target=self._work, name=self._name, daemon=True)
        self._thread.start()
        return True

    def _work(self) -> None:
        while self._do_next():
            pass  # between two jobs nothing here holds the last one: it may be about somebody who left

    def _do_next(self) -> bool:
        """Wait for a job and do it; False where this thread is to end."""
        job = self._next()
        if job is None:
            return False
        job.run()
        job.stop_clocks()
        with self._changed:
            if self._thread is not threading.current_thread():
                return False  # left behind meanwhile
            self._present = None
        return True

    def _next(self) -> _Job | None:
        with self._changed:
            self._changed.wait_for(lambda: self._waiting or self._closed)
            if not self._waiting:
                return None
            self._present = job = self._waiting.popleft()
            if job.limit < math.inf:
                self._set_clock(job, job.limit)
            return job

    def _set_clock(self, job: _Job, seconds: float) -> None:
        clock = threading.Timer(seconds, self._leave_behind, (job,))
        clock.daemon = True
        job.clocks.append(clock)
        clock.start()

    def _leave_behind(self, job: _Job) -> None:
        with self._changed:
            if self._present is not job or self._thread is None:
                return
            stuck, self._present, self._thread = self._thread, None, None
            self._stuck.append(stuck)
            left = [] if self._begin() else list(self._waiting)
            if left:
                self._waiting.clear()
        job.stop_clocks()
        log.error("%s: a job hangs and is left behind", self._name)
        try:
            self._hung(stuck)
        except Exception:
            log.exception("%s: who exchanges the driver failed", self._name)
        finally:
            for one in (job, *left):
                one.fail(DeviceHangs(f"{self._name}: no end of it"))

    def _look(self, defect: Callable[[KioskError], None] | None, task: Future[Any]) -> None:
        error = None if task.cancelled() else task.exception()
        if error is None:
            return
        hangs = isinstance(error, DeviceHangs) and self._kind
        if not hangs:
            log.error("%s: a defect", self._name, exc_info=error)
        if defect is not None:
            defect(
                error_of(error, self._kind) if isinstance(error, DeviceHangs) and hangs else ProgramDefect(repr(error))
            )

    def close(self, *, wait: bool, drop: bool, seconds: float = JOIN_SECONDS) -> None:
        """Take nothing more; ``drop`` what waits, ``wait`` for what runs, ``seconds`` at most; again is allowed."""
        with self._changed:
            self._closed = True
            dropped = list(self._waiting) if drop else []
            if drop:
                self._waiting.clear()
            self._changed.notify_all()
            thread = self._thread
        for job in dropped:
            job.answer.cancel()
        if wait and thread is not None and thread is not threading.current_thread():
            thread.join(seconds)
