"""Sittings that no social-security card opened: by a resident ID card, by a code of an electronic card.

The kiosk's word is all that says an ID card lay on its reader, so a county decides whether that is worth anything
(``[hub] worth_of_id_cards``, "none" by default). Each way has limits of its own beside those of cards that prove
nothing: whoever shows nonsense to the scanner stops the scanner, never the card slot.
"""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import Connection, insert, select
from sqlalchemy.exc import IntegrityError

from contract.credentials import CodePresented, IdCardPresented, Worth
from contract.problems import ProblemType
from contract.residents import Sitting
from county.models import cards, nonces, residents
from county.refusals import Refused
from county.sittings import CARD_REFUSALS, Holder, Opening, open_for
from county.trust.counting import Try, check_wasted
from county.trust.shares import Shares

CODES = "electronic-codes"
"""Stands among the nonces where a kiosk's key stands: a code is good for one answer, at whatever kiosk."""
CODES_KEPT = timedelta(days=7)
DOTS = frozenset("·•‧∙・.．")


def open_by_id_card(
    connection: Connection, shown: IdCardPresented, opening: Opening, worth: Worth, shares: Shares
) -> Sitting:
    """For the resident with this number and name; their social-security card may be lost: that is why they came so.

    UNKNOWN_RESIDENT without saying which of the two is wrong, TOO_MANY_CARDS.
    """
    check_wasted(connection, opening.kiosk, Try.ID_UNKNOWN, opening.now)
    holder = _resident(connection, shown.social_security_no)
    if holder is None or _plain(holder.name) != _plain(shown.name):
        raise Refused(ProblemType.UNKNOWN_RESIDENT)
    told = open_for(connection, holder, opening, shares, Try.ID_CARD)
    return told.model_copy(update={"worth": worth})


def note_code(connection: Connection, shown: CodePresented, opening: Opening) -> None:
    """Write down that this code gets its one answer, by its hash; CODE_REFUSED where it had it, TOO_MANY_CARDS."""
    check_wasted(connection, opening.kiosk, Try.CODE_REFUSED, opening.now)
    digest = hashlib.sha256(shown.code.encode()).hexdigest()
    try:
        connection.execute(insert(nonces).values(key_id=CODES, nonce=digest, until=opening.now + CODES_KEPT))
    except IntegrityError as error:
        raise Refused(ProblemType.CODE_REFUSED) from error


def open_by_code(connection: Connection, number: str, opening: Opening, worth: Worth, shares: Shares) -> Sitting:
    """For the resident whose code it was; CARD_LOST, CARD_CANCELLED where no card of theirs is good any more."""
    holder = _resident(connection, number)
    if holder is None:
        raise Refused(ProblemType.UNKNOWN_RESIDENT)
    states = connection.scalars(select(cards.c.status).where(cards.c.resident == holder.id)).all()
    _refuse_without_a_card(states)
    told = open_for(connection, holder, opening, shares, Try.CODE)
    return told.model_copy(update={"worth": worth, "social_security_no": number})


def _refuse_without_a_card(states: Sequence[str]) -> None:
    """The electronic card is good as long as a card beside it is."""
    if not states:
        raise Refused(ProblemType.UNKNOWN_RESIDENT)
    if all(state in CARD_REFUSALS for state in states):
        raise Refused(CARD_REFUSALS[states[0]])


def _resident(connection: Connection, number: str) -> Holder | None:
    wanted = select(residents.c.id, residents.c.name, residents.c.reference).where(residents.c.number == number)
    row = connection.execute(wanted).one_or_none()
    return None if row is None else Holder(*row)


def _plain(name: str) -> str:
    """A name as two registers may both write it: without blanks, and whatever dot stands between its parts."""
    return "".join(sign for sign in unicodedata.normalize("NFKC", name) if not (sign.isspace() or sign in DOTS))
