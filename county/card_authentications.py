"""One answer an insertion, and no more cards of a kiosk or readings of a card than an ordinary hour has."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta

from sqlalchemy import Connection, func, insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.sql.elements import ColumnElement

from contract.card_keys import CardAuthentication
from contract.problems import ProblemType
from county.models import card_authentications as answered
from county.refusals import Refused

HOUR = timedelta(hours=1)
KEPT = timedelta(days=7)
OF_A_CARD = 20
OF_A_KIOSK = 240


def note_answer(connection: Connection, asked: CardAuthentication, kiosk: str, now: datetime) -> None:
    """Write down that this insertion gets its answer; INSERTION_ANSWERED, TOO_MANY_CARDS."""
    card = hash_of_card(asked.identification)
    if _since(connection, answered.c.card == card, now) >= OF_A_CARD:
        raise Refused(ProblemType.TOO_MANY_CARDS, "this card was read too often in this hour")
    if _since(connection, answered.c.kiosk == kiosk, now) >= OF_A_KIOSK:
        raise Refused(ProblemType.TOO_MANY_CARDS, "this kiosk read too many cards in this hour")
    try:
        connection.execute(insert(answered).values(kiosk=kiosk, insertion=asked.insertion, card=card, at=now))
    except IntegrityError as error:
        raise Refused(ProblemType.INSERTION_ANSWERED) from error


def was_answered(connection: Connection, insertion: str, identification: str, kiosk: str) -> bool:
    """True where this kiosk was given an answer for this card in this insertion: only then may it say "proven"."""
    row = select(answered.c.card).where(answered.c.kiosk == kiosk, answered.c.insertion == insertion)
    return connection.scalar(row) == hash_of_card(identification)


def hash_of_card(identification: str) -> str:
    """The card without its number."""
    return hashlib.sha256(identification.upper().encode()).hexdigest()


def _since(connection: Connection, whose: ColumnElement[bool], now: datetime) -> int:
    counted = select(func.count()).select_from(answered).where(whose, answered.c.at > now - HOUR)
    return connection.scalar(counted) or 0
