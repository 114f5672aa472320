"""A clerk tests a device: one test at a time, while nobody is at the desk, in a worker of its own, with a limit.

The machine is out of service meanwhile, so that no session begins from the card that is tried, and comes back by
itself. A device that hangs costs its worker; the test ends at its limit all the same.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import TimeoutError as TooLate
from dataclasses import dataclass, field, replace
from functools import partial

from devices.card import CardEvent, CardInserted, CardMute, CardReader, CardRemoved
from devices.device import DeviceError, DeviceSilent, HealthBoard
from kiosk.desk import Desk
from kiosk.device_errors import error_of
from kiosk.device_words import PANEL, cure_of, words_of
from kiosk.errors import DeviceTestRuns, KioskError, MachineInUse, ProgramDefect, RequestRefused
from kiosk.events import Borrowed, CardIn, Finished, Opened
from kiosk.journal import Happening, Journal
from kiosk.states import OutOfService
from kiosk.workers import Worker

TESTING = "device test"
LONGEST_SECONDS = 100.0
CARD = "card"


@dataclass(frozen=True)
class Outcome:
    """How a test ended. ``passed`` None: nothing came of it, which says nothing of the device."""

    passed: bool | None
    words: tuple[str, ...]
    code: str = ""


@dataclass(frozen=True)
class Patience:
    """Seconds that a clerk has: to put something in or on, to take it out, to tap all targets."""

    put: float = 30.0
    take: float = 30.0
    tap: float = 60.0


@dataclass(frozen=True)
class DeviceTestView:
    """A test as the clerk's page shows it. ``ask``: what to do now; ``outcome`` None while it runs."""

    kind: str = ""
    number: int = 0
    ask: str = ""
    outcome: Outcome | None = None
    changes: int = 0

    @property
    def running(self) -> bool:
        """True until it ended."""
        return bool(self.kind) and self.outcome is None

    @property
    def showing(self) -> str:
        """A word for what the page shows."""
        return f"test-{self.number}.{self.changes}"


@dataclass(frozen=True)
class Trial:
    """A running test as its act sees it: what to say and to show, cards that come, and whether it is called off."""

    say: Callable[[str], None]
    show: Callable[[str, int], None]
    cards: queue.Queue[CardEvent] = field(default_factory=queue.Queue)
    off: threading.Event = field(default_factory=threading.Event)

    def next_card(self, seconds: float) -> CardEvent | None:
        """The next thing that happens at the slot; None where nothing did in time, or the test was called off."""
        for _ in range(max(1, round(seconds / 0.1))):
            try:
                return self.cards.get(timeout=0.1)
            except queue.Empty:
                if self.off.is_set():
                    return None
        return None


Act = Callable[[Trial], Outcome]
"""The test of one device; raises DeviceError or KioskError for what the device could not do."""


