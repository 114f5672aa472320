"""What a resident submits: written before it is sent, sealed, sent until answered, answered once."""

import json
import sqlite3
import threading
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from contract.codes import AnswerStatus
from contract.feed import KeyList, SealingKey
from contract.problems import Problem, ProblemType
from contract.submissions import AppointmentRequest, CountyAnswer, SubmissionKind
from kiosk.clock import Clock
from kiosk.errors import CountyRefused, CountyUnavailable, SessionEnded
from kiosk.journal import Journal
from kiosk.models import outbox as table
from kiosk.states import Serving
from kiosk.store import Store
from kiosk.uplink import Acknowledged, County
from kiosk.uplink.client import CountyClient
from kiosk.uplink.feed import Feed
from kiosk.uplink.job_index import JobIndex
from kiosk.uplink.outbox import FIRST_PAUSE, LONGEST_PAUSE, OutboxCounts, pause_after
from tests.hall import eventually
from tests.odd_county import Said

ACCEPTED = CountyAnswer(status=AnswerStatus.ACCEPTED, result_number="R-1").model_dump_json().encode()


def refusal(status=409):
    body = Problem(type=ProblemType.CONSENT_MISSING, title="x", status=status).model_dump_json().encode()
    return Said(status, body)


class Counter:
    """Somebody is served at a real hall, and submits."""

    def __init__(self, hall, special="李伟"):
        self.hall, self.machine = hall, hall.machine
        self.holder = hall.person(special)
        hall.insert(self.holder)
        eventually(lambda: isinstance(self.machine.desk.state, Serving))
        self.session = self.machine.desk.state.session

    def submit(self, **other):
        resident = self.session.resident
        wish = AppointmentRequest(
            social_security_no=resident.number.plain(),
            name=resident.name.plain(),
            purpose="认证",
            wanted="随便哪个好日子",
            site="510521109",
            kiosk="kiosk-01",
        )
        serves = self.machine.desk.serves
        return self.machine.county.submit(SubmissionKind.APPOINTMENT, wish, self.session, serves, **other)

    def counts(self):
        return self.machine.county.outbox.counts()

    def happenings(self):
        return [json.loads(entry.text)["what"] for entry in self.machine.journal.entries()]

    def results_at_the_hub(self):
        file = self.hall.hub.settings.database.removeprefix("sqlite:///")
        with sqlite3.connect(file) as connection:
            return connection.execute("SELECT count(*) FROM submissions").fetchone()[0]


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
    assert counter.happenings()[-2:] == ["submitted", "county_answered"]


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
    with pytest.raises(CountyUnavailable, match="no key"):
        counter.submit()
    assert counter.counts() == OutboxCounts(0, 0, 0)


class Line:
    """An outbox of its own before a county that says what a test wants."""

    def __init__(self, folder, odd_county):
        self.store, self.clock = Store(folder / "kiosk.sqlite"), Clock("Asia/Shanghai")
        self.county_says = odd_county
        client = CountyClient(odd_county.url, 0.4, "kiosk-01")
        self.journal = Journal(self.store, self.clock, b"k" * 32)
        feed = Feed(self.store, client, self.clock, "510521109", JobIndex(self.store, 20))
        self.county = County(self.store, client, self.journal, self.clock, feed)
        keys = KeyList(sealing=SealingKey(key_id="k", public_key="hSDwCYkwp1R0i33ctD73Wg2/Og0mOBr066SpjqqbTmo="))
        self.store.remember("county.key", keys.sealing.model_dump_json())

    def submit(self, session):
        wish = AppointmentRequest(
            social_security_no="1" * 18, name="李伟", purpose="x", wanted="y", site="510521109", kiosk="k"
        )
        return self.county.submit(SubmissionKind.APPOINTMENT, wish, session, lambda _token: True)

    def row(self):
        with self.store.read() as connection:
            return connection.execute(select(table)).one()


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
        Said(200, pieces=((2.0, ACCEPTED),)),
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


def test_the_number_told_to_a_resident_is_short_and_dated(counter):
    number = counter.submit().number
    day, _, rest = number.partition("-")
    assert day == f"{datetime.now(UTC):%Y%m%d}"
    assert len(rest) == 8
