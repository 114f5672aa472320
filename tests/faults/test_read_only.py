"""Fault 38: the disk takes nothing more, for the kernel made it read-only; while the machine runs, and at its start."""

from __future__ import annotations

import httpx
import pytest

from tests.faults import own_disk
from tests.faults.own_disk import OwnDisk
from tests.hall import LOCALITY
from tests.processes import Hand, Processes, broken_link, patiently, rows_of, sound

PENSIONER = "王秀英"
WANTED = "/services/pension_verification/appointment"


@pytest.fixture
def processes(tmp_path, seeds):
    made = Processes(tmp_path, seeds, LOCALITY)
    yield made
    made.end()


@pytest.fixture
def disk(tmp_path, processes, request):
    """The kiosk's folder on its own disk."""
    made = OwnDisk(processes.kiosk_folder, tmp_path / "disk.img" if request.param else None)
    processes.within["kiosk"] = made.within
    yield made
    processes.end()
    made.close()


def says_why(processes, hand):
    """What the page says to somebody who asks for an appointment."""
    page = hand.browser.get(WANTED)
    token = page.text.split('name="csrf_token" value="')[1].split('"')[0]
    return hand.browser.post(WANTED, data={"csrf_token": token, "wanted": "home"}).text


@pytest.mark.skipif(bool(own_disk.missing_for_an_error()), reason=own_disk.missing_for_an_error() or "all is there")
@pytest.mark.parametrize("disk", [True], indirect=True)
@pytest.mark.timeout(400)
def test_fault_38_a_disk_made_read_only_refuses_in_words_goes_on_showing_and_nothing_is_lost(processes, disk):
    """The kernel lets no such disk be written again before it was looked through: that is what the engineer does."""
    processes.start("county")
    processes.start("kiosk")
    patiently(lambda: processes.health()["county"]["reachable"], 60, "the county is met")
    hand = Hand(processes)
    hand.card_in(PENSIONER)
    before = hand.asks_for_somebody()
    assert before
    hand.card_out()
    hand.card_in(PENSIONER)
    disk.fail()
    refused = says_why(processes, hand)
    assert "K-902" in refused
    assert "机器存满了" in refused
    assert "请到窗口办理" in refused
    assert hand.browser.get("/services/job_board/").status_code == 200
    assert hand.browser.get("/health").status_code == 200
    assert httpx.get(f"http://{processes.addresses['display']}/").status_code == 200
    hand.card_out()
    assert processes.running["kiosk"].poll() is None
    processes.end()
    disk.mend()
    processes.start("county")
    processes.start("kiosk")
    patiently(lambda: processes.health()["county"]["reachable"], 60, "the county is met")
    hand.card_in(PENSIONER)
    after = hand.asks_for_somebody()
    hand.card_out()
    hand.close()
    processes.end()
    assert after
    assert after != before
    kept = disk.seen / "kiosk.sqlite"
    assert sound(kept) == sound(processes.hub_file) == "ok"
    assert broken_link(kept) is None
    assert len(rows_of(processes.hub_file, "SELECT id FROM submissions")) == 2


@pytest.mark.skipif(bool(own_disk.missing()), reason=own_disk.missing() or "all is there")
@pytest.mark.parametrize("disk", [False], indirect=True)
@pytest.mark.timeout(400)
def test_fault_38_at_the_start_a_read_only_disk_is_maintenance_and_writable_again_it_is_a_kiosk(processes, disk):
    processes.start("county")
    for stop in (processes.end, lambda: processes.kill("kiosk")):  # a log is left behind by the second
        processes.start("kiosk")
        stop()
        files = sorted(file.name for file in disk.seen.iterdir())
        disk.protect()
        shows_maintenance(processes)
        assert sorted(file.name for file in disk.seen.iterdir()) == files, "nothing was made, nothing thrown away"
        disk.release()
    processes.start("county")
    processes.start("kiosk")
    assert processes.health()["desk"] == "vacant"
    processes.end()
    assert sound(disk.seen / "kiosk.sqlite") == "ok"
    assert broken_link(disk.seen / "kiosk.sqlite") is None


def shows_maintenance(processes):
    """Start the kiosk on the disk it cannot write, read its page, stop it."""
    processes.answers = lambda _what: says_maintenance(processes)
    processes.start("kiosk")
    page = httpx.get(f"http://{processes.addresses['resident']}/")
    assert page.status_code == 503
    assert "请到窗口办理" in page.text
    assert "K-904" in page.text
    processes.end()
    del processes.answers


def says_maintenance(processes):
    """True once the kiosk answers that its store is of no use."""
    try:
        told = httpx.get(f"http://{processes.addresses['resident']}/health")
    except httpx.HTTPError:
        return False
    return told.status_code == 503 and told.json()["store"] == "unusable"
