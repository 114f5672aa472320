"""What a kiosk signs cannot be changed, kept for later, or signed by another."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from contract.enrolment import BadKey, KioskEnrolment, receiving_key, signing_key, written
from contract.signatures import WINDOW, BadSignature, Outgoing, SignedOutsideWindow, check, claimed_key, sign

NOW = datetime(2026, 11, 20, 1, 30, tzinfo=UTC)
KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
NONCE = "a-nonce-of-18-chars"


def signed(**other) -> Outgoing:
    fields = {"method": "POST", "target": "/v1/submissions?x=1", "body": b'{"a": 1}'} | other
    headers = fields.pop("headers", {"Content-Type": "application/json", "Kiosk-Sitting": "s", "Idempotency-Key": "k"})
    request = Outgoing(headers=dict(headers), **fields)
    sign(request, KEY, "key-1", NOW, NONCE)
    return request


def test_a_signature_proves_key_moment_and_nonce():
    request = signed()
    found = check(request, KEY.public_key(), NOW)
    assert (found.key_id, found.at, found.nonce) == ("key-1", NOW, NONCE)
    assert claimed_key(request.headers) == "key-1"


def test_a_request_without_body_is_signed_too():
    request = signed(method="GET", target="/v1/residents/me/insurance", body=b"", headers={"Kiosk-Sitting": "s"})
    assert check(request, KEY.public_key(), NOW).key_id == "key-1"
    assert "Content-Digest" not in request.headers


CHANGES = {
    "another method": {"method": "PUT"},
    "another address": {"target": "/v1/eligibility-verifications?x=1"},
    "another query": {"target": "/v1/submissions?x=2"},
    "no query": {"target": "/v1/submissions"},
    "another body": {"body": b'{"a": 2}'},
    "no body": {"body": b""},
}


@pytest.mark.parametrize("change", CHANGES)
def test_what_was_changed_on_the_way_is_refused(change):
    with pytest.raises(BadSignature):
        check(replace(signed(), **CHANGES[change]), KEY.public_key(), NOW)


@pytest.mark.parametrize("name", ["Kiosk-Sitting", "Idempotency-Key", "Content-Digest", "Signature", "Signature-Input"])
def test_a_header_that_was_changed_or_taken_away_is_refused(name):
    request = signed()
    for headers in (
        request.headers | {name: request.headers[name].replace("k", "j").replace("s", "t") + "1"},
        {key: value for key, value in request.headers.items() if key != name},
    ):
        with pytest.raises(BadSignature):
            check(replace(request, headers=headers), KEY.public_key(), NOW)


@pytest.mark.parametrize("name", ["Staff-Session", "Kiosk-Sitting", "Idempotency-Key"])
def test_a_header_that_was_added_is_refused(name):
    request = signed(headers={})
    with pytest.raises(BadSignature):
        check(replace(request, headers=request.headers | {name: "mine"}), KEY.public_key(), NOW)


def test_a_signature_of_another_key_is_refused():
    with pytest.raises(BadSignature):
        check(signed(), Ed25519PrivateKey.generate().public_key(), NOW)


@pytest.mark.parametrize("away", [WINDOW + timedelta(seconds=1), -WINDOW - timedelta(seconds=1)])
def test_a_signature_out_of_its_time_is_refused(away):
    with pytest.raises(SignedOutsideWindow):
        check(signed(), KEY.public_key(), NOW + away)
    assert check(signed(), KEY.public_key(), NOW + away / 2).nonce == NONCE


@pytest.mark.parametrize("nonce", ["", "short", "x" * 65])
def test_a_nonce_has_a_sensible_length(nonce):
    request = Outgoing("GET", "/v1/residents/me/insurance")
    sign(request, KEY, "key-1", NOW, nonce)
    with pytest.raises(BadSignature, match="nonce"):
        check(request, KEY.public_key(), NOW)


@pytest.mark.parametrize(
    "header",
    ["", "kiosk", "kiosk=1", "kiosk=()", 'other=("@method");keyid="k";tag="other"', "kiosk=(" * 500, '"', "\x00", "é"],
)
def test_a_request_that_no_kiosk_signed_is_said_to_be_so(header):
    with pytest.raises(BadSignature):
        claimed_key({"Signature-Input": header})


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=80), st.text(max_size=80))
def test_any_headers_give_a_proof_or_a_bad_signature(about, signature):
    request = replace(signed(), headers={"Signature-Input": about, "Signature": signature})
    for act in (lambda: claimed_key(request.headers), lambda: check(request, KEY.public_key(), NOW)):
        with pytest.raises(BadSignature):
            act()


def test_keys_have_one_name_and_a_fingerprint_people_can_compare():
    public = written(KEY.public_key())
    mine = KioskEnrolment(name="a", site="510521109", signing_key=public, receiving_key=public)
    again = KioskEnrolment(name="b", site="510521110", signing_key=public, receiving_key=public)
    assert (mine.key_id, mine.fingerprint) == (again.key_id, again.fingerprint)
    assert len(mine.fingerprint.replace("-", "")) == 16
    assert signing_key(public).public_bytes_raw() == KEY.public_key().public_bytes_raw()


@pytest.mark.parametrize("text", ["", "***", "c2hvcnQ=", "YW4gZXhhbXBsZSBvZiAzMyBieXRlcyBsb25nIGtleXMh"])
def test_what_is_no_key_is_said_to_be_none(text):
    for read in (signing_key, receiving_key):
        with pytest.raises(BadKey):
            read(text)
