"""What a machine tells of itself: its journal's head at start, every hour and at the end, and each day's figures."""

import json
import threading
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from contract.chain import head_from
from county.models import figures
from county.staff_work.heads import heads_of
from kiosk.journal import Happening
from kiosk.journal_file import verify
from kiosk.uplink.telling.day_figures import counted, figures_of
from kiosk.uplink.telling.heads import TELL_SECONDS
from tests.hall import eventually
from tests.screen import StaffScreen, Wall


def told(hall):
    """The heads that the hub holds of this kiosk."""
    key_id = hall.machine.county.client.signer.enrolment.key_id
    with hall.hub.hub.store.reading() as connection:
        return [kept.head for kept in heads_of(connection, key_id)]


def test_the_head_is_told_at_the_start_and_at_the_end_and_the_county_can_prove_a_cut(hall):
    eventually(lambda: told(hall), 15)
    hall.machine.stop()
    heads = told(hall)
    last = list(hall.machine.journal.entries())[-1]
    assert heads[-1].number == last.number
    assert '"what": "stopped"' in last.text
    lines, whole = verify(hall.machine.store.file, [head.written for head in heads])
    assert whole, lines


def test_a_round_under_way_ends_with_its_step_and_before_the_store(hall):
    eventually(lambda: told(hall), 15)
    hall.machine.county.outbox.refilled.set()
    hall.machine.stop()
    assert not [thread for thread in threading.enumerate() if thread.name == "uplink"]
    assert not Path(f"{hall.machine.store.file}-wal").exists(), "nobody holds the store, nobody opened it again"


def test_a_head_is_told_every_hour_and_an_unchanged_one_is_not_told_again(hall):
    eventually(lambda: told(hall), 15)
    telling, journal = hall.machine.county.heads, hall.machine.journal
    eventually(lambda: settled(hall), 15)
    eventually(lambda: told_twice_counts_once(hall), what="an unchanged head is not told again")
    before = len(told(hall))
    journal.write(Happening.SCREEN_PAIRED)
    telling.tell_when_due()
    assert len(told(hall)) == before
    assert TELL_SECONDS == 3600
    telling.tell()
    assert [head.number for head in told(hall)][-1] == journal.head().number


def told_twice_counts_once(hall):
    """False where the machine wrote something down in between."""
    hall.machine.county.heads.tell()
    before, head = len(told(hall)), hall.machine.journal.head()
    hall.machine.county.heads.tell()
    if hall.machine.journal.head() != head:
        return False
    assert len(told(hall)) == before
    return True


def settled(hall):
    """Devices have come and been noted."""
    devices = {kind: one for kind, one in hall.machine.devices.health().items() if one}
    lines = [json.loads(entry.text) for entry in hall.machine.journal.entries()]
    noted = {line.get("device") for line in lines if line["what"] == "device_changed"}
    return noted >= set(devices) and all(one.ready for one in devices.values())


def test_a_machine_that_is_cut_stops_in_time_and_tells_when_the_line_is_back(hall):
    eventually(lambda: told(hall), 15)
    hall.cut()
    hall.machine.journal.write(Happening.SCREEN_PAIRED)
    hall.restart()
    hall.mend()
    eventually(lambda: told(hall)[-1].number >= 2, 20)
    assert verify(hall.machine.store.file, [told(hall)[-1].written])[1]


def test_a_journal_that_contradicts_what_the_county_holds_is_told_to_the_clerk_and_noted_once(hall):
    eventually(lambda: told(hall), 15)
    with hall.hub.hub.store.writing() as connection:  # the county was told more than this machine still has
        from contract.journal import JournalHead  # noqa: PLC0415  what a machine told before its disk was put back
        from county.staff_work.heads import keep_head  # noqa: PLC0415  see above

        now = hall.hub.hub.clock.now()
        more = JournalHead(number=9999, digest="ab" * 32, at=now)
        keep_head(connection, hall.machine.county.client.signer.enrolment.key_id, more, now)
    for _ in range(2):
        hall.machine.journal.write(Happening.SCREEN_PAIRED)
        hall.machine.county.heads.tell()
    face = StaffScreen(hall)
    face.sign_in("clerk", "chuangkou-shili-2026")
    face.visit("/health/")
    face.sees("日志和县里记下的封签对不上")
    entries = [json.loads(entry.text) for entry in hall.machine.journal.entries()]
    assert [fact["newest"] for fact in entries if fact["what"] == "journal_contradicted"] == [9999]


def test_the_wall_shows_a_head_that_is_in_the_journal(hall):
    wall = Wall(hall)
    words = wall.page.text.partition("日志 ")[2].split()[0][:40]
    head = head_from(words[: words.rindex("-") + 5])
    assert verify(hall.machine.store.file, [head.written])[1]


def test_the_wall_is_not_drawn_anew_for_every_entry_of_the_journal(hall):
    wall = Wall(hall)
    showing = wall.page.attributes["data-showing"]
    hall.machine.journal.write(Happening.SCREEN_PAIRED)
    wall.visit("/")
    assert wall.page.attributes["data-showing"] == showing


def kept(hall):
    with hall.hub.hub.store.reading() as connection:
        return connection.execute(select(figures).order_by(figures.c.day)).all()


def test_the_days_figures_come_to_the_county_without_anybody_in_them(hall, screen):
    holder = screen.insert_card("李伟")
    screen.visit("/services/job_board/")
    screen.remove_card()
    eventually(lambda: any('"service_opened"' in entry.text for entry in hall.machine.journal.entries()))
    hall.machine.county.figures.tell()
    rows = {(row.service, row.what): row.number for row in kept(hall)}
    assert rows["job_board", "service_opened"] == 1
    assert rows["", "session_began"] == 1
    assert holder.number not in str(rows)
    hall.machine.county.figures.tell()
    assert {(row.service, row.what): row.number for row in kept(hall)}["job_board", "service_opened"] == 1


def test_the_days_of_a_cut_are_told_when_it_is_over(hall):
    eventually(lambda: hall.machine.store.recall("figures.told"), 15)
    hall.move_clock(2 * 86400)
    hall.machine.journal.write(Happening.SCREEN_PAIRED)
    hall.machine.county.figures.tell()
    today = hall.machine.clock.local().date()
    days = {row.day for row in kept(hall)}
    assert {today, today - timedelta(days=2)} <= days


@pytest.mark.parametrize(
    ("facts", "kind"),
    [
        ({"what": "service_opened", "service": "job_board"}, ("job_board", "service_opened")),
        ({"what": "submitted", "kind": "appointment"}, ("", "submitted_appointment")),
        ({"what": "county_answered", "state": "refused"}, ("", "county_answered_refused")),
        ({"what": "witness_confirmed", "service": "养老待遇资格认证"}, ("", "witness_confirmed")),
        ({"what": "card_refused", "code": "K-103", "resident": "r-1"}, ("", "card_refused")),
    ],
)
def test_only_events_and_services_are_counted(facts, kind):
    assert counted([facts, facts]) == {kind: 2}
    assert figures_of(counted([facts]), date(2026, 1, 1), "510521109").counts[0].number == 1
