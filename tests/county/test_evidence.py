"""Signed evidence at the hub: forged, changed, borrowed, repeated statements count for nothing; true ones for years."""

import json
from datetime import timedelta

import pytest
from sqlalchemy import delete, func, select

from contract.codes import AnswerStatus, KioskState
from contract.enrolment import prove_possession
from contract.evidence import Holder, mark_of
from contract.submissions import CountyAnswer
from county import models
from county.eligibility import due_after
from county.kiosks import settle
from county.signing.evidence import kept
from tests.signing import a_signer

WANG = "王秀英"


def told(reply):
    assert reply.status_code == 200, reply.text
    return CountyAnswer.model_validate_json(reply.data)


def refused(reply):
    return (reply.status_code, reply.json["type"]) == (422, "evidence-unproven")


def rows(office):
    with office.hub.store.reading() as connection:
        return connection.scalar(select(func.count()).select_from(models.submissions))


def kept_under(office, number):
    with office.hub.store.reading() as connection:
        return kept(connection, number)


def test_a_forged_statement_is_refused_and_leaves_no_trace(office):
    sitting = office.sitting_of(WANG)
    evidence = office.evidence(WANG, sitting)
    forged = office.signed(evidence, signer=office.kiosk("kiosk-forger", approved=False))
    assert refused(office.deliver(office.envelope(forged), sitting))
    assert rows(office) == 0


@pytest.mark.parametrize(
    ("field", "value"),
    [("method", "staff_witness"), ("performed_at", "2026-01-01T00:00:00Z"), ("resident", "r-other"), ("nonce", "n"),
     ("score_band", "high"), ("clock_confidence", "unknown")],
)  # fmt: skip
def test_a_changed_field_is_refused(office, field, value):
    sitting = office.sitting_of(WANG)
    signed = office.signed(office.evidence(WANG, sitting))
    statement = json.dumps(json.loads(signed.statement) | {field: value}, sort_keys=True, ensure_ascii=False)
    changed = signed.model_copy(update={"statement": statement})
    assert refused(office.deliver(office.envelope(changed), sitting))


def test_another_kiosks_statement_is_refused_though_that_kiosk_is_approved(office):
    sitting, other = office.sitting_of(WANG), office.kiosk("kiosk-02")
    theirs = office.evidence(WANG, sitting, kiosk_key=other.enrolment.key_id)
    assert refused(office.deliver(office.envelope(office.signed(theirs, signer=other)), sitting))


def test_a_statement_without_a_signature_is_refused(office):
    sitting = office.sitting_of(WANG)
    bare = office.signed(office.evidence(WANG, sitting)).model_copy(update={"signature": ""})
    assert refused(office.deliver(office.envelope(bare), sitting))


def test_the_nonce_of_another_sitting_proves_nothing(office):
    nonce = office.eligibility(office.sitting_of("刘桂芳")).nonce
    sitting = office.sitting_of(WANG)
    office.eligibility(sitting)
    answer = told(office.deliver(office.envelope(office.evidence(WANG, sitting, nonce=nonce)), sitting))
    assert answer.status is AnswerStatus.REFUSED


def test_a_nonce_counts_once(office):
    sitting = office.sitting_of(WANG)
    without_consent = office.evidence(WANG, sitting, consent=None)
    assert told(office.deliver(office.envelope(without_consent), sitting)).status is AnswerStatus.REFUSED
    again = office.evidence(WANG, sitting)
    assert again.nonce == without_consent.nonce
    assert told(office.deliver(office.envelope(again), sitting)).status is AnswerStatus.REFUSED


def test_a_statement_made_offline_counts_once_under_whatever_number_it_comes(office):
    signed = office.signed(office.evidence(WANG))
    first = told(office.deliver(office.envelope(signed, offline=True)))
    assert first.status is AnswerStatus.ACCEPTED
    office.later(days=400)
    second = told(office.deliver(office.envelope(signed, offline=True)))
    assert second.status is AnswerStatus.REFUSED


