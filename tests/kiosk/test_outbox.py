"""What a resident submits: written before it is sent, sealed, sent until answered, answered once."""

import sqlite3
import threading
from datetime import timedelta

import pytest
from sqlalchemy import select

from kiosk.county_errors import CountyRefused, CountyUnavailable
from kiosk.errors import SessionEnded
from kiosk.models import outbox as table
from kiosk.uplink import Acknowledged
from kiosk.uplink.outbox.rows import FIRST_PAUSE, LONGEST_PAUSE, OutboxCounts, pause_after
from tests.hall import eventually
from tests.odd_county import Said
from tests.outbox_line import ACCEPTED, Counter, Line, refusal


@pytest.fixture
def counter(hall):
    return Counter(hall)


def test_while_the_line_is_there_the_county_answers_at_once(counter):
    before = counter.results_at_the_hub()
    done = counter.submit()
    assert done.state is Acknowledged.ACCEPTED
    assert done.answer is not None
    assert counter.counts() == OutboxCounts(queued=0, answered=1, refused=0)
    assert counter.results_at_the_hub() == before + 1
    happened = [what for what in counter.happenings() if what in ("submitted", "county_answered")]
    assert happened == ["submitted", "county_answered"]


def test_while_it_is_cut_it_waits_and_goes_out_exactly_once_when_the_line_is_back(counter):
    before = counter.results_at_the_hub()
    counter.hall.cut()
    done = counter.submit()
    assert done.state is Acknowledged.QUEUED
    assert done.answer is None
    assert done.number
    assert counter.counts().queued == 1
    counter.hall.mend()
    outbox = counter.machine.county.outbox
    outbox.hurry()
    threads = [threading.Thread(target=outbox.drain) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert counter.counts() == OutboxCounts(queued=0, answered=1, refused=0)
    outbox.drain()
    assert counter.results_at_the_hub() == before + 1


def test_a_restart_loses_nothing(counter):
    counter.hall.cut()
    counter.submit()
    counter.hall.restart()
    assert counter.hall.machine.county.outbox.counts().queued == 1
    counter.hall.mend()
    counter.hall.machine.county.outbox.hurry()
    counter.hall.machine.county.outbox.drain()
    assert counter.hall.machine.county.outbox.counts().answered == 1


def test_nobody_has_to_press_anything_when_the_line_comes_back(open_hall):
    counter = Counter(open_hall(county={"poll_seconds": 1.0, "timeout_seconds": 1.0}))
    counter.hall.cut()
    counter.submit()
    counter.hall.mend()
    eventually(lambda: counter.counts().answered == 1, 15, "the outbox drains by itself")
    assert counter.counts().queued == 0


def test_if_the_card_left_before_it_was_written_nothing_was_written(counter):
    counter.hall.remove()
    eventually(lambda: "session_ended" in counter.happenings())
    with pytest.raises(SessionEnded):
        counter.submit()
    assert counter.counts() == OutboxCounts(0, 0, 0)
    assert "submitted" not in counter.happenings()


def test_what_waits_is_sealed_and_no_file_of_the_kiosk_tells_of_whom(counter):
    counter.hall.cut()
    done = counter.submit()
    assert done.state is Acknowledged.QUEUED
    with counter.machine.store.read() as connection:
        row = connection.execute(select(table)).one()
    assert len(row.sealed) > 100
    plain = [counter.holder.number, counter.holder.name, counter.holder.card.card_number, "随便哪个好日子"]
    for file in counter.hall.folder.rglob("*"):
        content = file.read_bytes() if file.is_file() else b""
        assert not [word for word in plain if word.encode() in content], file


def test_a_machine_that_never_met_the_county_cannot_seal_and_says_so(open_hall):
    counter = Counter(open_hall(county=False))
    with pytest.raises(CountyUnavailable, match="none of its keys"):
        counter.submit()
    assert counter.counts() == OutboxCounts(0, 0, 0)


@pytest.fixture
def line(tmp_path, odd_county):
    made = Line(tmp_path, odd_county)
    yield made
    made.county.client.close()
    made.store.close()


@pytest.fixture
def session(counter):
    return counter.session


@pytest.mark.parametrize(
    "said",
    [
        Said(500),
        Said(200, b"<html>"),
        Said(200, b"{}"),
        Said(204),
        Said(302, b"", {"Location": "/"}),
        Said(200, pieces=((4.0, ACCEPTED),)),
    ],
    ids=["500", "html", "wrong schema", "empty", "redirect", "late"],
)
def test_what_is_no_answer_leaves_it_queued_and_the_same_key_is_used_again(line, session, odd_county, said):
    odd_county.say("/v1/submissions", said)
    assert line.submit(session).state is Acknowledged.QUEUED
    row = line.row()
    assert (row.state, row.tries) == ("queued", 1)
    odd_county.say("/v1/submissions", Said(200, ACCEPTED))
    line.county.outbox.drain()
    assert line.row().state == "queued", "its pause is not over"
    line.clock.move(timedelta(seconds=30))
    line.county.outbox.drain()
    assert line.row().state == "answered"
    keys = {headers["Idempotency-Key"] for _, _, headers, _ in odd_county.asked}
    assert keys == {row.submission_id}
    assert len({body for _, _, _, body in odd_county.asked}) == 1
    assert line.row().sealed == ""


def test_a_refusal_is_an_answer_kept_and_never_retried(line, session, odd_county):
    odd_county.say("/v1/submissions", refusal())
    with pytest.raises(CountyRefused):
        line.submit(session)
    line.county.outbox.hurry()
    line.clock.move(timedelta(days=1))
    line.county.outbox.drain()
    assert len(odd_county.asked) == 1
    assert line.county.outbox.counts() == OutboxCounts(0, 0, 1)
    assert line.row().answer == "consent-missing"


def test_a_refused_row_does_not_hold_up_those_behind_it(line, session, odd_county):
    odd_county.say("/v1/submissions", Said(500))
    line.submit(session)
    line.submit(session)
    answers = iter([refusal(), Said(200, ACCEPTED)])
    odd_county.say("/v1/submissions", lambda: next(answers))
    line.county.outbox.hurry()
    line.county.outbox.drain()
    assert line.county.outbox.counts() == OutboxCounts(queued=0, answered=1, refused=1)


def test_while_the_line_is_cut_only_the_oldest_is_tried(line, session, odd_county):
    odd_county.say("/v1/submissions", Said(500))
    for _ in range(3):
        line.submit(session)
    asked = len(odd_county.asked)
    line.county.outbox.hurry()
    line.county.outbox.drain()
    assert len(odd_county.asked) == asked + 1
    assert line.county.outbox.counts().queued == 3


def test_it_is_on_disk_before_the_county_hears_of_it(line, session, odd_county):
    seen = []

    def look():
        with sqlite3.connect(line.store.file) as connection:
            rows = connection.execute("SELECT count(*) FROM outbox").fetchone()[0]
            entries = connection.execute("SELECT text FROM journal").fetchall()
        seen.append((rows, any("submitted" in text for (text,) in entries)))
        return Said(200, ACCEPTED)

    odd_county.say("/v1/submissions", look)
    line.submit(session)
    assert seen == [(1, True)]


def test_a_sent_row_is_answered_from_the_store_and_not_sent_again(line, session, odd_county):
    odd_county.say("/v1/submissions", Said(500))
    line.submit(session)
    line.county.outbox.hurry()
    submission = line.county.outbox.due()[0]
    odd_county.say("/v1/submissions", Said(200, ACCEPTED))
    first = line.county.outbox.send(submission)
    asked = len(odd_county.asked)
    assert line.county.outbox.send(submission) == first
    assert len(odd_county.asked) == asked


def test_what_was_refused_to_another_thread_is_refused_here_too(line, session, odd_county):
    odd_county.say("/v1/submissions", Said(500))
    line.submit(session)
    line.county.outbox.hurry()
    submission = line.county.outbox.due()[0]
    odd_county.say("/v1/submissions", refusal())
    for _ in range(2):
        with pytest.raises(CountyRefused):
            line.county.outbox.send(submission)
    assert len(odd_county.asked) == 2


def test_pauses_grow_to_ten_minutes_and_differ():
    for tries in range(40):
        expected = min(FIRST_PAUSE * 2 ** min(tries, 10), LONGEST_PAUSE)
        assert expected * 0.8 <= pause_after(tries) <= expected * 1.2
    assert len({pause_after(3) for _ in range(9)}) > 1


def test_the_number_told_to_a_resident_is_short_and_bears_the_day_of_the_hall(line, session, odd_county):
    odd_county.say("/v1/submissions", Said(500))
    early = line.clock.now().replace(hour=17) + timedelta(days=1)
    line.clock.move(early - line.clock.now())  # 01:00 of the next day in the hall
    day, _, rest = line.submit(session).number.partition("-")
    assert day == f"{early + timedelta(days=1):%Y%m%d}"
    assert len(rest) == 8
