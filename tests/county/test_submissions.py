"""Submissions: nothing happens twice, nothing is lost, and only the county's answer moves a due date."""

import threading
from datetime import datetime, timedelta, timezone

import pytest
from sqlalchemy import func, select

from contract.codes import AnswerStatus, EligibilityState, StaffRole, VerificationMethod
from contract.sealing import seal
from contract.submissions import Consent, CountyAnswer, SubmissionKind
from county import models
from county.eligibility import due_after
from county.keys import open_key


def told(reply):
    assert reply.status_code == 200, reply.text
    return CountyAnswer.model_validate_json(reply.data)


def submitted(office, name, **other):
    """A resident verified at a kiosk with the county reachable."""
    sitting = office.sitting_of(name)
    envelope = office.envelope(office.evidence(name, sitting, **other))
    return told(office.deliver(envelope, sitting))


def state(office, name):
    return office.eligibility(office.sitting_of(name))


def count(office, table):
    with office.hub.store.reading() as connection:
        return connection.scalar(select(func.count()).select_from(table))


@pytest.mark.parametrize("name", ["王秀英", "刘桂芳", "周淑兰"])
def test_a_matched_finger_moves_the_due_date_by_twelve_months(office, name):
    answer = submitted(office, name)
    today = office.hub.clock.today()
    assert answer.status is AnswerStatus.ACCEPTED
    assert answer.result_number.startswith(f"{today:%Y%m%d}")
    assert answer.next_due == due_after(today)
    after = state(office, name)
    assert (after.state, after.last_verified_on) == (EligibilityState.NOT_DUE, today)
    assert after.last_method is VerificationMethod.KIOSK_FINGERPRINT


def test_a_suspended_pensioner_is_restored(office):
    assert state(office, "陈德明").state is EligibilityState.SUSPENDED
    assert submitted(office, "陈德明").status is AnswerStatus.ACCEPTED
    assert state(office, "陈德明").state is EligibilityState.NOT_DUE


@pytest.mark.parametrize("name", ["吴志强", "张国华"])
def test_who_is_not_due_or_was_matched_is_already_valid_and_nothing_moves(office, name):
    before = state(office, name)
    answer = submitted(office, name)
    assert (answer.status, answer.next_due, answer.result_number) == (AnswerStatus.ALREADY_VALID, before.next_due, "")
    assert state(office, name) == before


@pytest.mark.parametrize("name", ["杨素珍", "李伟"])
def test_a_death_hint_or_no_pension_leads_to_the_counter_without_a_reason(office, name):
    assert submitted(office, name) == CountyAnswer(status=AnswerStatus.NEEDS_COUNTER)


def test_the_same_submission_twice_gets_the_same_answer_and_counts_once(office):
    sitting = office.sitting_of("王秀英")
    envelope = office.envelope(office.evidence("王秀英", sitting))
    first, second = (office.deliver(envelope, sitting) for _ in range(2))
    assert first.status_code == second.status_code == 200
    assert first.data == second.data
    assert count(office, models.submissions) == 1


def test_eight_tries_at_once_count_once(office):
    sitting = office.sitting_of("王秀英")
    envelope = office.envelope(office.evidence("王秀英", sitting))
    answers = []
    tries = [
        threading.Thread(target=lambda: answers.append(office.deliver_apart(envelope, sitting).data)) for _ in range(8)
    ]
    for attempt in tries:
        attempt.start()
    for attempt in tries:
        attempt.join()
    assert len(answers) == 8
    assert len(set(answers)) == 1
    assert CountyAnswer.model_validate_json(answers[0]).status is AnswerStatus.ACCEPTED
    assert count(office, models.submissions) == 1


def test_the_same_key_with_another_body_is_refused(office):
    sitting = office.sitting_of("王秀英")
    envelope = office.envelope(office.evidence("王秀英", sitting))
    office.deliver(envelope, sitting)
    other = office.envelope(office.evidence("王秀英", sitting), submission_id=envelope.submission_id)
    reply = office.deliver(other, sitting)
    assert (reply.status_code, reply.json["type"]) == (422, "idempotency-key-reused")
    assert count(office, models.submissions) == 1


