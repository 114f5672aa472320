"""Who may ask the county: kiosks whose keys a person approved, each request signed, fresh, and once only."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from sqlalchemy import func, insert, select

from contract.codes import KioskState
from contract.signatures import Outgoing
from county import kiosks, models
from county.chores import all_chores
from county.kiosks import NoSuchKiosk, settle
from county.office import ACTS
from tests.signing import a_signer

CARD = {
    "social_security_no": "510599195203150012", "card_number": "A1", "identification": "0" * 32,
    "card_version": "2.00", "insertion": "1",
}  # fmt: skip


def ask(office, signer, **change):
    """A sitting, asked by a kiosk; ``change``: what happens to the request on its way."""
    asked = Outgoing("POST", "/v1/sittings", {"Content-Type": "application/json"}, json.dumps(CARD).encode())
    headers = signer.headers(asked) | change.pop("headers", {})
    return office.as_kiosk(None).open(change.get("path", "/v1/sittings"), method="POST", headers=headers,
                                      data=change.get("body", asked.body))  # fmt: skip


def waiting_row(number, now):
    return {
        "key_id": f"{number:032}", "fingerprint": f"{number:019}", "name": "k", "site": "510521", "signing_key": "",
        "receiving_key": "", "version": "", "state": "pending", "enrolled_at": now,
    }  # fmt: skip


def refusal(reply) -> str:
    return reply.json["type"]


def test_a_kiosk_that_never_enrolled_is_told_so(office):
    reply = ask(office, a_signer(now=office.hub.clock.now))
    assert (reply.status_code, refusal(reply)) == (401, "kiosk-unknown")


def test_an_unsigned_request_is_refused(office):
    reply = office.as_kiosk(None).post("/v1/sittings", json=CARD)
    assert (reply.status_code, refusal(reply)) == (401, "not-signed")


def test_a_kiosk_waits_for_approval_and_is_served_after_it(office):
    signer = a_signer(now=office.hub.clock.now, name="new")
    standing = office.as_kiosk(signer).post("/v1/kiosks", json=signer.enrolment.model_dump()).json
    assert standing == {
        "key_id": signer.enrolment.key_id,
        "fingerprint": signer.enrolment.fingerprint,
        "state": "pending",
    }
    assert refusal(ask(office, signer)) == "kiosk-not-approved"
    with office.hub.store.writing() as connection:
        settle(connection, standing["fingerprint"], KioskState.APPROVED, "chen", office.hub.clock.now())
    assert refusal(ask(office, signer)) == "unknown-resident"
    again = office.as_kiosk(signer).post("/v1/kiosks", json=signer.enrolment.model_dump()).json
    assert again["state"] == "approved"


def test_a_withdrawn_kiosk_is_served_no_more(office):
    with office.hub.store.writing() as connection:
        settle(connection, office.signer.enrolment.fingerprint, KioskState.WITHDRAWN, "chen", office.hub.clock.now())
    reply = ask(office, office.signer)
    assert (reply.status_code, refusal(reply)) == (403, "kiosk-not-approved")


def test_nobody_enrols_keys_they_do_not_hold(office):
    holder, thief = a_signer(now=office.hub.clock.now), a_signer(now=office.hub.clock.now)
    reply = office.as_kiosk(thief).post("/v1/kiosks", json=holder.enrolment.model_dump())
    assert (reply.status_code, refusal(reply)) == (401, "signature-wrong")


@pytest.mark.parametrize("key", ["", "c2hvcnQ=", "*"])
@pytest.mark.parametrize("which", ["signing_key", "receiving_key"])
def test_keys_that_are_none_are_refused(office, which, key):
    signer = a_signer(now=office.hub.clock.now)
    enrolment = signer.enrolment.model_copy(update={which: key})
    client = office.as_kiosk(type(signer)(signer.keys, enrolment, signer.time))
    assert client.post("/v1/kiosks", json=enrolment.model_dump()).status_code in (401, 422)


def test_the_same_request_comes_once_only(office):
    asked = Outgoing("POST", "/v1/sittings", {"Content-Type": "application/json"}, json.dumps(CARD).encode())
    headers = office.signer.headers(asked)
    client = office.as_kiosk(None)
    assert refusal(client.post("/v1/sittings", headers=headers, data=asked.body)) == "unknown-resident"
    assert refusal(client.post("/v1/sittings", headers=headers, data=asked.body)) == "replayed"
    office.later(minutes=6)
    assert refusal(client.post("/v1/sittings", headers=headers, data=asked.body)) == "clock-wrong"


def test_a_changed_body_or_address_is_refused(office):
    assert refusal(ask(office, office.signer, body=b"{}")) == "signature-wrong"
    assert refusal(ask(office, office.signer, path="/v1/sittings?x=1")) == "signature-wrong"
    assert refusal(ask(office, office.signer, headers={"Kiosk-Sitting": "another"})) == "signature-wrong"


def test_a_kiosk_with_a_wrong_clock_learns_the_countys(office):
    late = a_signer(office.signer.keys, lambda: office.hub.clock.now() - timedelta(minutes=10))
    reply = ask(office, late)
    assert (reply.status_code, refusal(reply)) == (401, "clock-wrong")
    assert "here it is" in reply.json["detail"]


def test_a_sitting_belongs_to_the_kiosk_it_was_opened_at(office):
    sitting = office.sitting_of("王秀英")
    office.client = office.as_kiosk(office.kiosk("kiosk-02"))
    assert refusal(office.ask("insurance", sitting)) == "sitting-ended"
    office.client.delete("/v1/sittings/current", headers={"Kiosk-Sitting": sitting})
    office.client = office.as_kiosk(office.signer)
    assert office.ask("insurance", sitting).status_code == 200


def test_used_nonces_are_kept_no_longer_than_they_count(office):
    for _ in range(3):
        ask(office, office.signer)
    office.later(minutes=30)
    ask(office, office.signer)
    assert dict(all_chores(office.hub.store, office.hub.clock))["nonces"] == 3
    with office.hub.store.reading() as connection:
        assert connection.scalar(select(func.count()).select_from(models.nonces)) == 1


def test_too_many_unknown_kiosks_do_not_fill_the_registry(office):
    with office.hub.store.writing() as connection:
        rows = [waiting_row(number, office.hub.clock.now()) for number in range(kiosks.PENDING_AT_MOST)]
        connection.execute(insert(models.kiosks), rows)
    signer = a_signer(now=office.hub.clock.now)
    reply = office.as_kiosk(signer).post("/v1/kiosks", json=signer.enrolment.model_dump())
    assert (reply.status_code, refusal(reply)) == (403, "kiosk-not-approved")
    office.later(days=31)
    assert office.as_kiosk(signer).post("/v1/kiosks", json=signer.enrolment.model_dump()).json["state"] == "pending"


def test_a_fingerprint_in_the_settings_is_approved_at_once(open_office):
    signer = a_signer()
    office = open_office(approved=(signer.enrolment.fingerprint,))
    assert office.as_kiosk(signer).post("/v1/kiosks", json=signer.enrolment.model_dump()).json["state"] == "approved"


def test_an_officer_lists_approves_and_withdraws(office):
    settings, signer = office.hub.settings, office.kiosk("waiting", approved=False)
    mine = signer.enrolment.fingerprint
    assert f"{mine}  pending" in "\n".join(ACTS["kiosks"](settings, []))
    assert ACTS["approve"](settings, [mine]) == [f"{mine}  approved"]
    assert refusal(ask(office, signer)) == "unknown-resident"
    assert ACTS["withdraw"](settings, [mine]) == [f"{mine}  withdrawn"]
    with pytest.raises(NoSuchKiosk, match="0000"):
        ACTS["approve"](settings, ["0000-0000-0000-0000"])
    with pytest.raises(ValueError, match="fingerprint"):
        ACTS["approve"](settings, [])
