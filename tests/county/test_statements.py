"""What a resident is told about themselves through a sitting."""

from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select

from contract.codes import Availability, EligibilityState, Finger, InsuranceType, VerificationMethod
from contract.residents import TEMPLATE_PURPOSE, ContributionStatement, FingerprintTemplates, InsuranceStatement
from contract.sealing import CannotOpen, unseal
from county import models
from county.demo import template_of
from tests.signing import new_keys

CONSENTED = "fingerprint-template?purpose=eligibility_verification&consent=2026-01"


def statement_of(office, name):
    reply = office.ask("insurance", office.sitting_of(name))
    return InsuranceStatement.model_validate_json(reply.data)


def branch(statement, kind):
    return next(found for found in statement.branches if found.insurance_type is kind)


def test_a_worker_with_a_gap_sees_it(office):
    statement = statement_of(office, "李伟")
    assert statement.as_of == office.hub.clock.today() - timedelta(days=1)
    assert statement.sample_rates
    pension = branch(statement, InsuranceType.EMPLOYEE_PENSION)
    assert pension.availability is Availability.RECORDED
    assert sum(held.months for held in pension.participations) > 0
    assert statement.years == tuple(sorted(statement.years, reverse=True))


def test_the_year_shows_the_same_months_as_the_statement(office):
    sitting = office.sitting_of("李伟")
    statement = statement_of(office, "李伟")
    rows = []
    for year in statement.years:
        reply = office.ask(f"contributions?year={year}", sitting)
        told = ContributionStatement.model_validate_json(reply.data)
        assert told.year == year
        assert all(row.month.startswith(str(year)) for row in told.rows)
        assert [(row.month, row.insurance_type) for row in told.rows] == sorted(
            (row.month, row.insurance_type) for row in told.rows
        )
        rows += told.rows
    paid = sum(row.paid for row in rows)
    assert paid == sum(held.months for found in statement.branches for held in found.participations)


def test_amounts_travel_as_words_with_two_decimals(office):
    sitting = office.sitting_of("李伟")
    year = statement_of(office, "李伟").years[0]
    row = office.ask(f"contributions?year={year}", sitting).json["rows"][0]
    assert isinstance(row["base"], str)
    assert Decimal(row["base"]).as_tuple().exponent == -2


def test_a_year_without_contributions_is_an_empty_table(office):
    reply = office.ask("contributions?year=1999", office.sitting_of("李伟"))
    assert reply.json["rows"] == []


@pytest.mark.parametrize("year", ["", "25", "99999", "two", "1850", "2025' OR 1=1", "２０２５"])
def test_a_year_that_is_none_is_refused(office, year):
    reply = office.client.get(
        "/v1/residents/me/contributions",
        query_string={"year": year},
        headers={"Kiosk-Sitting": office.sitting_of("李伟")},
    )
    assert (reply.status_code, reply.json["type"]) == (400, "malformed")


def test_what_the_county_does_not_offer_is_said_so_and_left_out_of_the_year(office):
    sitting = office.sitting_of("李伟")
    before = {row["insurance_type"] for row in office.ask("contributions?year=2025", sitting).json["rows"]}
    assert InsuranceType.MEDICAL in before
    settings = office.hub.settings.model_copy(update={"not_offered": (InsuranceType.MEDICAL,)})
    other = type(office)(settings)
    sitting = other.sitting_of("李伟")
    after = {row["insurance_type"] for row in other.ask("contributions?year=2025", sitting).json["rows"]}
    assert before - after == {InsuranceType.MEDICAL}
    told = InsuranceStatement.model_validate_json(other.ask("insurance", sitting).data)
    assert branch(told, InsuranceType.MEDICAL).availability is Availability.NOT_OFFERED
    other.hub.close()


@pytest.mark.parametrize(
    ("name", "state", "has_nonce"),
    [
        ("王秀英", EligibilityState.DUE, True),
        ("刘桂芳", EligibilityState.OVERDUE, True),
        ("陈德明", EligibilityState.SUSPENDED, True),
        ("周淑兰", EligibilityState.DUE_SOON, True),
        ("吴志强", EligibilityState.NOT_DUE, False),
        ("张国华", EligibilityState.MATCHED, False),
        ("李伟", EligibilityState.NOT_A_PENSIONER, False),
        ("杨素珍", EligibilityState.AT_COUNTER, False),
    ],
)
def test_where_a_pensioner_stands_and_whether_a_check_is_open(office, name, state, has_nonce):
    status = office.eligibility(office.sitting_of(name))
    assert status.state is state
    assert bool(status.nonce) is has_nonce


def test_a_death_hint_tells_no_reason_and_nothing_else(office):
    status = office.eligibility(office.sitting_of("杨素珍"))
    assert status.model_dump(exclude={"state"}, exclude_defaults=True) == {}


def test_a_data_match_is_told_as_the_last_success(office):
    status = office.eligibility(office.sitting_of("张国华"))
    assert status.last_method is VerificationMethod.DATA_MATCH
    assert status.last_verified_on < status.next_due


def test_the_nonce_is_one_per_sitting(office):
    sitting = office.sitting_of("王秀英")
    assert office.eligibility(sitting).nonce == office.eligibility(sitting).nonce
    assert office.eligibility(sitting).nonce != office.eligibility(office.sitting_of("王秀英")).nonce


def test_templates_come_in_the_order_the_kiosk_asks(office):
    sitting = office.sitting_of("王秀英")
    told = FingerprintTemplates.model_validate_json(office.ask(CONSENTED, sitting).data)
    assert told.format == "ef01"
    assert [enrolled.finger for enrolled in told.fingers] == list(Finger) == list(office.eligibility(sitting).fingers)
    seeds = office.people["王秀英"]["fingers"]
    for enrolled in told.fingers:
        content = unseal(enrolled.content, office.signer.keys.receiving, TEMPLATE_PURPOSE)
        assert content == template_of(seeds[enrolled.finger.value])
    with pytest.raises(CannotOpen):
        unseal(told.fingers[0].content, new_keys().receiving, TEMPLATE_PURPOSE)


def test_the_consent_text_that_was_shown_is_kept(office):
    office.ask(CONSENTED, office.sitting_of("王秀英"))
    with office.hub.store.reading() as connection:
        assert connection.scalar(select(models.sittings.c.template_consent)) == "2026-01"


@pytest.mark.parametrize(
    "query",
    [
        "",
        "?purpose=eligibility_verification",
        "?consent=2026-01",
        "?purpose=eligibility_verification&consent=",
        "?purpose=eligibility_verification&consent=%20",
        "?purpose=curiosity&consent=2026-01",
    ],
)
def test_without_purpose_and_consent_no_template_leaves_the_county(office, query):
    reply = office.ask(f"fingerprint-template{query}", office.sitting_of("王秀英"))
    assert (reply.status_code, reply.json["type"]) == (403, "consent-missing")


def test_somebody_without_enrolled_fingers_has_an_empty_list(office):
    assert office.ask(CONSENTED, office.sitting_of("黄永福")).json["fingers"] == []
