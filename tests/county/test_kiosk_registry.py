"""An administrator sees the kiosks of their area, lets one in, shuts one out; all of it is written down."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from contract.codes import StaffRole
from contract.enrolment import KnownKiosks
from county.models import kiosk_acts
from tests.county.conftest import COUNTY

PATH = "/v1/staff/kiosks"


@pytest.fixture
def administrator(office):
    return office.employ("guanli", StaffRole.ADMINISTRATOR)


def acts(office) -> list[tuple[str, str]]:
    with office.hub.store.reading() as connection:
        rows = connection.execute(select(kiosk_acts).order_by(kiosk_acts.c.number)).all()
    return [(row.act, row.who) for row in rows]


def asks(office, signer) -> str:
    reply = office.as_kiosk(signer).delete("/v1/sittings/current", headers={"Kiosk-Sitting": "0" * 32})
    return "" if reply.status_code == 204 else reply.json["type"]


def test_those_that_wait_come_first_and_are_let_in_and_shut_out(office, administrator):
    signer = office.kiosk("yunlong-2", approved=False)
    mark = signer.enrolment.fingerprint
    shown = KnownKiosks.model_validate_json(office.client.get(PATH, headers=administrator).data).kiosks
    assert [(kiosk.name, kiosk.state) for kiosk in shown] == [("yunlong-2", "pending"), ("kiosk-01", "approved")]
    assert shown[0].fingerprint == mark
    reply = office.client.post(f"{PATH}/{mark}/approval", headers=administrator)
    assert (reply.json["state"], reply.json["settled_by"]) == ("approved", "guanli")
    assert asks(office, signer) == ""
    reply = office.client.post(f"{PATH}/{mark}/withdrawal", headers=administrator)
    assert (reply.json["state"], asks(office, signer)) == ("withdrawn", "kiosk-not-approved")
    assert acts(office)[-2:] == [("approved", "guanli"), ("withdrawn", "guanli")]


def test_the_sittings_of_a_kiosk_that_is_shut_out_end_at_once_and_stay_ended(office, administrator):
    other = office.kiosk("kiosk-02")
    office.client = office.as_kiosk(other)
    sitting, mark = office.sitting_of("王秀英"), other.enrolment.fingerprint
    office.as_kiosk(office.signer).post(f"{PATH}/{mark}/withdrawal", headers=administrator)
    assert office.ask("insurance", sitting).json["type"] == "kiosk-not-approved"
    office.as_kiosk(office.signer).post(f"{PATH}/{mark}/approval", headers=administrator)
    assert office.ask("insurance", sitting).json["type"] == "sitting-ended"


@pytest.mark.parametrize("role", [role for role in StaffRole if role is not StaffRole.ADMINISTRATOR])
def test_nobody_else_sees_or_settles(office, role):
    member, mark = office.employ("jia", role), office.signer.enrolment.fingerprint
    for reply in (
        office.client.get(PATH, headers=member),
        office.client.post(f"{PATH}/{mark}/withdrawal", headers=member),
    ):
        assert (reply.status_code, reply.json["type"]) == (403, "role-missing")
    assert asks(office, office.signer) == ""


def test_an_administrator_settles_their_own_area_only(office):
    elsewhere = office.employ("linxian", StaffRole.ADMINISTRATOR, areas=("510522",))
    mark = office.signer.enrolment.fingerprint
    assert office.client.get(PATH, headers=elsewhere).json == {"kiosks": []}
    reply = office.client.post(f"{PATH}/{mark}/withdrawal", headers=elsewhere)
    assert (reply.status_code, reply.json["type"]) == (403, "outside-area")
    assert office.signer.enrolment.site.startswith(COUNTY)
    assert asks(office, office.signer) == ""


@pytest.mark.parametrize("mark", ["0000-0000-0000-0000", "x", "%E9%BE%99"])
def test_a_mark_that_no_kiosk_has_is_not_found(office, administrator, mark):
    reply = office.client.post(f"{PATH}/{mark}/approval", headers=administrator)
    assert (reply.status_code, reply.json["type"]) == (404, "not-found")


def test_at_a_kiosk_that_waits_nobody_signs_in_so_that_none_lets_itself_in(office, administrator):
    signer = office.kiosk("yunlong-2", approved=False)
    own = office.as_kiosk(signer)
    asked = {"account": "guanli", "password": "chang-mima-2026"}
    assert own.post("/v1/staff/sessions", json=asked).json["type"] == "kiosk-not-approved"
    stolen = own.post(f"{PATH}/{signer.enrolment.fingerprint}/approval", headers=administrator)
    assert stolen.json["type"] == "kiosk-not-approved"
