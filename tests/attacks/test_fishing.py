"""Attempts 25, 27, 31, 36, 37: an enrolled kiosk, stolen or hostile, with keys that are good, goes fishing."""

from __future__ import annotations

import secrets
import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import insert, select, update

from contract.codes import StaffRole
from contract.operation import Asker
from contract.operations import OPERATIONS
from county.card_authentications import OF_A_CARD, OF_A_KIOSK
from county.models import card_authentications, cards, sittings
from county.trust.counting import GUESSES_OF_A_KIOSK, UNKNOWN_OF_A_KIOSK

PERSONAL = ("insurance", "contributions?year=2025", "eligibility", "pension", "cases",
            "fingerprint-template?purpose=eligibility_verification&consent=1")  # fmt: skip


def kind(reply) -> str:
    return reply.json["type"]


def test_without_proof_a_kiosk_reaches_as_many_residents_in_an_hour_as_the_county_grants_and_not_one_more(open_town):
    """Everything that stands on every card is in the thief's hands; no card proves itself."""
    town = open_town(unproven_of_a_kiosk=30)
    names = [name for name, person in town.people.items() if not person["special"]][:40]
    assert [town.insert_card(name, proven=True).status_code for name in names] == [201] * 30 + [429] * 10
    with town.hub.store.reading() as connection:
        assert [row.proven for row in connection.execute(select(sittings))] == [False] * 30
    town.later(hours=1, minutes=1)
    assert town.insert_card("李伟").status_code == 201, "the next hour has its own share"


def test_a_county_that_grants_nothing_to_cards_without_proof_opens_nothing_for_them(open_town):
    town = open_town(unproven_of_a_kiosk=0)
    assert kind(town.insert_card("李伟")) == "too-many-cards"
    assert kind(town.insert_card("李伟", proven=True)) == "too-many-cards", "its own word proves nothing"


def test_one_resident_is_not_asked_for_again_and_again_by_many_kiosks(fresh_town):
    town, most = fresh_town, fresh_town.hub.settings.unproven_of_a_resident
    thieves = [town.as_kiosk(town.kiosk(f"thief-{number}")) for number in range(4)]
    told = []
    for number in range(most + 4):
        town.client = thieves[number % 4]
        told.append(town.insert_card("李伟").status_code)
    assert told == [201] * most + [429] * 4
    town.later(hours=25)
    assert town.insert_card("李伟").status_code == 201


def test_what_the_chip_says_must_belong_together_and_wrong_cards_are_few(fresh_town):
    town = fresh_town
    assert kind(town.insert_card("李伟", identification="0" * 32)) == "unknown-resident"
    told = [kind(town.insert_card("李伟", card_number=f"{number:09}")) for number in range(UNKNOWN_OF_A_KIOSK + 5)]
    assert told == ["unknown-resident"] * (UNKNOWN_OF_A_KIOSK - 1) + ["too-many-cards"] * 6
    assert kind(town.insert_card("王秀英")) == "too-many-cards", "nor does a right one help it in this hour"
    town.client = town.as_kiosk(town.kiosk("honest"))
    assert town.insert_card("王秀英").status_code == 201


def test_proven_is_only_who_was_answered_for_this_card_in_this_insertion_at_this_kiosk(fresh_town):
    town = fresh_town
    person = town.people["李伟"]["card"]["identification"]
    challenge = {"factor": "0" * 16, "original": "1" * 16}
    asked = {
        "region": "510521", "atr_history": "", "algorithm": "01", "identification": person, "inner": challenge,
        "insertion": uuid.uuid4().hex,
    }  # fmt: skip
    assert town.client.post("/v1/card-authentications", json=asked).status_code == 200
    for other in ({}, {"insertion": uuid.uuid4().hex}, {"insertion": asked["insertion"]}):
        town.insert_card("王秀英" if other.get("insertion") == asked["insertion"] else "李伟", proven=True, **other)
    town.insert_card("李伟", proven=True, insertion=asked["insertion"])
    town.client = town.as_kiosk(town.kiosk("other"))
    town.insert_card("李伟", proven=True, insertion=asked["insertion"])
    with town.hub.store.reading() as connection:
        rows = connection.execute(select(sittings.c.kiosk, sittings.c.insertion).where(sittings.c.proven)).all()
    assert rows == [(town.signer.enrolment.key_id, asked["insertion"])]


def test_attempt_31_a_hundred_readings_of_a_card_in_a_minute_and_more_cards_than_an_hour_has(fresh_town):
    town = fresh_town
    challenge = {"factor": "0" * 16, "original": "1" * 16}

    def read(identification):
        asked = {
            "region": "510521", "atr_history": "", "algorithm": "01", "identification": identification,
            "inner": challenge, "insertion": uuid.uuid4().hex,
        }  # fmt: skip
        return town.client.post("/v1/card-authentications", json=asked).status_code

    told = [read("A" * 32) for _ in range(OF_A_CARD + 5)]
    assert told == [200] * OF_A_CARD + [429] * 5
    row = {"kiosk": town.signer.enrolment.key_id, "at": town.hub.clock.now()}
    others = [row | {"insertion": f"{number:08}", "card": f"{number}"} for number in range(OF_A_KIOSK - OF_A_CARD - 1)]
    with town.hub.store.writing() as connection:
        connection.execute(insert(card_authentications), others)
    assert [read("B" * 32), read("C" * 32)] == [200, 429]


