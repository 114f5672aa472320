"""The desk as threads and windows meet it: one claim, one token, nobody waits for ever."""

import threading
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from devices.card import Insertion
from kiosk.desk import Desk
from kiosk.errors import NotThisScreen, SessionEnded
from kiosk.events import CardIn, CardOut, CardRead, Closed, Finished, Tick, Touched
from kiosk.identity import Assurance, CardNumber, IdNumber, PersonName, Resident
from kiosk.session_clock import IdleRules
from kiosk.states import ResidentSession, Serving, Vacant
from kiosk.visit import Visit

HERE = Insertion("reader", b"\x3b", 1)


class Hand:
    """A watch that a test moves."""

    def __init__(self):
        self.seconds = 0.0

    def __call__(self):
        return self.seconds


@pytest.fixture
def watch():
    return Hand()


@pytest.fixture
def desk(watch):
    return Desk(IdleRules(), watch)


def a_session(watch):
    resident = Resident(IdNumber("1" * 18), PersonName("李伟"), CardNumber("2" * 9), "2.00", False, None)  # noqa: FBT003  the card is not proven
    return ResidentSession(resident, HERE, "5" * 32, Assurance.CARD, None, watch())


@pytest.fixture
def session(desk, watch):
    """Somebody is being served."""
    present = a_session(watch)
    desk.handle(CardIn(HERE))
    desk.handle(CardRead(HERE, present))
    return present


def test_the_window_may_claim_again_and_gets_the_same_token(desk, session):
    assert desk.claim("window") == desk.claim("window") == session.token


def test_another_window_is_refused_and_the_first_keeps_the_session(desk, session):
    desk.claim("window")
    with pytest.raises(NotThisScreen):
        desk.claim("other")
    assert desk.claim("window") == session.token


def test_nobody_can_claim_an_empty_desk(desk):
    with pytest.raises(SessionEnded):
        desk.claim("window")


def test_a_token_serves_while_the_card_is_in_and_never_again(desk, session):
    assert desk.serves(session.token)
    assert desk.session(session.token) is session
    assert not desk.serves("")
    assert not desk.serves("other")
    desk.handle(CardOut())
    assert not desk.serves(session.token)
    with pytest.raises(SessionEnded):
        desk.session(session.token)


def test_the_same_card_again_gets_another_token(desk, session, watch):
    desk.handle(CardOut())
    again = Insertion("reader", b"\x3b", 3)
    desk.handle(CardIn(again))
    second = a_session(watch)
    desk.handle(CardRead(again, second))
    assert second.token != session.token
    assert desk.serves(second.token)
    assert not desk.serves(session.token)


def test_a_session_ends_by_the_clock_of_the_machine(desk, session, watch):
    watch.seconds = 119
    desk.handle(Tick())
    assert desk.serves(session.token)
    watch.seconds = 121
    desk.handle(Tick())
    assert not desk.serves(session.token)
    assert desk.state.showing == "card-left"


def test_listeners_hear_before_and_after_of_changes_alone_and_may_ask_the_desk(desk, watch):
    heard = []
    desk.listen(lambda before, after: heard.append((type(before), type(after), desk.state is after)))
    desk.handle(Tick())
    desk.handle(CardIn(HERE))
    desk.handle(CardRead(HERE, a_session(watch)))
    desk.handle(Finished())
    assert [after.__name__ for _, after, _ in heard] == ["ReadingCard", "Serving", "CardLeft"]
    assert all(present for _, _, present in heard)


def test_whoever_waits_is_woken_by_a_change_and_by_a_call(desk):
    seen = []
    waiter = threading.Thread(
        target=lambda: seen.append(desk.wait_until(lambda state: isinstance(state, Serving | Vacant) is False, 20))
    )
    waiter.start()
    desk.wake()
    desk.handle(Touched("/services/x/"))
    waiter.join(5)
    assert not waiter.is_alive()
    assert seen[0].page == "/services/x/"


def test_waiting_ends_by_itself(desk):
    assert isinstance(desk.wait_until(lambda _state: False, 0.01), Vacant)
    assert isinstance(desk.wait_until(lambda _state: False, -1), Vacant)


def test_closing_the_machine_ends_the_session(desk, session):
    desk.handle(Closed("cleaning"))
    assert not desk.serves(session.token)


class Noted:
    """Something a service remembers."""

    def __init__(self):
        self.seen = []


def test_a_visit_remembers_one_object_of_a_kind_until_it_is_forgotten():
    visit = Visit()
    visit.recall(Noted).seen.append(1)
    assert visit.recall(Noted).seen == [1]
    visit.forget()
    assert visit.recall(Noted).seen == []
    assert Visit().number != visit.number


def test_a_session_written_out_names_nobody(watch):
    from contract.residents import Sitting  # noqa: PLC0415  only here

    ends = datetime(2026, 1, 1, tzinfo=UTC)
    session = replace(a_session(watch), sitting=Sitting(sitting="s", reference="r", name="李伟", ends_at=ends))
    for plain in ("1" * 18, "2" * 9, "李伟", "5" * 32):
        assert plain not in repr(session)
