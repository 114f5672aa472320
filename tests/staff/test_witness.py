"""A clerk looks at the person: confirmed, refused, late, not signed in."""

import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from kiosk.identity import Assurance
from kiosk.journal import Happening
from kiosk.states import Serving
from kiosk.witness import WitnessState
from tests.screen import StaffScreen

CLERK = ("clerk", "chuangkou-shili-2026")
EDITOR = ("editor", "bianji-shili-2026")


@pytest.fixture
def clerk(hall):
    face = StaffScreen(hall)
    face.sign_in(*CLERK)
    return face


def ask(hall, screen, seconds=180.0):
    """Somebody at the kiosk asks for a witness."""
    screen.insert_card("李伟")
    state = hall.machine.desk.state
    assert isinstance(state, Serving)
    hall.machine.reception.witness.ask(state.session, "养老待遇资格认证", seconds)
    return state.session.token


def parked(clerk):
    showing = clerk.page.attributes["data-showing"]
    return clerk.client.get("/witness/parked", query_string={"showing": showing}, base_url=clerk.base)


def test_nobody_waits(clerk):
    clerk.visit("/witness/")
    clerk.sees("现在没有人等见证")
    assert clerk.page.attributes["data-parked"] == "/witness/parked"


def test_the_page_hears_of_a_request_by_itself_and_shows_a_masked_name(hall, screen, clerk):
    clerk.visit("/witness/")
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(parked, clerk)
        time.sleep(0.3)
        assert not waiting.done()
        ask(hall, screen)
        assert waiting.result(timeout=3).json == {"go": "/witness/now"}
    clerk.visit("/witness/now")
    clerk.sees("养老待遇资格认证", "李*", "还剩大约 170 秒")
    clerk.does_not_see("李伟")


def test_confirming_raises_the_assurance_and_the_clerk_is_journalled(hall, screen, clerk):
    token = ask(hall, screen)
    clerk.visit("/witness/")
    clerk.press("确认是本人")
    clerk.sees("已确认")
    assert hall.machine.desk.session(token).assurance is Assurance.WITNESSED
    assert hall.machine.reception.witness.of(token).clerk == "clerk"
    assert any(
        Happening.WITNESS_CONFIRMED in link.text and "clerk" in link.text for link in hall.machine.journal.entries()
    )


def test_refusing_leaves_the_assurance_as_it_was(hall, screen, clerk):
    token = ask(hall, screen)
    clerk.visit("/witness/")
    clerk.press("不是本人")
    clerk.sees("已回绝")
    assert hall.machine.desk.session(token).assurance is Assurance.CARD
    assert hall.machine.reception.witness.of(token).state is WitnessState.REFUSED


def test_who_comes_too_late_is_told_so(hall, screen, clerk):
    token = ask(hall, screen, seconds=0.3)
    clerk.visit("/witness/")
    time.sleep(0.4)
    clerk.press("确认是本人")
    clerk.sees("已经过了时间")
    assert hall.machine.desk.session(token).assurance is Assurance.CARD
    assert hall.machine.reception.witness.of(token).state is WitnessState.LATE


def test_the_second_of_two_clerks_is_told_that_it_was_answered(hall, screen, clerk):
    ask(hall, screen)
    other = StaffScreen(hall)
    other.sign_in(*CLERK)
    for face in (clerk, other):
        face.visit("/witness/")
    clerk.press("不是本人")
    other.press("确认是本人")
    other.sees("别人先答了")


def test_a_request_ends_with_the_card(hall, screen, clerk):
    ask(hall, screen)
    clerk.visit("/witness/")
    screen.remove_card()
    assert parked(clerk).json == {"go": "/witness/now"}
    clerk.press("确认是本人")
    clerk.sees("已经过了时间", "现在没有人等见证")


def test_only_a_signed_in_clerk_answers(hall, screen):
    token = ask(hall, screen)
    number = hall.machine.reception.witness.of(token).request_id
    editor = StaffScreen(hall)
    editor.sign_in(*EDITOR)
    editor.send(f"/witness/{number}/confirm")
    assert editor.status == 403
    stranger = StaffScreen(hall)
    stranger.send(f"/witness/{number}/confirm")
    assert stranger.path == "/sign-in"
    assert hall.machine.desk.session(token).assurance is Assurance.CARD
    assert stranger.client.get("/witness/parked?showing=nobody", base_url=stranger.base).json == {"go": "/sign-in"}


def test_a_waiting_page_keeps_nobody_signed_in(hall, clerk):
    clerk.visit("/witness/")
    hall.move_clock(10 * 60)
    clerk.visit("/witness/now")
    hall.move_clock(16 * 60)
    assert parked(clerk).json == {"go": "/sign-in"}
    clerk.visit("/witness/now")
    assert clerk.path == "/sign-in"


def test_while_cut_a_clerk_known_here_still_witnesses(hall, screen, clerk):
    clerk.press("退出登录")
    hall.cut()
    clerk.sign_in(*CLERK)
    token = ask(hall, screen)
    clerk.visit("/witness/")
    clerk.press("确认是本人")
    assert hall.machine.desk.session(token).assurance is Assurance.WITNESSED


def test_a_fifth_parked_page_is_turned_away(hall, clerk):
    clerk.visit("/witness/")
    value = clerk.client.get_cookie("staff", domain="127.0.0.1").value
    apart = [hall.staff_app.test_client() for _ in range(4)]
    for client in apart:
        client.set_cookie("staff", value, domain="127.0.0.1")
    with ThreadPoolExecutor(4) as pool:
        query = {"showing": "nobody"}
        waiting = [pool.submit(one.get, "/witness/parked", query_string=query, base_url=clerk.base) for one in apart]
        time.sleep(0.4)
        assert parked(clerk).status_code == 503
        hall.machine.stopping.set()
        assert {one.result(timeout=3).status_code for one in waiting} == {204}
    hall.machine.stopping.clear()
