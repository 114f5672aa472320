"""This kiosk comes by new keys, whichever step of it is the last before the power goes, or before the line is cut."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from contract.codes import KioskState
from contract.enrolment import KioskStanding
from contract.submissions import SubmissionKind
from county.kiosks import settle
from county.trust.new_keys import OVERLAP
from kiosk.county_errors import CountyUnavailable
from kiosk.journal import Happening
from kiosk.secret_files import replace_file
from kiosk.uplink.identity_keys import KeyDrawer, open_keys, present_number
from kiosk.uplink.outbox import OutboxState
from tests.hall import Hall, eventually

ROOT = Path(__file__).parents[2]


def drawer(hall: Hall) -> KeyDrawer:
    kiosk = hall.settings.kiosk
    time_there = hall.machine.county.feed.county_time
    return KeyDrawer(hall.settings.folder / "secrets", kiosk.name, kiosk.site, time_there)


def is_served(hall: Hall) -> bool:
    """What is signed by this kiosk is answered."""
    return hall.machine.county.client.send("DELETE", "/v1/sittings/current", None, KioskStanding).status == 204


def uses(hall: Hall) -> str:
    return hall.machine.county.client.signer.enrolment.key_id


def key_files(hall: Hall) -> list[str]:
    return sorted(file.name for file in (hall.settings.folder / "secrets").glob("kiosk-[rs]*"))


def test_a_pair_made_beforehand_is_announced_taken_and_used(hall):
    before = uses(hall)
    upcoming = drawer(hall).make_upcoming()
    hall.machine.county.registration.renew_keys()
    assert uses(hall) == upcoming.enrolment.key_id != before
    assert hall.machine.county.key_mark == upcoming.enrolment.fingerprint
    assert is_served(hall)
    assert key_files(hall) == ["kiosk-receiving-1", "kiosk-signing-1"], "the old pair is gone"
    for name in (*key_files(hall), "kiosk-keys"):
        assert stat.S_IMODE((hall.settings.folder / "secrets" / name).stat().st_mode) == 0o600
    hall.restart()
    hall.machine.county.enrol()
    assert uses(hall) == upcoming.enrolment.key_id
    assert is_served(hall)
    texts = [link.text for link in hall.machine.journal.entries() if Happening.KEYS_RENEWED in link.text]
    assert len(texts) == 1
    assert upcoming.enrolment.fingerprint in texts[0]


def test_keys_that_are_old_enough_are_renewed_by_themselves_and_young_ones_are_not(open_hall):
    hall = open_hall(county={"key_months": 2})
    before = uses(hall)
    hall.machine.county.registration.renew_keys()
    assert uses(hall) == before
    long_ago = time.time() - 61 * 86400
    os.utime(hall.settings.folder / "secrets" / "kiosk-signing", (long_ago, long_ago))
    hall.machine.county.registration.renew_keys()
    assert uses(hall) != before
    assert is_served(hall)


def test_the_power_goes_after_the_first_file_of_the_new_pair(hall):
    secret = hall.settings.folder / "secrets" / "kiosk-signing-1"
    replace_file(secret, bytes(range(32)))
    hall.restart()
    hall.machine.county.enrol()
    hall.machine.county.registration.renew_keys()
    assert present_number(secret.parent) == 1
    assert is_served(hall)


def test_the_power_goes_before_the_announcement(hall):
    upcoming = drawer(hall).make_upcoming()
    hall.restart()
    hall.machine.county.enrol()
    hall.machine.county.registration.renew_keys()
    assert uses(hall) == upcoming.enrolment.key_id
    assert is_served(hall)


def lost_answer(hall: Hall):
    """The county took the new pair, and this kiosk never heard."""
    keys, present = drawer(hall), hall.machine.county.client.signer
    upcoming = keys.make_upcoming()
    hall.machine.county.registration.renew_keys()
    folder = keys.folder
    (folder / "kiosk-keys").unlink()  # as it was before the answer: the old pair present, the new one announced
    replace_file(folder / "kiosk-signing", present.keys.signing.private_bytes_raw())
    replace_file(folder / "kiosk-receiving", present.keys.receiving.private_bytes_raw())
    keys.note_announced()
    assert keys.present().enrolment.key_id == present.enrolment.key_id
    hall.restart()  # from here on the machine asks by itself too
    return present, upcoming


def test_the_answer_is_lost_and_the_old_pair_serves_until_it_is_asked_again(hall):
    _, upcoming = lost_answer(hall)
    hall.machine.county.enrol()
    assert is_served(hall)
    hall.machine.county.registration.renew_keys()
    assert uses(hall) == upcoming.enrolment.key_id
    assert is_served(hall)


def test_the_answer_is_lost_and_the_machine_is_off_for_longer_than_the_old_pair_is_good(hall):
    _, upcoming = lost_answer(hall)
    hall.move_clock(int(OVERLAP.total_seconds()) + 60)
    hall.machine.county.enrol()
    eventually(lambda: uses(hall) == upcoming.enrolment.key_id, what="whichever thread asked first, it is the new pair")
    eventually(lambda: hall.machine.county.standing.state is KioskState.APPROVED)
    assert is_served(hall)


def test_the_power_goes_between_the_change_and_the_removal_of_the_old_pair(hall):
    folder, upcoming = hall.settings.folder / "secrets", drawer(hall).make_upcoming()
    old = {name: (folder / name).read_bytes() for name in ("kiosk-signing", "kiosk-receiving")}
    hall.machine.county.registration.renew_keys()
    for name, content in old.items():
        replace_file(folder / name, content)
    hall.restart()
    hall.machine.county.enrol()
    assert uses(hall) == upcoming.enrolment.key_id
    assert is_served(hall)


def test_the_line_is_cut_at_the_announcement_and_nothing_is_lost(hall):
    upcoming = drawer(hall).make_upcoming()
    hall.machine.county.enrol()
    hall.cut()
    with pytest.raises(CountyUnavailable):
        hall.machine.county.registration.renew_keys()
    hall.mend()
    hall.machine.county.registration.renew_keys()
    assert uses(hall) == upcoming.enrolment.key_id
    assert is_served(hall)


def test_a_withdrawn_kiosk_gets_no_new_keys_and_a_pair_it_never_announced_stays_its_own(hall):
    drawer(hall).make_upcoming()
    mark = hall.machine.county.key_mark
    with hall.hub.hub.store.writing() as connection:
        settle(connection, mark, KioskState.WITHDRAWN, "officer", hall.machine.clock.now())
        known = connection.exec_driver_sql("SELECT count(*) FROM kiosks").scalar()
    hall.machine.county.registration.standing = None
    hall.machine.county.enrol()
    hall.machine.county.registration.renew_keys()
    assert hall.machine.county.key_mark == mark
    with hall.hub.hub.store.reading() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM kiosks").scalar() == known


def test_what_waits_in_the_outbox_is_sent_under_the_new_keys(hall, screen):
    from contract.submissions import AppointmentRequest  # noqa: PLC0415 - of this test alone

    holder = screen.insert_card("王秀英")
    session = hall.machine.desk.state.session
    hall.cut()
    wish = AppointmentRequest(
        social_security_no=holder.number, name=holder.name, purpose="x", wanted="x", site=hall.settings.kiosk.site,
        kiosk="k",
    )  # fmt: skip
    hall.machine.county.submit(SubmissionKind.APPOINTMENT, wish, session, hall.machine.desk.serves)
    hall.mend()
    drawer(hall).make_upcoming()
    hall.machine.county.enrol()
    hall.machine.county.registration.renew_keys()
    hall.machine.county.outbox.hurry()
    hall.machine.county.outbox.drain()
    eventually(lambda: hall.machine.county.outbox.counts().answered == 1, 20)
    assert hall.machine.county.outbox.counts().refused == 0, OutboxState.REFUSED


def test_the_verb_makes_the_next_pair_and_leaves_the_present_one(tmp_path):
    environment = os.environ | {"KIOSK_KIOSK__FOLDER": str(tmp_path), "PYTHONDONTWRITEBYTECODE": "1"}
    before = open_keys(tmp_path / "secrets").enrolment("kiosk-01", "510521109").fingerprint
    told = subprocess.run(  # noqa: S603  our own program
        [sys.executable, ROOT / "run.py", "kiosk", "rotate-keys"], env=environment, capture_output=True, text=True,
        check=True, timeout=60,
    )  # fmt: skip
    assert (tmp_path / "secrets" / "kiosk-signing-1").exists()
    assert open_keys(tmp_path / "secrets").enrolment("kiosk-01", "510521109").fingerprint == before
    assert before not in told.stdout


def test_several_who_renew_at_once_take_the_pair_once(hall):
    upcoming = drawer(hall).make_upcoming()
    hall.machine.county.enrol()
    with ThreadPoolExecutor(6) as several:
        list(several.map(lambda _: hall.machine.county.registration.renew_keys(), range(12)))
    assert present_number(hall.settings.folder / "secrets") == 1
    assert uses(hall) == upcoming.enrolment.key_id
    assert is_served(hall)
