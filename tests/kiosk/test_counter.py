"""The counter: a clerk signs in before anything is shown, witnesses instead of a PIN, and is written down."""

import json
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from county.models import staff_sessions
from kiosk.identity import Assurance
from kiosk.states import Vacant
from tests.hall import eventually

CLERK = {"account": "clerk", "password": "chuangkou-shili-2026"}
COUNTER = {"mode": "counter"}


@pytest.fixture
def counter(open_hall, trial_in):
    """A counter with the trial service, nobody signed in."""
    return trial_in(open_hall(kiosk=COUNTER))


def signed_in(counter):
    counter.screen.visit("/")
    counter.screen.press("登录", **CLERK)
    return counter.screen


def sessions_at_county(hall):
    with hall.hub.hub.store.reading() as connection:
        return connection.scalar(select(func.count()).select_from(staff_sessions))


def entries(counter, what):
    told = [json.loads(entry.text) for entry in counter.hall.machine.journal.entries()]
    return [entry for entry in told if entry["what"] == what]


def test_before_a_clerk_signed_in_nothing_but_the_sign_in_is_shown(counter):
    counter.hall.insert(counter.hall.person("李伟"))
    eventually(lambda: counter.hall.machine.desk.state.name == "serving")
    for path in ("/", "/help", "/pin", "/services/trial/", "/services/trial/open", "/reading", "/counter/witness"):
        counter.screen.visit(path)
        assert counter.screen.path == "/counter/sign-in", path
        counter.screen.sees("请窗口人员先登录")
        counter.screen.does_not_see("李")
    parked = counter.screen.client.get("/desk?showing=x", base_url=counter.screen.base)
    counter.screen.visit(parked.json["go"])
    counter.screen.does_not_see("李")
    for path in ("/leave", "/counter/witness", "/services/trial/act", "/modes"):
        counter.screen.send(path)
        assert counter.screen.path == "/counter/sign-in"
    assert counter.service.acts == []


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"account": "clerk", "password": "wrong"}, "K-601"),
        ({"account": "nobody", "password": "x"}, "K-601"),
        ({"account": "editor", "password": "bianji-shili-2026"}, "K-603"),
    ],
)
def test_only_a_clerk_may_serve_here(counter, given, code):
    counter.screen.visit("/")
    counter.screen.send("/counter/sign-in", **given)
    counter.screen.sees(code)
    counter.screen.visit("/")
    assert counter.screen.path == "/counter/sign-in"


def test_a_clerk_serves_a_card_and_stays_signed_in_for_the_next(counter):
    screen = signed_in(counter)
    for person in ("李伟", "王秀英"):
        screen.insert_card(person)
        screen.sees(person[0] + "*")
        screen.visit("/services/trial/")
        screen.sees(f"{person} 的页面")
        screen.remove_card()
        assert screen.path == "/"
    served = entries(counter, "clerk_served")
    assert [entry["clerk"] for entry in served] == ["clerk", "clerk"]
    assert len({entry["resident"] for entry in served}) == 2


def test_no_pin_is_asked_at_the_counter_the_clerk_confirms_and_is_journalled(counter):
    screen = signed_in(counter)
    holder = screen.insert_card("李伟")
    screen.visit("/services/trial/secret")
    assert screen.path.startswith("/counter/witness")
    screen.sees("请确认是本人在办")
    screen.does_not_see(holder.number, "密码不对")
    screen.press("确认本人")
    screen.sees(holder.number)
    assert counter.hall.machine.desk.state.session.assurance is Assurance.WITNESSED
    assert [entry["clerk"] for entry in entries(counter, "witness_confirmed")] == ["clerk"]


def test_a_pin_typed_at_the_counter_is_never_sent(counter):
    screen = signed_in(counter)
    holder = screen.insert_card("李伟")
    answered = counter.hall.reader.card.answered
    for open_pin in (lambda: screen.visit("/pin?next=/"), lambda: screen.send("/pin?next=/", pin=holder.card.pin)):
        open_pin()
        assert screen.status == 404
        screen.sees("K-505")
    assert counter.hall.reader.card.answered == answered
    assert counter.hall.machine.desk.state.session.assurance is Assurance.CARD


def test_signing_out_at_the_counter_ends_the_session_at_the_county_too(counter):
    screen = signed_in(counter)
    assert sessions_at_county(counter.hall) == 1
    screen.press("退出登录")
    assert sessions_at_county(counter.hall) == 0


def test_a_witness_for_nobody_is_refused(counter):
    screen = signed_in(counter)
    screen.visit("/counter/witness")
    screen.sees("K-501")
    screen.send("/counter/witness")
    screen.sees("K-501")
    assert entries(counter, "witness_confirmed") == []


def test_a_card_pulled_before_the_clerk_confirmed_proves_nothing(counter):
    screen = signed_in(counter)
    screen.insert_card("李伟")
    screen.visit("/services/trial/secret")
    counter.hall.remove()
    screen.press("确认本人")
    screen.sees("K-501")
    assert entries(counter, "witness_confirmed") == []


def test_signing_out_sends_the_resident_home_and_is_journalled(counter):
    screen = signed_in(counter)
    screen.insert_card("李伟")
    screen.press("退出登录")
    assert screen.path == "/counter/sign-in"
    assert counter.hall.machine.desk.state.name == "card_left"
    assert entries(counter, "staff_signed_out")[0]["clerk"] == "clerk"
    screen.visit("/services/trial/")
    assert screen.path == "/counter/sign-in"


def test_an_idle_clerk_is_signed_out_though_the_window_keeps_its_parked_request(counter):
    screen = signed_in(counter)
    for minutes in (8, 14):
        counter.hall.machine.clock.move(timedelta(minutes=minutes))
        screen.client.get("/desk?showing=x", base_url=screen.base)
    counter.hall.machine.clock.move(timedelta(minutes=16))
    screen.visit("/")
    assert screen.path == "/counter/sign-in"
    assert isinstance(counter.hall.machine.desk.state, Vacant)


def test_while_the_county_is_cut_a_clerk_who_was_here_may_sign_in_and_witness(counter):
    screen = signed_in(counter)
    screen.press("退出登录")
    counter.hall.cut()
    screen.press("登录", **CLERK | {"password": "wrong"})
    screen.sees("K-601")
    screen.visit("/counter/sign-in")
    screen.press("登录", **CLERK)
    assert screen.path == "/"
    screen.insert_card("李伟")
    screen.visit("/services/trial/secret")
    screen.press("确认本人")
    assert counter.hall.machine.desk.state.session.assurance is Assurance.WITNESSED


def test_on_a_kiosk_nobody_signs_in_to_see_the_screen(screen):
    screen.visit("/")
    assert screen.path == "/"
    screen.sees("请插入社会保障卡")
