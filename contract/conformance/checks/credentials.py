"""Sittings without a social-security card: by a resident ID card, by a code. A county need take neither."""

from __future__ import annotations

import secrets
from datetime import datetime

from contract.conformance.check import check
from contract.conformance.checks.sittings import LONGEST, SLACK, UNKNOWN
from contract.conformance.expectations import good, refused
from contract.conformance.inspection import OK, Inspection
from contract.conformance.keys import TestKiosk
from contract.conformance.line import Reply
from contract.conformance.verdicts import Failed, NotRun, must
from contract.credentials import CodePresented, IdCardPresented, Worth
from contract.problems import ProblemType

BY_ID_CARD, BY_CODE = "open-sitting-by-id-card", "open-sitting-by-code"
MOST_NONSENSE = 150


def _laid(inspection: Inspection, number: str, name: str, kiosk: TestKiosk | None = None) -> Reply:
    shown = IdCardPresented(social_security_no=number, name=name, presentation=secrets.token_hex(8))
    return _taken(inspection.ask(BY_ID_CARD, shown, kiosk=kiosk), "resident ID cards")


def _shown(inspection: Inspection, code: str, kiosk: TestKiosk | None = None) -> Reply:
    shown = CodePresented(code=code, presentation=secrets.token_hex(8))
    return _taken(inspection.ask(BY_CODE, shown, kiosk=kiosk), "codes of electronic cards")


def _taken(reply: Reply, what: str) -> Reply:
    """The reply; NotRun where the county refuses this way in the words of the contract."""
    if reply.problem == ProblemType.NOT_FOUND:
        refused(reply, ProblemType.NOT_FOUND)
        raise NotRun(f"this county takes no {what}; it says so with not-found, as it should")
    return reply


def _judged(inspection: Inspection, told: dict[str, object]) -> None:
    """What every such sitting keeps: its end, its worth, and that it opens what it stands for."""
    ends = datetime.fromisoformat(str(told["ends_at"]))
    must(ends - inspection.now() <= LONGEST + SLACK, "the sitting is longer than ten minutes")
    must(told.get("worth") in (Worth.OPEN, Worth.CARD, Worth.PIN), "the answer does not say what the sitting is worth")
    reply = inspection.ask("insurance", sitting=str(told["sitting"]))
    must(reply.status == OK, f"the sitting opens nothing: {reply.status} {reply.problem}")
    good(inspection.ask("close-sitting", sitting=str(told["sitting"])), "close-sitting")


@check(
    "credential.id-card", "A resident ID card opens a sitting worth what the county says, no more.",
    "Answer 201 with a sitting of at most ten minutes and `worth` open or card (pin is for codes); or, where the "
    "county takes no ID cards, 404 not-found as a problem.",
    operations=(BY_ID_CARD,),
)  # fmt: skip
def id_card(inspection: Inspection) -> None:
    """The ID card of the entry insured."""
    inspection.end_sitting()
    person = inspection.person("insured")
    told = good(_laid(inspection, person.social_security_no, person.name), BY_ID_CARD)
    must(told["name"] == person.name, "the name is not the holder's")
    must(told.get("worth") != Worth.PIN, "an ID card is never worth a PIN: nothing was typed")
    _judged(inspection, told)


@check(
    "credential.id-card-of-nobody", "An ID card opens a sitting for nobody but its holder.",
    "Where number and name do not belong together on record, answer 404 unknown-resident; do not say which is wrong.",
    refusals=(ProblemType.UNKNOWN_RESIDENT, ProblemType.NOT_FOUND),
)  # fmt: skip
def id_card_of_nobody(inspection: Inspection) -> None:
    """A number of nobody, then the number of one with the name of another."""
    person, kiosk = inspection.person("insured"), inspection.careless()
    for number, name in ((UNKNOWN, person.name), (person.social_security_no, "王测试")):
        refused(_laid(inspection, number, name, kiosk), ProblemType.UNKNOWN_RESIDENT)


@check(
    "credential.code", "A code of an electronic card opens one sitting; shown again, none.",
    "Hand the code to whoever issues it, once, and keep only its hash: answer 201 with `worth` and the holder's "
    "`social_security_no`; 403 code-refused to the same code again, at whatever kiosk.",
    operations=(BY_CODE,), refusals=(ProblemType.CODE_REFUSED,),
)  # fmt: skip
def code(inspection: Inspection) -> None:
    """The entry code, twice."""
    inspection.end_sitting()
    if inspection.persons.code is None:
        raise NotRun('the file of test persons names no "code"')
    first = _shown(inspection, inspection.persons.code)
    if first.problem == ProblemType.CODE_REFUSED:
        raise NotRun("the code in the file of test persons was shown before, or is too old: put a fresh one there")
    told = good(first, BY_CODE)
    must(bool(told.get("social_security_no")), "the number is not told: the kiosk could not read it anywhere")
    refused(_shown(inspection, inspection.persons.code), ProblemType.CODE_REFUSED)
    _judged(inspection, told)


@check(
    "credential.nonsense", "Whoever holds nonsense before the scanner stops the scanner, never the card slot.",
    "Answer 403 code-refused to a code of nobody; count them by kiosk, and answer 429 too-many-cards to codes before "
    f"the {MOST_NONSENSE}th in an hour. Cards go on being served.",
    refusals=(ProblemType.CODE_REFUSED, ProblemType.TOO_MANY_CARDS),
)  # fmt: skip
def nonsense(inspection: Inspection) -> None:
    """The spare kiosk shows codes that are nobody's until it is stopped, then a card."""
    kiosk = inspection.spare()
    _until_stopped(inspection, kiosk)
    card = inspection.card(inspection.person("without_pension"))
    told = good(inspection.ask("open-sitting", card, kiosk=kiosk), "open-sitting")
    inspection.ask("close-sitting", sitting=told["sitting"], kiosk=kiosk)


def _until_stopped(inspection: Inspection, kiosk: TestKiosk) -> None:
    for _ in range(MOST_NONSENSE):
        reply = _shown(inspection, secrets.token_hex(16), kiosk)
        if reply.problem != ProblemType.CODE_REFUSED:
            refused(reply, ProblemType.TOO_MANY_CARDS)
            return
    raise Failed(f"one kiosk showed {MOST_NONSENSE} codes of nobody, and is still answered")


CHECKS = (id_card, id_card_of_nobody, code)
