"""The line to the server under test: real HTTP, bounded waits, and a record of what was asked and answered."""

from __future__ import annotations

import contextlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx

from contract.conformance.verdicts import Failed, Silent
from contract.signatures import Outgoing

SECONDS = 30.0
EXCERPT = 700
SHORT = 12
FIRST_REFUSAL = 400
TOKENS = re.compile(r'("(?:sitting|session|nonce)":\s*")[^"]{5,}(?=")')
SECRET_HEADERS = ("signature", "kiosk-sitting", "staff-session")


@dataclass(frozen=True)
class Exchange:
    """One request and its answer, shortened, without what is private. ``problem``: the type of a refusal."""

    method: str
    target: str
    sent: str
    status: int
    answer: str
    problem: str = ""


@dataclass(frozen=True)
class Reply:
    """An answer as it came; ``asked`` names the request in what is said about it."""

    asked: str
    status: int
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> Any:
        """The body; Failed where it is no JSON."""
        try:
            return json.loads(self.body)
        except ValueError:
            raise Failed(f"{self.asked} answered {self.status} with a body that is not JSON") from None

    @property
    def problem(self) -> str:
        """The ``type`` of a problem; empty for anything else."""
        if self.status < FIRST_REFUSAL:
            return ""
        with contextlib.suppress(ValueError):
            said = json.loads(self.body)
            if isinstance(said, dict) and isinstance(said.get("type"), str):
                return str(said["type"])
        return ""


@dataclass
class Line:
    """Speaks to one server. ``private``: texts that no record shows."""

    url: str
    private: tuple[str, ...] = ()
    exchanges: list[Exchange] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._http = httpx.Client(base_url=self.url.rstrip("/"), timeout=SECONDS, trust_env=False)

    def close(self) -> None:
        """Let go of the connections."""
        self._http.close()

    def send(self, request: Outgoing) -> Reply:
        """The answer, whatever it is; Silent where none comes."""
        asked = f"{request.method} {request.target.partition('?')[0]}"
        try:
            got = self._http.request(
                request.method, request.target, headers=request.headers, content=request.body or None
            )
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise Silent(f"{asked} got no answer: {error or type(error).__name__}") from error
        reply = Reply(asked, got.status_code, {name.lower(): value for name, value in got.headers.items()}, got.content)
        self.exchanges.append(self._noted(request, reply))
        return reply

    def taken(self) -> tuple[Exchange, ...]:
        """What was exchanged since this was last called."""
        exchanges = tuple(self.exchanges)
        self.exchanges.clear()
        return exchanges

    def _noted(self, request: Outgoing, reply: Reply) -> Exchange:
        sent = "\n".join([*_headers(request.headers.items()), "", self._excerpt(request.body)])
        answer = "\n".join([*_headers(reply.headers.items()), "", self._excerpt(reply.body)])
        return Exchange(
            request.method, self._hidden(request.target), self._hidden(sent).strip(), reply.status,
            self._hidden(answer).strip(), reply.problem,
        )  # fmt: skip

    def _excerpt(self, body: bytes) -> str:
        text = TOKENS.sub(r"\1…", body[: 4 * EXCERPT].decode(errors="replace"))
        text = self._hidden(text)
        return text if len(text) <= EXCERPT else f"{text[:EXCERPT]}… ({len(body)} bytes)"

    def _hidden(self, text: str) -> str:
        for one in self.private:
            text = text.replace(one, "•••")
        return text


def _headers(pairs: Iterable[tuple[str, str]]) -> Iterator[str]:
    for name, value in pairs:
        secret = name.lower() in SECRET_HEADERS
        yield f"{name}: {value[:SHORT]}…" if secret and len(value) > SHORT else f"{name}: {value}"