def test_a_second_submission_of_the_same_person_is_already_valid(office):
    assert submitted(office, "王秀英").status is AnswerStatus.ACCEPTED
    assert submitted(office, "王秀英").status is AnswerStatus.ALREADY_VALID


@pytest.mark.parametrize("sitting_of", ["李伟", None])
def test_evidence_about_somebody_else_is_refused(office, sitting_of):
    envelope = office.envelope(office.evidence("王秀英", office.sitting_of("王秀英")))
    token = office.sitting_of(sitting_of) if sitting_of else "f" * 32
    reply = office.deliver(envelope, token)
    assert (reply.status_code, reply.json["type"]) == (403, "not-this-resident")
    assert state(office, "王秀英").state is EligibilityState.DUE


def test_online_evidence_of_somebody_who_never_sat_down_is_refused(office):
    reply = office.deliver(office.envelope(office.evidence("王秀英")))
    assert (reply.status_code, reply.json["type"]) == (403, "not-this-resident")


def test_an_online_submission_about_nobody_says_the_same_as_one_about_somebody_else(office):
    sitting = office.sitting_of("李伟")
    nobody = office.evidence("王秀英", resident="nobody-at-all")
    reply = office.deliver(office.envelope(nobody), sitting)
    assert (reply.status_code, reply.json["type"]) == (403, "not-this-resident")


def test_a_late_try_of_what_was_made_in_a_sitting_is_not_lost(office):
    sitting = office.sitting_of("王秀英")
    envelope = office.envelope(office.evidence("王秀英", sitting))
    office.client.delete("/v1/sittings/current", headers={"Kiosk-Sitting": sitting})
    office.later(hours=5)
    assert told(office.deliver(envelope)).status is AnswerStatus.ACCEPTED


def test_a_late_try_from_another_kiosk_is_refused(office):
    office.sitting_of("王秀英")
    envelope = office.envelope(office.appointment("王秀英"))
    office.client = office.as_kiosk(office.kiosk("kiosk-02"))
    reply = office.deliver(envelope)
    assert (reply.status_code, reply.json["type"]) == (403, "not-this-resident")


def test_what_was_made_long_after_the_sitting_is_refused(office):
    sitting = office.sitting_of("王秀英")
    evidence = office.evidence("王秀英", sitting)
    office.later(minutes=20)
    assert office.deliver(office.envelope(evidence), sitting).status_code == 403


@pytest.mark.parametrize("wrong_by", [timedelta(days=-400), timedelta(minutes=-9), timedelta(hours=8)])
def test_a_kiosk_whose_clock_is_wrong_is_judged_by_when_it_arrives(office, wrong_by):
    sitting = office.sitting_of("王秀英")
    kiosks_time = office.hub.clock.now() + wrong_by
    evidence = office.evidence("王秀英", sitting, performed_at=kiosks_time)
    answer = told(office.deliver(office.envelope(evidence, made_at=kiosks_time), sitting))
    assert answer.status is AnswerStatus.ACCEPTED
    assert answer.next_due == due_after(office.hub.clock.today())


def test_a_late_try_is_judged_by_what_the_kiosk_says_of_the_time(office):
    sitting = office.sitting_of("王秀英")
    evidence = office.evidence("王秀英", sitting)
    right = office.envelope(evidence)
    wrong = office.envelope(evidence, made_at=office.hub.clock.now() + timedelta(minutes=16))
    office.later(minutes=12)
    reply = office.deliver(wrong, sitting)
    assert (reply.status_code, reply.json["type"]) == (403, "not-this-resident")
    assert told(office.deliver(right, sitting)).status is AnswerStatus.ACCEPTED


def test_online_evidence_without_the_hubs_nonce_is_not_accepted(office):
    assert submitted(office, "王秀英", nonce="").status is AnswerStatus.REFUSED
    assert submitted(office, "王秀英", nonce="0" * 32).status is AnswerStatus.REFUSED
    assert state(office, "王秀英").state is EligibilityState.DUE


