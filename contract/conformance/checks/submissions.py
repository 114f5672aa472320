"""What residents hand in: taken once however often it is sent, and only by what was sealed to the county."""

from __future__ import annotations

import secrets
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from contract.codes import AnswerStatus, CaseState
from contract.conformance.check import check
from contract.conformance.envelopes import answered, appointment, handed_in, sealed, wish
from contract.conformance.expectations import good, refused
from contract.conformance.inspection import Inspection
from contract.conformance.line import Reply
from contract.conformance.verdicts import must
from contract.enrolment import written
from contract.problems import ProblemType
from contract.sealing import seal
from contract.staff_work import CaseChange
from contract.submissions import SubmissionKind

AT_ONCE = 4
TAKEN = (AnswerStatus.ACCEPTED, AnswerStatus.QUEUED, AnswerStatus.NEEDS_COUNTER)
ONCE = (
    "Keep the answer to each submission under its id in the same transaction as its effect; a second request with that "
    "id gets the kept answer"
)


@check(
    "submission.appointment", "What a resident hands in is taken.",
    "Open the envelope with the key it names and answer with what became of it.", operations=("submit",),
)  # fmt: skip
def wished(inspection: Inspection) -> None:
    """An appointment in its sitting."""
    told = answered(inspection, wish(inspection, "insured"), inspection.sitting_of("insured"))
    must(told["status"] in TAKEN, f"the status is {told['status']}")


@check(
    "submission.late", "What could not be sent at once is taken after the card has left.",
    "Without a token look for a sitting of that resident at that kiosk which was open at made_at: the line may have "
    "been cut when it was made.",
)  # fmt: skip
def late(inspection: Inspection) -> None:
    """Made in a sitting, sent after it."""
    inspection.sitting_of("rare_name")
    envelope = wish(inspection, "rare_name")
    inspection.end_sitting()
    told = answered(inspection, envelope)
    must(told["status"] in TAKEN, f"the status is {told['status']}")


@check(
    "submission.cases", "What was handed in is found again: by the resident, and by a clerk of the place.",
    "Open a case with each appointment; show it to its resident and to the clerks of its site, with one state for "
    "both.",
    operations=("cases", "staff-cases", "change-case"),
    refusals=(ProblemType.EDIT_CONFLICT, ProblemType.NOT_FOUND),
)  # fmt: skip
def found_again(inspection: Inspection) -> None:
    """Handed in, found, taken up by the clerk; a second clerk who saw the old state is refused."""
    sitting, clerk, mark = inspection.sitting_of("insured"), inspection.session_of("clerk"), secrets.token_hex(8)
    answered(inspection, sealed(
        inspection, SubmissionKind.APPOINTMENT, appointment(inspection, "insured", mark)
    ), sitting)  # fmt: skip
    mine = _with_words(good(inspection.ask("cases", sitting=sitting), "cases"), mark)
    must(mine, "the resident does not find what was handed in")
    case = _with_words(good(inspection.ask("staff-cases", staff=clerk), "staff-cases"), mark)
    must(case, "the clerk of the place does not find what was handed in")
    _pages_on(inspection, clerk, case["case_no"])
    step, place = CaseChange(seen=case["state"], state=CaseState.IN_PROGRESS), {"case_no": case["case_no"]}
    good(inspection.ask("change-case", step, staff=clerk, place=place), "change-case")
    refused(inspection.ask("change-case", step, staff=clerk, place=place), ProblemType.EDIT_CONFLICT)
    nothing = inspection.ask("change-case", step, staff=clerk, place={"case_no": "19990101" + "9" * 8})
    refused(nothing, ProblemType.NOT_FOUND)
    mine = _with_words(good(inspection.ask("cases", sitting=sitting), "cases"), mark)
    must(mine["state"] == CaseState.IN_PROGRESS, f"the resident hears {mine['state']} of a case that is in progress")


def _pages_on(inspection: Inspection, clerk: str, newest: str) -> None:
    """One case a page: the newest first, and behind the cursor none of those that were told."""
    page = good(inspection.ask("staff-cases", staff=clerk, query={"limit": "1"}), "staff-cases")
    told = [case["case_no"] for case in page["cases"]]
    must(len(told) <= 1, f"a page of one case tells {len(told)}")
    if page["more"] and page["cursor"]:
        query = {"limit": "1", "cursor": page["cursor"]}
        older = good(inspection.ask("staff-cases", staff=clerk, query=query), "staff-cases")
        must(
            newest not in [case["case_no"] for case in older["cases"]], "behind the cursor the newest case comes again"
        )


def _with_words(told: Any, mark: str) -> Any:
    return next((case for case in told["cases"] if case["wanted"] == mark), None)


@check(
    "submission.offline", "What was made while the line was cut is taken.",
    "With offline true there was no sitting and there is no nonce: judge it by your own rules, but do not refuse it "
    "as unsigned or foreign.",
)  # fmt: skip
def offline(inspection: Inspection) -> None:
    """Marked offline, without a sitting."""
    told = answered(inspection, wish(inspection, "insured", offline=True))
    must(told["status"] in TAKEN, f"the status is {told['status']}")


