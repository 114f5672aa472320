"""Signed evidence: only what a kiosk said, whole, under its own key."""

import base64
import json

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from contract.codes import ScoreBand
from contract.evidence import BadEvidence, Holder, SignedEvidence, band_of, mark_of, proven, sign
from contract.examples.residents import EVIDENCE

KEY = Ed25519PrivateKey.generate()
NUMBER, SALT = "51059919520315001X", "sixteen-characters"
HOLDER = Holder(social_security_no=NUMBER, name="示例居民", salt=SALT)
OFFLINE = EVIDENCE.model_copy(update={"resident": mark_of(NUMBER, SALT), "nonce": "", "offline": True})


def test_what_was_signed_is_read_again_whatever_way_it_travelled():
    signed = sign(EVIDENCE, KEY)
    travelled = SignedEvidence.model_validate_json(signed.model_dump_json())
    assert proven(travelled, KEY.public_key()) == EVIDENCE


def test_the_same_evidence_is_always_the_same_text():
    statement = sign(EVIDENCE, KEY).statement
    assert statement == sign(EVIDENCE, Ed25519PrivateKey.generate()).statement
    assert list(json.loads(statement)) == sorted(json.loads(statement))


def test_a_statement_of_a_newer_kiosk_is_read_and_still_proven():
    told = json.loads(sign(EVIDENCE, KEY).statement) | {"something_new": 1}
    statement = json.dumps(told)
    signed = sign_text(statement)
    assert proven(signed, KEY.public_key()) == EVIDENCE


def sign_text(statement, key=KEY, **other):

    signature = base64.b64encode(key.sign(b"eligibility-evidence\n" + statement.encode())).decode()
    return SignedEvidence(**{"statement": statement, "key_id": EVIDENCE.kiosk_key, "signature": signature} | other)


@pytest.mark.parametrize("field", json.loads(sign(EVIDENCE, KEY).statement))
def test_no_field_can_be_changed(field):
    signed = sign(EVIDENCE, KEY)
    told = json.loads(signed.statement)
    told[field] = "changed"
    changed = signed.model_copy(update={"statement": json.dumps(told, sort_keys=True)})
    with pytest.raises(BadEvidence, match="not signed"):
        proven(changed, KEY.public_key())


def test_another_kiosks_signature_is_none():
    with pytest.raises(BadEvidence, match="not signed"):
        proven(sign(EVIDENCE, Ed25519PrivateKey.generate()), KEY.public_key())


@pytest.mark.parametrize("signature", ["", "no base64!", "AAAA"])
def test_what_is_no_signature_is_said_to_be_none(signature):
    with pytest.raises(BadEvidence, match="not signed"):
        proven(sign(EVIDENCE, KEY).model_copy(update={"signature": signature}), KEY.public_key())


@pytest.mark.parametrize("statement", ["{}", "[]", "nonsense", "[" * 3000])
def test_a_signed_text_that_is_no_evidence_is_refused(statement):
    with pytest.raises(BadEvidence, match="no evidence"):
        proven(sign_text(statement), KEY.public_key())


def test_the_key_it_names_is_the_key_it_was_signed_with():
    with pytest.raises(BadEvidence, match="another key"):
        proven(sign(EVIDENCE, KEY).model_copy(update={"key_id": "0" * 32}), KEY.public_key())


def test_a_signature_for_something_else_is_none_for_evidence():

    signed = sign(EVIDENCE, KEY)
    bare = base64.b64encode(KEY.sign(signed.statement.encode())).decode()
    with pytest.raises(BadEvidence, match="not signed"):
        proven(signed.model_copy(update={"signature": bare}), KEY.public_key())


def test_made_while_cut_the_number_is_only_beside_the_statement():
    signed = sign(OFFLINE, KEY, HOLDER)
    assert NUMBER not in signed.statement
    assert NUMBER[:14] not in signed.statement
    assert proven(signed, KEY.public_key()) == OFFLINE


@pytest.mark.parametrize(
    "holder",
    [
        None,
        HOLDER.model_copy(update={"social_security_no": "510599194001010014"}),
        HOLDER.model_copy(update={"salt": SALT + "x"}),
        HOLDER.model_copy(update={"salt": ""}),
    ],
)
def test_nobody_else_can_be_put_beside_it(holder):
    with pytest.raises(BadEvidence, match="somebody else"):
        proven(sign(OFFLINE, KEY).model_copy(update={"holder": holder}), KEY.public_key())


def test_a_reference_goes_without_a_holder():
    with pytest.raises(BadEvidence, match="somebody else"):
        proven(sign(EVIDENCE, KEY, HOLDER), KEY.public_key())


@pytest.mark.parametrize(
    ("score", "band"),
    [(None, "not_told"), (0, "low"), (63, "low"), (64, "middle"), (127, "middle"), (128, "high"), (65535, "high"),
     (-1, "low")],
)  # fmt: skip
def test_a_score_leaves_the_kiosk_as_a_band(score, band):
    assert band_of(score) is ScoreBand(band)
