"""Statements from a county's own system: the same questions, the same answers, and a clear word when there is none."""

import csv
from datetime import date
from io import StringIO

import pytest

from contract.codes import AnswerStatus, BenefitState, EligibilityState
from contract.residents import ContributionStatement, EligibilityStatus, InsuranceStatement, PensionStatement
from contract.submissions import CountyAnswer
from county.backends.bounded import AT_ONCE
from county.settings import SettingsError
from tests.county import other_system
from tests.county.importing.files import take
from tests.hall import eventually

OTHER = "python:tests.county.other_system:open_backend"
WORKER, PENSIONER = "李伟", "王秀英"
ADDRESSES = ("insurance", "contributions?year=2026", "pension", "eligibility")


@pytest.fixture
def other(open_office):
    """An office whose statements come from the other system, and that system."""
    office = open_office(demo_seed=1, backend=OTHER, backend_seconds=20)
    system = other_system.OPENED[-1].system
    system.months = other_system.MONTHS.format(number=office.people[WORKER]["number"])
    system.pensions = other_system.PENSIONS.format(number=office.people[PENSIONER]["number"])
    return office, system


def test_a_statement_is_the_other_systems_in_the_words_of_the_contract(other):
    office, _ = other
    sitting = office.sitting_of(WORKER)
    told = InsuranceStatement.model_validate_json(office.ask("insurance", sitting).data)
    pension = told.branches[0].participations[0]
    assert (pension.first_month, pension.last_month, pension.months, pension.arrears_months) == (
        "2025-11", "2026-02", 2, 1,
    )  # fmt: skip
    assert [(span.first, span.last) for span in pension.gaps] == [("2026-01", "2026-01")]
    assert told.years == (2026, 2025)
    year = ContributionStatement.model_validate_json(office.ask("contributions?year=2026", sitting).data)
    assert [(row.insurance_type, str(row.personal_share), row.paid) for row in year.rows] == [
        ("110", "360.00", True), ("210", "22.50", True),
    ]  # fmt: skip
    assert PensionStatement.model_validate_json(office.ask("pension", sitting).data).state is BenefitState.NONE


def test_the_tables_answer_the_same_where_they_hold_the_same(other, open_office, tmp_path):
    """The second implementation is held against the first: its records imported, its questions asked again."""
    office, system = other
    person = office.people[WORKER]
    plain = open_office()
    records = [
        system.mapping.decode("contribution", row, other_system.TODAY)
        for row in csv.DictReader(StringIO(system.months))
    ]
    months, people = tmp_path / "months.csv", tmp_path / "people.csv"
    with months.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, list(records[0]))
        writer.writeheader()
        writer.writerows(row | {"paid_flag": "是" if row["paid_flag"] else "否"} for row in records)
    people.write_text(
        "社会保障号码,姓名,民族,行政区划代码,社会保障卡号,卡识别码,卡规范版本,发卡日期,卡有效期至\n"
        f"{person['number']},{WORKER},汉,510521109,{person['card_number']},{person['card']['identification']},"
        f"{person['card_version']},20240101,20340101\n",
        encoding="utf-8",
    )
    ended, said = take(plain, people, months, apply=True)
    assert ended == 0, said
    plain.people = office.people
    for year in (2025, 2026):
        asked = f"contributions?year={year}"
        here, there = (one.ask(asked, one.sitting_of(WORKER)).json for one in (plain, office))
        assert here["rows"] == there["rows"]
    here, there = (
        InsuranceStatement.model_validate_json(one.ask("insurance", one.sitting_of(WORKER)).data)
        for one in (plain, office)
    )
    scheme_apart = {"branches": {"__all__": {"participations": {"__all__": {"scheme"}}}}}
    assert here.model_dump(exclude=scheme_apart) == there.model_dump(exclude=scheme_apart)


