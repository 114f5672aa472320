"""Who computes with card keys: nobody, made-up keys in development, or what a county names."""

from __future__ import annotations

import pytest

from contract.card_keys import CardAuthentication, CardCryptograms
from contract.examples import EXAMPLES
from county.key_store import SoftwareKeys, open_key_store
from county.settings import SettingsError, Stage

ASKED = EXAMPLES[CardAuthentication]


def a_countys_own() -> SoftwareKeys:
    """What a county with a module of its own would write."""
    return SoftwareKeys(bytes(16), bytes(range(16)))


def test_made_up_keys_are_refused_in_production():
    assert open_key_store("test", Stage.DEVELOPMENT).cryptograms(ASKED).inner
    with pytest.raises(SettingsError, match="made-up"):
        open_key_store("test", Stage.PRODUCTION)


def test_without_keys_nothing_is_answered():
    assert open_key_store("none", Stage.PRODUCTION).cryptograms(ASKED) == CardCryptograms(inner=None)


def test_a_county_names_its_own():
    store = open_key_store("python:tests.county.test_key_store:a_countys_own", Stage.PRODUCTION)
    told = store.cryptograms(ASKED)
    assert told.inner.endswith(ASKED.inner.original)
    assert told.outer.endswith(ASKED.outer.original)
    assert told != open_key_store("test", Stage.DEVELOPMENT).cryptograms(ASKED)
    assert store.cryptograms(ASKED.model_copy(update={"outer": None})).outer is None


@pytest.mark.parametrize("named", ["", "hsm", "python:", "python:no.such.module:make", "python:json:nothing"])
def test_a_key_store_that_cannot_be_had_is_said_at_the_start(named):
    with pytest.raises(SettingsError, match=r"hub\.key_store"):
        open_key_store(named, Stage.DEVELOPMENT)


def test_the_vector_of_the_reference():
    """card.md V5: session = 3DES(card key, factor), cryptogram = DES(session, original)."""
    from county.key_store import _block  # noqa: PLC0415 - the recipe alone, without diversification

    session = _block(bytes(range(16)), bytes.fromhex("1122334455667788"))
    assert session.hex().upper() == "56BE32F01E736D0D"
    assert _block(session, bytes.fromhex("A1A2A3A4A5A6A7A8")).hex().upper() == "F939BBCDC12C62DB"
