"""Attempts 23 to 26 of the list: requests forged, stripped, bent, replayed, or signed by somebody else."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import re
import secrets
from datetime import timedelta

import pytest

from contract.codes import KioskState
from contract.signatures import Outgoing, sign
from county.kiosks import settle
from tests.signing import a_signer

PATH = "/v1/sittings"
BODY = json.dumps(
    {"social_security_no": "510599195203150012", "card_number": "A1", "identification": "0" * 32,
     "card_version": "2.00", "insertion": "abcdefgh"}
).encode()  # fmt: skip


def signed(town, signer=None, headers=None) -> dict[str, str]:
    """The headers of a good request."""
    asked = Outgoing("POST", PATH, {"Content-Type": "application/json"} | (headers or {}), BODY)
    return (signer or town.signer).headers(asked)


def send(town, headers, body=BODY, path=PATH) -> str:
    """What the county says to it; a request that passed the proof is told that nobody has this card."""
    return town.as_kiosk(None).post(path, headers=headers, data=body).json["type"]


def test_a_good_one_passes_the_proof(town):
    assert send(town, signed(town)) == "unknown-resident"


def test_attempt_24_the_algorithm_swapped_to_hmac_with_the_public_key_as_the_secret(town):
    headers = signed(town)
    public = base64.b64decode(town.signer.enrolment.signing_key)
    for name in ("hmac-sha256", "none", "rsa-pss-sha512", "ed25519ph"):
        asked = dict(headers)
        asked["Signature-Input"] = headers["Signature-Input"].replace('"ed25519"', f'"{name}"')
        mac = hmac.digest(public, asked["Signature-Input"].encode(), hashlib.sha256)
        asked["Signature"] = f"kiosk=:{base64.b64encode(mac).decode()}:"
        assert send(town, asked) == "signature-wrong"
        asked["Signature"] = headers["Signature"]
        assert send(town, asked) == "signature-wrong"


@pytest.mark.parametrize("name", ["Content-Digest", "Signature"])
def test_attempt_24_a_header_taken_away(town, name):
    headers = signed(town)
    del headers[name]
    assert send(town, headers) == "signature-wrong"


def test_attempt_24_without_a_signature_input_it_is_not_signed_at_all(town):
    headers = signed(town)
    del headers["Signature-Input"]
    assert send(town, headers) == "not-signed"


def signed_by_hand(town, covered, headers) -> dict[str, str]:
    """Signed truly, with the kiosk's own key, over what an attacker chooses: RFC 9421 §2.5, without any library."""
    there = {name.lower(): text for name, text in headers.items()}
    known = {"@method": "POST", "@path": PATH, "@query": "?"} | there
    params = (
        f"({' '.join(json.dumps(name) for name in covered)});created={int(town.hub.clock.now().timestamp())}"
        f';keyid="{town.signer.enrolment.key_id}";alg="ed25519";nonce="{secrets.token_hex(16)}";tag="kiosk"'
    )
    lines = [f'"{name}": {known[name]}' for name in covered] + [f'"@signature-params": {params}']
    proof = base64.b64encode(town.signer.keys.signing.sign("\n".join(lines).encode())).decode()
    signature = {"Signature-Input": f"kiosk={params}", "Signature": f"kiosk=:{proof}:"}
    return {"Content-Type": "application/json"} | headers | signature


DIGEST = f"sha-256=:{base64.b64encode(hashlib.sha256(BODY).digest()).decode()}:"
WHOLE = ("@method", "@path", "@query", "content-digest", "kiosk-sitting")


@pytest.mark.parametrize("left_out", ["", *WHOLE])
def test_attempt_24_a_shortened_list_of_what_is_covered(town, left_out):
    covered = tuple(name for name in WHOLE if name != left_out)
    headers = signed_by_hand(town, covered, {"Content-Digest": DIGEST, "Kiosk-Sitting": "0" * 32})
    assert send(town, headers) == ("signature-wrong" if left_out else "unknown-resident")


def test_attempt_24_a_body_that_no_signature_covers(town):
    headers = signed_by_hand(town, ("@method", "@path", "@query"), {})
    assert "Content-Digest" not in headers
    assert send(town, headers) == "signature-wrong"


def test_attempt_24_a_digest_of_an_older_kind_or_of_another_body(town):
    weak = f"md5=:{base64.b64encode(hashlib.md5(BODY, usedforsecurity=False).digest()).decode()}:"
    other = f"sha-256=:{base64.b64encode(hashlib.sha256(b'{}').digest()).decode()}:"
    for digest in (weak, other, "sha-256=::", "x"):
        headers = signed_by_hand(town, WHOLE[:4], {"Content-Digest": digest})
        assert send(town, headers) == "signature-wrong"


