"""The kiosk's copy of the county's public content: pulled by cursor, kept in the store, dark when its lease is over."""

from __future__ import annotations

import hashlib
import logging
import threading
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from pydantic import ValidationError
from sqlalchemy import Connection, delete, select
from sqlalchemy.dialects.sqlite import insert as upsert

from contract.feed import DisplayItem, FeedItem, FeedKind, FeedPage, JobPosting
from kiosk.clock import Clock
from kiosk.county_errors import CountyRefused, CountyUnavailable
from kiosk.errors import StoreBusy, StoreFull
from kiosk.models import feed_item, hidden_item, media
from kiosk.store import Store
from kiosk.uplink.client import CountyClient, Reply
from kiosk.uplink.county_time import CountyTime, county_instant
from kiosk.uplink.job_index import JobIndex
from kiosk.uplink.known_keys import KnownKeys

log = logging.getLogger(__name__)

PAGE = 500
FIRST_YEAR, LAST_YEAR = 2000, 2200
POSTING_LEASE = "feed.posting_lease"
COPY = "feed.copy"
UNFINISHED = "…"
"""Behind the number of a full copy that has not come to its end."""
USUAL_LEASE = "72"
"""Hours, for a copy that holds no posting yet."""


@dataclass(frozen=True)
class WallContent:
    """Items for the wall that may be shown now, in order. ``as_of``: of the last complete pull."""

    items: tuple[DisplayItem, ...]
    as_of: datetime | None


