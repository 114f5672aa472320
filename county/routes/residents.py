"""``/v1/residents/me/…``: what the county tells a resident about themselves, through their sitting only."""

from __future__ import annotations

import re
from datetime import date, timedelta

from flask import Blueprint, Response, request

from contract.codes import EligibilityState
from contract.problems import ProblemType
from contract.residents import (
    TEMPLATE_PURPOSE,
    ContributionStatement,
    EligibilityStatus,
    EnrolledFinger,
    FingerprintTemplates,
    InsuranceStatement,
)
from contract.sealing import seal
from contract.submissions import SubmissionKind
from county import registers
from county.asking import answer, kiosk_asking, sitting_asking
from county.eligibility import DONE, PensionRecord, state_of
from county.hub import hub
from county.insurance import branches
from county.refusals import Refused
from county.sittings import OpenSitting, give_nonce, note_consent

routes = Blueprint("residents", __name__, url_prefix="/v1/residents/me")

YEAR = re.compile(r"(19|20|21)\d{2}", re.ASCII)
NOTHING_TO_CHECK = DONE | {EligibilityState.NOT_A_PENSIONER, EligibilityState.AT_COUNTER}


def _as_of() -> date:
    """Statements show what was booked by the end of yesterday."""
    return hub().clock.today() - timedelta(days=1)


@routes.get("/insurance")
def insurance() -> Response:
    """Every insurance type, recorded or not."""
    sitting = sitting_asking()
    with hub().store.reading() as connection:
        held = registers.memberships(connection, sitting.resident)
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
    with hub().store.reading() as connection:
        rows = registers.contributions(connection, sitting.resident, year)
    offered = tuple(row for row in rows if row.insurance_type not in hub().settings.not_offered)
    return answer(
        ContributionStatement(as_of=_as_of(), sample_rates=hub().settings.sample_rates, year=year, rows=offered)
    )


@routes.get("/eligibility")
def eligibility() -> Response:
    """Where the pensioner stands, with the nonce that evidence has to carry where a check is open."""
    sitting, today = sitting_asking(), hub().clock.today()
    with hub().store.reading() as connection:
        pension = registers.pension_of(connection, sitting.resident)
    state = state_of(pension, today)
    if pension is None or state is EligibilityState.AT_COUNTER:
        return answer(EligibilityStatus(state=state))
    return answer(_status(sitting, pension, state))


def _status(sitting: OpenSitting, pension: PensionRecord, state: EligibilityState) -> EligibilityStatus:
    nonce = ""
    with hub().store.writing() as connection:
        held = registers.fingers_of(connection, sitting.resident)
        if state not in NOTHING_TO_CHECK:
            nonce = give_nonce(connection, sitting)
    return EligibilityStatus(
        state=state,
        benefit=pension.benefit,
        last_verified_on=pension.last_success,
        last_method=pension.last_success_method,
        next_due=pension.next_due,
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
        held = registers.fingers_of(connection, sitting.resident)
    key = kiosk_asking().receiving_key
    enrolled = tuple(
        EnrolledFinger(finger=finger, content=seal(content, key, TEMPLATE_PURPOSE)) for finger, content in held
    )
    return answer(FingerprintTemplates(format=hub().settings.template_format, fingers=enrolled))


def _year() -> int:
    asked = request.args.get("year", "")
    if not YEAR.fullmatch(asked):
        raise Refused(ProblemType.MALFORMED, "year has four digits", 400)
    return int(asked)
