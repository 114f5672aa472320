"""Asking a member of staff to look at the person: requests with a time limit, answered on the staff face."""

from __future__ import annotations

import secrets
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum


class WitnessState(StrEnum):
    """Life of one request."""

    ASKED = "asked"
    CONFIRMED = "confirmed"
    REFUSED = "refused"
    LATE = "late"


@dataclass(frozen=True)
class WitnessRequest:
    """What a clerk sees: service and masked name only. ``deadline`` in monotonic seconds."""

    request_id: str
    token: str
    service: str
    name_masked: str
    deadline: float
    state: WitnessState = WitnessState.ASKED
    clerk: str = ""


class WitnessBoard:
    """The open request of this machine; there is one desk, so there is at most one."""

    def __init__(self, monotonic: Callable[[], float], answered: Callable[[WitnessRequest], None]) -> None:
        self._monotonic = monotonic
        self._answered = answered
        self._lock = threading.Condition()
        self._changes = 0
        self._request: WitnessRequest | None = None

    def ask(self, token: str, service: str, name_masked: str, seconds: float) -> WitnessRequest:
        """Ask; an earlier request of another session is forgotten."""
        request = WitnessRequest(secrets.token_urlsafe(8), token, service, name_masked, self._monotonic() + seconds)
        with self._lock:
            self._request = request
            self._tell()
        return request

    @property
    def changes(self) -> int:
        """Counts what happened to the request; the clerk's page waits for the next."""
        return self._changes

    def wait_beyond(self, changes: int, seconds: float) -> None:
        """Wait until something happened since ``changes``, or ``seconds`` passed."""
        with self._lock:
            self._lock.wait_for(lambda: self._changes != changes, timeout=seconds)

    def _tell(self) -> None:
        self._changes += 1
        self._lock.notify_all()

    def of(self, token: str) -> WitnessRequest | None:
        """The request of a session, with LATE where nobody answered in time."""
        with self._lock:
            request = self._request
            if request is None or request.token != token:
                return None
            if request.state is WitnessState.ASKED and self._monotonic() > request.deadline:
                request = self._request = replace(request, state=WitnessState.LATE)
            return request

    def open(self) -> WitnessRequest | None:
        """The request that waits for a clerk now."""
        with self._lock:
            request = self._request
        if request is None or request.state is not WitnessState.ASKED or self._monotonic() > request.deadline:
            return None
        return request

    def answer(self, request_id: str, clerk: str, *, confirmed: bool) -> WitnessRequest | None:
        """A clerk answers; None where the request is over, answered or another's."""
        with self._lock:
            request = self._request
            if request is None or request.request_id != request_id or request.state is not WitnessState.ASKED:
                return None
            if self._monotonic() > request.deadline:
                self._request = replace(request, state=WitnessState.LATE)
                return None
            state = WitnessState.CONFIRMED if confirmed else WitnessState.REFUSED
            request = self._request = replace(request, state=state, clerk=clerk)
            self._tell()
        self._answered(request)
        return request

    def forget(self) -> None:
        """The session ended."""
        with self._lock:
            self._request = None
            self._tell()
