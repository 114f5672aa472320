"""统计: what the kiosks told, as shares with both their numbers and site by site."""

from datetime import date, timedelta

import pytest

from contract.staff_work import Count, DayFigures, SiteFigures
from kiosk.staff.figures import SHARES, Row, rows_of, sites_of
from kiosk.uplink.telling.day_figures import NoAnswer
from tests.screen import StaffScreen

CLERK = ("clerk", "chuangkou-shili-2026")
DAY = date(2026, 11, 2)
EVENTS = (
    ("", "session_began", 8), ("", "card_refused", 2), ("pension_verification", "service_opened", 4),
    ("job_board", "service_opened", 9), ("", "submitted_eligibility_verification", 3),
    ("", "submitted_appointment", 2), ("", "county_answered_answered", 4), ("", "county_answered_refused", 1),
    ("", "finger_matched", 3),
)  # fmt: skip


def told(day=DAY, site="510521109", kiosks=1, events=EVENTS):
    counts = tuple(Count(service=service, what=what, number=number) for service, what, number in events)
    return SiteFigures(day=day, site=site, kiosks=kiosks, counts=counts)


def by_words(*figures):
    return {row.words: (row.done, row.of, row.percent) for row in rows_of(figures)}


def test_each_share_has_both_its_numbers_and_none_where_nothing_was_counted():
    found = by_words(told())
    assert found == {
        "卡被接受": (8, 10, "80.0%"), "密码输对": (0, 0, "—"), "指纹对上": (3, 3, "100.0%"), "见证通过": (0, 0, "—"),
        "资格认证办成": (3, 4, "75.0%"), "县里受理": (4, 5, "80.0%"), "凭条打出": (0, 0, "—"),
    }  # fmt: skip
    assert len(found) == len(SHARES)


def test_days_and_sites_are_added_up_before_they_are_divided_not_after():
    other = told(day=DAY + timedelta(days=1), site="510521100", events=[("", "card_refused", 30)])
    assert by_words(told(), other)["卡被接受"] == (8, 40, "20.0%")


def test_each_site_is_told_with_its_days_and_its_kiosks():
    found = sites_of((told(), told(day=DAY + timedelta(days=1), kiosks=3), told(site="510521100", events=[])))
    assert [(it.site, it.days, it.kiosks, it.sessions, it.opened, it.submitted) for it in found] == [
        ("510521100", 1, 1, 0, 0, 0), ("510521109", 2, 3, 16, 26, 10),
    ]  # fmt: skip


def test_more_done_than_begun_is_shown_as_it_is():
    assert Row("", "", 3, 2).percent == "150.0%"


@pytest.fixture
def face(hall):
    opened = StaffScreen(hall)
    opened.sign_in(*CLERK)
    return opened


def test_a_clerk_sees_the_figures_of_the_area_and_chooses_the_span(hall, face):
    here = hall.machine
    today, site = here.clock.local().date(), here.settings.kiosk.site
    for ago, many in ((2, 6), (20, 4)):  # today is told by the machine itself
        counts = (Count(what="session_began", number=many), Count(what="card_refused", number=many // 2))
        body = DayFigures(day=today - timedelta(days=ago), site=site, counts=counts)
        here.county.client.send("POST", "/v1/figures", body, NoAnswer)
    face.visit("/figures/")
    face.sees("统计", "卡被接受插卡成功 ÷ 插卡101566.7%", f"（{site}）")
    face.press("最近7天")
    face.sees("卡被接受插卡成功 ÷ 插卡6966.7%")
    face.visit("/figures/?days=8")
    face.sees("K-506")


def test_while_the_county_is_cut_it_is_said(hall, face):
    hall.cut()
    face.visit("/figures/")
    face.sees("K-401")