class DeviceTestRoom:
    """Runs tests. ``acts`` by kind of device; ``boards`` hear how a test went."""

    def __init__(
        self, desk: Desk, *, reader: CardReader | None, acts: Mapping[str, Act], boards: Mapping[str, HealthBoard],
        journal: Journal, longest: float = LONGEST_SECONDS,
    ) -> None:  # fmt: skip
        self._desk = desk
        self._acts = acts
        self._boards = boards
        self._journal = journal
        self._longest = longest
        self._changed = threading.Condition(threading.RLock())
        self._view = DeviceTestView()
        self._trial: Trial | None = None
        self._slot: CardInserted | CardMute | None = None
        self._usual = reader.listener if reader else None
        if reader is not None:
            reader.listener = self._card_event
        self._runner, self._hand = Worker("device-test"), Worker("device-hand")

    # --- the clerk's side ---

    def offers(self, kind: str) -> bool:
        """True where this hall has something to test under this name."""
        return kind in self._acts

    @property
    def view(self) -> DeviceTestView:
        """The present test, or the last one."""
        return self._view

    def begin(self, kind: str, clerk: str) -> None:
        """Start a test; returns at once. Raises MachineInUse while somebody is at the desk, DeviceTestRuns."""
        if kind not in self._acts:
            raise RequestRefused(f"nothing to test: {kind}")
        with self._changed:
            number = self._view.number + 1
            if self._view.running:
                raise DeviceTestRuns(f"a test runs: {self._view.kind}")
            if not self._borrowed("/closed", f"testing-{number}"):
                raise MachineInUse("somebody is at the desk")
            trial = Trial(self._say, partial(self._show, number))
            self._trial, self._view = trial, DeviceTestView(kind, number, "马上开始")
            self._changed.notify_all()
        if not self._runner.do(partial(self._run, kind, clerk, trial), lambda _: self._reopen(kind)):
            self._reopen(kind)

    def call_off(self) -> None:
        """End the running test within a second or so."""
        with self._changed:
            if self._trial is not None:
                self._trial.off.set()

    def wait_beyond(self, showing: str, seconds: float) -> None:
        """Wait until the view shows something else, or ``seconds`` passed."""
        with self._changed:
            self._changed.wait_for(lambda: self._view.showing != showing, seconds)

    def close(self) -> None:
        """End what runs, start nothing more."""
        self.call_off()
        self._runner.close(wait=False, drop=True)
        self._hand.close(wait=False, drop=True)

    # --- the test's side ---

    def _borrowed(self, page: str, showing: str) -> bool:
        state = self._desk.handle(Borrowed(OutOfService(TESTING, showing, page)))
        return isinstance(state, OutOfService) and state.reason == TESTING

    def _say(self, words: str) -> None:
        with self._changed:
            if self._view.running:
                self._view = replace(self._view, ask=words, changes=self._view.changes + 1)
                self._changed.notify_all()

    def _show(self, number: int, page: str, step: int) -> None:
        self._borrowed(page, f"testing-{number}.{step}")

    def _run(self, kind: str, clerk: str, trial: Trial) -> None:
        outcome = self._outcome(kind, trial)
        trial.off.set()
        board = self._boards.get(kind)
        if board is not None and outcome.passed is not None:
            board.tested(passed=outcome.passed, code=outcome.code)
        try:
            self._journal.write(
                Happening.DEVICE_TESTED, device=kind, clerk=clerk, passed=outcome.passed, code=outcome.code
            )
        finally:
            self._reopen(kind, outcome)

    def _outcome(self, kind: str, trial: Trial) -> Outcome:
        known = kind if kind != PANEL else CARD
        task = self._hand.ask(partial(self._acts[kind], trial))
        if task is None:
            return Outcome(passed=None, words=("程序正在结束，没有检测",))
        try:
            return task.result(timeout=self._longest)
        except TooLate:
            self._hand.close(wait=False, drop=True)
            self._hand = Worker("device-hand")  # the old thread waits for its device as long as that likes
            return failed(error_of(DeviceSilent("the test did not come to its end"), known))
        except DeviceError as error:
            return failed(error_of(error, known))
        except KioskError as error:
            return failed(error)

    def _reopen(self, kind: str, outcome: Outcome | None = None) -> None:
        """Give the machine back. A card put in meanwhile is read now; the one that was tried is to be taken out."""
        with self._changed:
            if self._trial is None:
                return
            ended = outcome or Outcome(passed=None, words=(ProgramDefect.words,), code=ProgramDefect.code)
            self._trial = None
            self._view = replace(self._view, outcome=ended, changes=self._view.changes + 1)
            self._desk.handle(Opened(TESTING))
            if isinstance(self._slot, CardInserted) and kind == CARD:
                self._desk.handle(CardIn(self._slot.insertion))
                self._desk.handle(Finished())
            elif self._slot is not None and self._usual is not None:
                self._usual(self._slot)
            self._changed.notify_all()

    def _card_event(self, event: CardEvent) -> None:
        """The reader's own thread: the slot's events go to the test of a card, else where they always go."""
        with self._changed:
            self._slot = None if isinstance(event, CardRemoved) else event
            if self._trial is not None and self._view.kind == CARD:
                self._trial.cards.put(event)
            elif self._usual is not None:
                self._usual(event)


def failed(error: KioskError) -> Outcome:
    """A test that found something wrong: what, and what to do."""
    return Outcome(passed=False, words=(words_of(type(error)), f"怎么办：{cure_of(type(error))}"), code=error.code)
