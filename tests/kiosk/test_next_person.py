"""Nothing of one resident is reachable by the next: by no page, no form, no cookie, no late answer, no disk."""

import threading
import time
from dataclasses import replace

import pytest
from jinja2 import ChoiceLoader, DictLoader
from sqlalchemy import select

from county.models import residents
from county.sittings import sittings_of as county_sittings
from devices.card.simulated import CardFault, VirtualCard
from devices.printer import Receipt, Text
from kiosk.events import Proven
from kiosk.identity import Assurance
from kiosk.states import CardLeft, ReadingCard, Serving, Vacant, Visiting
from tests.hall import eventually
from tests.screen import Screen


def sittings_of(hall, name):
    """The live sittings of a resident at the county."""
    number, now = hall.person(name).number, hall.machine.clock.now()
    kiosk = hall.machine.county.client.signer.enrolment.key_id
    with hall.hub.hub.store.reading() as connection:
        resident = connection.scalar(select(residents.c.id).where(residents.c.number == number))
        return [sitting for sitting in county_sittings(connection, resident, kiosk) if sitting.lives(now)]


def cookie_of(screen):
    return screen.client.get_cookie("resident", domain="127.0.0.1").value


def other_browser_with(screen, cookie):
    screen.client.set_cookie("resident", cookie, domain="127.0.0.1")


def test_a_page_of_somebody_who_left_is_over(trial):
    screen = trial.screen
    screen.insert_card("李伟")
    screen.visit("/services/trial/")
    screen.sees("李伟 的页面")
    trial.hall.remove()
    screen.visit("/services/trial/")
    screen.sees("刚才的办理已经结束", "K-501")
    screen.does_not_see("李伟")


def test_an_act_of_somebody_who_left_is_not_done(trial):
    screen = trial.screen
    screen.insert_card("李伟")
    screen.visit("/")
    trial.hall.remove()
    screen.send("/services/trial/act")
    screen.sees("K-501")
    assert trial.service.acts == []


def test_an_old_page_does_not_start_a_visit_that_nobody_can_use(trial):
    """Who presses an old button after the card was taken reads one page about it, and the machine works again."""
    screen = trial.screen
    screen.insert_card("李伟")
    trial.hall.remove()
    screen.visit("/services/trial/")
    screen.sees("K-501")
    assert isinstance(trial.hall.machine.desk.state, Vacant)
    screen.visit("/services/trial/open")
    screen.sees("公开的页面")


def test_the_cookie_of_one_is_refused_in_the_session_of_the_next_who_notices_nothing(trial):
    screen, desk = trial.screen, trial.hall.machine.desk
    screen.insert_card("李伟")
    old = cookie_of(screen)
    form = screen.page
    screen.remove_card()
    screen.insert_card("王秀英")
    screen.visit("/services/trial/")
    own, before = cookie_of(screen), desk.state
    for method, path in (("GET", "/services/trial/"), ("GET", "/services/trial/secret"), ("GET", "/pin")):
        other_browser_with(screen, old)
        answer = screen.client.open(path, method=method, base_url=screen.base)
        assert "K-501" in answer.get_data(as_text=True)
        assert "王秀英" not in answer.get_data(as_text=True)
    token = next(f.fields["csrf_token"] for f in form.forms if "csrf_token" in f.fields)
    for path in ("/services/trial/act", "/leave", "/pin"):
        other_browser_with(screen, old)
        answer = screen.client.post(path, data={"csrf_token": token, "pin": "246810"}, base_url=screen.base)
        assert "K-501" in answer.get_data(as_text=True), path
    assert trial.service.acts == []
    assert desk.state == before
    other_browser_with(screen, own)
    screen.visit("/services/trial/")
    screen.sees("王秀英 的页面")


def test_the_form_of_one_is_refused_with_the_cookie_of_the_next(trial):
    screen = trial.screen
    screen.insert_card("李伟")
    token = next(f.fields["csrf_token"] for f in screen.page.forms if "csrf_token" in f.fields)
    screen.remove_card()
    screen.insert_card("王秀英")
    answer = screen.client.post("/services/trial/act", data={"csrf_token": token}, base_url=screen.base)
    assert answer.status_code == 400
    assert trial.service.acts == []


def test_an_answer_prepared_while_the_card_was_pulled_is_thrown_away(trial):
    screen = trial.screen
    holder = screen.insert_card("李伟")
    said = []
    slow = threading.Thread(target=lambda: said.append(screen.client.get("/services/trial/slow", base_url=screen.base)))
    slow.start()
    assert trial.service.entered.wait(5)
    trial.hall.remove()
    trial.service.go_on.set()
    slow.join(10)
    text = said[0].get_data(as_text=True)
    assert "K-501" in text
    assert holder.number not in text


