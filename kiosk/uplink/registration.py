"""How the county knows this kiosk: enrolled, let in or shut out by a person there, and by which pair of keys.

Keys are renewed in steps, each of which may be the last before the power goes: the new pair is on the disk before it
is announced, it is announced under the old one, both are good at the county for a week, and only an answer makes the
new one the present. Announcing it again is answered the same.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from datetime import timedelta

from contract.codes import KioskState
from contract.enrolment import KioskStanding, prove_possession
from contract.problems import ProblemType
from kiosk.clock import Clock
from kiosk.county_errors import CountyRefused, CountyUnavailable
from kiosk.journal import Happening, Journal
from kiosk.uplink.client import NOT_APPROVED, CountyClient
from kiosk.uplink.identity_keys import KeyDrawer, Signer

log = logging.getLogger(__name__)

STANDING_SECONDS = 300.0
"""An approved kiosk asks so often whether it still is."""
MONTH = timedelta(days=30)


def nobody() -> None:
    """Nobody listens."""


class Registration:
    """This kiosk in the county's registry. ``drawer`` None: keys are never renewed. ``months`` 0: not by age."""

    def __init__(
        self, client: CountyClient, journal: Journal, clock: Clock, drawer: KeyDrawer | None = None, months: int = 0
    ) -> None:
        self._client = client
        self._journal = journal
        self._clock = clock
        self._drawer = drawer
        self._months = months
        self._asked = 0.0
        self._one_at_a_time = threading.Lock()
        """The uplink asks, and so does whoever reads a card; a pair is taken once."""
        self.standing: KioskStanding | None = None
        """How this kiosk stands at the county; None until it said so."""
        self.changed: Callable[[], object] = nobody
        """Called after the standing changed."""

    @property
    def approved(self) -> bool | None:
        """Whether the county serves this kiosk, as far as is known; None until it said so."""
        if self._client.not_served in NOT_APPROVED:
            return False
        return self.standing.state is KioskState.APPROVED if self.standing else None

    @property
    def withdrawn(self) -> bool:
        """True where somebody at the county shut this kiosk out: nobody is served with a card here."""
        return self.standing is not None and self.standing.state is KioskState.WITHDRAWN

    @property
    def mark(self) -> str:
        """The fingerprint of this kiosk's keys, which an officer compares before approving it."""
        return self._client.signer.enrolment.fingerprint if self._client.signer else ""

    def enrol(self) -> None:
        """Show the county this kiosk's keys until somebody there approved them; then ask now and then if that holds."""
        with self._one_at_a_time:
            self._enrol()

    def _enrol(self) -> None:
        signer, now = self._client.signer, self._clock.monotonic()
        fresh = self.approved and not self._client.not_served and now - self._asked < STANDING_SECONDS
        if signer is None or fresh:
            return
        self._client.not_served, self._asked = None, now
        self._heard(self._asked_standing(signer))
        if self.withdrawn:
            self._try_upcoming(signer)

    def _asked_standing(self, signer: Signer) -> KioskStanding | None:
        return self._client.send("POST", "/v1/kiosks", signer.enrolment, KioskStanding).message

    def _heard(self, standing: KioskStanding | None) -> None:
        before, self.standing = self.standing, standing
        if standing == before or standing is None:
            return
        log.info("the county says of this kiosk: %s", standing.state)
        if before is None or before.state is not standing.state:
            self._journal.write(Happening.STANDING_CHANGED, state=standing.state, mark=standing.fingerprint)
            self.changed()

    def _try_upcoming(self, present: Signer) -> None:
        """The county may have taken the pair whose announcement was never answered, and be done with the one before."""
        upcoming = self._drawer.upcoming() if self._drawer is not None and self._drawer.announced else None
        if self._drawer is None or upcoming is None:
            return
        self._client.signer = upcoming
        try:
            told = self._asked_standing(upcoming)
        except (CountyRefused, CountyUnavailable):
            self._client.signer = present
            raise
        if told is None or told.state is not KioskState.APPROVED:
            self._client.signer = present
            return
        self._took(self._drawer, upcoming)
        self._heard(told)

    def renew_keys(self) -> None:
        """Announce the upcoming pair where there is one or the present one is too old, and use it once it is taken."""
        with self._one_at_a_time:
            self._renew_keys()

    def _renew_keys(self) -> None:
        present, drawer = self._client.signer, self._drawer
        if drawer is None or present is None or not self.approved:
            return
        upcoming = drawer.upcoming()
        if upcoming is None:
            if not self._too_old(drawer):
                return
            upcoming = drawer.make_upcoming()
        announced = prove_possession(upcoming.keys.signing, present.enrolment.key_id, upcoming.enrolment)
        drawer.note_announced()
        try:
            told = self._client.send("POST", "/v1/kiosks/current/keys", announced, KioskStanding).message
        except CountyRefused as refusal:
            if refusal.problem is ProblemType.KEYS_REFUSED:
                drawer.discard_upcoming()
            raise
        if told is not None and told.key_id == upcoming.enrolment.key_id:
            self._took(drawer, upcoming)
            self._heard(told)

    def _took(self, drawer: KeyDrawer, upcoming: Signer) -> None:
        drawer.take_upcoming()
        self._client.signer = upcoming
        self._journal.write(Happening.KEYS_RENEWED, mark=upcoming.enrolment.fingerprint)

    def _too_old(self, drawer: KeyDrawer) -> bool:
        """Keys that systemd hands over are renewed by whoever keeps them there."""
        made_at = drawer.made_at()
        if made_at is None or self._months == 0:
            return False
        return self._clock.now().timestamp() - made_at > (self._months * MONTH).total_seconds()
