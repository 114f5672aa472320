"""How much one kiosk may ask in an hour: a stolen or hostile one, with keys that are still good, cannot go fishing.

An honest kiosk, with one slot and one resident before it, comes nowhere near these numbers. Cards that nobody has and
sittings that never were are written down by whoever refused them, in a transaction of their own.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import Connection, insert, select
from sqlalchemy.sql.elements import ColumnElement

from contract.problems import ProblemType
from county.models import kiosk_tries
from county.refusals import Refused
from county.trust.shares import Shares

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
KEPT = timedelta(days=7)
UNKNOWN_OF_A_KIOSK = 20
"""Cards in an hour that nobody has, or that do not belong together with their holder."""
WASTED_OF_A_KIOSK = 40
"""ID cards in an hour that belong to nobody on record; codes in an hour that are nobody's, each by itself."""
GUESSES_OF_A_KIOSK = 60
"""Sittings in an hour that never were."""


class Try(StrEnum):
    """What is counted."""

    PROVEN = "proven"
    UNPROVEN = "unproven"
    ID_CARD = "id_card"
    CODE = "code"
    UNKNOWN = "unknown"
    GUESSED = "guessed"
    ID_UNKNOWN = "id_unknown"
    CODE_REFUSED = "code_refused"


NOTHING_PROVEN = (Try.UNPROVEN, Try.ID_CARD, Try.CODE)
"""Sittings that no card opened which proved itself."""


def note_try(connection: Connection, kiosk: str, kind: Try, now: datetime, resident: int | None = None) -> None:
    """Write a try down; those that count no more are swept by the hub's chores."""
    connection.execute(insert(kiosk_tries).values(kiosk=kiosk, kind=kind.value, resident=resident, at=now))


def check_sittings(
    connection: Connection, kiosk: str, resident: int, now: datetime, shares: Shares, *, proven: bool
) -> None:
    """Refuse with TOO_MANY_CARDS where kiosk or resident had their share; the present try is written down already."""
    mine = (kiosk_tries.c.kiosk == kiosk, kiosk_tries.c.at > now - HOUR)
    theirs = (kiosk_tries.c.resident == resident, kiosk_tries.c.at > now - DAY)
    either, nothing = _of(Try.PROVEN, *NOTHING_PROVEN), _of(*NOTHING_PROVEN)
    if _more_than(connection, shares.of_a_kiosk, *mine, either):
        raise Refused(ProblemType.TOO_MANY_CARDS, "this kiosk opened too many sittings in this hour")
    if _more_than(connection, shares.of_a_resident, *theirs, either):
        raise Refused(ProblemType.TOO_MANY_CARDS, "this card was presented too often in this day")
    if proven:
        return
    if _more_than(connection, shares.unproven_of_a_kiosk, *mine, nothing):
        raise Refused(ProblemType.TOO_MANY_CARDS, "this kiosk showed too many cards that prove nothing in this hour")
    if _more_than(connection, shares.unproven_of_a_resident, *theirs, nothing):
        raise Refused(
            ProblemType.TOO_MANY_CARDS, "this card, which proves nothing, was presented too often in this day"
        )


def check_unknown(connection: Connection, kiosk: str, now: datetime) -> None:
    """Refuse with TOO_MANY_CARDS where this kiosk lately showed too many cards that nobody has."""
    mine = (kiosk_tries.c.kiosk == kiosk, kiosk_tries.c.at > now - HOUR, _of(Try.UNKNOWN))
    if _more_than(connection, UNKNOWN_OF_A_KIOSK - 1, *mine):
        raise Refused(ProblemType.TOO_MANY_CARDS, "this kiosk showed too many cards that nobody has in this hour")


def check_wasted(connection: Connection, kiosk: str, kind: Try, now: datetime) -> None:
    """Refuse with TOO_MANY_CARDS where this kiosk lately showed too many ID cards of nobody, or codes of nothing.

    Of ``kind`` alone: anybody can hold any code before a scanner, and must not close the card slot with it.
    """
    mine = (kiosk_tries.c.kiosk == kiosk, kiosk_tries.c.at > now - HOUR, _of(kind))
    if _more_than(connection, WASTED_OF_A_KIOSK - 1, *mine):
        raise Refused(ProblemType.TOO_MANY_CARDS, f"this kiosk showed too much that opens nothing in this hour: {kind}")


def check_guesses(connection: Connection, kiosk: str, now: datetime) -> None:
    """Refuse with TOO_MANY_TRIES where this kiosk lately named too many sittings that never were."""
    mine = (kiosk_tries.c.kiosk == kiosk, kiosk_tries.c.at > now - HOUR, _of(Try.GUESSED))
    if _more_than(connection, GUESSES_OF_A_KIOSK - 1, *mine):
        raise Refused(ProblemType.TOO_MANY_TRIES, "this kiosk named too many sittings that never were")


def _of(*kinds: Try) -> ColumnElement[bool]:
    return kiosk_tries.c.kind.in_([kind.value for kind in kinds])


def _more_than(connection: Connection, share: int, *which: ColumnElement[bool]) -> bool:
    """True where there are more rows than ``share``; no more of them are looked at."""
    return connection.scalar(select(kiosk_tries.c.number).where(*which).offset(share).limit(1)) is not None