def test_a_late_answer_never_reaches_the_next_card(trial):
    screen = trial.screen
    first = screen.insert_card("李伟")
    said = []
    slow = threading.Thread(target=lambda: said.append(screen.client.get("/services/trial/slow", base_url=screen.base)))
    slow.start()
    assert trial.service.entered.wait(5)
    trial.hall.remove()
    trial.hall.insert(trial.hall.person("王秀英"))
    eventually(lambda: isinstance(trial.hall.machine.desk.state, Serving))
    trial.service.go_on.set()
    slow.join(10)
    assert first.number not in said[0].get_data(as_text=True)


def test_a_slip_whose_owner_left_while_it_was_made_is_never_printed(trial):
    """The county was slow: 李伟 pressed print, took the card, and 王秀英 stands there when the answer comes."""
    screen, hall = trial.screen, trial.hall
    screen.insert_card("李伟")
    token = next(form.fields["csrf_token"] for form in screen.page.forms if "csrf_token" in form.fields)
    said = []

    def press():
        answer = screen.client.post("/services/trial/paper", data={"csrf_token": token}, base_url=screen.base)
        said.append(answer.get_data(as_text=True))

    pressing = threading.Thread(target=press)
    pressing.start()
    assert trial.service.entered.wait(5)
    hall.remove()
    hall.insert(hall.person("王秀英"))
    eventually(lambda: isinstance(hall.machine.desk.state, Serving))
    trial.service.go_on.set()
    pressing.join(10)
    assert "K-501" in said[0]
    assert hall.machine.printing.wait_idle(20)
    assert hall.machine.devices.simulators.printer.receipts == ()
    assert "receipt_" not in "".join(entry.text for entry in hall.machine.journal.entries())


def test_nobody_is_served_while_the_paper_of_the_one_before_comes_out(hall):
    """Even where it was queued while the next card was being read already."""
    out, read = threading.Event(), threading.Event()
    slow = frozenset({CardFault.SLOW})
    hall.reader.insert(VirtualCard(hall.person("王秀英").card, slow, pause=lambda _: read.wait(5)))
    eventually(lambda: isinstance(hall.machine.desk.state, ReadingCard))
    paper = Receipt("20261122-9", (Text("李伟"),))
    hall.machine.printing.print(paper, lambda job: out.wait(20) if job.over else None, lambda: True)
    read.set()
    eventually(lambda: sittings_of(hall, "王秀英"), what="the county opened a sitting")
    time.sleep(0.5)
    assert isinstance(hall.machine.desk.state, ReadingCard)
    out.set()
    eventually(lambda: isinstance(hall.machine.desk.state, Serving))


def test_a_printer_that_never_ends_sends_the_next_person_to_the_staff(hall, screen):
    out, desk = threading.Event(), hall.machine.desk
    desk.rules = replace(desk.rules, reading=1.0)
    paper = Receipt("20261122-9", (Text("李伟"),))
    hall.machine.printing.print(paper, lambda job: out.wait(20) if job.over else None, lambda: True)
    hall.insert(hall.person("王秀英"))
    eventually(lambda: isinstance(desk.state, CardLeft))
    screen.follow()
    screen.sees("K-303", "打印机卡住了")
    eventually(lambda: not sittings_of(hall, "王秀英"), what="the sitting is closed")
    out.set()


def test_a_card_taken_out_while_it_waited_for_paper_leaves_no_sitting_open(hall):
    out = threading.Event()
    paper = Receipt("20261122-9", (Text("李伟"),))
    hall.machine.printing.print(paper, lambda job: out.wait(20) if job.over else None, lambda: True)
    hall.insert(hall.person("王秀英"))
    eventually(lambda: sittings_of(hall, "王秀英"), what="the county opened a sitting")
    hall.remove()
    eventually(lambda: not sittings_of(hall, "王秀英"), what="the sitting is closed")
    out.set()
    assert isinstance(hall.machine.desk.state, Vacant)


def test_a_tap_before_the_window_took_the_session_of_the_card_just_read_is_served(trial):
    screen = trial.screen
    screen.visit("/services/trial/open")
    screen.insert_card("李伟", settle=False)
    eventually(lambda: isinstance(trial.hall.machine.desk.state, Serving))
    screen.visit("/services/trial/")
    screen.sees("李伟 的页面")
    assert screen.status == 200


def test_a_form_sent_before_the_window_took_the_session_does_nothing(trial):
    """The second tap on a button of the person before must not act for the one whose card came meanwhile."""
    screen = trial.screen
    screen.insert_card("李伟")
    screen.visit("/")
    trial.hall.remove()
    screen.send("/services/trial/act")
    screen.sees("K-501")
    trial.hall.insert(trial.hall.person("王秀英"))
    eventually(lambda: isinstance(trial.hall.machine.desk.state, Serving))
    screen.send("/services/trial/act")
    screen.sees("K-501")
    assert trial.service.acts == []


