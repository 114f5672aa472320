"""The rules of the eligibility check, without a hall."""

from datetime import date

import pytest

from contract.codes import AnswerStatus, EligibilityState, Finger
from contract.residents import EligibilityStatus, EnrolledFinger, FingerprintTemplates
from contract.submissions import CountyAnswer
from devices.fingerprint import MatchResult, MatchVerdict
from kiosk.capture import CaptureState, CaptureView
from kiosk.device_errors import SensorFaulty, TemplateUnusable
from kiosk.services.pension.verification_memory import VerificationMemory, template_of
from kiosk.services.pension.verification_rules import (
    Ladder,
    NoFinger,
    Opening,
    Outcome,
    Result,
    opening,
    outcome_of,
)
from kiosk.uplink import Acknowledged, Acknowledgement

ALL = tuple(Finger)
DUE = date(2027, 3, 10)


@pytest.mark.parametrize(
    ("state", "first"),
    [
        (EligibilityState.NOT_A_PENSIONER, Opening.NOT_A_PENSIONER),
        (EligibilityState.NOT_DUE, Opening.NOTHING_TO_DO),
        (EligibilityState.MATCHED, Opening.NOTHING_TO_DO),
        (EligibilityState.AT_COUNTER, Opening.AT_COUNTER),
        (EligibilityState.DUE_SOON, Opening.DUE),
        (EligibilityState.DUE, Opening.DUE),
        (EligibilityState.OVERDUE, Opening.DUE),
        (EligibilityState.SUSPENDED, Opening.DUE),
    ],
)
def test_the_countys_word_decides_what_is_offered(state, first):
    assert opening(EligibilityStatus(state=state)) is first


def test_without_the_countys_word_nobody_says_whether_it_is_due():
    assert opening(None) is Opening.UNKNOWN
    assert [one for one in Opening if one.may_verify] == [Opening.DUE, Opening.UNKNOWN]


def test_three_fingers_three_tries_each_and_no_more():
    ladder, asked = Ladder.of(ALL, 3, 3), []
    while (finger := ladder.finger) is not None:
        asked.append(finger)
        ladder = ladder.after(MatchVerdict.DIFFERENT)
    assert asked == [finger for finger in ALL for _ in range(3)]
    assert ladder.attempts == 9
    assert ladder.used_up


def test_a_try_without_a_finger_is_not_counted():
    ladder = Ladder.of(ALL, 3, 3)
    assert ladder.after(MatchVerdict.NO_FINGER) == ladder.after(MatchVerdict.CANCELLED) == ladder
    assert ladder.after(MatchVerdict.POOR).left == 2


def test_another_finger_keeps_the_tries_of_the_first():
    ladder = Ladder.of(ALL, 3, 3).after(MatchVerdict.POOR).other_finger()
    assert (ladder.finger, ladder.left, ladder.others) == (ALL[1], 3, True)
    back = ladder.other_finger().other_finger()
    assert (back.finger, back.left) == (ALL[0], 2)


def test_one_enrolled_finger_has_no_other():
    ladder = Ladder.of((Finger.LEFT_INDEX,), 3, 3)
    assert not ladder.others
    assert ladder.other_finger() == ladder
    assert ladder.after(MatchVerdict.POOR).finger is Finger.LEFT_INDEX


def test_fingers_are_asked_in_the_kiosks_order_and_no_more_than_the_place_allows():
    assert Ladder.of(tuple(reversed(ALL)), 2, 3).fingers == ALL[:2]
    assert Ladder.of((), 3, 3).finger is None


@pytest.mark.parametrize(
    ("status", "result"),
    [
        (AnswerStatus.ACCEPTED, Result.PASSED),
        (AnswerStatus.ALREADY_VALID, Result.ALREADY_VALID),
        (AnswerStatus.QUEUED, Result.WAITING),
        (AnswerStatus.REFUSED, Result.COUNTER),
        (AnswerStatus.NEEDS_COUNTER, Result.COUNTER),
    ],
)
def test_only_the_countys_yes_is_a_yes(status, result):
    told = Acknowledgement(
        Acknowledged.ACCEPTED, "OWN-1", CountyAnswer(status=status, result_number="C-1", next_due=DUE)
    )
    outcome = outcome_of(told)
    assert outcome.result is result
    assert outcome.number == "C-1"
    assert outcome.passed is (result in (Result.PASSED, Result.ALREADY_VALID))
    assert outcome.next_due == (DUE if outcome.passed else None)


def test_evidence_that_waits_is_never_called_passed():
    outcome = outcome_of(Acknowledgement(Acknowledged.QUEUED, "OWN-1"))
    assert outcome == Outcome(Result.WAITING, "OWN-1")
    assert outcome.words == "已记下，等县里确认"
    assert "通过" not in outcome.words


def enrolled(content="AwEC"):
    return EnrolledFinger(finger=Finger.RIGHT_INDEX, content=content)


def test_templates_of_another_vendor_are_not_tried():
    memory = VerificationMemory()
    memory.take(FingerprintTemplates(format="iso19794", fingers=(enrolled(),)), "ef01", 3, 3)
    assert memory.no_finger is NoFinger.WRONG_FORMAT
    assert not memory.templates


@pytest.mark.parametrize("content", ["", "not base64!", "a"])
def test_a_broken_template_is_no_template(content):
    assert template_of("ef01", content) is None
    memory = VerificationMemory()
    memory.take(FingerprintTemplates(format="ef01", fingers=(enrolled(content),)), "ef01", 3, 3)
    assert memory.no_finger is NoFinger.NOT_ENROLLED


def with_templates():
    memory = VerificationMemory()
    memory.take(FingerprintTemplates(format="ef01", fingers=(enrolled(),)), "ef01", 3, 3)
    return memory


def over(result=None, problem=None):
    return CaptureView(CaptureState.OVER, result=result, problem=problem)


def test_a_fault_of_the_sensor_is_nobodys_try():
    memory = with_templates()
    memory.tried(over(problem=SensorFaulty("noise")))
    assert memory.ladder.attempts == 0
    assert memory.no_finger is None


def test_a_template_the_sensor_refuses_leads_to_the_witness():
    memory = with_templates()
    memory.tried(over(problem=TemplateUnusable("size")))
    assert memory.no_finger is NoFinger.WRONG_FORMAT


def test_a_match_is_kept_and_used_up_tries_are_told():
    memory = with_templates()
    for _ in range(3):
        memory.tried(over(MatchResult(MatchVerdict.DIFFERENT)))
    assert memory.no_finger is NoFinger.USED_UP
    other = with_templates()
    other.tried(over(MatchResult(MatchVerdict.MATCHED, 250)))
    assert other.matched == MatchResult(MatchVerdict.MATCHED, 250)
    assert other.no_finger is None
