"""A kiosk the county does not know serves as if the line were cut, says so to staff, and is served once approved."""

from __future__ import annotations

import stat
from datetime import timedelta

import pytest

from contract.codes import KioskState
from contract.enrolment import signing_key
from contract.problems import ProblemType
from county.kiosks import settle
from kiosk.errors import CountyUnavailable
from kiosk.uplink.identity_keys import open_keys
from tests.hall import Hall


def decide(hall: Hall, state: KioskState) -> None:
    """What an officer does at the county."""
    fingerprint = hall.machine.county.client.signer.enrolment.fingerprint
    with hall.hub.hub.store.writing() as connection:
        settle(connection, fingerprint, state, "officer", hall.machine.clock.now())


def test_keys_are_made_once_and_only_their_owner_reads_them(tmp_path):
    first = open_keys(tmp_path).enrolment("a", "510521109")
    assert open_keys(tmp_path).enrolment("a", "510521109") == first
    assert signing_key(first.signing_key)
    for file in tmp_path.iterdir():
        assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_a_withdrawn_kiosk_is_cut_off_until_it_is_approved_again(hall):
    county = hall.machine.county
    decide(hall, KioskState.WITHDRAWN)
    with pytest.raises(CountyUnavailable, match="kiosk-not-approved"):
        county.client.send("DELETE", "/v1/sittings/current", None, type(county.standing))
    assert county.client.not_served is ProblemType.KIOSK_NOT_APPROVED
    county.enrol()
    assert county.standing.state is KioskState.WITHDRAWN
    decide(hall, KioskState.APPROVED)
    county.enrol()
    assert county.standing.state is KioskState.APPROVED
    asked = county.client.send("DELETE", "/v1/sittings/current", None, type(county.standing))
    assert asked.status == 204


def test_a_county_that_lost_its_registry_hears_of_the_kiosk_again(hall):
    county = hall.machine.county
    with hall.hub.hub.store.writing() as connection:
        connection.exec_driver_sql("DELETE FROM kiosks")
    with pytest.raises(CountyUnavailable, match="kiosk-unknown"):
        county.client.send("DELETE", "/v1/sittings/current", None, type(county.standing))
    county.enrol()
    assert county.standing.state is KioskState.APPROVED, "its fingerprint stands in the hub's settings"


def test_a_clock_that_is_hours_wrong_is_set_by_the_county_and_nothing_is_asked_twice(hall):
    hall.machine.clock.move(timedelta(hours=7))
    county = hall.machine.county
    asked = county.client.send("DELETE", "/v1/sittings/current", None, type(county.standing))
    assert asked.status == 204
    assert abs(county.feed.county_time.now() - hall.hub.hub.clock.now()) < timedelta(minutes=1)
