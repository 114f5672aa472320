"""For whom: a sitting tells of one resident, to one kiosk, and nothing may be handed in for anybody else."""

from __future__ import annotations

from typing import Any

from contract.conformance.check import check
from contract.conformance.envelopes import handed_in, wish
from contract.conformance.expectations import good, refused
from contract.conformance.inspection import OK, SECOND, Inspection
from contract.conformance.verdicts import NotRun, must
from contract.message import RESIDENT_HEADER
from contract.problems import ProblemType

ANOTHER = "without_pension"


def _statement(inspection: Inspection, sitting: str, **query: str) -> Any:
    """The insurance statement without its day; None where the sitting is over."""
    reply = inspection.ask("insurance", sitting=sitting, query=query)
    if reply.problem == ProblemType.SITTING_ENDED:
        return None
    told = good(reply, "insurance")
    return {name: value for name, value in told.items() if name != "as_of"}


@check(
    "scope.one-resident", "A sitting tells of its own resident, whoever came after.",
    "Find the resident by the token of the sitting, never by the kiosk, a session or what was opened last.",
)  # fmt: skip
def one_resident(inspection: Inspection) -> None:
    """Two sittings at one kiosk at the same time."""
    mine = inspection.sitting_of("insured")
    before = _statement(inspection, mine)
    other = inspection.fresh_sitting(ANOTHER)
    theirs, after = _statement(inspection, other), _statement(inspection, mine)
    inspection.ask("close-sitting", sitting=other)
    inspection.end_sitting()
    if theirs == before:
        raise NotRun(f"insured and {ANOTHER} have the same statement: name two persons who differ")
    must(after in (None, before), "the first sitting tells of somebody else since a second one was opened")


@check(
    "scope.named", "Every answer about a resident says whom it is about.",
    "Send the reference of the sitting in the header Resident-Reference with every answer below /v1/residents/me: a "
    "kiosk throws away an answer about anybody else, whatever mixed them up on the way.",
)  # fmt: skip
def named(inspection: Inspection) -> None:
    """Each statement."""
    sitting = inspection.sitting_of("insured")
    for key in ("insurance", "pension", "eligibility", "cases"):
        reply = inspection.ask(key, sitting=sitting)
        said = reply.headers.get(RESIDENT_HEADER.lower(), "")
        must(said == inspection.references[sitting], f"{reply.asked}: Resident-Reference is {said!r}")


@check(
    "scope.no-choice", "Nobody can be named in an address.",
    "Ignore (or refuse) any number in a query: /v1/residents/me is whose sitting it is, and nobody else.",
)  # fmt: skip
def no_choice(inspection: Inspection) -> None:
    """With another person's number in the query."""
    sitting, number = inspection.sitting_of("insured"), inspection.person(ANOTHER).social_security_no
    mine = _statement(inspection, sitting)
    for name in ("resident", "social_security_no", "id"):
        reply = inspection.ask("insurance", sitting=sitting, query={name: number})
        if reply.status == OK:
            told = {key: value for key, value in reply.json().items() if key != "as_of"}
            must(told == mine, f"another statement comes where the query names {name}")


@check(
    "scope.other-kiosk", "A sitting is worth nothing at another kiosk.",
    "Keep with each sitting the kiosk it was opened at, and refuse it to every other with sitting-ended.",
    refusals=(ProblemType.SITTING_ENDED,),
)  # fmt: skip
def other_kiosk(inspection: Inspection) -> None:
    """The second kiosk asks in the sitting of the first, and tries to close it."""
    second, sitting = inspection.kiosk(SECOND), inspection.sitting_of("insured")
    refused(inspection.ask("insurance", sitting=sitting, kiosk=second), ProblemType.SITTING_ENDED)
    good(inspection.ask("close-sitting", sitting=sitting, kiosk=second), "close-sitting")
    reply = inspection.ask("insurance", sitting=sitting)
    must(reply.status == OK, "another kiosk could close this sitting")


@check(
    "scope.submission", "In one's sitting nothing is handed in for somebody else.",
    "Open the envelope, compare the number inside with the resident of the sitting; answer 403 not-this-resident.",
    refusals=(ProblemType.NOT_THIS_RESIDENT,),
)  # fmt: skip
def submission(inspection: Inspection) -> None:
    """Somebody else's number in the envelope."""
    sitting = inspection.sitting_of("insured")
    refused(handed_in(inspection, wish(inspection, ANOTHER), sitting), ProblemType.NOT_THIS_RESIDENT)


@check(
    "scope.submission-unseen", "Nothing is handed in for somebody who was not here.",
    "Without a sitting's token look for a sitting of that resident at that kiosk which was open when it was made; "
    "where there was none answer 403 not-this-resident.",
    refusals=(ProblemType.NOT_THIS_RESIDENT,),
)  # fmt: skip
def submission_unseen(inspection: Inspection) -> None:
    """A person whose card never opened a sitting: theirs is lost."""
    refused(handed_in(inspection, wish(inspection, "lost_card")), ProblemType.NOT_THIS_RESIDENT)


@check(
    "scope.submission-elsewhere", "A kiosk hands nothing in with another's sitting.",
    "The sitting behind a submission must be one of the kiosk that signed it; else not-this-resident.",
    refusals=(ProblemType.NOT_THIS_RESIDENT,),
)  # fmt: skip
def submission_elsewhere(inspection: Inspection) -> None:
    """The second kiosk, with the token of the first."""
    second, sitting = inspection.kiosk(SECOND), inspection.sitting_of("insured")
    refused(handed_in(inspection, wish(inspection, "insured"), sitting, second), ProblemType.NOT_THIS_RESIDENT)


CHECKS = (named, no_choice, other_kiosk, submission, submission_unseen, submission_elsewhere, one_resident)
