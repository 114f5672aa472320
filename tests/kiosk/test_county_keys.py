"""The county's key service over its API: cards prove themselves, version 3 opens, and nobody gets an answer twice."""

from __future__ import annotations

from dataclasses import replace

import pytest
from pydantic import ValidationError
from sqlalchemy import select

from contract.card_keys import CardAuthentication, CardCryptograms
from contract.examples import EXAMPLES
from contract.problems import ProblemType
from county.key_store import TEST_KEYS
from county.models import card_authentications, sittings
from devices.card.key_service import KeyQuestion
from devices.card.simulated import CardFault, VirtualCard
from devices.card.virtual.keys import KeyStore
from kiosk.county_errors import CountyRefused
from kiosk.states import CardLeft
from tests.card_in import put_in, served

ASKED = EXAMPLES[CardAuthentication]


@pytest.fixture
def hall(open_hall):
    return open_hall(hub={"key_store": "test"})


def ask(hall, **other) -> CardCryptograms:
    asked = ASKED.model_copy(update=other)
    return hall.machine.county.client.send("POST", "/v1/card-authentications", asked, CardCryptograms).message


def refused_with(hall, **other) -> ProblemType:
    with pytest.raises(CountyRefused) as refused:
        ask(hall, **other)
    return refused.value.problem


@pytest.mark.parametrize("special", ["李伟", "三代卡"])
def test_a_card_proves_itself_and_the_sitting_knows(hall, special):
    put_in(hall, VirtualCard(hall.person(special).card))
    assert served(hall).resident.card_proven
    with hall.hub.hub.store.reading() as connection:
        assert connection.scalars(select(sittings.c.proven)).all() == [True]


@pytest.mark.parametrize("atr", ["3B64000080318065", "3B6F0000" + "80" * 15, "3B600000"])
@pytest.mark.parametrize("faults", [frozenset(), frozenset({CardFault.CONTACTLESS})])
@pytest.mark.parametrize("special", ["李伟", "三代卡"])
def test_a_card_proves_itself_whatever_the_length_of_its_answer_to_reset(hall, special, faults, atr):
    holder = replace(hall.person(special).card, atr=bytes.fromhex(atr))
    put_in(hall, VirtualCard(holder, faults))
    assert served(hall).resident.card_proven


@pytest.mark.parametrize("history", ["8", "80" * 16, "8g", "ab"])
def test_what_no_answer_to_reset_can_hold_is_not_asked(history):
    with pytest.raises(ValidationError):
        CardAuthentication(**ASKED.model_dump() | {"atr_history": history})


def test_a_forged_card_is_no_card(hall):
    put_in(hall, VirtualCard(hall.person("李伟").card, frozenset({CardFault.FORGED})))
    state = hall.machine.desk.state
    assert isinstance(state, CardLeft), state
    assert state.problem.code == "K-113"


def test_a_challenge_that_was_lost_is_answered_anew(hall):
    put_in(hall, VirtualCard(hall.person("三代卡").card, frozenset({CardFault.CHALLENGE_LOST})))
    assert served(hall).resident.card_proven


def test_each_time_a_card_is_put_in_it_is_asked_anew(hall):
    for _ in range(3):
        put_in(hall, VirtualCard(hall.person("李伟").card))
        assert served(hall).resident.card_proven
        hall.remove()
    with hall.hub.hub.store.reading() as connection:
        assert len(connection.scalars(select(card_authentications.c.insertion)).all()) == 3


def test_an_insertion_is_answered_once(hall):
    assert ask(hall).inner
    assert refused_with(hall) is ProblemType.INSERTION_ANSWERED
    assert ask(hall, insertion="another-one").inner


def test_a_card_read_too_often_in_an_hour_is_answered_no_more(hall):
    for number in range(20):
        ask(hall, insertion=f"insertion-{number}")
    assert refused_with(hall, insertion="insertion-20") is ProblemType.TOO_MANY_CARDS
    hall.move_clock(3700)
    assert ask(hall, insertion="insertion-21").inner


def test_who_was_never_answered_may_not_say_that_a_card_is_proven(hall):
    """A stolen kiosk claims a proof that the county never gave."""
    put_in(hall, VirtualCard(hall.person("李伟").card))
    presented = served(hall)
    with hall.hub.hub.store.writing() as connection:
        connection.execute(card_authentications.delete())
    hall.remove()
    machine = hall.machine
    machine.reception._admission._keys._keys = lambda question, _: KeyStore()(question)
    put_in(hall, VirtualCard(hall.person("李伟").card))
    assert served(hall).token != presented.token
    with hall.hub.hub.store.reading() as connection:
        assert connection.scalars(select(sittings.c.proven).order_by(sittings.c.opened_at)).all() == [True, False]


def test_a_county_without_keys_proves_nothing(open_hall):
    hall = open_hall(hub={"key_store": "none"})
    put_in(hall, VirtualCard(hall.person("李伟").card))
    assert not served(hall).resident.card_proven


def test_hub_and_invented_cards_compute_alike_though_written_apart():
    inner, outer = ASKED.inner, ASKED.outer
    question = KeyQuestion(
        ASKED.region, ASKED.atr_history, ASKED.algorithm, ASKED.identification, bytes.fromhex(inner.factor),
        bytes.fromhex(inner.original), bytes.fromhex(outer.factor), bytes.fromhex(outer.original),
    )  # fmt: skip
    told, computed = TEST_KEYS.cryptograms(ASKED), KeyStore()(question)
    assert (bytes.fromhex(told.inner), bytes.fromhex(told.outer)) == (computed.inner, computed.outer)
