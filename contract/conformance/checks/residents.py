"""What a resident may see of themselves: statements, the verification, enrolled fingers."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

from contract.codes import Availability, BenefitState, EligibilityState, InsuranceType
from contract.conformance.check import check
from contract.conformance.expectations import good, refused
from contract.conformance.inspection import OK, Inspection
from contract.conformance.line import Reply
from contract.conformance.verdicts import Failed, NotRun, must
from contract.problems import ProblemType
from contract.residents import TEMPLATE_PURPOSE
from contract.sealing import CannotOpen, unseal
from contract.submissions import SubmissionKind

PURPOSE = SubmissionKind.ELIGIBILITY_VERIFICATION.value
OPEN_STATES = frozenset(
    {EligibilityState.DUE_SOON, EligibilityState.DUE, EligibilityState.OVERDUE, EligibilityState.SUSPENDED}
)
STATES = {state.value for state in OPEN_STATES}


def _insurance(inspection: Inspection) -> Reply:
    return inspection.ask("insurance", sitting=inspection.sitting_of("insured"))


def _a_year(inspection: Inspection) -> int:
    reply = _insurance(inspection)
    years = reply.json().get("years") if reply.status == OK else None
    if not years:
        raise NotRun("the insured has no year with contributions (see resident.insurance)")
    return int(years[0])


@check(
    "resident.insurance", "The insurance statement names every type once, recorded or not.",
    "List every insurance type of the contract: recorded with its participations, no_record, or not_offered; years are "
    "those with contributions, newest first.",
    operations=("insurance",),
)  # fmt: skip
def insurance(inspection: Inspection) -> None:
    """Types, years, and that the insured has a record."""
    told = good(_insurance(inspection), "insurance")
    types = [branch["insurance_type"] for branch in told["branches"]]
    must(sorted(types) == sorted(InsuranceType), f"the types listed are {types}")
    must(told["years"] == sorted(set(told["years"]), reverse=True), f"years are not newest first: {told['years']}")
    held = [branch for branch in told["branches"] if branch["availability"] == Availability.RECORDED]
    must(held, "the insured of the file of test persons has no record")


@check(
    "resident.contributions", "The months of one year, by month, then type.",
    "Answer the rows of the asked year only, ordered by month, then insurance type.", operations=("contributions",),
)  # fmt: skip
def contributions(inspection: Inspection) -> None:
    """Year and order of the rows."""
    year = _a_year(inspection)
    reply = inspection.ask("contributions", sitting=inspection.sitting_of("insured"), query={"year": year})
    told = good(reply, "contributions")
    marks = [(row["month"], row["insurance_type"]) for row in told["rows"]]
    must(told["year"] == year and marks, f"year {told['year']} with {len(marks)} rows, asked for {year}")
    must(all(month.startswith(str(year)) for month, _ in marks), f"rows of another year than {year}")
    must(marks == sorted(marks), "the rows are not ordered by month, then type")


@check(
    "resident.year", "A year that is none is refused.",
    "Check that year has four digits; answer 400 malformed.", refusals=(ProblemType.MALFORMED,),
)  # fmt: skip
def year(inspection: Inspection) -> None:
    """Wrong in several ways."""
    sitting = inspection.sitting_of("insured")
    for wrong in ("", "26", "20x6", "二零二六", "2026-01", "99999999999999999999"):
        reply = inspection.ask("contributions", sitting=sitting, query={"year": wrong})
        refused(reply, ProblemType.MALFORMED)


@check(
    "resident.amounts", "Amounts are strings, never floats.",
    'Write amounts as strings with at most two decimals ("25.00"); floats lose cents on the way.',
)  # fmt: skip
def amounts(inspection: Inspection) -> None:
    """No number with a point in either statement, and every amount has at most two decimals."""
    sitting = inspection.sitting_of("insured")
    replies = (
        _insurance(inspection),
        inspection.ask("contributions", sitting=sitting, query={"year": _a_year(inspection)}),
    )
    for reply in replies:
        told = json.loads(reply.body, parse_float=_no_float(reply.asked))
        for name, text in _amounts(told):
            must(_decimals(text), f"{reply.asked}: {name} is {text!r}")


def _no_float(asked: str) -> Any:
    def refuse(text: str) -> None:
        raise Failed(f"{asked}: the number {text} is a float")

    return refuse


def _amounts(told: Any) -> list[tuple[str, object]]:
    names = {"base", "personal_share", "unit_share", "account_balance", "arrears_amount"}
    branches = [held for branch in told.get("branches", ()) for held in branch["participations"]]
    rows = [*branches, *told.get("rows", ())]
    return [(name, value) for row in rows for name, value in row.items() if name in names and value is not None]


def _decimals(amount: object) -> bool:
    if not isinstance(amount, str):
        return False
    exponent = Decimal(amount).as_tuple().exponent
    return isinstance(exponent, int) and exponent >= -2  # noqa: PLR2004 - fen


@check(
    "resident.eligibility", "A pensioner learns where they stand, with a nonce while a verification is open.",
    "Give a nonce of this sitting while the state is due_soon, due, overdue or suspended: evidence has to carry it.",
    operations=("eligibility",),
)  # fmt: skip
def eligibility(inspection: Inspection) -> None:
    """State, benefit, nonce; the same nonce when asked again in this sitting."""
    sitting = inspection.sitting_of("pensioner_due")
    told = good(inspection.ask("eligibility", sitting=sitting), "eligibility")
    must(told["state"] != EligibilityState.NOT_A_PENSIONER, "the pensioner of the file of test persons draws nothing")
    if told["state"] in STATES:
        must(told.get("nonce"), f"the state is {told['state']}, but there is no nonce")
        again = good(inspection.ask("eligibility", sitting=sitting), "eligibility")
        must(again.get("nonce") == told["nonce"], "the nonce changes within a sitting")


@check(
    "resident.without-pension", "Whoever draws no pension is told so, and nothing else.",
    "Answer not_a_pensioner without benefit, dates, fingers or nonce.",
)  # fmt: skip
def without_pension(inspection: Inspection) -> None:
    """The entry without_pension."""
    sitting = inspection.sitting_of("without_pension")
    told = good(inspection.ask("eligibility", sitting=sitting), "eligibility")
    must(told["state"] == EligibilityState.NOT_A_PENSIONER, f"the state is {told['state']}")
    must(not told.get("nonce") and not told.get("fingers"), "there is a nonce or a finger all the same")


@check(
    "resident.at-counter", "Why somebody has to go to the counter is not told.",
    "With at_counter send neither dates nor method nor nonce: a machine is not the place to hear of a doubt.",
)  # fmt: skip
def at_counter(inspection: Inspection) -> None:
    """The entry at_counter."""
    sitting = inspection.sitting_of("at_counter")
    told = good(inspection.ask("eligibility", sitting=sitting), "eligibility")
    must(told["state"] == EligibilityState.AT_COUNTER, f"the state is {told['state']}")
    more = [name for name in ("last_verified_on", "last_method", "next_due", "nonce") if told.get(name)]
    must(not more, f"at_counter comes with {more}")


@check(
    "resident.pension", "A pensioner learns what is paid; nobody else learns of a pension.",
    "Answer state, benefit, amount and since when; with none or at_counter nothing else.", operations=("pension",),
)  # fmt: skip
def pension(inspection: Inspection) -> None:
    """The pensioner, then the person without a pension."""
    told = good(inspection.ask("pension", sitting=inspection.sitting_of("pensioner_due")), "pension")
    must(told["state"] != BenefitState.NONE, "the pensioner of the file of test persons draws nothing")
    told = good(inspection.ask("pension", sitting=inspection.sitting_of("without_pension")), "pension")
    must(told["state"] == BenefitState.NONE, f"the person without a pension is {told['state']}")
    more = [name for name in ("benefit", "drawn_since", "monthly_amount", "suspended_since") if told.get(name)]
    must(not more, f"none comes with {more}")


@check(
    "resident.templates", "Fingerprint templates are sealed to the kiosk that asks.",
    "Seal each template (HPKE: X25519, HKDF-SHA256, ChaCha20-Poly1305; info fingerprint-template) to the receiving_key "
    "of the kiosk that signed the request.",
    operations=("fingerprint-template",),
)  # fmt: skip
def templates(inspection: Inspection) -> None:
    """The kit opens them with its own key."""
    sitting = inspection.sitting_of("pensioner_due")
    reply = inspection.ask("fingerprint-template", sitting=sitting, query={"purpose": PURPOSE, "consent": "kit"})
    told = good(reply, "fingerprint-template")
    must(told["fingers"], "the pensioner of the file of test persons has no finger enrolled")
    for enrolled in told["fingers"]:
        try:
            content = unseal(enrolled["content"], inspection.kiosk().receiving, TEMPLATE_PURPOSE)
        except CannotOpen:
            raise Failed(f"{enrolled['finger']} is not sealed to this kiosk for {TEMPLATE_PURPOSE}") from None
        must(content, f"{enrolled['finger']} is empty")


@check(
    "resident.consent", "No template without purpose and consent.",
    "Release templates only where purpose is eligibility_verification and consent names a text; else consent-missing.",
    refusals=(ProblemType.CONSENT_MISSING,),
)  # fmt: skip
def consent(inspection: Inspection) -> None:
    """Either one missing, both missing, another purpose."""
    sitting = inspection.sitting_of("pensioner_due")
    lacking: tuple[dict[str, str | int], ...] = (
        {"purpose": PURPOSE}, {"consent": "kit"}, {}, {"purpose": "curiosity", "consent": "kit"},
        {"purpose": PURPOSE, "consent": ""},
    )  # fmt: skip
    for query in lacking:
        reply = inspection.ask("fingerprint-template", sitting=sitting, query=query)
        refused(reply, ProblemType.CONSENT_MISSING)


CHECKS = (
    insurance, contributions, year, amounts, eligibility, templates, consent, pension, without_pension, at_counter,
)  # fmt: skip
