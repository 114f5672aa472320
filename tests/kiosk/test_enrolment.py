"""A kiosk the county does not know serves as if the line were cut, says so to staff, and is served once approved."""

from __future__ import annotations

import stat
import time
from datetime import timedelta

import pytest

from contract.codes import KioskState
from contract.enrolment import signing_key
from contract.problems import ProblemType
from county.kiosks import settle
from kiosk.county_errors import CountyUnavailable, KioskNotApproved
from kiosk.journal import Happening
from kiosk.uplink.identity_keys import open_keys
from kiosk.uplink.questions import InsuranceStatementOf
from kiosk.uplink.registration import STANDING_SECONDS
from tests.hall import Hall
from tests.screen import StaffScreen


def decide(hall: Hall, state: KioskState) -> None:
    """What an officer does at the county."""
    fingerprint = hall.machine.county.client.signer.enrolment.fingerprint
    with hall.hub.hub.store.writing() as connection:
        settle(connection, fingerprint, state, "officer", hall.machine.clock.now())


def test_keys_are_made_once_and_only_their_owner_reads_them(tmp_path):
    first = open_keys(tmp_path).enrolment("a", "510521109")
    assert open_keys(tmp_path).enrolment("a", "510521109") == first
    assert signing_key(first.signing_key)
    for file in tmp_path.iterdir():
        assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_a_withdrawn_kiosk_is_cut_off_until_it_is_approved_again(hall):
    county = hall.machine.county
    decide(hall, KioskState.WITHDRAWN)
    with pytest.raises(KioskNotApproved, match="kiosk-not-approved"):
        county.client.send("DELETE", "/v1/sittings/current", None, type(county.standing))
    assert county.client.not_served is ProblemType.KIOSK_NOT_APPROVED
    county.enrol()
    assert county.standing.state is KioskState.WITHDRAWN
    decide(hall, KioskState.APPROVED)
    county.enrol()
    assert county.standing.state is KioskState.APPROVED
    asked = county.client.send("DELETE", "/v1/sittings/current", None, type(county.standing))
    assert asked.status == 204


def test_a_county_that_lost_its_registry_hears_of_the_kiosk_again(hall):
    county = hall.machine.county
    with hall.hub.hub.store.writing() as connection:
        connection.exec_driver_sql("DELETE FROM kiosks")
    with pytest.raises(KioskNotApproved, match="kiosk-unknown"):
        county.client.send("DELETE", "/v1/sittings/current", None, type(county.standing))
    county.enrol()
    assert county.standing.state is KioskState.APPROVED, "its fingerprint stands in the hub's settings"


def test_a_clock_that_is_hours_wrong_is_set_by_the_county_and_nothing_is_asked_twice(hall):
    hall.machine.clock.move(timedelta(hours=7))
    county = hall.machine.county
    asked = county.client.send("DELETE", "/v1/sittings/current", None, type(county.standing))
    assert asked.status == 204
    assert abs(county.feed.county_time.now() - hall.hub.hub.clock.now()) < timedelta(minutes=1)


def test_an_approved_kiosk_asks_now_and_then_whether_it_still_is(hall):
    county = hall.machine.county
    county.enrol()
    decide(hall, KioskState.WITHDRAWN)
    county.enrol()
    assert county.standing.state is KioskState.APPROVED, "asked a moment ago"
    hall.machine.clock.monotonic = lambda: time.monotonic() + STANDING_SECONDS + 1  # the clock of this hall alone
    county.enrol()
    assert county.standing.state is KioskState.WITHDRAWN
    assert county.approved is False


def test_a_kiosk_that_waits_for_the_county_says_so_and_its_mark_before_anybody_signs_in(hall):
    mark = hall.machine.county.key_mark
    clerk = StaffScreen(hall)
    clerk.visit("/sign-in")
    clerk.sees("本机：县里已批准，核对码", mark)
    decide(hall, KioskState.PENDING)
    clerk.sign_in("clerk", "chuangkou-shili-2026")
    clerk.sees("县里还没有批准这台机器。", "K-403", "请把核对码告诉县里", mark)
    clerk.does_not_see("网络断了", "Compare", "fingerprint")


def test_a_resident_of_a_kiosk_that_waits_is_told_so_and_not_that_the_line_is_cut(hall, screen):
    decide(hall, KioskState.PENDING)
    screen.insert_card("李伟")
    screen.visit("/services/insurance_query/")
    screen.sees("县里还没有批准这台机器。", "K-403")
    screen.does_not_see("网络断了")


def test_a_withdrawn_kiosk_serves_no_card_and_says_so_calmly_and_goes_on_with_what_is_public(hall, screen):
    decide(hall, KioskState.WITHDRAWN)
    screen.insert_card("李伟")
    screen.sees("这台机器暂停刷卡业务。", "要刷卡的事项，请到窗口办", "K-407", "您的卡没有坏")
    screen.remove_card()
    screen.sees("这台机器暂停刷卡业务。", "不用卡的照常")
    screen.does_not_see("请插入社会保障卡", "网络断了")
    screen.visit("/services/job_board/")
    assert screen.status == 200
    decide(hall, KioskState.APPROVED)
    hall.machine.county.enrol()
    screen.visit("/")
    screen.sees("请插入社会保障卡")
    texts = [link.text for link in hall.machine.journal.entries() if Happening.STANDING_CHANGED in link.text]
    assert [state for text in texts for state in KioskState if f'"{state}"' in text][-2:] == ["withdrawn", "approved"]


def test_a_kiosk_withdrawn_in_mid_session_learns_it_at_the_next_question(hall, screen):
    screen.insert_card("李伟")
    decide(hall, KioskState.WITHDRAWN)
    with pytest.raises(KioskNotApproved):
        hall.machine.county.ask(InsuranceStatementOf(hall.machine.desk.state.session))
    hall.machine.county.enrol()
    screen.remove_card()
    screen.sees("这台机器暂停刷卡业务。")


def test_the_two_are_told_apart_and_both_are_caught_as_a_line_that_is_cut(hall):
    county = hall.machine.county
    assert type(county.no_answer("")) is CountyUnavailable
    decide(hall, KioskState.PENDING)
    with pytest.raises(CountyUnavailable):
        county.client.send("DELETE", "/v1/sittings/current", None, type(county.standing))
    assert type(county.no_answer("")) is KioskNotApproved
