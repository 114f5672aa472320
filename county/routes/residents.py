"""``/v1/residents/me/…``: what the county tells a resident about themselves, through their sitting only."""

from __future__ import annotations

import re
from datetime import date, timedelta

from flask import Blueprint, Response, g, request

from contract.codes import BenefitState, EligibilityState
from contract.message import RESIDENT_HEADER
from contract.problems import ProblemType
from contract.residents import (
    TEMPLATE_PURPOSE,
    ContributionStatement,
    EligibilityStatus,
    EnrolledFinger,
    FingerprintTemplates,
    InsuranceStatement,
    OwnCases,
    PensionStatement,
)
from contract.sealing import seal
from contract.submissions import SubmissionKind
from county import registers
from county.asking import answer, kiosk_asking, sitting_asking
from county.backends import Person
from county.eligibility import DONE, PensionRecord, benefit_state, state_of
from county.hub import hub
from county.insurance import branches
from county.own_cases import own_cases
from county.refusals import Refused
from county.sittings import OpenSitting, give_nonce, note_consent

routes = Blueprint("residents", __name__, url_prefix="/v1/residents/me")

YEAR = re.compile(r"(19|20|21)\d{2}", re.ASCII)
NOTHING_TO_CHECK = DONE | {EligibilityState.NOT_A_PENSIONER, EligibilityState.AT_COUNTER}


@routes.after_request
def name_whom(reply: Response) -> Response:
    """Say whom the answer is about, so that a kiosk can see that it is the one who asked."""
    sitting = g.get("sitting")
    if isinstance(sitting, OpenSitting):
        with hub().store.reading() as connection:
            reply.headers[RESIDENT_HEADER] = registers.reference_of(connection, sitting.resident)
    return reply


def _as_of() -> date:
    """Statements show what was booked by the end of yesterday."""
    return hub().clock.today() - timedelta(days=1)


@routes.get("/insurance")
def insurance() -> Response:
    """Every insurance type, recorded or not."""
    held = tuple(hub().backend.memberships(_person(sitting_asking())))
    years = {int(due.month[:4]) for membership in held for due in membership.months}
    settings = hub().settings
    return answer(
        InsuranceStatement(
            as_of=_as_of(),
            sample_rates=settings.sample_rates,
            branches=branches(held, settings.not_offered),
            years=tuple(sorted(years, reverse=True)),
        )
    )


@routes.get("/contributions")
def contributions() -> Response:
    """The months of one year."""
    sitting, year = sitting_asking(), _year()
    rows = hub().backend.contributions(_person(sitting), year)
    offered = tuple(row for row in rows if row.insurance_type not in hub().settings.not_offered)
    return answer(
        ContributionStatement(as_of=_as_of(), sample_rates=hub().settings.sample_rates, year=year, rows=offered)
    )


@routes.get("/pension")
def pension() -> Response:
    """The benefit, and whether it is paid."""
    drawn = hub().backend.pension(_person(sitting_asking()))
    state, settings = benefit_state(drawn), hub().settings
    told = PensionStatement(as_of=_as_of(), sample_rates=settings.sample_rates, state=state)
    if drawn is None or state is BenefitState.AT_COUNTER:
        return answer(told)
    more = {
        "benefit": drawn.benefit,
        "drawn_since": drawn.drawn_since,
        "monthly_amount": drawn.monthly_amount,
        "suspended_since": drawn.suspended_since if state is BenefitState.SUSPENDED else None,
        "ended_on": drawn.ended_on,
    }
    return answer(told.model_copy(update=more))


@routes.get("/cases")
def cases() -> Response:
    """What was handed in through this hub, newest first."""
    sitting = sitting_asking()
    with hub().store.reading() as connection:
        return answer(OwnCases(cases=own_cases(connection, sitting.resident)))


@routes.get("/eligibility")
def eligibility() -> Response:
    """Where the pensioner stands, with the nonce that evidence has to carry where a check is open."""
    sitting, today = sitting_asking(), hub().clock.today()
    person = _person(sitting)
    drawn = hub().backend.pension(person)
    state = state_of(drawn, today)
    if drawn is None or drawn.ended_on or state is EligibilityState.AT_COUNTER:
        return answer(EligibilityStatus(state=state))
    return answer(_status(sitting, person, drawn, state))


def _status(sitting: OpenSitting, person: Person, drawn: PensionRecord, state: EligibilityState) -> EligibilityStatus:
    held, nonce = hub().backend.fingers(person), ""
    if state not in NOTHING_TO_CHECK:
        with hub().store.writing() as connection:
            nonce = give_nonce(connection, sitting)
    return EligibilityStatus(
        state=state,
        benefit=drawn.benefit,
        last_verified_on=drawn.last_success,
        last_method=drawn.last_success_method,
        next_due=drawn.next_due,
        fingers=tuple(finger for finger, _ in held),
        nonce=nonce,
    )


@routes.get("/fingerprint-template")
def fingerprint_template() -> Response:
    """Templates for the one purpose there is, against a consent whose text version is kept."""
    sitting = sitting_asking()
    consent = request.args.get("consent", "").strip()
    if request.args.get("purpose") != SubmissionKind.ELIGIBILITY_VERIFICATION or not consent:
        raise Refused(ProblemType.CONSENT_MISSING, "purpose and consent are both needed")
    with hub().store.writing() as connection:
        note_consent(connection, sitting, consent)
    held = hub().backend.fingers(_person(sitting))
    key = kiosk_asking().receiving_key
    enrolled = tuple(
        EnrolledFinger(finger=finger, content=seal(content, key, TEMPLATE_PURPOSE)) for finger, content in held
    )
    return answer(FingerprintTemplates(format=hub().settings.template_format, fingers=enrolled))


def _person(sitting: OpenSitting) -> Person:
    """Whom the sitting is about, as a backend knows them."""
    with hub().store.reading() as connection:
        return Person(sitting.resident, registers.number_of(connection, sitting.resident))


def _year() -> int:
    asked = request.args.get("year", "")
    if not YEAR.fullmatch(asked):
        raise Refused(ProblemType.MALFORMED, "year has four digits", 400)
    return int(asked)