def test_a_pensioner_is_verified_by_what_the_other_system_says(other):
    office, system = other
    sitting = office.sitting_of(PENSIONER)
    told = PensionStatement.model_validate_json(office.ask("pension", sitting).data)
    assert (told.state, told.suspended_since, str(told.monthly_amount)) == (
        BenefitState.SUSPENDED, date(2026, 9, 1), "223.43",
    )  # fmt: skip
    status = office.eligibility(sitting)
    assert (status.state, bool(status.nonce), bool(status.fingers)) == (EligibilityState.SUSPENDED, True, True)
    envelope = office.envelope(office.evidence(PENSIONER, sitting))
    answer = CountyAnswer.model_validate_json(office.deliver(envelope, sitting).data)
    assert answer.status is AnswerStatus.ACCEPTED
    after = office.eligibility(sitting)
    assert after.state is EligibilityState.NOT_DUE
    assert PensionStatement.model_validate_json(office.ask("pension", sitting).data).state is BenefitState.DRAWING
    system.pensions = ""
    assert office.eligibility(sitting).state is EligibilityState.NOT_A_PENSIONER


def test_evidence_waits_while_the_other_system_is_silent_and_is_judged_when_it_is_back(other):
    office, system = other
    envelope = office.envelope(office.evidence(PENSIONER), offline=True)
    system.fault = "broken"
    reply = office.deliver(envelope)
    assert (reply.status_code, reply.json["type"]) == (503, "backend-unavailable")
    system.fault = ""
    assert office.deliver(envelope).json["status"] == AnswerStatus.ACCEPTED
    system.fault = "broken"
    assert office.deliver(envelope).json["status"] == AnswerStatus.ACCEPTED, "answered before: nobody is asked again"


@pytest.mark.parametrize(
    ("fault", "address"), [*(("broken", address) for address in ADDRESSES), ("half", "insurance"), ("half", "pension")]
)
def test_a_failure_is_a_problem_and_never_half_an_answer(other, fault, address, caplog):
    office, system = other
    sitting = office.sitting_of(WORKER if "pension" not in address and address != "eligibility" else PENSIONER)
    system.fault = fault
    reply = office.ask(address, sitting)
    assert (reply.status_code, reply.json["type"]) == (503, "backend-unavailable")
    assert reply.headers["Cache-Control"] == "no-store"
    assert not [person for person in office.people.values() if person["number"] in reply.text + caplog.text]
    system.fault = ""
    assert office.ask(address, sitting).status_code == 200


@pytest.mark.parametrize(
    ("change", "address"),
    [
        (("202512", "202511"), "insurance"),
        (("36000", "36000.5"), "insurance"),
        (("示例厂,450000,36000,72000,1,1", "示例厂,450000,36000,72000,7,1"), "contributions?year=2025"),
    ],
)
def test_what_is_not_whole_is_no_answer(other, change, address):
    office, system = other
    before = office.sitting_of(WORKER)
    told = system.months
    system.months = system.months.replace(*change)
    assert office.ask(address, before).status_code == 503
    system.months = told
    assert office.ask(address, before).status_code == 200


def test_a_year_that_was_not_asked_for_is_no_answer(other):
    office, system = other
    system.fault = "another year"
    assert office.ask("contributions?year=2026", office.sitting_of(WORKER)).status_code == 503


def test_silence_is_given_up_and_does_not_pile_up(open_office):
    office = open_office(demo_seed=1, backend=OTHER, backend_seconds=0.1)
    system = other_system.OPENED[-1].system
    system.fault = "silent"
    sitting = office.sitting_of(WORKER)
    for _ in range(AT_ONCE + 2):
        assert office.ask("insurance", sitting).json["type"] == "backend-unavailable"
    eventually(lambda: len(system.asked) == AT_ONCE)  # those that hang count until they end
    assert office.ask("cases", sitting).status_code == 200, "what the hub itself knows is still told"


@pytest.mark.parametrize(
    ("named", "words"),
    [
        ("elsewhere", "neither"),
        ("python:no.such:thing", "cannot be loaded"),
        ("python:tests.county.other_system:without_a_method", "no method memberships"),
    ],
)
def test_a_backend_that_cannot_be_had_is_said_at_the_start(open_office, named, words):
    with pytest.raises(SettingsError, match=words):
        open_office(backend=named)


def test_eligibility_without_a_pension_is_whole_too(other):
    office, _ = other
    status = EligibilityStatus.model_validate_json(office.ask("eligibility", office.sitting_of(WORKER)).data)
    assert status.state is EligibilityState.NOT_A_PENSIONER
