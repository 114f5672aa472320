"""Asking a member of staff to look at the person: requests with a time limit, answered on the staff face."""

from __future__ import annotations

import secrets
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum

from kiosk.errors import SessionEnded
from kiosk.states import ResidentSession


class WitnessState(StrEnum):
    """Life of one request."""

    ASKED = "asked"
    CONFIRMED = "confirmed"
    REFUSED = "refused"
    LATE = "late"


@dataclass(frozen=True)
class WitnessRequest:
    """What a clerk sees: service and masked name only. ``deadline`` in monotonic seconds.

    ``resident``: the opaque reference under which the answer is journalled.
    """

    request_id: str
    token: str
    service: str
    name_masked: str
    resident: str
    deadline: float
    state: WitnessState = WitnessState.ASKED
    clerk: str = ""


class WitnessBoard:
    """The open request of this machine; there is one desk, so there is at most one.

    ``serves`` says whether the session of a token is still being served: no other has an open request.
    ``answered`` hears of every request that was confirmed, refused or found too late, once.
    """

    def __init__(
        self, monotonic: Callable[[], float], serves: Callable[[str], bool], answered: Callable[[WitnessRequest], None]
    ) -> None:
        self._monotonic = monotonic
        self._serves = serves
        self._answered = answered
        self._lock = threading.Condition()
        self._changes = 0
        self._request: WitnessRequest | None = None

    def ask(self, session: ResidentSession, service: str, seconds: float) -> WitnessRequest:
        """Ask; an earlier request is forgotten. Raises SessionEnded where the session is not served any more."""
        resident, deadline = session.resident, self._monotonic() + seconds
        number, name = secrets.token_urlsafe(8), str(resident.name)
        request = WitnessRequest(number, session.token, service, name, resident.reference, deadline)
        with self._lock:
            if not self._serves(session.token):
                raise SessionEnded("the session ended before the witness was asked")
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
        request = self._looked_at()
        return request if request is not None and request.token == token else None

    def open(self) -> WitnessRequest | None:
        """The request that waits for a clerk now."""
        request = self._looked_at()
        waits = request is not None and request.state is WitnessState.ASKED and self._serves(request.token)
        return request if waits else None

    def answer(self, request_id: str, clerk: str, *, confirmed: bool) -> WitnessRequest | None:
        """A clerk answers; None where the request is over, late, answered or another's."""
        waits = self.open()
        state = WitnessState.CONFIRMED if confirmed else WitnessState.REFUSED
        with self._lock:
            if waits is None or self._request is not waits or waits.request_id != request_id:
                return None
            request = self._request = replace(waits, state=state, clerk=clerk)
            self._tell()
        self._answered(request)
        return request

    def _looked_at(self) -> WitnessRequest | None:
        """The request, LATE once its time is over; that it is late is told by whoever sees it first."""
        with self._lock:
            request = self._request
            if request is None or request.state is not WitnessState.ASKED or self._monotonic() <= request.deadline:
                return request
            request = self._request = replace(request, state=WitnessState.LATE)
            self._tell()
        self._answered(request)
        return request

    def forget(self, token: str) -> None:
        """The session of ``token`` ended, and its request with it."""
        self._looked_at()
        with self._lock:
            if self._request is not None and self._request.token == token:
                self._request = None
                self._tell()
