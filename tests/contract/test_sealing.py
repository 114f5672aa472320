"""What a kiosk seals, only the county opens, and only for the same purpose."""

import base64

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from contract.sealing import CannotOpen, seal, unseal

EVIDENCE = '{"name": "王秀英"}'.encode()
PURPOSE = "eligibility_verification"


def public(key):
    return base64.b64encode(key.public_key().public_bytes_raw()).decode()


@pytest.fixture
def county_key():
    return X25519PrivateKey.generate()


def test_the_county_opens_what_was_sealed_to_it(county_key):
    assert unseal(seal(EVIDENCE, public(county_key), PURPOSE), county_key, PURPOSE) == EVIDENCE


@pytest.mark.parametrize("content", [b"", b"\x00", b"x" * 100_000])
def test_content_of_any_length_can_be_sealed(county_key, content):
    assert unseal(seal(content, public(county_key), PURPOSE), county_key, PURPOSE) == content


def test_nothing_of_the_content_shows_and_no_two_sealings_are_alike(county_key):
    one, other = (seal(EVIDENCE, public(county_key), PURPOSE) for _ in range(2))
    assert one != other
    assert "王秀英".encode() not in base64.b64decode(one)


def test_another_county_cannot_open_it(county_key):
    with pytest.raises(CannotOpen):
        unseal(seal(EVIDENCE, public(county_key), PURPOSE), X25519PrivateKey.generate(), PURPOSE)


def test_it_cannot_be_passed_off_for_another_purpose(county_key):
    with pytest.raises(CannotOpen):
        unseal(seal(EVIDENCE, public(county_key), PURPOSE), county_key, "appointment")


@pytest.mark.parametrize("place", [0, 31, 32, -17, -1])
def test_one_changed_byte_is_noticed(county_key, place):
    sealed = bytearray(base64.b64decode(seal(EVIDENCE, public(county_key), PURPOSE)))
    sealed[place] ^= 1
    with pytest.raises(CannotOpen):
        unseal(base64.b64encode(sealed).decode(), county_key, PURPOSE)


@pytest.mark.parametrize("sealed", ["", "AAAA", "not base64 !", "王", "AAA"])
def test_what_is_no_sealing_at_all_is_refused(county_key, sealed):
    with pytest.raises(CannotOpen):
        unseal(sealed, county_key, PURPOSE)


@pytest.mark.parametrize("key", ["", "AAAA", "AAA"])
def test_a_broken_public_key_seals_nothing(key):
    with pytest.raises(ValueError, match=r"32 bytes|padding"):
        seal(EVIDENCE, key, PURPOSE)
