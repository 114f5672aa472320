"""The journal's head told to the county now and then, so that cutting off its end does not stay between four walls."""

from __future__ import annotations

import logging

from contract.journal import JournalHead, JournalStanding
from kiosk.clock import Clock
from kiosk.journal import Happening, Journal
from kiosk.store import Store
from kiosk.uplink.client import CountyClient

log = logging.getLogger(__name__)

TELL_SECONDS = 3600.0
CONTRADICTED = "journal.contradicted"
TOLD = "journal.told"


class HeadTelling:
    """Tells the head at the start, every hour, and when the machine stops; an unchanged one is not told again."""

    def __init__(self, store: Store, client: CountyClient, journal: Journal, clock: Clock) -> None:
        self._store = store
        self._client = client
        self._journal = journal
        self._clock = clock
        self._told_at = float("-inf")

    def tell_when_due(self) -> None:
        """Tell it where an hour has passed since; raises CountyUnavailable, CountyRefused."""
        if self._clock.monotonic() - self._told_at >= TELL_SECONDS:
            self.tell()

    def tell(self) -> None:
        """Tell the present head; raises CountyUnavailable, CountyRefused."""
        head = self._journal.head()
        if head is None or head.written == self._store.recall(TOLD):
            return
        told = JournalHead(number=head.number, digest=head.digest, at=self._clock.now())
        answer = self._client.send("POST", "/v1/journal", told, JournalStanding).message
        self._told_at = self._clock.monotonic()
        self._store.remember(TOLD, head.written)
        if answer is not None and answer.contradicted:
            self._note_contradiction(answer)

    def _note_contradiction(self, answer: JournalStanding) -> None:
        """Once: the county never takes it back."""
        if self.contradicted:
            return
        log.error("the county holds a head of this journal that does not fit it: %s", answer.newest.head.written)
        with self._store.begin() as connection:
            self._store.remember(CONTRADICTED, answer.newest.head.written, connection)
            self._journal.write(Happening.JOURNAL_CONTRADICTED, connection, newest=answer.newest.number)

    @property
    def contradicted(self) -> bool:
        """True once the county said that this journal contradicts a head it was told before."""
        return bool(self._store.recall(CONTRADICTED))
