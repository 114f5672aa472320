"""Sittings: opened by a card, refused to a lost one, over when the card leaves."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime, timedelta

from contract.conformance.check import check
from contract.conformance.expectations import good, refused
from contract.conformance.inspection import OK, Inspection
from contract.conformance.verdicts import Failed, must
from contract.problems import ProblemType

LONGEST = timedelta(minutes=10)
SLACK = timedelta(seconds=30)
SHORTEST_TOKEN = 16
MOST_GUESSES = 150
UNKNOWN = "990001194901010017"


@check(
    "sitting.open", "A card opens a sitting of at most ten minutes for its holder.",
    "Answer 201 with a token that nobody can guess, the holder's name, a reference that stands for the resident in "
    "journals and is none of their numbers, and an end at most ten minutes away.",
    operations=("open-sitting",),
)  # fmt: skip
def opens(inspection: Inspection) -> None:
    """Token, name, reference, end."""
    inspection.end_sitting()
    person = inspection.person("insured")
    told = good(inspection.ask("open-sitting", inspection.card(person)), "open-sitting")
    other = good(inspection.ask("open-sitting", inspection.card(person)), "open-sitting")
    must(told["name"] == person.name, "the name is not the holder's")
    must(told["sitting"] != other["sitting"], "two sittings have the same token")
    must(len(told["sitting"]) >= SHORTEST_TOKEN, "the token is too short not to be guessed")
    must(not _contains(told["reference"], person.social_security_no), "the reference is the resident's number")
    ends = datetime.fromisoformat(told["ends_at"])
    left = (ends if ends.tzinfo else ends.replace(tzinfo=UTC)) - inspection.now()
    must(timedelta() < left <= LONGEST + SLACK, f"the sitting ends in {left.total_seconds():.0f} s")
    for token in (told["sitting"], other["sitting"]):
        inspection.ask("close-sitting", sitting=token)


def _contains(reference: str, number: str) -> bool:
    return number in reference or reference in number


@check(
    "sitting.unknown-resident", "Nobody's card opens nothing.",
    "Where number and card do not belong together on record, answer 404 unknown-resident; do not say which is wrong.",
    refusals=(ProblemType.UNKNOWN_RESIDENT,),
)  # fmt: skip
def unknown_resident(inspection: Inspection) -> None:
    """A number of nobody, then a right number with a wrong card."""
    person = inspection.person("insured")
    for other in ({"social_security_no": UNKNOWN}, {"card_number": "Z00000000"}):
        reply = inspection.ask("open-sitting", inspection.card(person, **other), kiosk=inspection.careless())
        refused(reply, ProblemType.UNKNOWN_RESIDENT)


@check(
    "sitting.lost-card", "A card that was reported lost opens nothing.",
    "Look at the card's status at every sitting; answer 403 card-lost: the kiosk tells the finder what to do.",
    refusals=(ProblemType.CARD_LOST,),
)  # fmt: skip
def lost_card(inspection: Inspection) -> None:
    """The card of the entry lost_card."""
    refused(inspection.ask("open-sitting", inspection.card(inspection.person("lost_card"))), ProblemType.CARD_LOST)


@check(
    "sitting.cancelled-card", "A card that was cancelled opens nothing.",
    "Look at the card's status at every sitting; answer 403 card-cancelled.",
    refusals=(ProblemType.CARD_CANCELLED,),
)  # fmt: skip
def cancelled_card(inspection: Inspection) -> None:
    """The card of the entry cancelled_card."""
    card = inspection.card(inspection.person("cancelled_card"))
    refused(inspection.ask("open-sitting", card), ProblemType.CARD_CANCELLED)


@check(
    "sitting.closed", "When the card leaves, the sitting is over; leaving twice is as good.",
    "End the sitting at once on DELETE and answer 204, also for one that has ended or never was.",
    operations=("close-sitting",), refusals=(ProblemType.SITTING_ENDED,),
)  # fmt: skip
def closed(inspection: Inspection) -> None:
    """Answered before, refused afterwards."""
    sitting = inspection.sitting_of("insured")
    before = inspection.ask("insurance", sitting=sitting)
    must(before.status == OK, f"{before.asked} answered {before.status} {before.problem} in an open sitting")
    inspection.end_sitting()
    for _ in range(2):
        good(inspection.ask("close-sitting", sitting=sitting), "close-sitting")
    refused(inspection.ask("insurance", sitting=sitting), ProblemType.SITTING_ENDED)


@check(
    "sitting.made-up", "A made-up sitting opens nothing.",
    "Look the token up; an unknown one, or none at all, is 401 sitting-ended, as one that has ended.",
    refusals=(ProblemType.SITTING_ENDED,),
)  # fmt: skip
def made_up(inspection: Inspection) -> None:
    """None, short ones, long ones, and one that looks right."""
    for token in ("", "1", "' OR 1=1 --", secrets.token_hex(16), "a" * 4000):
        reply = inspection.ask("insurance", sitting=token, kiosk=inspection.careless())
        refused(reply, ProblemType.SITTING_ENDED)


@check(
    "sitting.guessing", "Whoever guesses sittings is stopped.",
    f"Count the sittings a kiosk names that never were; before the {MOST_GUESSES}th in an hour answer 429 "
    "too-many-tries to whatever sitting it names.",
    refusals=(ProblemType.TOO_MANY_TRIES,),
)  # fmt: skip
def guessing(inspection: Inspection) -> None:
    """The spare kiosk names sittings until it is stopped."""
    kiosk = inspection.spare()
    for _ in range(MOST_GUESSES):
        reply = inspection.ask("insurance", sitting=secrets.token_hex(16), kiosk=kiosk)
        if reply.problem != ProblemType.SITTING_ENDED:
            refused(reply, ProblemType.TOO_MANY_TRIES)
            return
    raise Failed(f"one kiosk named {MOST_GUESSES} sittings that never were, and is still answered")


CHECKS = (closed, opens, unknown_resident, lost_card, cancelled_card, made_up)
