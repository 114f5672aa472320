"""Taking a finger: one try at a time in the sensor's own worker, told step by step to the visit that asked."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from functools import partial

from devices.device import DeviceError
from devices.fingerprint import FingerprintReader, FingerTemplate, Hint, MatchResult, MatchVerdict
from kiosk.desk import Desk
from kiosk.device_errors import SensorAway, error_of
from kiosk.errors import KioskError
from kiosk.events import Proven, SceneChanged
from kiosk.identity import Assurance
from kiosk.journal import Happening, Journal
from kiosk.states import ResidentSession, Serving, State
from kiosk.workers import Hung, Worker, nobody

AFTER_FINGER = 30.0
"""What a sensor may need beyond the wait for a finger, second tries through noise included; longer, and it hangs."""


class CaptureState(StrEnum):
    """Life of one try."""

    IDLE = "idle"
    WAITING = "waiting"
    OVER = "over"


@dataclass(frozen=True)
class CaptureView:
    """What a page shows of the present try. ``problem``: the sensor failed and nobody was counted a try."""

    state: CaptureState = CaptureState.IDLE
    hint: Hint = Hint.PLACE
    result: MatchResult | None = None
    problem: KioskError | None = None


@dataclass
class CaptureMemory:
    """The try of one visit; replaced whole, read by pages."""

    view: CaptureView = field(default_factory=CaptureView)


class CaptureRoom:
    """Owns the sensor's worker. A try belongs to one session and dies with it."""

    def __init__(
        self, desk: Desk, reader: FingerprintReader | None, journal: Journal, hung: Hung = nobody, *,
        after_finger: float = AFTER_FINGER,
    ) -> None:  # fmt: skip
        self._desk = desk
        self._reader = reader
        self._journal = journal
        self._after_finger = after_finger
        self._worker = Worker("finger", "fingerprint", hung)
        self._cancel = threading.Event()
        self._token = ""
        self._changing = threading.RLock()
        desk.listen(self._session_changed)

    @property
    def ready(self) -> bool:
        """True when a finger can be taken now."""
        return self._reader is not None and self._reader.board.health.ready

    @property
    def format(self) -> str:
        """The family of templates that this hall's sensor compares; "" where there is no sensor."""
        return self._reader.format if self._reader is not None else ""

    def begin(
        self, session: ResidentSession, template: FingerTemplate, seconds: float, then: Callable[[CaptureView], None]
    ) -> None:
        """Start one try; returns at once. ``then`` hears the end of it, in the worker, while the session serves."""
        cancel = self._cancel_of_a_new_try(session.token)
        if cancel is None:
            return
        self._show(session.token, CaptureView(CaptureState.WAITING))
        self._worker.do(
            partial(self._try, session, template, seconds, cancel, then),
            partial(self._defect, session.token, cancel),
            seconds + self._after_finger,
        )

    def _cancel_of_a_new_try(self, token: str) -> threading.Event | None:
        """What will end the try that begins now; None where the session is over, before or meanwhile."""
        with self._changing:
            if self._serving(token) is None:
                return None
            self._cancel.set()
            self._cancel, self._token = threading.Event(), token
            cancel = self._cancel
        return cancel if self._serving(token) is not None else None  # whoever leaves from here on sets the new one

    def _defect(self, token: str, cancel: threading.Event, problem: KioskError) -> None:
        if not cancel.is_set():
            cancel.set()  # a try that hangs and comes back after all proves nobody
            self._show(token, CaptureView(CaptureState.OVER, problem=problem))

    def _try(
        self, session: ResidentSession, template: FingerTemplate, seconds: float, cancel: threading.Event,
        then: Callable[[CaptureView], None],
    ) -> None:  # fmt: skip
        if cancel.is_set():
            return
        view = CaptureView(CaptureState.OVER, problem=SensorAway("no sensor"))
        try:
            if self._reader is not None:
                hinted = self._hint_for(session.token)
                result = self._reader.match(template, seconds, hinted, cancel)
                view = CaptureView(CaptureState.OVER, result.hint, result)
        except DeviceError as error:
            view = CaptureView(CaptureState.OVER, problem=error_of(error, "fingerprint"))
        if not cancel.is_set() and self._serving(session.token) is not None:
            self._ended(session, view)
            then(view)
            self._show(session.token, view)

    def _ended(self, session: ResidentSession, view: CaptureView) -> None:
        matched = view.result is not None and view.result.verdict is MatchVerdict.MATCHED
        happening = Happening.FINGER_MATCHED if matched else Happening.FINGER_FAILED
        code = view.problem.code if view.problem else ""
        self._journal.write(happening, resident=session.resident.reference, code=code)
        if matched:
            self._desk.handle(Proven(session.token, Assurance.WITNESSED))

    def _hint_for(self, token: str) -> Callable[[Hint], None]:
        def hinted(hint: Hint) -> None:
            self._show(token, CaptureView(CaptureState.WAITING, hint))

        return hinted

    def view(self, token: str) -> CaptureView:
        """What the session's present try looks like."""
        serving = self._serving(token)
        return serving.visit.recall(CaptureMemory).view if serving else CaptureView()

    def _show(self, token: str, view: CaptureView) -> None:
        serving = self._serving(token)
        if serving is None:
            return
        memory = serving.visit.recall(CaptureMemory)
        if memory.view == view:
            return
        memory.view = view
        self._desk.handle(SceneChanged(serving.visit.number))

    def _serving(self, token: str) -> Serving | None:
        state = self._desk.state
        return state if isinstance(state, Serving) and state.session.token == token else None

    def cancel(self) -> None:
        """End a running try within 0.3 s."""
        with self._changing:
            self._cancel.set()

    def _session_changed(self, before: State, after: State) -> None:
        if isinstance(before, Serving) and not (
            isinstance(after, Serving) and after.session.token == before.session.token
        ):
            with self._changing:
                if self._token == before.session.token:  # a listener may come late: the next one's try goes on
                    self._cancel.set()

    def close(self) -> None:
        """Cancel and end."""
        self.cancel()
        self._worker.close(wait=False, drop=True)
