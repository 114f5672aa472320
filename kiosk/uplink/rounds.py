"""What goes on by itself between a machine and its county: one round after another, in a thread of its own."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from datetime import datetime

from kiosk.clock import Clock
from kiosk.county_errors import CountyBusy, CountyRefused, CountyUnavailable
from kiosk.uplink.client import CountyClient
from kiosk.uplink.feed import Feed
from kiosk.uplink.outbox import Outbox
from kiosk.uplink.registration import Registration
from kiosk.uplink.sealing import CountySeal
from kiosk.uplink.telling.day_figures import FiguresTelling
from kiosk.uplink.telling.heads import HeadTelling

log = logging.getLogger(__name__)

QUICK_SECONDS = 1.0
LONGEST_NAP = 1.0
LONGEST_STEP = 2.0
"""Seconds a stop waits for what is being asked of the county."""


class Rounds:
    """Enrolment, keys, feed, outbox, and what the county is told unasked."""

    def __init__(
        self, *, client: CountyClient, registration: Registration, feed: Feed, seal: CountySeal, outbox: Outbox,
        telling: tuple[HeadTelling, FiguresTelling], clock: Clock,
    ) -> None:  # fmt: skip
        self._client = client
        self._registration = registration
        self._feed = feed
        self._seal = seal
        self._outbox = outbox
        self._telling = telling
        self._clock = clock
        self.rests_until = 0.0
        """Monotonic seconds: the county asked not to be asked before, unless somebody stands at the machine."""
        self.last_round: datetime | None = None
        """When everything was last gone through, well or not; a machine whose uplink died stays at it."""
        self._thread: threading.Thread | None = None

    def start(self, stop: threading.Event, poll_seconds: float) -> None:
        """Keep up with the county in a thread until ``stop``."""
        self._thread = threading.Thread(target=self.keep_up, args=(stop, poll_seconds), name="uplink", daemon=True)
        self._thread.start()

    def join(self) -> None:
        """After ``stop``: wait for the step under way, unless the county keeps it for long."""
        if self._thread is not None:
            self._thread.join(LONGEST_STEP)

    def keep_up(self, stop: threading.Event, poll_seconds: float) -> None:
        """Pull the feed and drain the outbox until ``stop``; after a cut, try more often for a while."""
        quick, was_cut = QUICK_SECONDS, True
        while not stop.is_set():
            if (rest := self.rests_until - self._clock.monotonic()) > 0:
                stop.wait(min(rest, LONGEST_NAP))
                continue
            whole, was_cut = self._one_round(stop, was_cut=was_cut)
            pause = poll_seconds if whole else min(quick, poll_seconds)
            quick = QUICK_SECONDS if whole else min(quick * 2, poll_seconds)
            self._outbox.refilled.wait(pause)
            self._outbox.refilled.clear()

    def _one_round(self, stop: threading.Event, *, was_cut: bool) -> tuple[bool, bool]:
        """Everything once, until ``stop``; what fails holds up nothing else. Whether the copy is whole, and cut."""

        def each(*steps: Callable[[], None]) -> bool:
            return all([not stop.is_set() and self._survived(step) for step in steps])  # noqa: C419 - each is tried

        whole = each(
            self._registration.enrol,  # known first: a clerk may want to sign in already
            self._registration.renew_keys,
            self._feed.pull,
            self._seal.renew,
        )
        is_cut = not self._client.reachable
        if was_cut and not is_cut:
            each(self._outbox.hurry)
        each(self._outbox.drain, self._outbox.age, self._outbox.prune)
        if not is_cut and self._registration.approved:
            each(*(telling.tell_when_due for telling in self._telling))
        self.last_round = self._clock.now()
        return whole, is_cut

    def last_words(self) -> None:
        """What the county hears of a machine that stops, where the line is there: the journal's last head."""
        if self._client.reachable and self._registration.approved:
            self._survived(self._telling[0].tell)

    def _survived(self, step: Callable[[], None]) -> bool:
        """True where ``step`` went well. Nothing ends the uplink: a full disk passes, a dead uplink stays dead."""
        if self.rests_until > self._clock.monotonic():
            return False
        try:
            step()
        except CountyBusy as busy:
            self.rests_until = self._clock.monotonic() + busy.seconds
            return False
        except (CountyUnavailable, CountyRefused) as error:
            log.info("the county cannot be reached: %s", error)
            return False
        except Exception:
            log.exception("a step of the uplink failed")
            return False
        return True
