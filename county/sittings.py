"""Sittings: the only way to personal data, bound to one resident, at most ten minutes. Here: opened with a card."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import Connection, insert, select, update

from contract.problems import ProblemType
from contract.residents import CardPresented, Sitting
from county.card_authentications import was_answered
from county.models import cards, residents, sittings
from county.refusals import Refused
from county.tokens import fresh_token, hash_of
from county.trust import counting
from county.trust.counting import Try
from county.trust.shares import USUAL, Shares

LIFE = timedelta(minutes=10)
KEPT = timedelta(days=7)
SLACK = timedelta(minutes=5)
CARD_REFUSALS = {"lost": ProblemType.CARD_LOST, "cancelled": ProblemType.CARD_CANCELLED}


class NoSuchSitting(Refused):
    """A token that no sitting ever had: a guess."""


@dataclass(frozen=True)
class OpenSitting:
    """A sitting as the hub knows it; ``resident`` is the hub's own row number, never told to anyone."""

    token_hash: str
    resident: int
    kiosk: str
    opened_at: datetime
    ends_at: datetime
    nonce: str | None

    def lives(self, now: datetime) -> bool:
        """True while it is open, by the hub's own clock."""
        return self.opened_at <= now < self.ends_at

    def lived_at(self, moment: datetime) -> bool:
        """True where ``moment``, told by a kiosk's own clock, lies in this sitting."""
        return self.opened_at - SLACK <= moment <= self.ends_at + SLACK


_FOUND = select(
    sittings.c.token_hash, sittings.c.resident, sittings.c.kiosk, sittings.c.opened_at, sittings.c.ends_at,
    sittings.c.nonce,
)  # fmt: skip


def open_sitting(
    connection: Connection, card: CardPresented, kiosk: str, now: datetime, shares: Shares = USUAL
) -> Sitting:
    """Open a sitting for the holder of ``card``; refuses an unknown resident or card, a lost or cancelled one.

    TOO_MANY_CARDS where the kiosk or the resident had their share. ``proven`` counts only where this kiosk was given
    the answer for exactly this card in exactly this insertion.
    """
    holder = _holder_of(connection, card)
    proven = card.proven and was_answered(connection, card.insertion, card.identification, kiosk)
    opening = Opening(kiosk, card.insertion[:80], now)
    return open_for(connection, holder, opening, shares, Try.PROVEN if proven else Try.UNPROVEN)


@dataclass(frozen=True)
class Opening:
    """Which kiosk asks for a sitting, in which insertion or presentation, and when."""

    kiosk: str
    insertion: str
    now: datetime


class Holder(NamedTuple):
    """Whose sitting it will be."""

    id: int
    name: str
    reference: str


def open_for(connection: Connection, holder: Holder, opening: Opening, shares: Shares, kind: Try) -> Sitting:
    """Open it, counted as ``kind``; TOO_MANY_CARDS where the kiosk or the resident had their share."""
    token, ends_at, proven = fresh_token(), opening.now + LIFE, kind is Try.PROVEN
    counting.note_try(connection, opening.kiosk, kind, opening.now, holder.id)
    counting.check_sittings(connection, opening.kiosk, holder.id, opening.now, shares, proven=proven)
    row = {
        "token_hash": hash_of(token),
        "resident": holder.id,
        "kiosk": opening.kiosk,
        "insertion": opening.insertion,
        "proven": proven,
        "opened_at": opening.now,
        "ends_at": ends_at,
    }
    connection.execute(insert(sittings).values(row))
    return Sitting(sitting=token, reference=holder.reference, name=holder.name, ends_at=ends_at)


def _holder_of(connection: Connection, card: CardPresented) -> Holder:
    """Whose card it is: number, card and what stands on its chip must belong together; UNKNOWN_RESIDENT, CARD_LOST."""
    held = (
        select(residents.c.id, residents.c.name, residents.c.reference, cards.c.status, cards.c.identification)
        .join_from(residents, cards, cards.c.resident == residents.c.id)
        .where(residents.c.number == card.social_security_no, cards.c.number == card.card_number)
    )
    row = connection.execute(held).one_or_none()
    if row is None or row.identification.upper() not in ("", card.identification.upper()):
        raise Refused(ProblemType.UNKNOWN_RESIDENT)
    if row.status in CARD_REFUSALS:
        raise Refused(CARD_REFUSALS[row.status])
    return Holder(row.id, row.name, row.reference)


def live_sitting(connection: Connection, token: str, kiosk: str, now: datetime) -> OpenSitting:
    """The sitting of ``token`` while it lives, for the kiosk it was opened at; SITTING_ENDED for anything else.

    NoSuchSitting, one kind of SITTING_ENDED, for a token that never was. The database finds the token by its hash:
    how long that takes tells nothing of how near a guess came.
    """
    counting.check_guesses(connection, kiosk, now)
    sitting = known_sitting(connection, token)
    if sitting is None:
        raise NoSuchSitting(ProblemType.SITTING_ENDED)
    if sitting.kiosk != kiosk or not sitting.lives(now):
        raise Refused(ProblemType.SITTING_ENDED)
    return sitting


def known_sitting(connection: Connection, token: str) -> OpenSitting | None:
    """The sitting of ``token``, live or ended within the last days."""
    row = connection.execute(_FOUND.where(sittings.c.token_hash == hash_of(token))).one_or_none()
    return None if row is None else OpenSitting(*row)


def sittings_of(connection: Connection, resident: int, kiosk: str) -> list[OpenSitting]:
    """The sittings that ``resident`` had at ``kiosk``, live or ended within the last days."""
    rows = connection.execute(_FOUND.where(sittings.c.resident == resident, sittings.c.kiosk == kiosk))
    return [OpenSitting(*row) for row in rows]


def close_sitting(connection: Connection, token: str, kiosk: str, now: datetime) -> None:
    """End the sitting of ``token`` now; an unknown or ended one, or one of another kiosk, stays as it is."""
    mine = (sittings.c.token_hash == hash_of(token), sittings.c.kiosk == kiosk)
    connection.execute(update(sittings).where(*mine, sittings.c.ends_at > now).values(ends_at=now))


def close_sittings_of(connection: Connection, kiosk: str, now: datetime) -> None:
    """End every sitting of ``kiosk`` now."""
    mine = (sittings.c.kiosk == kiosk, sittings.c.ends_at > now)
    connection.execute(update(sittings).where(*mine).values(ends_at=now))


def give_nonce(connection: Connection, sitting: OpenSitting) -> str:
    """The hub's nonce of this sitting, for the evidence of one verification."""
    if sitting.nonce:
        return sitting.nonce
    mine = sittings.c.token_hash == sitting.token_hash
    connection.execute(update(sittings).where(mine, sittings.c.nonce.is_(None)).values(nonce=fresh_token()))
    return str(connection.scalar(select(sittings.c.nonce).where(mine)))


def note_consent(connection: Connection, sitting: OpenSitting, text_version: str) -> None:
    """Keep which consent text a template was released for."""
    noted = update(sittings).where(sittings.c.token_hash == sitting.token_hash)
    connection.execute(noted.values(template_consent=text_version[:40]))
