"""A page that is the same for everybody is made once a minute, and still says what is true now and to this visit."""

from __future__ import annotations

from datetime import timedelta

import pytest

from contract.feed import JobPosting
from devices.printer.emulator import PrinterFault
from kiosk.kept_pages import KEPT_AT_MOST
from tests.hall import eventually

BOARD = "/services/job_board/"


def kept(hall):
    return hall.resident_app.extensions["kept_pages"]._kept


def emulator_of(hall):
    return hall.machine.devices.simulators.printer.emulator


def token_of(screen):
    return next(form.fields["csrf_token"] for form in screen.page.forms if "csrf_token" in form.fields)


@pytest.mark.parametrize("path", ["/", BOARD])
def test_a_page_is_made_once_and_its_token_and_its_word_are_of_this_visit(hall, screen, path):
    screen.visit(BOARD)
    screen.visit(path)
    made, before, showing = len(kept(hall)), token_of(screen), screen.page.attributes["data-showing"]
    screen.visit(path)
    assert len(kept(hall)) == made
    assert token_of(screen) == before
    screen.press("完成")
    screen.visit(BOARD)
    screen.visit(path)
    assert screen.page.attributes["data-showing"] != showing, "another visit"
    assert "\ue000" not in screen.page.html
    screen.press("大字")
    assert 'data-text="large"' in screen.page.html, "its form was taken"


def test_who_is_served_has_pages_of_their_own_and_nothing_of_them_is_kept(hall, screen):
    holder = screen.insert_card("李伟")
    before = len(kept(hall))
    screen.visit("/")
    screen.visit(BOARD)
    screen.press("找", q="缂丝绣娘")
    everything = str(kept(hall))
    for word in (holder.name, holder.number, "缂丝", token_of(screen)):
        assert word not in everything
    assert len(kept(hall)) == before


def test_words_that_somebody_typed_are_kept_nowhere(hall, screen):
    screen.visit(BOARD)
    before = len(kept(hall))
    screen.press("找", q="电工")
    screen.sees("电工")
    first = next(link.href for link in screen.page.links if "/post/" in link.href)
    screen.visit(first)
    assert len(kept(hall)) == before
    assert "电工" not in str(list(kept(hall)))
    assert "%E7%94%B5" not in str(kept(hall))


def test_the_list_is_made_anew_when_the_feed_the_line_the_language_or_the_minute_is_another(hall, screen):
    def made():
        screen.visit(BOARD)
        return len(kept(hall))

    counts = [made()]
    hall.machine.clock.move(timedelta(minutes=2))
    counts.append(made())
    screen.send("/modes", language="en")
    counts.append(made())
    screen.does_not_see("看图选")
    screen.send("/modes", language="zh-CN")
    hall.machine.county.feed.touch()
    counts.append(made())
    hall.cut()
    county = hall.machine.county
    eventually(lambda: county.outbox.refilled.set() or not county.client.reachable, 20)
    counts.append(made())
    screen.sees("县里暂时连不上")
    assert counts == sorted(set(counts)), "each time another one"


def test_a_post_says_at_once_that_the_printer_is_in_trouble(hall, screen):
    screen.visit(BOARD)
    first = next(link.href for link in screen.page.links if "/post/" in link.href)
    screen.visit(first)
    eventually(lambda: hall.machine.devices.health()["printer"].ready, 20)
    screen.visit(first)
    screen.does_not_see("现在打不出凭条")
    emulator_of(hall).suffer(PrinterFault.OUT_OF_PAPER)
    eventually(lambda: hall.machine.devices.health()["printer"].reason == "OutOfPaper", 20)
    screen.visit(first)
    screen.sees("现在打不出凭条")
    assert "printer=K-" in screen.page.attributes["data-showing"], "and hears when it is over"
    emulator_of(hall).recover()
    eventually(lambda: hall.machine.devices.health()["printer"].ready, 20)
    screen.visit(first)
    screen.does_not_see("现在打不出凭条")
    assert "printer=" in screen.page.attributes["data-showing"]


def test_a_telephone_that_was_shown_is_shown_to_this_visit_alone(hall, screen):
    screen.visit(BOARD)
    first = next(link.href for link in screen.page.links if "/post/" in link.href)
    screen.visit(first)
    covered = screen.page.text
    screen.press("看联系电话")
    posting: JobPosting = hall.machine.county.feed.jobs.one(
        first.rpartition("/")[2].partition("?")[0], hall.machine.clock.local().date()
    )
    screen.sees(posting.contact_phone)
    screen.press("完成")
    screen.visit("/")
    screen.visit(first)
    assert posting.contact_phone not in screen.page.text
    assert "看联系电话" in covered


def test_it_forgets_before_it_grows(hall, screen):
    screen.visit(BOARD)
    links = dict.fromkeys(link.href for link in screen.page.links if "/post/" in link.href)
    for page in range(2, 6):
        screen.visit(f"{BOARD}?page={page}")
        links |= dict.fromkeys(link.href for link in screen.page.links if "/post/" in link.href)
    for href in links:
        screen.visit(href)
    assert len(links) > KEPT_AT_MOST
    assert 0 < len(kept(hall)) <= KEPT_AT_MOST