def test_offline_evidence_is_accepted_without_sitting_and_marked(office):
    performed = office.hub.clock.now()
    evidence = office.evidence("王秀英", performed_at=performed)
    envelope = office.envelope(evidence, offline=True)
    office.later(days=3)
    answer = told(office.deliver(envelope))
    assert answer.status is AnswerStatus.ACCEPTED
    assert answer.next_due == due_after(office.hub.clock.today() - timedelta(days=3))
    with office.hub.store.reading() as connection:
        assert connection.scalar(select(models.submissions.c.offline)) is True


def test_evidence_marked_offline_in_a_sitting_from_before_the_cut_is_accepted(office):
    sitting = office.sitting_of("王秀英")
    envelope = office.envelope(office.evidence("王秀英", sitting, nonce="", offline=True))
    assert told(office.deliver(envelope)).status is AnswerStatus.ACCEPTED


def test_offline_evidence_about_an_unknown_number_is_refused(office):
    evidence = office.evidence("王秀英", resident="nobody-at-all")
    reply = office.deliver(office.envelope(evidence, offline=True))
    assert (reply.status_code, reply.json["type"]) == (404, "unknown-resident")


def test_a_kiosk_whose_clock_runs_ahead_cannot_move_the_date_into_the_future(office):
    ahead = office.hub.clock.now() + timedelta(days=90)
    assert submitted(office, "王秀英", performed_at=ahead).next_due == due_after(office.hub.clock.today())


def test_an_old_piece_of_evidence_never_moves_the_date_back(office):
    before = state(office, "周淑兰").last_verified_on
    old = office.hub.clock.now() - timedelta(days=900)
    evidence = office.evidence("周淑兰", performed_at=old)
    told(office.deliver(office.envelope(evidence, offline=True)))
    assert state(office, "周淑兰").last_verified_on == before


def test_a_clerk_may_witness(office):
    office.add_staff("chuangkou", StaffRole.CLERK)
    answer = submitted(office, "黄永福", method=VerificationMethod.STAFF_WITNESS, witness="chuangkou", consent=None)
    assert answer.status is AnswerStatus.ACCEPTED
    assert state(office, "黄永福").last_method is VerificationMethod.STAFF_WITNESS


@pytest.mark.parametrize("witness", [None, "", "nobody", "bianji"])
def test_only_a_clerk_who_exists_may_witness(office, witness):
    office.add_staff("bianji", StaffRole.EDITOR)
    answer = submitted(office, "黄永福", method=VerificationMethod.STAFF_WITNESS, witness=witness)
    assert answer.status is AnswerStatus.REFUSED


@pytest.mark.parametrize("consent", [None, Consent(text_version="2026-01", given=False)])
def test_a_finger_without_consent_counts_for_nothing(office, consent):
    assert submitted(office, "王秀英", consent=consent).status is AnswerStatus.REFUSED


@pytest.mark.parametrize("method", [VerificationMethod.DATA_MATCH, VerificationMethod.HOME_VISIT])
def test_a_kiosk_cannot_claim_another_channel(office, method):
    assert submitted(office, "王秀英", method=method).status is AnswerStatus.REFUSED


def test_refused_evidence_never_suspends_anybody(office):
    for _ in range(3):
        assert submitted(office, "王秀英", consent=None).status is AnswerStatus.REFUSED
    assert state(office, "王秀英").state is EligibilityState.DUE
    office.add_staff("chuangkou", StaffRole.CLERK)
    witnessed = submitted(office, "王秀英", method=VerificationMethod.STAFF_WITNESS, witness="chuangkou")
    assert witnessed.status is AnswerStatus.ACCEPTED


def test_an_appointment_becomes_a_case(office):
    sitting = office.sitting_of("黄永福")
    answer = told(office.deliver(office.envelope(office.appointment("黄永福")), sitting))
    assert answer.status is AnswerStatus.ACCEPTED
    assert answer.result_number
    with office.hub.store.reading() as connection:
        (case,) = connection.execute(select(models.cases)).all()
    assert (case.purpose, case.wanted, case.site) == ("pension_verification", "上门认证", "510521109")


def test_an_appointment_sent_twice_is_one_case(office):
    sitting = office.sitting_of("黄永福")
    envelope = office.envelope(office.appointment("黄永福"))
    assert office.deliver(envelope, sitting).data == office.deliver(envelope, sitting).data
    assert count(office, models.cases) == 1