@check(
    "submission.offline-unknown", "An unknown number that comes late is said to be unknown.",
    "Where no resident has the number inside an offline submission answer 404 unknown-resident.",
    refusals=(ProblemType.UNKNOWN_RESIDENT,),
)  # fmt: skip
def offline_unknown(inspection: Inspection) -> None:
    """A number of nobody."""
    nobody = appointment(inspection, "insured").model_copy(update={"social_security_no": "990001194901010017"})
    envelope = sealed(inspection, SubmissionKind.APPOINTMENT, nobody, offline=True)
    refused(handed_in(inspection, envelope), ProblemType.UNKNOWN_RESIDENT)


@check(
    "submission.unknown-key", "What is sealed to a key you do not hold is said to be so.",
    "Look at key_id before opening; answer 422 unknown-key: the kiosk fetches /v1/keys and seals again.",
    refusals=(ProblemType.UNKNOWN_KEY,),
)  # fmt: skip
def unknown_key(inspection: Inspection) -> None:
    """A key id of nobody."""
    envelope = wish(inspection, "insured", key_id="no-such-key")
    refused(handed_in(inspection, envelope, inspection.sitting_of("insured")), ProblemType.UNKNOWN_KEY)


@check(
    "submission.unreadable", "What cannot be opened, or is not what its kind says, is refused.",
    "A seal that does not open, no base64, or a content that is not the message of its kind: 422 malformed, never 500.",
    refusals=(ProblemType.MALFORMED,),
)  # fmt: skip
def unreadable(inspection: Inspection) -> None:
    """Sealed to another key, not sealed at all, nonsense inside."""
    kind, other = SubmissionKind.APPOINTMENT, written(X25519PrivateKey.generate().public_key())
    envelopes = (
        wish(inspection, "insured", sealed=seal(b"{}", other, kind.value)),
        wish(inspection, "insured", sealed="no base64 at all"),
        sealed(inspection, kind, {"purpose": "nothing else"}),
    )
    for envelope in envelopes:
        reply = handed_in(inspection, envelope, inspection.sitting_of("insured"))
        refused(reply, ProblemType.MALFORMED)


@check(
    "submission.address", "Each kind has its own address, each submission its key.",
    "Refuse a kind at the other's address, and an Idempotency-Key that is missing or not the submission's id.",
    refusals=(ProblemType.MALFORMED,),
)  # fmt: skip
def address(inspection: Inspection) -> None:
    """The other's address, another key, no key."""
    envelope, sitting = wish(inspection, "insured"), inspection.sitting_of("insured")
    foreign = inspection.ask("verify-eligibility", envelope, sitting=sitting, idempotency=envelope.submission_id)
    other = inspection.ask("submit", envelope, sitting=sitting, idempotency=secrets.token_hex(16))
    missing = inspection.ask("submit", envelope, sitting=sitting)
    for reply in (foreign, other, missing):
        refused(reply, ProblemType.MALFORMED)


@check(
    "idempotency.same-answer", "The same submission sent twice counts once and is answered the same.",
    f"{ONCE}, to the letter.",
)  # fmt: skip
def same_answer(inspection: Inspection) -> None:
    """In its sitting, and again after it."""
    envelope = wish(inspection, "dotted_name")
    first = answered(inspection, envelope, inspection.sitting_of("dotted_name"))
    inspection.end_sitting()
    again = answered(inspection, envelope)
    must(again == first, "the second answer to the same submission differs from the first")


@check(
    "idempotency.at-once", "The same submission sent several times at the same moment counts once.",
    f"{ONCE}; make the id unique in the database, so that two that come at once cannot both be the first.",
)  # fmt: skip
def at_once(inspection: Inspection) -> None:
    """Four at a time; the resident then finds one case."""
    sitting, mark = inspection.sitting_of("insured"), secrets.token_hex(8)
    envelope = sealed(inspection, SubmissionKind.APPOINTMENT, appointment(inspection, "insured", mark))

    def send(_: int) -> Reply:
        return handed_in(inspection, envelope, sitting)

    with ThreadPoolExecutor(AT_ONCE) as senders:
        replies = list(senders.map(send, range(AT_ONCE)))
    told = [good(reply, "submit") for reply in replies]
    must(all(one == told[0] for one in told), "the answers to one submission differ from each other")
    mine = [case for case in good(inspection.ask("cases", sitting=sitting), "cases")["cases"] if case["wanted"] == mark]
    must(len(mine) == 1, f"the resident finds {len(mine)} cases of one submission")


@check(
    "idempotency.other-content", "The same id with another content is refused.",
    "Keep a hash of the whole body beside the answer; where it differs answer 422 idempotency-key-reused.",
    refusals=(ProblemType.KEY_REUSED,),
)  # fmt: skip
def other_content(inspection: Inspection) -> None:
    """Sealed anew under the same id."""
    sitting, first = inspection.sitting_of("insured"), wish(inspection, "insured")
    answered(inspection, first, sitting)
    other = wish(inspection, "insured", submission_id=first.submission_id)
    refused(handed_in(inspection, other, sitting), ProblemType.KEY_REUSED)


CHECKS = (
    wished, offline, offline_unknown, unknown_key, unreadable, address, at_once, other_content, found_again, late,
    same_answer,
)  # fmt: skip
