"""A kiosk comes by new keys: announced under the old ones, held by whoever announces them, both good for a while."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from contract.codes import KioskState
from contract.enrolment import prove_possession
from contract.residents import TEMPLATE_PURPOSE
from contract.sealing import unseal
from county.kiosks import settle
from county.models import kiosk_acts
from county.trust import new_keys
from kiosk.uplink.identity_keys import Signer
from tests.signing import a_signer
from tests.signing import new_keys as fresh_keys

PATH = "/v1/kiosks/current/keys"


def follower(office, signer=None) -> Signer:
    """A new pair for the kiosk of ``signer``."""
    signer, keys = signer or office.signer, fresh_keys()
    return Signer(keys, keys.enrolment(signer.enrolment.name, signer.enrolment.site), signer.time)


def announce(office, upcoming, by=None, **other):
    by = by or office.signer
    told = prove_possession(upcoming.keys.signing, by.enrolment.key_id, upcoming.enrolment)
    return office.as_kiosk(by).post(PATH, json=told.model_dump() | other)


def asks(office, signer) -> str:
    """What a kiosk hears that asks for its sitting; "" where it is served."""
    reply = office.as_kiosk(signer).delete("/v1/sittings/current", headers={"Kiosk-Sitting": "0" * 32})
    return "" if reply.status_code == 204 else reply.json["type"]


def test_both_pairs_are_good_for_a_week_and_then_the_new_one_alone(office):
    upcoming = follower(office)
    reply = announce(office, upcoming)
    assert reply.json == {
        "key_id": upcoming.enrolment.key_id, "fingerprint": upcoming.enrolment.fingerprint, "state": "approved",
    }  # fmt: skip
    assert asks(office, office.signer) == asks(office, upcoming) == ""
    office.later(seconds=new_keys.OVERLAP.total_seconds() + 1)
    assert asks(office, office.signer) == "kiosk-unknown"
    assert asks(office, upcoming) == ""


def test_a_sitting_outlives_the_change_and_templates_are_sealed_to_the_pair_that_asks(office):
    sitting, upcoming = office.sitting_of("王秀英"), follower(office)
    announce(office, upcoming)
    for signer, other in ((office.signer, upcoming), (upcoming, office.signer)):
        office.client = office.as_kiosk(signer)
        reply = office.ask("fingerprint-template?purpose=eligibility_verification&consent=1", sitting)
        assert reply.status_code == 200, reply.text
        sealed = reply.json["fingers"][0]["content"]
        assert unseal(sealed, signer.keys.receiving, TEMPLATE_PURPOSE)
        with pytest.raises(ValueError, match="sealed to another key"):
            unseal(sealed, other.keys.receiving, TEMPLATE_PURPOSE)


def test_an_answer_that_was_lost_is_given_again_to_either_pair(office):
    upcoming = follower(office)
    first = announce(office, upcoming).json
    assert announce(office, upcoming).json == first
    assert announce(office, upcoming, by=upcoming).json == first
    with office.hub.store.reading() as connection:
        acts = connection.scalars(select(kiosk_acts.c.act).where(kiosk_acts.c.act == new_keys.KEYS_RENEWED)).all()
    assert len(acts) == 1


def test_keys_that_somebody_else_has_or_that_nobody_proves_are_refused(office):
    other = office.kiosk("kiosk-02")
    assert announce(office, other).json["type"] == "keys-refused"
    stolen = prove_possession(fresh_keys().signing, office.signer.enrolment.key_id, follower(office).enrolment)
    for told in (stolen, stolen.model_copy(update={"possession": "*"}), stolen.model_copy(update={"signing_key": "*"})):
        reply = office.as_kiosk(office.signer).post(PATH, json=told.model_dump())
        assert (reply.status_code, reply.json["type"]) == (422, "keys-refused")
    # announced for another kiosk than the one that signs
    upcoming = follower(office)
    told = prove_possession(upcoming.keys.signing, other.enrolment.key_id, upcoming.enrolment)
    assert office.as_kiosk(office.signer).post(PATH, json=told.model_dump()).json["type"] == "keys-refused"


def test_a_pair_that_was_replaced_does_not_come_back(office):
    upcoming = follower(office)
    announce(office, upcoming)
    assert announce(office, office.signer, by=upcoming).json["type"] == "keys-refused"


def test_nobody_renews_without_end(office):
    signer = office.signer
    for _ in range(new_keys.GOOD_AT_ONCE - 1):
        upcoming = follower(office, signer)
        assert announce(office, upcoming, by=signer).status_code == 200
        signer = upcoming
    assert announce(office, follower(office, signer), by=signer).json["type"] == "keys-refused"
    office.later(days=8)
    assert announce(office, follower(office, signer), by=signer).status_code == 200


def test_withdrawn_is_every_pair_and_by_whichever_mark_it_is_named(office):
    upcoming, old_mark = follower(office), office.signer.enrolment.fingerprint
    announce(office, upcoming)
    with office.hub.store.writing() as connection:
        settle(connection, old_mark, KioskState.WITHDRAWN, "chen", office.hub.clock.now())
    assert asks(office, office.signer) == asks(office, upcoming) == "kiosk-not-approved"
    assert announce(office, follower(office), by=upcoming).json["type"] == "kiosk-not-approved"


def test_a_replaced_pair_that_enrols_anew_is_as_good_as_withdrawn(office):
    announce(office, follower(office))
    office.later(days=8)
    signer = a_signer(office.signer.keys, office.hub.clock.now)
    reply = office.as_kiosk(signer).post("/v1/kiosks", json=signer.enrolment.model_dump())
    assert reply.json["state"] == "withdrawn"