def test_an_appointment_for_somebody_else_is_refused(office):
    envelope = office.envelope(office.appointment("黄永福"))
    assert office.deliver(envelope, office.sitting_of("李伟")).status_code == 403
    assert count(office, models.cases) == 0


@pytest.mark.parametrize("key", ["", "another"])
def test_the_idempotency_key_is_the_submissions_id(office, key):
    envelope = office.envelope(office.evidence("王秀英"), offline=True)
    reply = office.deliver(envelope, **{"Idempotency-Key": key})
    assert (reply.status_code, reply.json["type"]) == (400, "malformed")


def test_a_kind_sent_to_the_other_path_is_refused(office):
    envelope = office.envelope(office.evidence("王秀英"), offline=True)
    reply = office.deliver(envelope, path="/v1/submissions")
    assert (reply.status_code, reply.json["type"]) == (422, "malformed")


def test_what_was_sealed_to_a_key_the_hub_does_not_hold_is_no_verdict(office, tmp_path):
    evidence = office.evidence("王秀英")
    stranger = open_key(tmp_path / "other").published()
    kind = SubmissionKind.ELIGIBILITY_VERIFICATION.value
    sealed = seal(evidence.model_dump_json().encode(), stranger.public_key, kind)
    lost = office.envelope(evidence, offline=True, key_id=stranger.key_id, sealed=sealed)
    reply = office.deliver(lost)
    assert (reply.status_code, reply.json["type"]) == (422, "unknown-key")
    anew = office.envelope(evidence, offline=True, submission_id=lost.submission_id)
    assert told(office.deliver(anew)).status is AnswerStatus.ACCEPTED


def test_a_key_that_has_not_changed_is_not_told_again(office):
    first = office.client.get("/v1/keys")
    assert first.json["sealing"]["key_id"] == office.hub.key.key_id
    again = office.client.get("/v1/keys", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


def test_what_was_sealed_wrong_changed_or_mislabelled_cannot_be_opened(office, tmp_path):
    evidence = office.evidence("王秀英")
    content = evidence.model_dump_json().encode()
    mine, stranger = office.hub.key.published(), open_key(tmp_path / "other").published()
    kind = SubmissionKind.ELIGIBILITY_VERIFICATION.value
    sealed = office.envelope(evidence).sealed
    wrong = [
        {"sealed": seal(content, stranger.public_key, kind)},
        {"sealed": seal(content, mine.public_key, SubmissionKind.APPOINTMENT.value)},
        {"sealed": sealed[:-8] + "AAAAAAA="},
        {"sealed": "not base64"},
        {"sealed": ""},
        {"sealed": seal(b"not JSON", mine.public_key, kind)},
        {"sealed": seal(office.appointment("王秀英").model_dump_json().encode(), mine.public_key, kind)},
    ]
    for other in wrong:
        reply = office.deliver(office.envelope(evidence, offline=True, **other))
        assert (reply.status_code, reply.json["type"]) == (422, "malformed")
    assert count(office, models.submissions) == 0


def test_a_moment_no_kiosk_can_have_met_is_refused(office):
    ancient = datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=14)))
    made = office.envelope(office.evidence("王秀英"), offline=True, made_at=ancient)
    performed = office.envelope(office.evidence("王秀英", performed_at=ancient), offline=True)
    for envelope in (made, performed):
        reply = office.deliver(envelope)
        assert (reply.status_code, reply.json["type"]) == (422, "malformed")


def test_result_numbers_are_all_different(office):
    names = ["王秀英", "刘桂芳", "周淑兰", "陈德明"]
    assert len({submitted(office, name).result_number for name in names}) == len(names)


def test_what_was_answered_is_answered_again_though_the_county_lost_its_key_since(office):
    sitting = office.sitting_of("王秀英")
    envelope = office.envelope(office.evidence("王秀英", sitting))
    first = told(office.deliver(envelope, sitting))
    office.hub.settings.keys.unlink()
    again = type(office)(office.hub.settings)
    again.client = again.as_kiosk(office.signer)
    assert told(again.deliver(envelope, sitting)) == first
    other = office.envelope(office.appointment("王秀英"), submission_id=envelope.submission_id)
    assert again.deliver(other, sitting).status_code == 422
    again.hub.close()
