"""The primary dies in mid-traffic, its standby takes over: nothing acknowledged is lost, nothing counts twice."""

from __future__ import annotations

import time

import pytest
from sqlalchemy import select

from contract.submissions import CountyAnswer
from county import models
from county.store import Store, open_store
from tests.deploy.deployed import HubProcess
from tests.deploy.replicas import Primary, Standby
from tests.deploy.village import Traffic, VillageKiosk, a_machine, settle_village
from tests.hall import eventually
from tests.postgres import missing
from tests.signing import enrolment_in

pytestmark = [pytest.mark.postgresql, pytest.mark.skipif(bool(missing()), reason=missing())]


@pytest.fixture
def pair():
    with Primary() as primary:
        name = primary.database()
        store = open_store(primary.url(name))
        settle_village(store)
        store.close()
        with Standby(primary) as standby:
            primary.wait_for_standby()
            yield primary, standby, name


def test_no_acknowledged_submission_is_lost_when_the_standby_takes_over(pair, tmp_path):
    primary, standby, name = pair
    (tmp_path / "hub.toml").write_text(f'[hub]\nmedia = "{tmp_path}/media"\n')
    machine_folder = tmp_path / "kiosk"
    kiosk = VillageKiosk()
    known = f'["{kiosk.signer.enrolment.fingerprint}", "{enrolment_in(machine_folder).fingerprint}"]'
    either = f"postgresql+psycopg://postgres@/{name}?host={primary.folder},{standby.folder}"
    either += "&target_session_attrs=read-write&connect_timeout=3"
    hub = HubProcess(tmp_path, either, KIOSK_HUB__APPROVED=known)
    hub.start()
    assert kiosk.enrol(hub.url) == "approved"
    machine = a_machine(machine_folder, hub.url, poll_seconds=1.0)
    machine.start()
    traffic = Traffic(kiosk, hub.url)
    traffic.start()
    eventually(lambda: len(traffic.answered) >= 10, 60, "submissions go through")
    a_write_waits_for_the_standby(standby, traffic)
    queued = [kiosk.appointment(hub.url) for _ in range(10)]
    primary.kill()
    for envelope in queued:
        with machine.store.begin() as connection:
            machine.county.outbox.put(connection, envelope, "")
    machine.county.outbox.refilled.set()
    eventually(lambda: traffic.failures >= 2, 60, "the county is felt to be away")
    standby.promote()
    before = len(traffic.answered)
    eventually(lambda: len(traffic.answered) >= before + 10, 90, "submissions go through again")
    traffic.stop()
    eventually(lambda: machine.county.outbox.counts().answered == len(queued), 90, "the outbox drains")
    assert machine.county.outbox.counts().queued == 0
    machine.stop()
    kiosk.close()
    assert hub.stop() == 0, hub.said()
    compare(traffic, queued, standby.url(name))


def a_write_waits_for_the_standby(standby: Standby, traffic: Traffic) -> None:
    """While the standby takes nothing, nothing is acknowledged; or the promise below would be luck."""
    with standby.deaf():
        time.sleep(0.5)  # what was under way arrives
        before = len(traffic.answered)
        time.sleep(1.5)
        assert len(traffic.answered) == before
    eventually(lambda: len(traffic.answered) > before, 60, "and goes on when it listens again")


def compare(traffic: Traffic, queued, url: str) -> None:
    """What the new primary holds is what was answered, each once, with the very answer that was given."""
    store: Store = open_store(url)
    with store.reading() as connection:
        rows = connection.execute(select(models.submissions.c.submission_id, models.submissions.c.answer)).all()
    store.close()
    held = {row.submission_id: CountyAnswer.model_validate_json(row.answer) for row in rows}
    assert len(held) == len(rows) == len(traffic.answered) + len(queued)
    assert {key: held[key] for key in traffic.answered} == traffic.answered
    assert {envelope.submission_id for envelope in queued} <= held.keys()
