"""Before somebody comes and after they went: five pictures, words of leave, the card that is called for."""

from dataclasses import replace

import pytest

from kiosk.events import Finished
from kiosk.states import CardLeft, Serving, Vacancy, Vacant, Visiting
from tests.card_in import happened
from tests.hall import eventually

LONG = 15.0


def rules(hall, **other):
    hall.machine.desk.rules = replace(hall.machine.desk.rules, **other)


def phase(hall):
    state = hall.machine.desk.state
    return state.phase if isinstance(state, Vacant) else None


def test_a_machine_nobody_touches_shows_what_it_can_do_and_a_touch_or_a_card_leads_on(hall, screen):
    rules(hall, attract=1.0)
    screen.sees_soon("您好，这里可以自己办事", "找工作", "查社保", "养老认证", "打凭条", "有人帮忙")
    rules(hall, attract=0.0)
    screen.press("点屏幕，开始办事")
    screen.sees("请插入社会保障卡", "您想办什么事？")
    assert phase(hall) is Vacancy.HOME
    rules(hall, attract=1.0)
    screen.sees_soon("您好，这里可以自己办事")
    screen.insert_card("李伟")
    screen.sees("李*")


def test_the_pictures_are_only_there_while_nobody_is(hall, screen):
    screen.visit("/welcome")
    screen.sees("请插入社会保障卡")
    screen.insert_card("李伟")
    screen.visit("/welcome")
    screen.sees("李*")


def test_whoever_takes_the_card_is_seen_off_and_the_next_one_may_begin_at_once(hall, screen):
    screen.insert_card("李伟")
    screen.press("结束")
    screen.sees("请取走您的卡", "您的信息已经从屏幕上清掉了", "叫工作人员")
    screen.remove_card()
    screen.sees("办完了，请慢走", "请插入社会保障卡")
    screen.insert_card("王秀英")
    screen.sees("王*")


def test_a_word_of_leave_goes_by_itself(hall, screen):
    rules(hall, farewell=1.0)
    screen.insert_card("李伟")
    screen.remove_card()
    eventually(lambda: phase(hall) is Vacancy.HOME, LONG)
    screen.follow()
    screen.does_not_see("请慢走")


def test_a_visit_that_was_quiet_too_long_is_told_so(hall, screen):
    screen.press("大字")
    assert isinstance(hall.machine.desk.state, Visiting)
    rules(hall, end=0.5, form_end=0.5, farewell=60.0)
    screen.sees_soon("很久没人点，刚才的已经清掉")


def test_a_served_one_who_went_away_is_told_so_and_called_and_then_the_staff_are(hall, screen, staff):
    screen.insert_card("李伟")
    rules(hall, end=0.5, form_end=0.5, remind=1.0)
    screen.sees_soon("请取走您的卡", "很久没人点，已经替您结束了")
    screen.sees_soon("一直不取，会请工作人员来保管")
    screen.sees_soon("已告诉工作人员来取卡，由他们保管")
    eventually(lambda: len(happened(hall, "card_left_behind")) == 1, LONG)
    staff.visit("/sign-in")
    staff.sees("自助机里有一张卡没人取")
    screen.remove_card()
    eventually(lambda: not hall.machine.card_left, LONG)
    staff.visit("/sign-in")
    staff.does_not_see("自助机里有一张卡没人取")
    assert len(happened(hall, "card_left_behind")) == 1


def test_a_card_that_cannot_be_served_and_stays_is_called_for_too(hall, screen):
    rules(hall, remind=1.0)
    screen.insert_card("孙丽")
    screen.sees("有效期")
    eventually(lambda: getattr(hall.machine.desk.state, "reminders", 0) >= 1, LONG)
    screen.follow()
    screen.sees("有效期", "叫工作人员")
    assert isinstance(hall.machine.desk.state, CardLeft)


def test_waiting_for_a_clerk_is_no_touch(hall, screen):
    """The page that asks by itself whether the clerk came keeps nobody here; it says so in its header."""
    holder = screen.insert_card("郭仁富")
    screen.visit("/services/pension_verification/consent")
    screen.enter_pin(holder.card.pin)
    screen.press("不按，请工作人员")
    screen.sees("已经叫了工作人员")
    before = hall.machine.desk.state
    screen.client.get("/services/pension_verification/witness", base_url=screen.base, headers={"X-By-Itself": "1"})
    after = hall.machine.desk.state
    assert isinstance(after, Serving)
    assert after.in_form
    assert after.touched == before.touched
    screen.visit("/services/pension_verification/witness")
    assert hall.machine.desk.state.touched > before.touched


@pytest.mark.parametrize("path", ["/", "/mine", "/privacy/card"])
@pytest.mark.parametrize("with_card", [True, False])
def test_a_page_fetched_anew_for_a_device_or_the_line_is_no_touch(hall, screen, with_card, path):
    """A line that comes and goes must not keep the visit of somebody who left."""
    if with_card:
        screen.insert_card("李伟")
    else:
        screen.press("大字")
    screen.visit(path)
    before = hall.machine.desk.state
    answer = screen.client.get(path, base_url=screen.base, headers={"X-By-Itself": "1"})
    assert answer.status_code == 200
    assert hall.machine.desk.state.touched == before.touched
    screen.visit(path)
    assert hall.machine.desk.state.touched > before.touched


@pytest.mark.parametrize("with_card", [True, False])
def test_a_tap_after_the_end_finds_the_visit_over_with_words(hall, screen, with_card):
    if with_card:
        screen.insert_card("李伟")
    else:
        screen.press("大字")
    before = hall.machine.desk.state
    rules(hall, end=0.0, form_end=0.0, farewell=60.0)
    answer = screen.client.get("/services/job_board/", base_url=screen.base)
    after = hall.machine.desk.state
    if with_card:
        assert isinstance(after, CardLeft)
        assert "K-501" in answer.get_data(as_text=True)
        screen.follow()
        screen.sees("请取走您的卡", "已经替您结束了")
    else:
        assert not isinstance(after, Visiting) or after.visit is not before.visit
        assert before.visit.remembered() == ()


def test_double_leaving_is_one_leaving(hall, screen):
    screen.press("大字")
    hall.machine.desk.handle(Finished())
    assert phase(hall) is Vacancy.FAREWELL
    hall.machine.desk.handle(Finished())
    assert phase(hall) is Vacancy.HOME
