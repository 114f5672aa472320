"""The key service: one answer an insertion, and no more than an ordinary hour has."""

from __future__ import annotations

import secrets
from typing import Any

from contract.card_keys import CardAuthentication, CardChallenge
from contract.conformance.check import check
from contract.conformance.expectations import good, refused
from contract.conformance.inspection import OK, Inspection
from contract.conformance.line import Reply
from contract.conformance.verdicts import Failed, NotRun, must
from contract.problems import ProblemType

MOST_READINGS = 200
HALF = 16


def _asked(identification: str = "", insertion: str = "") -> CardAuthentication:
    """A made-up card of version 3."""
    return CardAuthentication(
        region="510521", atr_history="00814E43238697510521F0E1D2", algorithm="01",
        identification=identification or f"510521D1560000050{secrets.token_hex(8)[1:].upper()}",
        inner=CardChallenge(factor=_eight(), original=_eight()),
        outer=CardChallenge(factor=_eight(), original=_eight()),
        insertion=insertion or secrets.token_hex(8),
    )  # fmt: skip


def _eight() -> str:
    return secrets.token_hex(8).upper()


def _told(inspection: Inspection, asked: CardAuthentication) -> Reply:
    reply = inspection.ask("authenticate-card", asked)
    if reply.problem == ProblemType.TOO_MANY_CARDS:
        raise NotRun("this kiosk has had its cards of this hour; run the kit again later")
    return reply


@check(
    "card.cryptograms", "The key service answers each challenge of a card.",
    "Each cryptogram is 16 bytes in hexadecimal: what the key made of the original, then the original itself; null "
    "where you hold no key for such a card.",
    operations=("authenticate-card",),
)  # fmt: skip
def cryptograms(inspection: Inspection) -> None:
    """The second half of each is what was asked."""
    asked = _asked()
    answer: Any = good(_told(inspection, asked), "authenticate-card")
    for name, challenge in (("inner", asked.inner), ("outer", asked.outer)):
        told = answer.get(name)
        if told is not None and challenge is not None:
            must(told[HALF:] == challenge.original, f"the second half of {name} is not the original that was sent")


@check(
    "card.one-answer", "An insertion is answered once.",
    "Write down that an insertion was answered before you answer it; the second time answer 409 insertion-answered.",
    refusals=(ProblemType.INSERTION_ANSWERED,),
)  # fmt: skip
def one_answer(inspection: Inspection) -> None:
    """The same insertion again, with other challenges."""
    asked = _asked()
    good(_told(inspection, asked), "authenticate-card")
    refused(
        inspection.ask("authenticate-card", _asked(asked.identification, asked.insertion)),
        ProblemType.INSERTION_ANSWERED,
    )


@check(
    "card.limit", "Nobody reads one card over and over.",
    "Count the readings of a card and the cards of a kiosk; refuse with 429 too-many-cards long before "
    f"{MOST_READINGS} readings in an hour: whoever asks so often is looking for a key.",
    refusals=(ProblemType.TOO_MANY_CARDS,),
)  # fmt: skip
def limit(inspection: Inspection) -> None:
    """The same card until it is refused."""
    card = _asked().identification
    for _ in range(MOST_READINGS):
        reply = inspection.ask("authenticate-card", _asked(card))
        if reply.status != OK:
            refused(reply, ProblemType.TOO_MANY_CARDS)
            return
    raise Failed(f"one card was answered {MOST_READINGS} times")


CHECKS = (cryptograms, one_answer, limit)