def test_made_offline_it_is_about_nobody_but_the_holder_of_the_number_beside_it(office):
    signed = office.signed(office.evidence(WANG))
    liu = Holder(social_security_no=office.people["刘桂芳"]["number"], name="x", salt=signed.holder.salt)
    swapped = signed.model_copy(update={"holder": liu})
    assert refused(office.deliver(office.envelope(swapped, offline=True)))


def test_a_number_nobody_has_is_an_unknown_resident(office):
    number = "510599190001010011"
    evidence = office.evidence(number)
    reply = office.deliver(office.envelope(office.signed(evidence, holder=number), offline=True))
    assert (reply.status_code, reply.json["type"]) == (404, "unknown-resident")


def test_online_neither_number_nor_name_is_sent_or_kept(office):
    sitting = office.sitting_of(WANG)
    signed = office.signed(office.evidence(WANG, sitting))
    assert told(office.deliver(office.envelope(signed), sitting)).status is AnswerStatus.ACCEPTED
    with office.hub.store.reading() as connection:
        content = connection.scalar(select(models.submissions.c.content))
    assert office.people[WANG]["number"] not in content
    assert WANG not in content


def test_years_later_it_can_be_shown_though_its_kiosk_is_gone(office):
    sitting = office.sitting_of(WANG)
    evidence = office.evidence(WANG, sitting)
    answer = told(office.deliver(office.envelope(evidence), sitting))
    with office.hub.store.writing() as connection:
        settle(connection, office.signer.enrolment.fingerprint, KioskState.WITHDRAWN, "officer", office.hub.clock.now())
    office.later(days=3650)
    found = kept_under(office, answer.result_number)
    assert (found.holds, found.kiosk) == (True, "kiosk-01")
    assert json.loads(found.signed.statement) == json.loads(office.signed(evidence).statement)
    with office.hub.store.writing() as connection:
        connection.execute(delete(models.kiosk_keys))
    assert kept_under(office, answer.result_number).holds


def test_a_kept_statement_that_was_changed_in_the_database_no_longer_holds(office):
    sitting = office.sitting_of(WANG)
    answer = told(office.deliver(office.envelope(office.evidence(WANG, sitting)), sitting))
    with office.hub.store.writing() as connection:
        content = connection.scalar(select(models.submissions.c.content))
        connection.execute(
            models.submissions.update().values(content=content.replace("kiosk_fingerprint", "staff_witness"))
        )
    assert not kept_under(office, answer.result_number).holds


def test_what_was_signed_before_the_kiosk_changed_its_keys_is_not_lost(office):
    sitting, old = office.sitting_of(WANG), office.signer
    envelope = office.envelope(office.evidence(WANG, sitting))
    new = a_signer(now=office.hub.clock.now)
    announced = prove_possession(new.keys.signing, old.enrolment.key_id, new.enrolment)
    assert office.client.post("/v1/kiosks/current/keys", data=announced.model_dump_json()).status_code == 200
    office.client = office.as_kiosk(new)
    answer = told(office.deliver(envelope, sitting))
    assert answer.status is AnswerStatus.ACCEPTED
    assert kept_under(office, answer.result_number).signed.key_id == old.enrolment.key_id


@pytest.mark.parametrize("number", ["", "2026", "2026112000000099", "x" * 16, "20261120½"])
def test_a_number_without_a_statement_shows_none(office, number):
    assert kept_under(office, number) is None


def test_a_mark_is_another_for_every_salt():
    assert mark_of("1", "a" * 16) != mark_of("1", "b" * 16)


def test_the_day_of_a_statement_still_counts_as_before(office):
    sitting = office.sitting_of(WANG)
    answer = told(office.deliver(office.envelope(office.evidence(WANG, sitting)), sitting))
    assert answer.next_due == due_after(office.hub.clock.today())
    assert timedelta(0) < answer.next_due - office.hub.clock.today()
