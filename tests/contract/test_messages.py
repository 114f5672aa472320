"""Messages cross the line unchanged, and what is no message is refused at the border."""

import json
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from pydantic import TypeAdapter, ValidationError

from contract import codes
from contract.codes import Availability, EligibilityState, Finger, InsuranceType, Labelled
from contract.feed import (
    Hours,
)
from contract.message import Instant, Month, Region, Yuan
from contract.problems import CONTENT_TYPE, Problem, ProblemType
from contract.residents import ContributionMonth, EligibilityStatus, InsuranceBranch
from contract.staff import ItemDraft, NewPassword
from contract.submissions import CountyAnswer, SealedSubmission, SubmissionKind

DAY = date(2026, 3, 18)
MOMENT = datetime(2026, 3, 18, 1, 30, tzinfo=UTC)
HOURS = Hours(first_day=DAY, last_day=DAY)


# the base


def test_a_message_cannot_be_changed():
    with pytest.raises(ValidationError):
        HOURS.first_day = date(2026, 3, 19)


def test_an_older_side_reads_a_newer_message():
    newer = json.dumps({"status": "accepted", "result_number": "R1", "colour": "blue"})
    answer = CountyAnswer.model_validate_json(newer)
    assert answer.result_number == "R1"
    assert not hasattr(answer, "colour")


def test_money_travels_as_text_and_comes_back_to_the_cent():
    row = ContributionMonth(
        month="2026-03",
        insurance_type=InsuranceType.EMPLOYEE_PENSION,
        unit="示例厂",
        base=Decimal("4200.00"),
        personal_share=Decimal("336.10"),
        unit_share=Decimal("672.20"),
        paid=True,
    )
    wire = row.model_dump_json()
    assert '"personal_share":"336.10"' in wire
    assert ContributionMonth.model_validate_json(wire) == row


@pytest.mark.parametrize("amount", ["0.001", "1234567890123.00", "NaN", "Infinity", "zwölf", ""])
def test_what_is_no_amount_in_yuan_is_refused(amount):
    with pytest.raises(ValidationError):
        TypeAdapter(Yuan).validate_python(amount)


@pytest.mark.parametrize("month", ["2026-13", "2026-00", "2026-3", "202603", "26-03", "2026-03-01", ""])
def test_what_is_no_month_is_refused(month):
    assert TypeAdapter(Month).validate_python("2026-12") == "2026-12"
    with pytest.raises(ValidationError):
        TypeAdapter(Month).validate_python(month)


@pytest.mark.parametrize("code", ["510521", "510521109", "510521109001"])
def test_division_codes_of_county_town_and_village_are_taken(code):
    assert TypeAdapter(Region).validate_python(code) == code


@pytest.mark.parametrize("code", ["51", "5105", "5105211", "51052110", "5105211090", "51052A", "", "510521109001 "])
def test_other_division_codes_are_refused(code):
    with pytest.raises(ValidationError):
        TypeAdapter(Region).validate_python(code)


def test_a_time_without_zone_is_refused():
    assert TypeAdapter(Instant).validate_python("2026-03-18T01:30:00Z") == MOMENT
    with pytest.raises(ValidationError):
        TypeAdapter(Instant).validate_python("2026-03-18T01:30:00")


# code lists

LISTS = [kind for kind in vars(codes).values() if isinstance(kind, type) and issubclass(kind, Labelled)]


@pytest.mark.parametrize("codes_of", [kind for kind in LISTS if kind is not Labelled], ids=lambda kind: kind.__name__)
def test_every_code_has_words_and_travels_as_itself(codes_of):
    assert len(codes_of) >= 3
    for code in codes_of:
        assert code.label
        assert code.label != code.value
        assert json.loads(json.dumps(code)) == code.value
        assert codes_of(code.value) is code
    assert len({code.label for code in codes_of}) == len(codes_of)


def test_the_lists_hold_the_codes_of_the_standards():
    assert InsuranceType("170").label == "城乡居民养老"
    assert [finger.label for finger in Finger] == ["右手食指", "右手拇指", "左手食指"]
    assert EligibilityState("due").label == "本月到期"


def test_an_unknown_code_is_refused():
    with pytest.raises(ValidationError):
        InsuranceBranch.model_validate({"insurance_type": "999", "availability": "recorded"})


# submissions, problems, staff


def test_each_submission_has_its_address():
    assert SubmissionKind.ELIGIBILITY_VERIFICATION.path == "/v1/eligibility-verifications"
    assert SubmissionKind.APPOINTMENT.path == "/v1/submissions"


def test_an_envelope_crosses_the_line_unchanged():
    envelope = SealedSubmission(
        submission_id="s1", kind="appointment", made_at=MOMENT, offline=True, key_id="k1", sealed="AAAA"
    )
    assert SealedSubmission.model_validate_json(envelope.model_dump_json()) == envelope


def test_a_refusal_names_its_type_by_a_word():
    problem = Problem(type=ProblemType.CARD_LOST, title="card lost", status=403)
    assert json.loads(problem.model_dump_json())["type"] == "card-lost"
    assert CONTENT_TYPE == "application/problem+json"


def test_a_refusal_of_a_type_nobody_knows_is_no_problem_message():
    with pytest.raises(ValidationError):
        Problem.model_validate({"type": "about:blank", "title": "?", "status": 500})


def test_who_must_go_to_the_counter_is_told_no_reason():
    status = EligibilityStatus(state=EligibilityState.AT_COUNTER)
    assert (status.benefit, status.next_due, status.last_verified_on, status.nonce) == ("", None, None, "")


@pytest.mark.parametrize("change", [{"title": ""}, {"title": "长" * 41}, {"body": "长" * 2001}, {"area": "云龙镇"}])
def test_a_draft_that_no_wall_can_show_is_refused(change):
    draft = {"title": "停电通知", "hours": HOURS.model_dump(), "area": "510521"}
    assert ItemDraft.model_validate(draft).version == 0
    with pytest.raises(ValidationError):
        ItemDraft.model_validate(draft | change)


def test_a_password_has_ten_characters_at_least():
    assert NewPassword(account="editor", password="0123456789").account == "editor"
    with pytest.raises(ValidationError):
        NewPassword(account="editor", password="012345678")


def test_a_record_without_a_participation_is_no_answer():
    empty = {"insurance_type": InsuranceType.EMPLOYEE_PENSION, "participations": ()}
    assert InsuranceBranch(**empty, availability=Availability.NO_RECORD).participations == ()
    with pytest.raises(ValidationError, match="without a participation"):
        InsuranceBranch(**empty, availability=Availability.RECORDED)
