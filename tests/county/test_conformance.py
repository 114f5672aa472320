"""The hub passes its own kit, over a real socket; each fault made on purpose is caught by exactly what should."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import pytest
from sqlalchemy import delete, select
from waitress.server import create_server

from contract.conformance.checks import CHECKS
from contract.conformance.keys import fresh_kiosk
from contract.conformance.program import Wanted, inspect
from contract.conformance.report import Report
from contract.conformance.verdicts import Verdict
from county.app import create_app
from county.conformance.deliberate_faults import Fault, faulty_app
from county.conformance.persons import persons_of_the_town
from county.kiosks import enrol
from county.models import feed, postings
from county.settings import SettingsError, Stage


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
        server.trigger.pull_trigger(lambda: [line.close() for line in list(server._map.values())])
        thread.join(10)


def inspected(office, app, checks=CHECKS) -> Report:
    kiosks = (fresh_kiosk("kit 1"), fresh_kiosk("kit 2"))
    with office.hub.store.writing() as connection:
        for kiosk in kiosks:
            enrol(connection, kiosk.enrolment, (kiosk.enrolment.fingerprint,), office.hub.clock.now())
    persons = persons_of_the_town(office.hub.settings.people.read_text(encoding="utf-8").splitlines())
    with served(app) as url:
        return inspect(Wanted(url, kiosks, persons), clock, checks)


def test_the_hub_passes_its_own_kit(open_office):
    office = open_office(demo_seed=1, key_store="test")
    report = inspected(office, create_app(office.hub))
    assert report.keys(Verdict.FAILED) == [], "\n".join(report.lines())
    assert report.keys(Verdict.NOT_RUN) == [], "\n".join(report.lines())


LONG = {"card.limit", "sitting.guessing", "staff.locked"}
"""They ask until they are refused: no fault below has anything to do with counting."""

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


def shorten_feed(office) -> None:
    """A few items are enough for every check, and quicker to page through."""
    with office.hub.store.writing("feed") as connection:
        few = select(feed.c.key).order_by(feed.c.revision).limit(20)
        connection.execute(delete(postings).where(postings.c.posting_no.not_in(few)))
        connection.execute(delete(feed).where(feed.c.key.not_in(few)))


@pytest.mark.parametrize("archive", ["sqlite"], indirect=True)
@pytest.mark.parametrize("fault", Fault)
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
