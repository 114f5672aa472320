"""The one HTTP client of a kiosk: every wait bounded, every answer parsed with its contract message."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Generic, TypeVar

from pydantic import BaseModel, ValidationError

from contract.documents import HEADER as DOCUMENT_HEADER
from contract.message import AS_OF_HEADER, IDEMPOTENCY_HEADER, RESIDENT_HEADER, SITTING_HEADER, STAFF_HEADER
from contract.operations import PUBLIC
from contract.problems import Problem, ProblemType
from contract.signatures import Outgoing
from kiosk.county_errors import CountyBusy, CountyRefused, CountyUnavailable, CountyUntrusted, KioskNotApproved
from kiosk.uplink.county_time import county_instant
from kiosk.uplink.line import Line, certificate_ends, distrust, rest_asked, to_county

if TYPE_CHECKING:
    import httpx

    from kiosk.uplink.identity_keys import Signer

T = TypeVar("T", bound=BaseModel)

LARGEST_ANSWER = 8 * 1024 * 1024
LONGEST_ANSWER = 4
"""Whole answers, a slow trickle included, are given up after so many times the time-out."""
AS_IT_IS = "identity"
"""Nothing is packed on this line: a small answer that unpacks to a huge one is none."""
FIRST_REDIRECT, NOT_MODIFIED, UNAUTHORISED = 300, 304, 401
FIRST_REFUSAL, FIRST_FAILURE = 400, 500
BUSY = (429, 503)
ABOUT = RESIDENT_HEADER.lower()


NOT_APPROVED = frozenset({ProblemType.KIOSK_UNKNOWN, ProblemType.KIOSK_NOT_APPROVED})
"""The county does not (yet, or any more) serve this machine at all: KioskNotApproved, a kind of CountyUnavailable."""
UNPROVEN = NOT_APPROVED | {
    ProblemType.NOT_SIGNED, ProblemType.SIGNATURE_WRONG, ProblemType.CLOCK_WRONG, ProblemType.REPLAYED,
}  # fmt: skip
"""The county takes no request of this machine: for residents that is a line that is cut."""


@dataclass(frozen=True)
class Reply(Generic[T]):
    """A parsed answer. ``message`` is None for 204 and 304. ``content``, ``signature``: of a document, not checked."""

    status: int
    message: T | None
    etag: str = ""
    as_of: str = ""
    content: bytes = b""
    signature: str = ""
    about: str = ""
    """The reference of the resident whom a personal answer is about, where the county says so."""


@dataclass(frozen=True)
class Who:
    """On whose behalf a request is made."""

    sitting: str = ""
    staff: str = ""

    def headers(self) -> dict[str, str]:
        """The headers that say so."""
        pairs = ((SITTING_HEADER, self.sitting), (STAFF_HEADER, self.staff))
        return {name: value for name, value in pairs if value}


NOBODY = Who()


class CountyClient:
    """Talks to one county. Refusals raise CountyRefused; everything that is no answer raises CountyUnavailable."""

    def __init__(self, url: str, timeout: float, line: Line | None = None) -> None:
        """``line`` makes what carries the requests; None: the network."""
        self._url = url
        self._timeout = timeout
        self._line = line or to_county()
        self.signer: Signer | None = None
        """Signs every request that is not public; None: this client asks for public content only."""
        self._http: httpx.Client | None = None
        self._lock = threading.Lock()
        self.cut = False
        """The dock cuts the line here (development only)."""
        self.reachable = False
        self.distrusted = ""
        """Why whoever answers at the county's address is not believed; "" since somebody was."""
        self.certificate_ends: datetime | None = None
        """The last moment of the county's certificate; None where it was never shown."""
        self.not_served: ProblemType | None = None
        """Why the county does not serve this kiosk; None since it was last enrolled."""

    def close(self) -> None:
        """Let go of the connections."""
        with self._lock:
            if self._http is not None:
                self._http.close()
                self._http = None

    def get(
        self,
        path: str,
        model: type[T],
        query: Mapping[str, str | int] | None = None,
        *,
        who: Who = NOBODY,
        etag: str = "",
        fresh: bool = False,
    ) -> Reply[T]:
        """Ask for ``model`` at ``path``; ``fresh``: of the county itself, not of a cache before it."""
        headers = ({"If-None-Match": etag} if etag else {}) | ({"Cache-Control": "no-cache"} if fresh else {})
        return self._exchange("GET", path, model, who, headers, params=query)

    def send(
        self, method: str, path: str, body: BaseModel | None, model: type[T], *, who: Who = NOBODY, key: str = ""
    ) -> Reply[T]:
        """Send ``body``; ``key`` is the idempotency key of a submission."""
        headers = {IDEMPOTENCY_HEADER: key} if key else {}
        content = body.model_dump_json().encode() if body is not None else b""
        headers["Content-Type"] = "application/json"
        return self._exchange(method, path, model, who, headers, content=content)

    def upload(self, path: str, content: bytes, model: type[T], *, who: Who) -> Reply[T]:
        """Send raw bytes."""
        return self._exchange("POST", path, model, who, {"Content-Type": "application/octet-stream"}, content=content)

    def download(self, path: str) -> tuple[bytes, str]:
        """Raw bytes and their content type."""
        status, headers, content = self._raw("GET", path, {}, content=b"", params={})
        self._check(status, headers, content)
        return content, headers.get("content-type", "application/octet-stream")

    def _exchange(
        self, method: str, path: str, model: type[T], who: Who, headers: dict[str, str], *,
        content: bytes = b"", params: Mapping[str, str | int] | None = None,
    ) -> Reply[T]:  # fmt: skip
        headers = headers | who.headers()
        status, got, answer = self._raw(method, path, headers, content=content, params=params or {})
        if self._clock_was_wrong(status, got, answer):
            status, got, answer = self._raw(method, path, headers, content=content, params=params or {})
        self._check(status, got, answer)
        message = None
        if answer and status != NOT_MODIFIED:
            try:
                message = model.model_validate_json(answer)
            except ValidationError as error:
                raise self._no_county(f"{path}: the answer is not a {model.__name__}") from error
        signature = got.get(DOCUMENT_HEADER.lower(), "")
        return Reply(status, message, got.get("etag", ""), got.get("as-of", ""), answer, signature, got.get(ABOUT, ""))

    def _clock_was_wrong(self, status: int, got: Mapping[str, str], answer: bytes) -> bool:
        """True where the county says so, and what time it is there: then nothing was done, and it is signed anew."""
        if self.signer is None or status != UNAUTHORISED or ProblemType.CLOCK_WRONG.encode() not in answer:
            return False
        try:
            self.signer.time.heard(county_instant(got.get(AS_OF_HEADER.lower(), "")))
        except CountyUnavailable:
            return False
        return True

    def _no_county(self, why: str) -> CountyUnavailable:
        """What to raise of an answer that no county gives: the login page of a network, a broken server between."""
        self.reachable = False
        return CountyUnavailable(why)

    def _check(self, status: int, headers: Mapping[str, str], answer: bytes) -> None:
        rest = rest_asked(headers) if status in BUSY else None
        if rest is not None:
            self.reachable = False
            raise CountyBusy(f"the county answered {status}: again in {rest:.0f} s", rest)
        if status >= FIRST_FAILURE:
            self.reachable = ProblemType.BACKEND_UNAVAILABLE.encode() in answer  # then this question alone is cut
            raise CountyUnavailable(f"the county answered {status}")
        if FIRST_REDIRECT <= status < FIRST_REFUSAL and status != NOT_MODIFIED:
            raise self._no_county(f"the county sends us elsewhere ({status}); we go nowhere")
        if status >= FIRST_REFUSAL:
            self._refuse(status, answer)

    def _refuse(self, status: int, answer: bytes) -> None:
        try:
            problem = Problem.model_validate_json(answer)
        except ValidationError as error:
            raise self._no_county(f"the county answered {status} without a problem") from error
        if problem.type in UNPROVEN:
            self.not_served = problem.type
            kind = KioskNotApproved if problem.type in NOT_APPROVED else CountyUnavailable
            raise kind(f"the county does not serve this kiosk: {problem.type} {problem.detail}")
        raise CountyRefused(problem.type, problem.detail)

    def _raw(
        self, method: str, path: str, headers: Mapping[str, str], *, content: bytes, params: Mapping[str, str | int]
    ) -> tuple[int, Mapping[str, str], bytes]:
        import httpx  # noqa: PLC0415  0.25 s that a start does not need

        if self.cut:
            self.reachable = False
            raise CountyUnavailable("the line is cut (dock)")
        until = time.monotonic() + LONGEST_ANSWER * self._timeout
        try:
            request = self._client().build_request(method, path, headers=headers, content=content, params=params)
            self._sign(request, content)
            with contextlib.closing(self._client().send(request, stream=True)) as answer:
                self.certificate_ends = certificate_ends(answer.extensions) or self.certificate_ends
                if answer.headers.get("content-encoding", AS_IT_IS).lower() != AS_IT_IS:
                    raise self._no_county(f"{path}: the answer comes packed, which nobody asked for")
                body = b""
                for piece in answer.iter_raw():
                    body += piece
                    if len(body) > LARGEST_ANSWER:
                        raise CountyUnavailable(f"{path}: the answer is too large")
                    if time.monotonic() > until:
                        raise httpx.ReadTimeout("the answer trickles")
        except (httpx.HTTPError, httpx.InvalidURL, UnicodeError, OSError) as error:
            raise self._broken(path, error) from error
        self.reachable, self.distrusted = answer.status_code < FIRST_FAILURE, ""
        return answer.status_code, answer.headers, body

    def _broken(self, path: str, error: Exception) -> CountyUnavailable:
        self.reachable, why = False, distrust(error)
        if not why:
            return CountyUnavailable(f"{path}: {type(error).__name__}")
        self.distrusted = why
        return CountyUntrusted(f"{path}: {why}")

    def _sign(self, request: httpx.Request, content: bytes) -> None:
        path = request.url.raw_path.decode("ascii")
        if self.signer is not None and not path.startswith(PUBLIC):
            signed = Outgoing(request.method, path, dict(request.headers), content)
            request.headers.update(self.signer.headers(signed))

    def _client(self) -> httpx.Client:
        import httpx  # noqa: PLC0415  see above

        from kiosk.uplink.whole_answers import bounded  # noqa: PLC0415  see above

        with self._lock:
            if self._http is None:
                self._http = httpx.Client(
                    base_url=self._url,
                    timeout=httpx.Timeout(self._timeout),
                    transport=bounded(self._line(), LONGEST_ANSWER * self._timeout),
                    headers={"Accept-Encoding": AS_IT_IS},
                    trust_env=False,
                    follow_redirects=False,
                )
            return self._http
