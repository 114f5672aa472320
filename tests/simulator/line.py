"""A line to the county made of nothing but rules: it carries requests to the hub and spoils those it is told to."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum

import httpx

from contract.message import IDEMPOTENCY_HEADER, SITTING_HEADER

PORTAL_PAGE = b"<html>please log in</html>"


class Spoilt(StrEnum):
    """What may happen to one request. The county acted in all but the first three."""

    CUT_BEFORE = "cut before the county heard"
    PORTAL = "somebody else's page instead"
    FAILING = "the county's server fails"
    CUT_AFTER = "cut after the county acted"
    HALF = "half of the answer"
    LATE = "the county hears it after the kiosk gave up, and after what came next"
    TWICE = "delivered twice, the first answer comes back"
    TWICE_SECOND = "delivered twice, the second answer comes back"


@dataclass(frozen=True)
class Carried:
    """One request as the kiosk sent it, and what became of it. ``status`` 0: the kiosk got no answer."""

    step: int
    method: str
    path: str
    key: str
    sitting: str
    spoilt: Spoilt | None
    status: int


class Whole(httpx.SyncByteStream):
    """An answer as it comes from a wire: to be read once."""

    def __init__(self, content: bytes) -> None:
        self._content = content

    def __iter__(self) -> Iterator[bytes]:
        yield self._content


class Half(httpx.SyncByteStream):
    """The first half of an answer, then a line that is gone."""

    def __init__(self, content: bytes) -> None:
        self._content = content

    def __iter__(self) -> Iterator[bytes]:
        yield self._content[: len(self._content) // 2]
        raise httpx.RemoteProtocolError("the line broke in the middle of the answer")


class SimulatedLine(httpx.BaseTransport):
    """``plan`` says for each step (counted from ``begin``) how it is spoilt; a ``down`` line carries nothing."""

    def __init__(self, passes: Callable[[float], None], patience: float) -> None:
        """``passes`` lets seconds of the simulated clock pass; ``patience``: when the kiosk gives up."""
        self._passes = passes
        self._patience = patience
        self._lock = threading.RLock()  # one request at a time: the order is that of the kiosk
        self.app: Callable[..., object] | None = None
        self.down = False
        self.log: list[Carried] = []
        self._held: list[httpx.Request] = []
        self.heard_feed: Callable[[], frozenset[str]] = frozenset
        self.feed_heard: frozenset[str] = frozenset()
        """What ``heard_feed`` told when the last page of the feed was made."""
        self.begin({})

    def begin(self, plan: dict[int, Spoilt]) -> None:
        """Count steps from here; what is held goes on being held."""
        self.plan, self.step = plan, 0

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """As httpx asks a transport."""
        request.read()
        with self._lock:
            spoilt, step = self.plan.get(self.step), self.step
            self.step += 1
            status = 0
            try:
                answer = self._carry(request, spoilt)
                status = answer.status_code
            finally:
                self.log.append(_noted(step, request, spoilt, status))
            return answer

    def close(self) -> None:
        """Nothing to let go of: the next client gets the same line."""

    def release(self) -> None:
        """What was late arrives."""
        with self._lock:
            held, self._held = self._held, []
            for request in held:
                if self.app is not None and not self.down:
                    self._deliver(request)

    def _carry(self, request: httpx.Request, spoilt: Spoilt | None) -> httpx.Response:
        if self.down or self.app is None or spoilt is Spoilt.CUT_BEFORE:
            raise httpx.ConnectError("connection refused")
        match spoilt:
            case Spoilt.PORTAL:
                return httpx.Response(200, headers={"Content-Type": "text/html"}, stream=Whole(PORTAL_PAGE))
            case Spoilt.FAILING:
                return httpx.Response(503, stream=Whole(b"busy"))
            case Spoilt.LATE:
                self._held.append(request)
                self._passes(self._patience)
                raise httpx.ReadTimeout("no answer in time")
        answer = self._deliver(request)
        self.release()
        if spoilt is Spoilt.CUT_AFTER:
            raise httpx.ReadError("connection reset")
        if spoilt in (Spoilt.TWICE, Spoilt.TWICE_SECOND):
            second = self._deliver(request)
            answer = second if spoilt is Spoilt.TWICE_SECOND else answer
        stream = (Half if spoilt is Spoilt.HALF else Whole)(answer.content)
        return httpx.Response(answer.status_code, headers=answer.headers, stream=stream)

    def _deliver(self, request: httpx.Request) -> httpx.Response:
        again = httpx.Request(request.method, request.url, headers=request.headers, content=request.content)
        answer = httpx.WSGITransport(self.app).handle_request(again)
        content = answer.read()
        if request.url.path == "/v1/feed":
            self.feed_heard = self.heard_feed()
        return httpx.Response(answer.status_code, headers=answer.headers, content=content)


def _noted(step: int, request: httpx.Request, spoilt: Spoilt | None, status: int) -> Carried:
    key, sitting = request.headers.get(IDEMPOTENCY_HEADER, ""), request.headers.get(SITTING_HEADER, "")
    return Carried(step, request.method, request.url.path, key, sitting, spoilt, status)
