"""What happened, append-only and hash-chained. No names, no numbers: residents appear as opaque references."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, func, insert, select

from contract.chain import START, Head, Link, digest, first_break
from kiosk.clock import Clock
from kiosk.identity import IdNumber
from kiosk.models import journal
from kiosk.store import Store

LATEST = journal.c.number.desc()
A_DAY = timedelta(days=1)


class Happening(StrEnum):
    """The catalogue of events (docs/operating.md)."""

    STARTED = "started"
    STOPPED = "stopped"
    SESSION_BEGAN = "session_began"
    SESSION_ENDED = "session_ended"
    CARD_REFUSED = "card_refused"
    CARD_LEFT_BEHIND = "card_left_behind"
    NOTICE_GIVEN = "notice_given"
    CONSENT_GIVEN = "consent_given"
    VISIT_WIPED = "visit_wiped"
    PIN_ACCEPTED = "pin_accepted"
    PIN_REFUSED = "pin_refused"
    PIN_CHANGED = "pin_changed"
    PIN_CHANGE_REFUSED = "pin_change_refused"
    PIN_CHANGE_UNSURE = "pin_change_unsure"
    FINGER_MATCHED = "finger_matched"
    FINGER_FAILED = "finger_failed"
    WITNESS_ASKED = "witness_asked"
    WITNESS_CONFIRMED = "witness_confirmed"
    WITNESS_REFUSED = "witness_refused"
    ASKED_COUNTY = "asked_county"
    ANSWER_DISCARDED = "answer_discarded"
    SERVICE_OPENED = "service_opened"
    SUBMITTED = "submitted"
    COUNTY_ANSWERED = "county_answered"
    SUBMISSION_OVERDUE = "submission_overdue"
    SUBMISSION_SENT_AGAIN = "submission_sent_again"
    SUBMISSION_HANDED_OVER = "submission_handed_over"
    CONTACT_SHOWN = "contact_shown"
    RECEIPT_PRINTED = "receipt_printed"
    RECEIPT_FAILED = "receipt_failed"
    NUMBER_UNMASKED = "number_unmasked"
    CLERK_SERVED = "clerk_served"
    STAFF_SIGNED_IN = "staff_signed_in"
    STAFF_SIGNED_OUT = "staff_signed_out"
    PASSWORD_RESET = "password_reset"  # noqa: S105  the name of an event
    ITEM_CHANGED = "item_changed"
    ITEM_HIDDEN = "item_hidden"
    SCREEN_PAIRED = "screen_paired"
    STANDING_CHANGED = "standing_changed"
    KEYS_RENEWED = "keys_renewed"
    COUNTY_KEY_TRUSTED = "county_key_trusted"
    DOCUMENT_REFUSED = "document_refused"
    RECEIPT_CHECKED = "receipt_checked"
    CLIP_RECORDED = "clip_recorded"
    CLIP_DROPPED = "clip_dropped"
    KIOSK_SETTLED = "kiosk_settled"
    DEVICE_CHANGED = "device_changed"
    DEVICE_TESTED = "device_tested"
    CASE_CHANGED = "case_changed"
    LOCALITY_CHANGED = "locality_changed"
    JOURNAL_CONTRADICTED = "journal_contradicted"


class Journal:
    """The machine's own record; an entry is on disk when ``write`` returns, or with the caller's transaction.

    One writer at a time by the database's own lock. A lock of our own beside it would be taken in two orders.
    """

    def __init__(self, store: Store, clock: Clock, key: bytes) -> None:
        self._store = store
        self._clock = clock
        self._key = key

    def write(self, happening: Happening, connection: Connection | None = None, **facts: object) -> int:
        """Append an entry, in the caller's transaction where one is given; its number."""
        if connection is not None:
            return self._append(connection, happening, facts)
        with self._store.begin() as own:
            return self._append(own, happening, facts)

    def _append(self, connection: Connection, happening: Happening, facts: dict[str, object]) -> int:
        at = self._clock.now().isoformat(timespec="milliseconds")
        line = json.dumps({"at": at, "what": happening, **facts}, ensure_ascii=False, sort_keys=True, default=str)
        last = connection.execute(select(journal).order_by(journal.c.number.desc()).limit(1)).first()
        number = last.number + 1 if last else 1
        proof = digest(last.digest if last else START, line)
        connection.execute(insert(journal).values(number=number, text=line, digest=proof))
        return number

    def reference_of(self, number: IdNumber) -> str:
        """An opaque reference of a resident while the county is cut off: an HMAC under the journal's key."""
        return "local-" + hmac.new(self._key, number.plain().encode(), hashlib.sha256).hexdigest()[:24]

    def facts_about(self, reference: str) -> Iterator[dict[str, Any]]:
        """The facts of every entry that names a resident's reference, newest first."""
        about = journal.c.text.contains(json.dumps(reference), autoescape=True)
        with self._store.read() as connection:
            rows = connection.execute(select(journal.c.text).where(about).order_by(LATEST)).all()
        for row in rows:
            yield json.loads(row.text)

    def entries(self) -> Iterator[Link]:
        """All entries in order."""
        with self._store.read() as connection:
            for row in connection.execute(select(journal).order_by(journal.c.number)):
                yield Link(row.number, row.text, row.digest)

    def first_break(self) -> int | None:
        """The first entry that was changed, removed or moved; None where the chain holds."""
        return first_break(self.entries())

    def length(self) -> int:
        """How many entries there are."""
        with self._store.read() as connection:
            return int(connection.scalar(select(func.count()).select_from(journal)) or 0)

    def head(self) -> Head | None:
        """The last entry, to be written down elsewhere; None for an empty journal."""
        with self._store.read() as connection:
            row = connection.execute(select(journal.c.number, journal.c.digest).order_by(LATEST).limit(1)).first()
        return Head(row.number, row.digest) if row else None

    def facts_between(self, begin: datetime, end: datetime) -> Iterator[dict[str, Any]]:
        """The facts of every entry of that time, newest first. A clock set back by more than a day hides older ones."""
        with self._store.read() as connection:
            for row in connection.execute(select(journal.c.text).order_by(LATEST)):
                facts: dict[str, Any] = json.loads(row.text)
                at = datetime.fromisoformat(facts["at"])
                if at < begin - A_DAY:
                    return
                if begin <= at < end:
                    yield facts