def test_guessing_sittings_is_throttled_and_the_guesser_learns_nothing(fresh_town):
    town = fresh_town
    mine, thief = town.sitting_of("王秀英"), town.kiosk("thief")
    town.client = town.as_kiosk(thief)
    answers = {town.ask("insurance", secrets.token_hex(16)).get_data() for _ in range(GUESSES_OF_A_KIOSK)}
    assert len(answers) == 1, "every guess is told the same"
    assert kind(town.ask("insurance", secrets.token_hex(16))) == "too-many-tries"
    assert kind(town.ask("insurance", mine)) == "too-many-tries", "and a right one is not told apart either"
    town.client = town.as_kiosk(town.signer)
    assert town.ask("insurance", mine).status_code == 200, "nobody else is held up"
    town.client = town.as_kiosk(thief)
    town.later(hours=1, minutes=1)
    assert kind(town.ask("insurance", secrets.token_hex(16))) == "sitting-ended"


def test_an_honest_kiosk_may_name_a_sitting_that_ended_as_often_as_it_likes(fresh_town):
    town = fresh_town
    mine = town.sitting_of("王秀英")
    town.client.delete("/v1/sittings/current", headers={"Kiosk-Sitting": mine})
    assert {kind(town.ask("insurance", mine)) for _ in range(GUESSES_OF_A_KIOSK + 5)} == {"sitting-ended"}


@pytest.mark.parametrize("path", PERSONAL)
def test_attempt_27_nobody_asks_for_somebody_else_by_any_parameter(fresh_town, path):
    """The answer is about whoever sits there, whatever number, name or reference is added."""
    town = fresh_town
    mine = town.sitting_of("王秀英")
    other = town.insert_card("李伟").json
    plain = town.ask(path, mine)
    joint = "&" if "?" in path else "?"
    for extra in (
        f"social_security_no={town.people['李伟']['number']}", f"resident={other['reference']}", "resident=1", "id=2",
    ):  # fmt: skip
        reply = town.ask(f"{path}{joint}{extra}", mine)
        assert (reply.status_code, _told(reply)) == (plain.status_code, _told(plain))


def _told(reply):
    """Without what is sealed anew each time."""
    return [finger["finger"] for finger in reply.json["fingers"]] if "format" in reply.json else reply.json


def test_attempt_27_no_personal_address_names_anybody():
    for row in OPERATIONS:
        if row.asker is Asker.SITTING:
            assert "{" not in row.path, row.path
            assert {one.name for one in row.parameters} <= {"year", "purpose", "consent"}, row.path
        assert "sitting" not in "".join(one.name for one in row.parameters if one.place != "header")


def test_attempt_27_a_sitting_never_travels_in_an_address(fresh_town):
    mine = fresh_town.sitting_of("王秀英")
    for path in (f"insurance?sitting={mine}", f"insurance?Kiosk-Sitting={mine}"):
        assert kind(fresh_town.ask(path, "")) == "sitting-ended"


def test_attempt_25_a_submissions_number_guessed_at_another_kiosk_tells_nothing(fresh_town):
    town = fresh_town
    sitting = town.sitting_of("王秀英")
    mine = town.envelope(town.appointment("王秀英"))
    answered = town.deliver(mine, sitting).json
    town.client = town.as_kiosk(town.kiosk("thief"))
    theirs = town.sitting_of("李伟")
    reply = town.deliver(town.envelope(town.appointment("李伟"), submission_id=mine.submission_id), theirs)
    assert (reply.status_code, kind(reply)) == (422, "idempotency-key-reused")
    assert answered["result_number"] not in reply.text
    assert "王秀英" not in reply.text


@pytest.mark.parametrize("version", ["1.00", "2.00", "3.00"])
@pytest.mark.parametrize(("status", "reason"), [("lost", "card-lost"), ("cancelled", "card-cancelled")])
def test_a_lost_or_cancelled_card_opens_nothing_whatever_its_version_and_from_the_moment_it_is_known(
    fresh_town, version, status, reason
):
    town = fresh_town
    assert town.insert_card("李伟", card_version=version).status_code == 201
    number = town.people["李伟"]["card_number"]
    with town.hub.store.writing() as connection:
        changed = update(cards).where(cards.c.number == number)
        connection.execute(changed.values(status=status, version=version))
    for proven in (False, True):
        reply = town.insert_card("李伟", card_version=version, proven=proven)
        assert (reply.status_code, kind(reply)) == (403, reason)


def test_attempt_37_two_kiosks_verify_the_same_person_at_once_and_one_of_them_is_told(fresh_town):
    town, delivered = fresh_town, []
    for number in range(2):
        signer = town.kiosk(f"hall-{number}")
        town.client = town.as_kiosk(signer)
        sitting = town.sitting_of("王秀英")
        evidence = town.envelope(
            town.signed(town.evidence("王秀英", sitting, kiosk_key=signer.enrolment.key_id), "", signer)
        )
        delivered.append((signer, evidence, sitting))

    def deliver(one):
        signer, envelope, sitting = one
        told = {"Idempotency-Key": envelope.submission_id, "Kiosk-Sitting": sitting}
        return town.as_kiosk(signer).post(envelope.kind.path, data=envelope.model_dump_json(), headers=told).json

    with ThreadPoolExecutor(2) as both:
        answers = list(both.map(deliver, delivered))
    assert sorted(answer["status"] for answer in answers) == ["accepted", "already_valid"], answers


def test_attempt_29_whether_an_account_exists_shows_neither_in_words_nor_in_work(fresh_town):
    """A name nobody has costs the same password check; it locks the same way, and locks nobody else out."""
    town = fresh_town
    town.add_staff("zhen", StaffRole.CLERK)
    town.add_staff("ling", StaffRole.CLERK)
    told = {name: [town.try_sign_in(name, "x" * 12) for _ in range(6)] for name in ("zhen", "jia")}
    assert [reply.json for reply in told["zhen"]] == [reply.json for reply in told["jia"]]
    assert kind(told["jia"][-1]) == "account-locked"
    assert town.try_sign_in("ling").status_code == 201