@pytest.mark.parametrize("ago", [timedelta(hours=1), timedelta(hours=-1), timedelta(minutes=5, seconds=2)])
def test_attempt_24_signed_an_hour_ago_or_ahead(town, ago):
    late = a_signer(town.signer.keys, lambda: town.hub.clock.now() - ago)
    assert send(town, signed(town, late)) == "clock-wrong"


@pytest.mark.parametrize("created", ["99999999999999999999", "-1", '"now"', "1.5", "1e9"])
def test_attempt_24_a_moment_that_is_none(town, created):
    headers = signed(town)
    headers["Signature-Input"] = re.sub(r"created=\d+", f"created={created}", headers["Signature-Input"])
    assert send(town, headers) in {"signature-wrong", "not-signed", "clock-wrong"}


@pytest.mark.parametrize("name", ["Signature", "Signature-Input", "Content-Digest"])
def test_attempt_24_a_header_that_comes_twice(town, name):
    good = list(signed(town).items())
    (value,) = [text for header, text in good if header == name]
    assert send(town, [*good, (name, value)]) in {"signature-wrong", "not-signed"}


def test_attempt_24_a_second_signature_beside_the_first_is_not_a_choice(town):
    headers, other = signed(town), signed(town, a_signer(now=town.hub.clock.now))
    for name in ("Signature", "Signature-Input"):
        headers[name] += ", " + other[name].replace("kiosk=", "other=", 1)
    assert send(town, headers) in {"signature-wrong", "not-signed"}


@pytest.mark.parametrize(
    "bend",
    [
        lambda text: text.upper(), lambda text: text.replace("created", "Created"),
        lambda text: text.replace("keyid", "KeyId"), lambda text: text.replace('"@path"', '"@target-uri"'),
    ],
)  # fmt: skip
def test_attempt_24_other_letters_and_blanks_prove_nothing_more(town, bend):
    headers = signed(town)
    headers["Signature-Input"] = bend(headers["Signature-Input"])
    assert send(town, headers) in {"signature-wrong", "not-signed", "kiosk-unknown"}


def test_attempt_24_the_sitting_is_covered_and_cannot_be_exchanged_added_or_taken_away(town):
    headers = signed(town, headers={"Kiosk-Sitting": "0" * 32})
    assert '"kiosk-sitting"' in headers["Signature-Input"]
    assert send(town, headers | {"Kiosk-Sitting": "1" * 32}) == "signature-wrong"
    assert send(town, {name: text for name, text in headers.items() if name != "Kiosk-Sitting"}) == "signature-wrong"
    assert send(town, signed(town) | {"Kiosk-Sitting": "0" * 32}) == "signature-wrong"


def test_attempt_23_the_same_request_again_is_a_replay_and_for_another_address_a_forgery(town):
    headers = signed(town)
    assert send(town, headers) == "unknown-resident"
    assert send(town, headers) == "replayed"
    assert send(town, signed(town), path="/v1/card-authentications") == "signature-wrong"
    assert send(town, signed(town), path=f"{PATH}?again=1") == "signature-wrong"


def test_attempt_26_a_kiosk_nobody_knows_one_that_waits_and_one_that_was_shut_out(town):
    assert send(town, signed(town, a_signer(now=town.hub.clock.now))) == "kiosk-unknown"
    waiting, shut_out = town.kiosk("waits", approved=False), town.kiosk("out")
    assert send(town, signed(town, waiting)) == "kiosk-not-approved"
    with town.hub.store.writing() as connection:
        settle(connection, shut_out.enrolment.fingerprint, KioskState.WITHDRAWN, "chen", town.hub.clock.now())
    assert send(town, signed(town, shut_out)) == "kiosk-not-approved"


def test_attempt_26_the_key_of_one_kiosk_under_the_name_of_another(town):
    other = town.kiosk("kiosk-09")
    asked = Outgoing("POST", PATH, {"Content-Type": "application/json"}, BODY)
    sign(asked, other.keys.signing, town.signer.enrolment.key_id, town.hub.clock.now(), "a-nonce-of-the-test")
    assert send(town, asked.headers) == "signature-wrong"


@pytest.mark.parametrize("name", ["' OR 1=1 --", "\\", "0" * 200, "%00", "../x"])
def test_attempt_26_odd_names_of_keys_are_only_unknown(town, name):
    asked = Outgoing("POST", PATH, {"Content-Type": "application/json"}, BODY)
    sign(asked, town.signer.keys.signing, name, town.hub.clock.now(), "a-nonce-of-the-test")
    assert send(town, asked.headers) in {"kiosk-unknown", "not-signed", "signature-wrong"}