def test_a_pin_page_prepared_while_the_card_was_pulled_is_thrown_away(trial):
    """The card goes between the look at the session and the page: whoever comes next sees no pad of somebody else."""
    screen, desk = trial.screen, trial.hall.machine.desk
    screen.insert_card("李伟")
    trial.hall.resident_app.jinja_env.globals["pulled"] = lambda: trial.hall.remove() or ""
    source = '<div id="page" data-showing="{{ showing }}"><h1>{{ pulled() }}请输入社保卡密码</h1></div>'
    own = trial.hall.resident_app.jinja_env.loader
    trial.hall.resident_app.jinja_env.loader = ChoiceLoader([DictLoader({"resident/pin.html": source}), own])
    trial.hall.resident_app.jinja_env.cache.clear()
    screen.visit("/pin?next=/")
    assert isinstance(desk.state, Vacant)
    screen.sees("K-501")
    screen.does_not_see("请输入社保卡密码")


@pytest.mark.parametrize(("path", "leads"), [("/services/trial/secret", "/pin"), ("/services/trial/finger", None)])
def test_a_step_that_needs_more_proof_asks_for_it_and_shows_nothing(trial, path, leads):
    screen = trial.screen
    holder = screen.insert_card("李伟")
    screen.visit(path)
    screen.does_not_see(holder.number)
    if leads:
        assert screen.path.startswith(leads)
    else:
        screen.sees("K-509")
        assert screen.status == 403


def test_proof_opens_the_step_and_dies_with_the_card(trial):
    screen, desk = trial.screen, trial.hall.machine.desk
    holder = screen.insert_card("李伟")
    desk.handle(Proven(desk.state.session.token, Assurance.PIN))
    screen.visit("/services/trial/secret")
    screen.sees(holder.number)
    screen.remove_card()
    screen.insert_card(holder)
    screen.visit("/services/trial/secret")
    screen.does_not_see(holder.number)


def test_a_service_that_needs_a_card_asks_for_it_and_comes_back_to_the_page(trial):
    screen = trial.screen
    screen.visit("/services/trial/")
    screen.sees("请先插入社会保障卡")
    assert isinstance(trial.hall.machine.desk.state, Visiting)
    trial.hall.insert(trial.hall.person("李伟"))
    screen.follow()
    screen.sees("李伟 的页面")


def test_while_a_card_is_read_every_service_waits(trial):
    screen, go_on = trial.screen, threading.Event()
    slow = frozenset({CardFault.SLOW})
    trial.hall.reader.insert(VirtualCard(trial.hall.person("李伟").card, slow, pause=lambda _: go_on.wait(5)))
    eventually(lambda: isinstance(trial.hall.machine.desk.state, ReadingCard))
    screen.visit("/services/trial/open")
    assert screen.path == "/reading"
    go_on.set()
    screen.follow()
    screen.sees("李*")


def test_every_page_of_a_resident_forbids_to_be_kept(trial):
    screen = trial.screen
    screen.insert_card("李伟")
    for path in ("/", "/services/trial/", "/pin", "/help", "/services/trial/finger"):
        answer = screen.client.get(path, base_url=screen.base)
        assert answer.headers["Cache-Control"] == "no-store"
        assert "ETag" not in answer.headers


def test_nothing_of_a_whole_visit_stays_on_the_disk_of_the_kiosk(trial):
    screen = trial.screen
    holder = screen.insert_card("王秀英")
    screen.visit("/services/trial/secret")
    screen.enter_pin("111111")
    screen.enter_pin(holder.card.pin)
    screen.sees(holder.number)
    screen.remove_card()
    trial.hall.cut()
    screen.insert_card(holder)
    screen.remove_card()
    trial.hall.machine.stop()
    plain = [
        word.encode() for word in (holder.number, holder.name, holder.card.card_number, holder.card.identification)
    ]
    files = [file for file in trial.hall.folder.rglob("*") if file.is_file()]
    assert any(file.name == "kiosk.sqlite" for file in files)
    for file in files:
        content = file.read_bytes()
        assert not [word for word in plain if word in content], file


def test_two_windows_of_two_halls_share_nothing(open_hall):
    one, two = open_hall(), open_hall()
    first, second = Screen(one), Screen(two)
    first.insert_card("李伟")
    second.client.set_cookie("resident", cookie_of(first), domain="127.0.0.1")
    second.visit("/")
    assert second.status == 403
