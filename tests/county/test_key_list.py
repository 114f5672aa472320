"""The published list of keys: signed, complete, with the days each key was good for; an officer's acts about it."""

import json
import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from contract.codes import AnswerStatus, KioskState
from contract.documents import HEADER, KEYS, check, feed_page, feed_unchanged, key_name
from contract.enrolment import signing_key
from contract.key_list import KeyList
from contract.submissions import CountyAnswer
from county import models
from county.kiosks import settle
from county.office import ACTS
from county.settings import SettingsError
from county.signing.document_keys import keys_beside, open_document_keys


def asked(office, **headers):
    return office.client.get("/v1/keys", headers=headers)


def listed(office) -> KeyList:
    return KeyList.model_validate_json(asked(office).data)


def settled(office, signer, state):
    with office.hub.store.writing() as connection:
        settle(connection, signer.enrolment.fingerprint, state, "officer", office.hub.clock.now())


def test_the_list_is_signed_and_names_the_key_it_is_signed_with(empty_office):
    reply = asked(empty_office)
    told = KeyList.model_validate_json(reply.data)
    keys = {key_name(signing_key(key.public_key)): signing_key(key.public_key) for key in told.documents}
    assert check(reply.data, KEYS, reply.headers[HEADER], keys) == told.documents[0].key_id


def test_every_approved_kiosk_is_in_it_and_none_that_waits(empty_office):
    waiting = empty_office.kiosk("waiting", approved=False)
    names = [key.name for key in listed(empty_office).kiosks]
    assert names == ["kiosk-01"]
    settled(empty_office, waiting, KioskState.APPROVED)
    assert {key.name for key in listed(empty_office).kiosks} == {"kiosk-01", "waiting"}


def test_a_withdrawn_kiosk_stays_in_it_with_the_moment_its_key_ended(empty_office):
    empty_office.later(hours=1)
    settled(empty_office, empty_office.signer, KioskState.WITHDRAWN)
    (key,) = listed(empty_office).kiosks
    assert timedelta(minutes=59) < key.until - key.since < timedelta(minutes=61)
    settled(empty_office, empty_office.signer, KioskState.APPROVED)
    assert listed(empty_office).kiosks[0].until is None


def test_an_unchanged_list_costs_an_empty_answer_and_a_changed_one_has_another_tag(empty_office):
    tag = asked(empty_office).headers["ETag"]
    assert asked(empty_office, **{"If-None-Match": tag}).status_code == 304
    empty_office.kiosk("kiosk-02")
    again = asked(empty_office, **{"If-None-Match": tag})
    assert (again.status_code, again.headers["ETag"] != tag) == (200, True)


def test_the_list_is_newer_after_every_change(empty_office):
    before = listed(empty_office).issued_at
    empty_office.later(hours=1)
    settled(empty_office, empty_office.signer, KioskState.WITHDRAWN)
    assert listed(empty_office).issued_at - before >= timedelta(minutes=59)


def test_the_page_that_checks_receipts_is_served_strictly(empty_office):
    page = empty_office.client.get("/verify")
    assert page.status_code == 200
    assert "script-src 'self'" in page.headers["Content-Security-Policy"]
    assert "connect-src" not in page.headers["Content-Security-Policy"]  # default-src 'none' allows none
    assert re.search(r"<script(?![^>]*src=)(?![^>]*application/json)", page.text) is None
    assert "<style" not in page.text
    for address in re.findall(r'(?:src|href)="([^"]+)"', page.text):
        assert empty_office.client.get(address).status_code == 200, address
    assert empty_office.client.get("/verify/page.html").status_code == 404
    assert empty_office.client.get("/verify/../models.py").status_code == 404


def test_a_name_of_a_kiosk_cannot_break_out_of_the_page(empty_office):
    empty_office.kiosk("</script><script>x")
    page = empty_office.client.get("/verify/offline.html").text
    assert "</script><script>x" not in page
    assert page.count("</script>") == 2


def test_the_one_file_names_its_script_by_hash_and_no_address_at_all(empty_office, tmp_path):
    file = tmp_path / "verify.html"
    (said,) = ACTS["verify-page"](empty_office.hub.settings, [str(file)])
    content = file.read_text(encoding="utf-8")
    assert "1 keys" in said
    assert re.search(r"script-src 'sha256-[\w+/=]+'; style-src 'sha256-", content.replace("&#39;", "'"))
    assert re.findall(r'(?:src|href)="[^"]*"', content) == []


def test_evidence_is_shown_by_its_result_number(office):
    sitting = office.sitting_of("王秀英")
    reply = office.deliver(office.envelope(office.evidence("王秀英", sitting)), sitting)
    answer = CountyAnswer.model_validate_json(reply.data)
    assert answer.status is AnswerStatus.ACCEPTED
    lines = ACTS["evidence"](office.hub.settings, [answer.result_number])
    with office.hub.store.reading() as connection:
        content = json.loads(connection.scalar(select(models.submissions.c.content)))
    assert lines[0].endswith(content["statement"])
    assert lines[-1] == "the signature holds"
    with pytest.raises(ValueError, match="no evidence"):
        ACTS["evidence"](office.hub.settings, ["2026112000009999"])


def test_a_cache_may_make_a_304_of_a_page_and_its_moment_is_still_signed(empty_office):
    page = empty_office.client.get("/v1/feed?area=510521109")
    key = empty_office.hub.documents.dated[0].private.public_key()
    trusted = {key_name(key): key}
    moment, tag = page.headers["As-Of"], page.headers["ETag"]
    check(page.data, feed_page("510521109", ""), page.headers[HEADER], trusted)
    check(moment.encode(), feed_unchanged(tag), page.headers[HEADER], trusted)
    unchanged = empty_office.client.get("/v1/feed?area=510521109", headers={"If-None-Match": tag})
    assert unchanged.status_code == 304
    check(unchanged.headers["As-Of"].encode(), feed_unchanged(tag), unchanged.headers[HEADER], trusted)


def test_another_document_key_goes_before_the_old_one(empty_office):
    file = keys_beside(empty_office.hub.settings.keys)
    (old,) = open_document_keys(file, empty_office.hub.clock.now()).dated
    ACTS["rotate-document-key"](empty_office.hub.settings, [])
    keys = open_document_keys(file, empty_office.hub.clock.now())
    assert keys.dated[1].name == old.name
    new, before = keys.published()
    assert (new.until, before.until) == (None, new.since)
    assert keys.sign_list(b"x", KEYS).count(":") == 2


@pytest.mark.parametrize("content", ["", "nonsense", "2026-01-01T00:00:00+00:00 short", "x y z"])
def test_a_file_that_holds_no_keys_is_refused_by_name(tmp_path, content):
    file = tmp_path / "county-key.documents"
    file.write_text(content)
    file.chmod(0o600)
    with pytest.raises(SettingsError, match=re.escape(str(file))):
        open_document_keys(file, None)


def test_a_file_that_others_may_read_is_refused(empty_office):
    file = keys_beside(empty_office.hub.settings.keys)
    file.chmod(0o644)
    with pytest.raises(SettingsError, match="0600"):
        open_document_keys(file, empty_office.hub.clock.now())
