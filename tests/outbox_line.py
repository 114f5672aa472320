"""Somebody who submits at a real hall, and an outbox of its own before a county that says what a test wants."""

import json
import sqlite3

from sqlalchemy import select

from contract.codes import AnswerStatus
from contract.problems import Problem, ProblemType
from contract.submissions import AppointmentRequest, CountyAnswer, SubmissionKind
from kiosk.clock import Clock
from kiosk.journal import Journal
from kiosk.models import outbox as table
from kiosk.states import Serving
from kiosk.store import Store
from kiosk.uplink import County
from kiosk.uplink.client import CountyClient
from kiosk.uplink.feed import Feed
from kiosk.uplink.job_index import JobIndex
from tests.hall import eventually
from tests.odd_county import Said
from tests.signed_county import key_list, said_keys

ACCEPTED = CountyAnswer(status=AnswerStatus.ACCEPTED, result_number="R-1").model_dump_json().encode()


def refusal(problem=ProblemType.CONSENT_MISSING, status=409):
    return Said(status, Problem(type=problem, title="x", status=status).model_dump_json().encode())


def keys(key_id):
    return said_keys(key_list(key_id))


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


class Line:
    """An outbox of its own before a county that says what a test wants."""

    def __init__(self, folder, odd_county):
        self.store, self.clock = Store(folder / "kiosk.sqlite"), Clock("Asia/Shanghai")
        self.county_says = odd_county
        client = CountyClient(odd_county.url, 1.0)
        self.journal = Journal(self.store, self.clock, b"k" * 32)
        feed = Feed(self.store, client, self.clock, "510521109", JobIndex(self.store, 20))
        self.county = County(self.store, client, self.journal, self.clock, feed)
        self.store.remember("county.keys", key_list().model_dump_json())

    def submit(self, session):
        wish = AppointmentRequest(
            social_security_no="1" * 18, name="李伟", purpose="x", wanted="y", site="510521109", kiosk="k"
        )
        return self.county.submit(SubmissionKind.APPOINTMENT, wish, session, lambda _token: True)

    def row(self):
        with self.store.read() as connection:
            return connection.execute(select(table)).one()

    def close(self):
        self.county.client.close()
        self.store.close()
