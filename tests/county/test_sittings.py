"""A sitting is the only way to personal data: opened by a card, ended by the clock or by the card leaving."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from contract.residents import Sitting
from county import models
from county.chores import all_chores

PERSONAL = ("insurance", "contributions?year=2025", "eligibility",
            "fingerprint-template?purpose=eligibility_verification&consent=1")  # fmt: skip


def test_a_card_opens_a_sitting_with_the_holders_name(office):
    before = office.hub.clock.now()
    reply = office.insert_card("李伟")
    sitting = Sitting.model_validate_json(reply.data)
    assert reply.status_code == 201
    assert sitting.name == "李伟"
    assert len(sitting.sitting) == 32
    assert before < sitting.ends_at <= office.hub.clock.now() + timedelta(minutes=10)
    assert reply.headers["Cache-Control"] == "no-store"


def test_the_reference_is_stable_and_tells_nothing(office):
    first, second = (office.insert_card("李伟").json for _ in range(2))
    other = office.insert_card("王秀英").json
    assert first["reference"] == second["reference"] != other["reference"]
    assert first["sitting"] != second["sitting"]
    assert office.people["李伟"]["number"] not in first["reference"]


def test_the_token_itself_is_nowhere_in_the_database(office):
    token = office.sitting_of("李伟")
    with office.hub.store.reading() as connection:
        (row,) = connection.execute(select(models.sittings)).all()
    assert token not in map(str, row)


@pytest.mark.parametrize(("name", "status", "reason"), [("马超", 403, "card-lost"), ("朱琳", 403, "card-cancelled")])
def test_a_lost_or_cancelled_card_opens_nothing(office, name, status, reason):
    reply = office.insert_card(name)
    assert (reply.status_code, reply.json["type"]) == (status, reason)
    assert reply.content_type == "application/problem+json"


def test_an_unknown_resident_and_a_card_of_somebody_else_look_alike(office):
    stranger = office.insert_card("李伟", social_security_no="510599190001010011")
    borrowed = office.insert_card("李伟", card_number=office.people["王秀英"]["card_number"])
    assert stranger.status_code == borrowed.status_code == 404
    assert stranger.json == borrowed.json
    assert stranger.json["type"] == "unknown-resident"


@pytest.mark.parametrize("path", PERSONAL)
def test_without_a_live_sitting_nothing_personal_is_told(office, path):
    for token in ("", "0" * 32, "wang-xiuying"):
        reply = office.ask(path, token)
        assert (reply.status_code, reply.json["type"]) == (401, "sitting-ended")


@pytest.mark.parametrize("path", PERSONAL)
def test_after_ten_minutes_the_sitting_has_ended(office, path):
    sitting = office.sitting_of("王秀英")
    office.later(minutes=9, seconds=50)
    assert office.ask(path, sitting).status_code == 200
    office.later(minutes=10, seconds=1)
    assert office.ask(path, sitting).status_code == 401


def test_when_the_card_leaves_the_sitting_is_closed_and_closing_twice_is_fine(office):
    mine, other = office.sitting_of("王秀英"), office.sitting_of("李伟")
    for _ in range(2):
        reply = office.client.delete("/v1/sittings/current", headers={"Kiosk-Sitting": mine})
        assert reply.status_code == 204
    assert office.ask("insurance", mine).status_code == 401
    assert office.ask("insurance", other).status_code == 200


def test_old_sittings_are_swept_away(office):
    office.sitting_of("李伟")
    office.later(days=8)
    office.sitting_of("李伟")
    assert dict(all_chores(office.hub.store, office.hub.clock))["sittings"] == 1
    with office.hub.store.reading() as connection:
        assert len(connection.execute(select(models.sittings)).all()) == 1


def test_a_card_message_without_its_number_is_refused(office):
    reply = office.client.post("/v1/sittings", json={"card_number": "A1"})
    assert reply.status_code == 422
    assert "social_security_no" in reply.json["detail"]


def test_ends_at_carries_its_zone(office):
    assert datetime.fromisoformat(office.insert_card("李伟").json["ends_at"]).tzinfo is not None
