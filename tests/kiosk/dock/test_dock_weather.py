"""The dock: county and clock, what is not there, who may use it, the page itself."""

from datetime import UTC, datetime, timedelta

import httpx
import pytest
from jinja2 import Environment, FileSystemLoader, nodes
from werkzeug.test import Client

from contract.feed import CountyPulse
from kiosk.face import ROOT
from kiosk.screens.dock import create_dock_app
from kiosk.settings import SettingsError
from kiosk.states import ReadingCard, Vacant
from tests.dock import Dock
from tests.hall import eventually
from tests.screen import Screen

# --- county and clock ---


def test_the_line_to_the_county_is_cut_and_mended(dock, hall):
    client = hall.machine.county.client
    dock.press("断开县里")
    dock.sees("线断开了")
    assert client.cut
    eventually(lambda: not client.reachable, what="what was under way has ended")
    dock.press("接通县里")
    dock.sees("县里接通了")
    assert not client.cut
    eventually(lambda: client.reachable)


def test_a_mended_line_to_a_county_that_is_down_says_so(dock, hall):
    hall.cut()
    dock.send("/dock/county", cut="0")
    dock.sees("县里没有回答")


def hub_time(hall):
    return CountyPulse.model_validate_json(httpx.get(f"{hall.hub.url}/health").content).now


def from_now(instant):
    return instant - datetime.now(UTC)


def near(shift, expected):
    return abs(shift - expected) < timedelta(seconds=10)


def test_both_clocks_move_together_and_come_back(dock, hall):
    dock.press("加 30 天")
    dock.press("加 1 天")
    assert near(from_now(hub_time(hall)), timedelta(days=31))
    assert near(from_now(hall.machine.clock.now()), timedelta(days=31))
    dock.press("回到现在")
    assert near(from_now(hub_time(hall)), timedelta())
    assert hall.machine.clock.offset == timedelta()
    dock.send("/dock/clock", offset_seconds="-3600")
    assert near(from_now(hub_time(hall)), timedelta(hours=-1))
    assert hall.machine.clock.offset == timedelta(hours=-1)


def test_the_clock_goes_to_the_next_midnight_of_the_hall(dock, hall):
    day = hall.machine.clock.local().date()
    dock.press("零点前 10 秒")
    assert hall.machine.clock.local().strftime("%H:%M") == "23:59"
    dock.press("下一个零点")
    local = hall.machine.clock.local()
    assert (local.hour, local.minute) == (0, 0)
    assert local.date() == day + timedelta(days=1)


@pytest.mark.parametrize("how", ["cut at the dock", "hub is down"])
def test_neither_clock_moves_where_the_county_cannot_be_reached(dock, hall, how):
    if how == "hub is down":
        hall.cut()
    else:
        dock.press("断开县里")
    dock.press("加 1 天")
    assert dock.status == 503
    dock.sees("两边的钟都没有动")
    assert hall.machine.clock.offset == timedelta()
    hall.mend()
    assert near(from_now(hub_time(hall)), timedelta())


# --- what is not there ---


def test_real_devices_are_named_as_such_and_their_buttons_refuse(open_hall):
    dock = Dock(open_hall(devices={"card": "", "fingerprint": "", "printer": ""}))
    dock.sees("请用真卡", "请用真手指", "真打印机")
    for action in ("remove", "lift", "printer", "insert"):
        dock.send(f"/dock/{action}", fault="", number=dock.machine.settings.kiosk.name)
        assert dock.status == 400
    dock.visit("/dock/receipt/1.png")
    assert dock.status == 400


def test_a_missing_people_file_says_how_to_make_it_and_a_broken_one_where(open_hall, tmp_path):
    file = tmp_path / "people.jsonl"
    dock = Dock(open_hall(devices={"people": str(file)}))
    dock.sees("没有人员文件", str(file), "run.py county")
    file.write_text("{}\n", encoding="utf-8")
    dock.visit("/dock/")
    dock.sees("人员文件读不了", "people.jsonl:1")
    dock.send("/dock/insert", number="1")
    assert dock.status == 400


# --- who may use it ---


def test_the_dock_does_not_exist_in_production(hall):
    settings = hall.settings.kiosk.model_copy(update={"stage": "production"})
    production = hall.settings.model_copy(update={"kiosk": settings})
    with pytest.raises(SettingsError, match="development only"):
        create_dock_app(type(hall.machine)(**{**vars(hall.machine), "settings": production}))


FOREIGN = [
    ({"Host": "evil.example"}, 400),
    ({"Origin": "http://evil.example"}, 403),
    ({"Sec-Fetch-Site": "cross-site"}, 403),
]


def test_a_foreign_page_cannot_use_the_dock(dock):
    for headers, status in FOREIGN:
        fields = {"csrf_token": dock.token, "cut": "1"}
        answer = dock.client.post("/dock/county", data=fields, base_url=dock.base, headers=headers)
        assert answer.status_code == status
    assert not dock.machine.county.client.cut


def test_a_form_without_its_token_does_nothing(dock):
    for token in ("", "made-up"):
        answer = dock.client.post("/dock/county", data={"csrf_token": token, "cut": "1"}, base_url=dock.base)
        assert answer.status_code == 400
        assert "K-504" in answer.text
    assert not dock.machine.county.client.cut


def test_nothing_is_done_by_merely_opening_an_address(dock):
    for action in ("insert", "remove", "reader", "finger", "lift", "sensor", "printer", "county", "clock"):
        dock.visit(f"/dock/{action}?cut=1&plugged=0")
        assert dock.status == 405
    assert not dock.machine.county.client.cut


def test_the_cookies_of_dock_and_screen_are_no_good_at_the_other(dock, hall):
    screen = Screen(hall)
    domain = dock.base.removeprefix("http://").partition(":")[0]
    resident, own = screen.client.get_cookie("resident", domain), dock.client.get_cookie("dock", domain)
    other = Client(dock.app)
    other.set_cookie("dock", resident.value, domain=domain)
    token = next(form.fields["csrf_token"] for form in screen.page.forms if "csrf_token" in form.fields)
    answer = other.post("/county", data={"csrf_token": token, "cut": "1"}, base_url=dock.base)
    assert answer.status_code == 400
    assert not hall.machine.county.client.cut
    intruder = hall.resident_app.test_client()
    intruder.set_cookie("resident", own.value, domain=domain)
    assert intruder.get("/", base_url=dock.base).status_code == 403


# --- the page itself ---


def test_the_live_part_is_asked_again_and_follows_the_desk(dock, desk, hall):
    assert 'hx-get="/dock/status" hx-trigger="every 2s"' in dock.page.html
    hall.insert(hall.person("李伟"))
    eventually(lambda: not isinstance(desk.state, ReadingCard | Vacant))
    answer = dock.client.get("/dock/status", base_url=dock.base)
    assert "Serving" in answer.text
    assert "<html" not in answer.text


def test_the_parts_page_shows_every_part(dock):
    dock.visit("/dock/parts")
    assert dock.status == 200
    pages = Environment(loader=FileSystemLoader(ROOT / "templates"), autoescape=True)
    source = (ROOT / "templates" / "parts.html").read_text(encoding="utf-8")
    names = [macro.name for macro in pages.parse(source).find_all(nodes.Macro)]
    assert len(names) > 20
    assert [name for name in names if f'data-part="{name}"' not in dock.page.html] == []


def test_its_files_are_its_own_and_served(dock):
    for path in ("/dock/static/dock.css", "/dock/static/vendor/htmx.min.js", "/static/tokens.css"):
        assert path in dock.page.html
        assert dock.client.get(path, base_url=dock.base).status_code == 200