class Feed:
    """Pulls and keeps. One puller at a time; readers see only whole pages."""

    def __init__(self, store: Store, client: CountyClient, clock: Clock, site: str, jobs: JobIndex) -> None:
        self._store = store
        self._client = client
        self.keys = KnownKeys(store, client)
        self._clock = clock
        self.site = site
        self._pulling = threading.Lock()
        self.jobs = jobs
        self._changed = threading.Condition()
        self._revision = 0
        self._etag_of = ("", "")  # a cursor, and the tag of the answer "nothing beyond it"
        self.county_time = CountyTime(clock)
        known = store.recall(COPY, "0")
        self._copy, self._copying = int(known.removesuffix(UNFINISHED)), known.endswith(UNFINISHED)
        self._as_of = _instant(store.recall("feed.as_of"))
        self._highest = _instant(store.recall("time.highest"))

    @property
    def as_of(self) -> datetime | None:
        """When the kiosk last held everything the county had; None before the first pull."""
        return self._as_of

    @property
    def revision(self) -> int:
        """Counts changes of the copy in this process; the wall waits for the next."""
        return self._revision

    def wait_beyond(self, revision: int, seconds: float) -> int:
        """Wait until the copy is newer than ``revision``, or ``seconds`` passed."""
        with self._changed:
            self._changed.wait_for(lambda: self._revision != revision, timeout=seconds)
            return self._revision

    def touch(self) -> None:
        """Let waiting walls look again."""
        with self._changed:
            self._revision += 1
            self._changed.notify_all()

    def pull(self, *, fresh: bool = False) -> None:
        """Bring the copy up to date; raises CountyUnavailable, with everything already taken kept.

        ``fresh``: past any cache, for what was published this very moment.
        """
        with self._pulling:
            while self._pull_page(fresh=fresh):
                pass

    def _pull_page(self, *, fresh: bool) -> bool:
        cursor = self._store.recall("feed.cursor")
        reply = self._ask(cursor, fresh=fresh)
        if reply.message is None:
            self.keys.check_unchanged(reply, self._etag_of[1])
            self._renew(county_instant(reply.as_of))
            return False
        page = reply.message
        self.keys.check_page(reply, self.site, cursor)
        if page.more and page.cursor == cursor:
            raise CountyUnavailable("the feed's cursor does not move")
        self._fetch_pictures(page.items)
        copy = self._copy + 1 if page.restart else self._copy
        with self._store.begin() as connection:
            for item in page.items:
                self._apply(connection, item, copy)
            self._keep_posting_lease(connection, page)
            self._store.remember("feed.cursor", page.cursor, connection)
            if page.restart or self._copying:
                self._keep_copy(connection, copy, whole=not page.more)
        self._copy, self._copying = copy, (page.restart or self._copying) and page.more
        if page.items or page.restart:
            self.jobs.forget_read()
            self.touch()
        if not page.more:
            self._etag_of = (page.cursor, reply.etag)
            self._drop_pictures_of_nobody()
            self._renew(page.as_of)
        return page.more

    def _ask(self, cursor: str, *, fresh: bool) -> Reply[FeedPage]:
        etag = self._etag_of[1] if cursor == self._etag_of[0] else ""
        asked: dict[str, str | int] = {"cursor": cursor, "area": self.site, "limit": PAGE}
        try:
            return self._client.get("/v1/feed", FeedPage, asked, etag=etag, fresh=fresh)
        except CountyRefused as refusal:
            self._store.remember("feed.cursor", "")
            raise CountyUnavailable(f"the county does not know our place in its feed: {refusal}") from refusal

    def _keep_copy(self, connection: Connection, copy: int, *, whole: bool) -> None:
        """The county begins anew (another area, database or backup): once it told all, what it did not send is gone.

        Until then the wall shows what it held, as long as its lease lasts; a copy that is interrupted goes on.
        """
        self._store.remember(COPY, f"{copy}{'' if whole else UNFINISHED}", connection)
        if whole:
            connection.execute(delete(feed_item).where(feed_item.c.copy != copy))
            self.jobs.drop_older(connection, copy)

    def _apply(self, connection: Connection, item: FeedItem, copy: int) -> None:
        if not item.known:
            return  # of a newer county
        try:
            content = None if item.removed else item.content()
        except ValidationError as error:
            raise CountyUnavailable(f"feed item {item.kind} {item.key} is not what it says") from error
        if item.kind is FeedKind.POSTING:
            self.jobs.put(connection, item.key, content if isinstance(content, JobPosting) else None, copy)
            return
        if content is None:
            connection.execute(delete(feed_item).where(feed_item.c.kind == item.kind, feed_item.c.key == item.key))
            return
        told = {"revision": item.revision, "lease_hours": item.lease_hours, "copy": copy}
        row = told | {"body": content.model_dump_json()}
        statement = upsert(feed_item).values(kind=item.kind, key=item.key, **row)
        connection.execute(statement.on_conflict_do_update(index_elements=["kind", "key"], set_=row))

    def _keep_posting_lease(self, connection: Connection, page: FeedPage) -> None:
        """Postings are shown as one list: the shortest lease of any that came with this copy holds for all."""
        leases = [item.lease_hours for item in page.items if item.kind is FeedKind.POSTING and not item.removed]
        known = "" if page.restart else self._store.recall(POSTING_LEASE)
        if leases or page.restart:
            shortest = min([*leases, *([int(known)] if known else [])], default=int(USUAL_LEASE))
            self._store.remember(POSTING_LEASE, str(shortest), connection)

    def _drop_pictures_of_nobody(self) -> None:
        """Pictures that no item names any more."""
        with self._store.begin() as connection:
            bodies = connection.scalars(select(feed_item.c.body).where(feed_item.c.kind == FeedKind.DISPLAY_ITEM))
            named = {DisplayItem.model_validate_json(body).picture for body in bodies}
            for sha256 in set(connection.scalars(select(media.c.sha256))) - named:
                connection.execute(delete(media).where(media.c.sha256 == sha256))

    def _fetch_pictures(self, items: Iterable[FeedItem]) -> None:
        """Bring the pictures of these items; one that is missing or another than named does not hold up the rest."""
        for item in items:
            picture = (item.body or {}).get("picture")
            if item.kind is not FeedKind.DISPLAY_ITEM or not isinstance(picture, str) or self.picture(picture):
                continue
            try:
                content, content_type = self._client.download(f"/v1/media/{picture}")
            except CountyRefused as refusal:
                log.warning("picture %.12s of item %s: %s", picture, item.key, refusal)
                continue
            if hashlib.sha256(content).hexdigest() != picture:
                log.warning("picture %.12s of item %s is not the one that was named", picture, item.key)
                continue
            with self._store.begin() as connection:
                row = {"sha256": picture, "content": content, "content_type": content_type}
                connection.execute(upsert(media).values(**row).on_conflict_do_nothing())

    def _renew(self, as_of: datetime) -> None:
        """The county's own time renews all leases, is the highest time we believe in, and measures our clock."""
        if not FIRST_YEAR <= as_of.year <= LAST_YEAR:
            raise CountyUnavailable(f"the county says it is the year {as_of.year}")
        self.county_time.heard(as_of)
        with self._store.begin() as connection:
            self._store.remember("feed.as_of", as_of.isoformat(), connection)
            self._store.remember("time.highest", as_of.isoformat(), connection)
        self._as_of = self._highest = as_of

    def see_time(self) -> datetime:
        """The highest time ever seen, kept on disk, so that a clock set back brings nothing back."""
        now, highest = self._clock.now(), self._highest
        if highest is None or now - highest > timedelta(minutes=1):
            self._highest = now
            try:
                self._store.remember("time.highest", now.isoformat())
            except (StoreFull, StoreBusy) as error:  # the wall goes on; this process remembers it
                log.warning("the highest time seen is not kept on disk: %s", error)
        return now if highest is None else max(now, highest)

    def lit(self, lease_hours: int) -> bool:
        """True while content with such a lease may be shown."""
        as_of = self.as_of
        return as_of is not None and self.see_time() <= as_of + timedelta(hours=lease_hours)

    def postings_lit(self) -> bool:
        """True while the list of job postings may be shown."""
        return self.lit(int(self._store.recall(POSTING_LEASE, USUAL_LEASE)))

    def wall(self) -> WallContent:
        """What the wall may show at this minute: lit, not hidden, inside its hours, in order."""
        local = self._clock.local()
        with self._store.read() as connection:
            hidden = set(connection.scalars(select(hidden_item.c.item_no)))
            rows = connection.execute(select(feed_item).where(feed_item.c.kind == FeedKind.DISPLAY_ITEM)).all()
        lit = {hours: self.lit(hours) for hours in {row.lease_hours for row in rows}}
        items = [DisplayItem.model_validate_json(row.body) for row in rows if lit[row.lease_hours]]
        shown = [item for item in items if item.hours.include(local) and item.item_no not in hidden]
        return WallContent(tuple(sorted(shown, key=lambda item: (item.order, item.item_no))), self.as_of)

    def bodies(self, kind: FeedKind) -> list[str]:
        """The bodies of all items of a kind as JSON, by key, whatever their lease."""
        with self._store.read() as connection:
            named = select(feed_item.c.body).where(feed_item.c.kind == kind).order_by(feed_item.c.key)
            return list(connection.scalars(named))

    def picture(self, sha256: str) -> tuple[bytes, str] | None:
        """A picture of the wall from the store."""
        with self._store.read() as connection:
            row = connection.execute(select(media).where(media.c.sha256 == sha256)).first()
        return (bytes(row.content), str(row.content_type)) if row else None

    def count(self, kind: FeedKind) -> int:
        """How many items of a kind the copy holds."""
        with self._store.read() as connection:
            return len(connection.execute(select(feed_item.c.key).where(feed_item.c.kind == kind)).all())


def _instant(text: str) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
