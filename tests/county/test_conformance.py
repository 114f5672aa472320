"""The hub passes its own kit, over a real socket; each fault made on purpose is caught by exactly what should."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import request
from sqlalchemy import delete, func, select
from waitress.server import create_server

from contract.conformance.checks import CHECKS
from contract.conformance.keys import fresh_kiosk
from contract.conformance.persons import Persons, load_persons
from contract.conformance.program import Wanted, inspect
from contract.conformance.report import Report
from contract.conformance.unseen import NOT_ASKED, NOT_PROVOKED
from contract.conformance.verdicts import Verdict
from contract.feed import FeedKind
from contract.operations import OPERATIONS
from contract.problems import CONTENT_TYPE, ProblemType
from county.app import create_app
from county.conformance.deliberate_faults import Fault, faulty_app
from county.conformance.persons import persons_file, persons_of_the_town
from county.kiosks import enrol
from county.models import feed, postings, sittings
from county.settings import SettingsError, Stage

ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.timeout(300)  # some five hundred requests a run, on whatever machine


TAKES_ALL = {"electronic_codes": "town", "worth_of_codes": "card", "worth_of_id_cards": "card"}


def clock() -> datetime:
    return datetime.now(UTC)


@contextmanager
def served(app) -> Iterator[str]:
    """The address of ``app`` on a real socket."""
    server = create_server(app, listen="127.0.0.1:0", threads=8, max_request_body_size=6 * 1024 * 1024, ident="")
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.effective_port}"
    finally:
        with suppress(OSError):  # the thread was awake already and has closed everything before the pull
            server.trigger.pull_trigger(lambda: [line.close() for line in list(server._map.values())])
        thread.join(10)


def inspected(office, app, checks=CHECKS, approved=2) -> Report:
    kiosks = (fresh_kiosk("kit 1"), fresh_kiosk("kit 2"))
    with office.hub.store.writing() as connection:
        for kiosk in kiosks[:approved]:
            enrol(connection, kiosk.enrolment, (kiosk.enrolment.fingerprint,), office.hub.clock.now())
    persons = persons_of_the_town(office.hub.settings.people.read_text(encoding="utf-8").splitlines())
    with served(app) as url:
        return inspect(Wanted(url, kiosks, persons), clock, checks)


@dataclass
class Witness:
    """Writes down what an application really answered."""

    good: set[tuple[str, str, int]] = field(default_factory=set)
    refused: set[str] = field(default_factory=set)

    def watch(self, app):
        app.after_request(self.note)
        return app

    def note(self, reply):
        if reply.mimetype == CONTENT_TYPE:
            self.refused.add(reply.json["type"])
        elif request.url_rule is not None:
            path = request.url_rule.rule.replace("<", "{").replace(">", "}")
            self.good.add((request.method, path, reply.status_code))
        return reply


def test_the_hub_passes_its_own_kit_which_asks_and_provokes_all_that_it_says(open_office):
    office, witness = open_office(demo_seed=1, key_store="test", **TAKES_ALL), Witness()
    report = inspected(office, witness.watch(create_app(office.hub)))
    assert report.keys(Verdict.FAILED) == [], "\n".join(report.lines())
    assert report.keys(Verdict.NOT_RUN) == [], "\n".join(report.lines())
    assert {(row.method, row.path, row.status) for row in OPERATIONS if row.key not in NOT_ASKED} <= witness.good
    assert {reason.value for reason in ProblemType} - witness.refused == {reason.value for reason in NOT_PROVOKED}
    assert most_sittings_of_one(office) <= 10, "a county that limits sittings would stop the kit"


@pytest.mark.parametrize("archive", ["sqlite"], indirect=True)
def test_without_a_clock_that_can_be_moved_that_one_check_says_so(open_office):
    office = open_office(demo_seed=1, key_store="test")
    production = office.hub.settings.model_copy(update={"stage": Stage.PRODUCTION, "demo_seed": 0})
    app = create_app(replace(office.hub, settings=production))
    report = inspected(office, app, [one for one in CHECKS if one.key.startswith("clock.")])
    assert report.keys(Verdict.FAILED) == [], "\n".join(report.lines())
    assert report.keys(Verdict.NOT_RUN) == ["clock.sitting-ends"]
    assert any("no development clock" in line for line in report.lines())


@pytest.mark.parametrize("archive", ["sqlite"], indirect=True)
def test_a_second_kiosk_that_still_waits_is_named_and_not_asked_with(open_office):
    office = open_office(demo_seed=1, key_store="test")
    wanted = ("kiosk.enrolment", "scope.other-kiosk", "scope.no-choice")
    report = inspected(office, create_app(office.hub), [one for one in CHECKS if one.key in wanted], approved=1)
    assert report.keys(Verdict.FAILED) == ["kiosk.enrolment"]
    assert report.keys(Verdict.NOT_RUN) == ["scope.other-kiosk"]
    assert any(f"{report.fingerprints[1]} is pending" in line for line in report.lines())


@pytest.mark.parametrize("archive", ["sqlite"], indirect=True)
def test_a_county_that_takes_cards_only_is_told_apart_from_one_that_fails(open_office):
    office = open_office(demo_seed=1, key_store="test")
    report = inspected(office, create_app(office.hub), [one for one in CHECKS if one.key.startswith("credential.")])
    assert report.keys(Verdict.FAILED) == [], "\n".join(report.lines())
    assert len(report.keys(Verdict.NOT_RUN)) == 4
    assert sum("it says so with not-found" in line for line in report.lines()) == 4


def most_sittings_of_one(office) -> int:
    with office.hub.store.reading() as connection:
        of_each = select(func.count()).select_from(sittings).group_by(sittings.c.resident)
        return max(connection.scalars(of_each))


def test_the_persons_of_the_town_are_a_file_that_the_kit_takes(open_office, tmp_path):
    office, file = open_office(demo_seed=1), tmp_path / "persons.json"
    lines = office.hub.settings.people.read_text(encoding="utf-8").splitlines()
    file.write_text(persons_file(lines), encoding="utf-8")
    persons = load_persons(file)
    assert persons == persons_of_the_town(lines)
    assert [name for name in Persons.model_fields if getattr(persons, name) is None] == []
    assert "𬱖" in persons.rare_name.name
    assert "·" in persons.dotted_name.name


@pytest.mark.parametrize("archive", ["sqlite"], indirect=True)
def test_the_verb_ends_with_what_was_found(empty_office, tmp_path):
    key = str(tmp_path / "kit-signing")
    with served(create_app(empty_office.hub)) as url:
        for words, code, said in (
            ((url, "--kiosk-key", key, "--only", "county."), 0, "3 passed, 0 failed, 0 not run"),
            ((url, "--kiosk-key", key, "--only", "kiosk.enrolment", "--report", tmp_path), 1, "is pending"),
            ((url, "--kiosk-key", str(tmp_path / "kit.pem")), 2, "kit.pem"),
        ):
            command = [sys.executable, str(ROOT / "run.py"), "conform", *map(str, words)]
            ended = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False, timeout=100)  # noqa: S603 - our own program
            assert ended.returncode == code, ended.stderr
            assert said in ended.stdout + ended.stderr
    assert json.loads((tmp_path / "report.json").read_text(encoding="utf-8"))["passed"] is False
    assert (tmp_path / "report.html").read_text(encoding="utf-8").startswith("<!doctype html>")


LONG = {"card.limit", "credential.nonsense", "sitting.guessing", "staff.locked"}
"""They ask until they are refused: no fault below has anything to do with counting."""

SELDOM = {Fault.NEVER_UNCHANGED, Fault.LOST_CARDS_UNNAMED}
"""Eight are tried at every `make test`, these two in `make soak`."""

EXPECTED = {
    Fault.ACTS_TWICE: {"idempotency.same-answer", "idempotency.at-once", "idempotency.other-content"},
    Fault.TAKES_REPLAYS: {"signature.replayed"},
    Fault.LOSES_AN_ITEM: {"feed.paging"},
    Fault.NEVER_UNCHANGED: {"caching.unchanged"},
    Fault.NAIVE_TIMES: {"times.instants"},
    Fault.LAST_CARD_WINS: {"scope.one-resident"},
    Fault.TAKES_UNSIGNED: {"signature.missing", "signature.stripped"},
    Fault.FAILS_ON_BROKEN_JSON: {"body.broken", "body.nested"},
    Fault.LOSES_RARE_CHARACTERS: {"names.rare", "names.wall"},
    Fault.LOST_CARDS_UNNAMED: {"sitting.lost-card", "sitting.cancelled-card"},
}


def _first_of(kind):
    return select(feed.c.key).where(feed.c.kind == kind.value).order_by(feed.c.revision).limit(6)


def shorten_feed(office) -> None:
    """A few items are enough for every check, and quicker to page through."""
    with office.hub.store.writing("feed") as connection:
        few = [row.key for kind in FeedKind for row in connection.execute(_first_of(kind))]
        connection.execute(delete(postings).where(postings.c.posting_no.not_in(few)))
        connection.execute(delete(feed).where(feed.c.key.not_in(few)))


@pytest.mark.parametrize("archive", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    "fault", [pytest.param(fault, marks=pytest.mark.soak if fault in SELDOM else ()) for fault in Fault]
)
def test_each_fault_is_caught_by_exactly_the_checks_that_should(open_office, fault):
    office = open_office(demo_seed=1, key_store="test")
    shorten_feed(office)
    report = inspected(office, faulty_app(office.hub, fault), [one for one in CHECKS if one.key not in LONG])
    assert set(report.keys(Verdict.FAILED)) == EXPECTED[fault], "\n".join(report.lines())
    assert not report.passed


def test_a_fault_on_purpose_is_refused_in_production(open_office):
    office = open_office(stage=Stage.PRODUCTION)
    with pytest.raises(SettingsError, match="production"):
        faulty_app(office.hub, Fault.TAKES_UNSIGNED)
