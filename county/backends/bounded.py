"""A county's own code is asked with a limit: what goes wrong there becomes BACKEND_UNAVAILABLE, no defect here.

The log learns the kind of the failure and never its words, which may hold a number, a name or a code.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import TypeVar

from contract.problems import ProblemType
from county.refusals import Refused

AT_ONCE = 8
"""So many questions may be on their way; one that was given up counts until it ends by itself."""

T = TypeVar("T")
_log = logging.getLogger(__name__)


class Bounded:
    """Asks code of others, each question at most ``seconds`` long."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._free = threading.BoundedSemaphore(AT_ONCE)

    def asked(self, what: str, question: Callable[[], T]) -> T:
        """The answer; BACKEND_UNAVAILABLE for an error, silence, or too many questions that wait already."""
        if not self._free.acquire(blocking=False):
            raise _unavailable(what, "too many questions wait for it")
        answer: Future[T] = Future()
        threading.Thread(target=self._answer, args=(question, answer), name=f"backend-{what}", daemon=True).start()
        try:
            failed = answer.exception(self._seconds)
        except TimeoutError:
            raise _unavailable(what, f"no answer within {self._seconds} s") from None
        if failed is not None:
            raise _unavailable(what, type(failed).__name__)
        return answer.result(0)

    def _answer(self, question: Callable[[], T], answer: Future[T]) -> None:
        try:
            answer.set_result(question())
        except Exception as error:  # noqa: BLE001 - code of others: the error belongs to who asked, as in every executor
            answer.set_exception(error)
        finally:
            self._free.release()


def _unavailable(what: str, why: str) -> Refused:
    _log.warning("the county's own system gave no %s: %s", what, why)
    return Refused(ProblemType.BACKEND_UNAVAILABLE, f"{what}: no whole answer from the county's own system")
