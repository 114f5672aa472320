"""What a resident may read of their benefit and of what they handed in."""

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import insert, update

from contract.codes import AnswerStatus, BenefitState, CaseState
from contract.residents import OwnCases, PensionStatement
from contract.submissions import SubmissionKind
from county import models
from county.eligibility import PensionRecord, benefit_state, learnt, state_of


def pension_of(office, name) -> PensionStatement:
    reply = office.ask("pension", office.sitting_of(name))
    assert reply.headers["Cache-Control"] == "no-store"
    return PensionStatement.model_validate_json(reply.data)


def cases_of(office, name) -> tuple:
    return OwnCases.model_validate_json(office.ask("cases", office.sitting_of(name)).data).cases


@pytest.mark.parametrize(
    ("name", "state", "suspended"),
    [
        ("吴志强", BenefitState.DRAWING, False),
        ("刘桂芳", BenefitState.DRAWING, False),
        ("陈德明", BenefitState.SUSPENDED, True),
        ("李伟", BenefitState.NONE, False),
        ("杨素珍", BenefitState.AT_COUNTER, False),
    ],
)
def test_how_a_benefit_is_paid(office, name, state, suspended):
    told = pension_of(office, name)
    assert (told.state, told.suspended_since is not None) == (state, suspended)
    assert bool(told.benefit) is (state in (BenefitState.DRAWING, BenefitState.SUSPENDED))


def test_what_is_drawn_and_since_when(office):
    told = pension_of(office, "吴志强")
    born = office.people["吴志强"]["number"][6:10]
    assert told.monthly_amount > 0
    assert int(told.drawn_since[:4]) >= int(born) + 60


def test_a_hint_of_death_tells_no_reason_and_nothing_else(office):
    told = pension_of(office, "杨素珍")
    assert told.model_dump(exclude={"state", "as_of", "sample_rates"}, exclude_defaults=True) == {}


def test_a_benefit_that_ended_is_told_and_needs_no_verification(office):
    with office.hub.store.writing() as connection:
        connection.execute(update(models.pensions).values(ended_on=office.hub.clock.today()))
    assert pension_of(office, "吴志强").state is BenefitState.ENDED
    assert pension_of(office, "杨素珍").state is BenefitState.AT_COUNTER
    sitting = office.sitting_of("王秀英")
    assert office.eligibility(sitting).state.value == "not_a_pensioner"
    assert office.eligibility(sitting).nonce == ""
    envelope = office.envelope(office.evidence("王秀英"), offline=True)
    assert office.deliver(envelope).json["status"] == AnswerStatus.NEEDS_COUNTER


def test_a_success_ends_a_suspension_and_nothing_else_does():
    suspended = PensionRecord("x", last_verified_on=date(2025, 3, 10), suspended_since=date(2026, 4, 1))
    assert benefit_state(suspended) is BenefitState.SUSPENDED
    assert benefit_state(replace(suspended, matched_on=date(2026, 4, 2))) is BenefitState.DRAWING
    assert benefit_state(replace(suspended, last_verified_on=date(2026, 3, 31))) is BenefitState.SUSPENDED
    assert benefit_state(None) is BenefitState.NONE


def test_what_is_held_here_is_not_turned_back_by_what_another_system_knows_later(office):
    today = office.hub.clock.today()
    here = PensionRecord("x", last_verified_on=today)
    there = PensionRecord("y", last_verified_on=today.replace(year=today.year - 1, day=1))
    assert learnt(here, there).last_verified_on == today
    assert learnt(here, there).benefit == "y"
    assert learnt(None, there) == there
    assert learnt(there, here) == here
    assert learnt(here, PensionRecord("y")).last_verified_on == today
    assert state_of(learnt(here, there), today).value == "not_due"


def test_nothing_handed_in_is_an_empty_list(office):
    assert cases_of(office, "李伟") == ()


def test_what_was_handed_in_is_told_newest_first_with_how_far_it_is(office):
    sitting = office.sitting_of("王秀英")
    verified = office.deliver(office.envelope(office.evidence("王秀英", sitting)), sitting).json
    office.deliver(office.envelope(office.appointment("王秀英")), sitting)
    appointment, verification = cases_of(office, "王秀英")
    assert (verification.kind, verification.state, verification.number) == (
        SubmissionKind.ELIGIBILITY_VERIFICATION, CaseState.DONE, verified["result_number"],
    )  # fmt: skip
    assert verification.next_due.isoformat() == verified["next_due"]
    assert (appointment.state, appointment.wanted) == (CaseState.RECEIVED, "上门认证")
    assert appointment.handed_in_at >= verification.handed_in_at
    with office.hub.store.writing() as connection:
        changed = {"state": CaseState.IN_PROGRESS.value, "changed_at": office.hub.clock.now()}
        connection.execute(update(models.cases).values(changed))
    assert cases_of(office, "王秀英")[0].state is CaseState.IN_PROGRESS


def test_nobody_reads_what_somebody_else_handed_in(office):
    sitting = office.sitting_of("王秀英")
    office.deliver(office.envelope(office.appointment("王秀英")), sitting)
    assert cases_of(office, "李伟") == ()


def test_a_refusal_and_a_word_for_the_counter_carry_no_reason(office):
    refused = office.evidence("王秀英", office.sitting_of("王秀英"), nonce="guessed")
    office.deliver(office.envelope(refused), office.sitting_of("王秀英"))
    office.deliver(office.envelope(office.evidence("杨素珍"), offline=True))
    assert [case.state for case in cases_of(office, "杨素珍")] == [CaseState.RECEIVED]
    assert [case.answer for case in cases_of(office, "杨素珍")] == [AnswerStatus.NEEDS_COUNTER]


def test_the_list_ends_at_a_hundred(office):
    sitting = office.sitting_of("李伟")
    office.deliver(office.envelope(office.appointment("李伟")), sitting)
    with office.hub.store.writing() as connection:
        (row,) = connection.execute(models.submissions.select()).mappings().all()
        more = [dict(row) | {"id": serial, "submission_id": f"s{serial}"} for serial in range(1000, 1120)]
        connection.execute(insert(models.submissions), more)
    assert len(cases_of(office, "李伟")) == 100


@pytest.mark.parametrize("path", ["pension", "cases"])
def test_without_a_sitting_nothing_is_told(office, path):
    assert office.ask(path, "").status_code == 401
    assert office.ask(path, "0" * 32).status_code == 401
