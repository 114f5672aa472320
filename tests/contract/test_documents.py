"""Public documents: readable by everybody on the way, changeable by nobody."""

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from contract.documents import KEYS, Forged, Unsigned, check, feed_page, feed_unchanged, fingerprint, key_name, sign

OLD, NEW = Ed25519PrivateKey.generate(), Ed25519PrivateKey.generate()
PAGE = '{"items":["三代卡从本月起换发"]}'.encode()
ABOUT = feed_page("510521109", "c1")


def name(key):
    return key_name(key.public_key())


def trusted(*keys):
    return {name(key): key.public_key() for key in keys}


def test_a_document_tells_which_trusted_key_signed_it():
    assert check(PAGE, ABOUT, sign(PAGE, ABOUT, OLD), trusted(OLD, NEW)) == name(OLD)


def test_while_a_key_is_replaced_either_signature_will_do():
    both = f"{sign(PAGE, KEYS, NEW)}, {sign(PAGE, KEYS, OLD)}"
    assert check(PAGE, KEYS, both, trusted(OLD)) == name(OLD)
    assert check(PAGE, KEYS, both, trusted(NEW)) == name(NEW)


@pytest.mark.parametrize(
    ("content", "about"),
    [
        (PAGE.replace("本月".encode(), "下月".encode()), ABOUT),
        (PAGE + b" ", ABOUT),
        (b"", ABOUT),
        (PAGE, feed_page("510521109", "c2")),
        (PAGE, feed_page("510521110", "c1")),
        (PAGE, KEYS),
        (PAGE, feed_unchanged("c1")),
    ],
)
def test_not_one_word_can_be_changed_nor_the_question_it_answers(content, about):
    with pytest.raises(Forged):
        check(content, about, sign(PAGE, ABOUT, OLD), trusted(OLD))


def test_a_key_nobody_trusts_proves_nothing():
    with pytest.raises(Forged):
        check(PAGE, ABOUT, sign(PAGE, ABOUT, NEW), trusted(OLD))


def test_a_trusted_name_over_another_keys_signature_proves_nothing():
    forged = f"{name(OLD)}:{sign(PAGE, ABOUT, NEW).partition(':')[2]}"
    with pytest.raises(Forged):
        check(PAGE, ABOUT, forged, trusted(OLD))


@pytest.mark.parametrize("header", ["", "nonsense", ":", "key:", "key:not base64!", ",,,,"])
def test_no_signature_is_told_apart_from_a_wrong_one(header):
    with pytest.raises(Unsigned):
        check(PAGE, ABOUT, header, trusted(OLD))


def test_so_many_signatures_are_looked_at_and_no_more():
    many = ", ".join(["x:AAAA"] * 8 + [sign(PAGE, ABOUT, OLD)])
    with pytest.raises(Forged):
        check(PAGE, ABOUT, many, trusted(OLD))


def test_a_tag_is_the_same_weakened_by_a_proxy_or_not():
    assert feed_unchanged('"abc"') == feed_unchanged('W/"abc"') == feed_unchanged("abc")


def test_people_compare_a_key_in_four_groups():
    assert len(name(OLD)) == 16
    assert fingerprint("5f2d1c0b77aa90e4") == "5f2d-1c0b-77aa-90e4"
