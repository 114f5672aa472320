"""One thread that does one thing after another; what goes wrong in it is logged and told, never lost in a Future."""

from __future__ import annotations

import logging
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from typing import Any, TypeVar

from kiosk.errors import ProgramDefect

log = logging.getLogger(__name__)

T = TypeVar("T")


class Worker:
    """A thread by name. Closed, it takes nothing more and says so: an event that comes late hits no wall."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix=name)

    def do(self, act: Callable[[], object], defect: Callable[[ProgramDefect], None] | None = None) -> bool:
        """Do ``act`` after what is waiting; ``defect`` hears of what nobody foresaw. False: closed."""
        task = self.ask(act)
        if task is not None:
            task.add_done_callback(partial(self._look, defect))
        return task is not None

    def ask(self, act: Callable[[], T]) -> Future[T] | None:
        """The same for somebody who waits for the answer and sees every error; None: closed."""
        try:
            return self._pool.submit(act)
        except RuntimeError:
            log.info("%s: closed, nothing is done any more", self._name)
            return None

    def _look(self, defect: Callable[[ProgramDefect], None] | None, task: Future[Any]) -> None:
        error = None if task.cancelled() else task.exception()
        if error is None:
            return
        log.error("%s: a defect", self._name, exc_info=error)
        if defect is not None:
            defect(ProgramDefect(repr(error)))

    def close(self, *, wait: bool, drop: bool) -> None:
        """Take nothing more; ``drop`` what waits, ``wait`` for what runs."""
        self._pool.shutdown(wait=wait, cancel_futures=drop)
