"""A resident ID card or a code of an electronic card opens a sitting where the county says so, for what it says."""

from __future__ import annotations

import threading
import uuid
from dataclasses import replace

import pytest
from sqlalchemy import select

from contract.credentials import Worth
from contract.development import town_code
from contract.residents import Sitting
from county.app import create_app
from county.credentials.codes import AskedElsewhere, open_codes
from county.models import kiosk_tries, nonces, sittings
from county.settings import HubSettings, SettingsError, Stage
from county.trust.counting import WASTED_OF_A_KIOSK
from tests.signing import SigningClient

GRANTED = {"demo_seed": 1, "electronic_codes": "town", "worth_of_codes": "card", "worth_of_id_cards": "card"}


class Counter:
    """A hall's reader and scanner before the county."""

    def __init__(self, office, client=None) -> None:
        self.office, self.client = office, client or office.client

    def lay(self, name, /, **other):
        shown = {
            "social_security_no": self.office.people[name]["number"],
            "name": name,
            "presentation": uuid.uuid4().hex,
        }
        return self.client.post("/v1/sittings/id-card", json=shown | other)

    def show(self, code):
        shown = {"code": code, "presentation": uuid.uuid4().hex}
        return self.client.post("/v1/sittings/electronic-code", json=shown)

    def code_of(self, name, turn=1):
        return town_code(self.office.people[name]["card"]["identification"], turn)


@pytest.fixture
def counter(open_office):
    return Counter(open_office(**GRANTED))


def kind(reply):
    return (reply.status_code, reply.json.get("type", ""))


def kinds_tried(office):
    with office.hub.store.reading() as connection:
        return list(connection.scalars(select(kiosk_tries.c.kind).order_by(kiosk_tries.c.number)))


def test_an_id_card_opens_the_sitting_of_its_holder_and_says_what_it_is_worth(counter):
    told = Sitting.model_validate_json(counter.lay("李伟").data)
    assert (told.name, told.worth, told.social_security_no) == ("李伟", Worth.CARD, "")
    reply = counter.office.ask("insurance", told.sitting)
    assert (reply.status_code, reply.headers["Resident-Reference"]) == (200, told.reference)
    with counter.office.hub.store.reading() as connection:
        assert connection.execute(select(sittings.c.proven)).scalars().all() == [False]
    assert kinds_tried(counter.office) == ["id_card"]


def test_it_ends_after_ten_minutes_and_belongs_to_its_kiosk_like_any_other(counter):
    token = counter.lay("李伟").json["sitting"]
    other = counter.office.as_kiosk(counter.office.kiosk("kiosk-02"))
    assert other.get("/v1/residents/me/insurance", headers={"Kiosk-Sitting": token}).status_code == 401
    counter.office.later(minutes=10, seconds=1)
    assert counter.office.ask("insurance", token).status_code == 401


def test_number_and_name_must_belong_together_and_neither_is_said_to_be_wrong(counter):
    known = {"social_security_no": counter.office.people["李伟"]["number"]}
    nobody = {"social_security_no": "510599190001010011"}
    assert kind(counter.lay("王秀英", **known)) == kind(counter.lay("李伟", **nobody)) == (404, "unknown-resident")
    assert kinds_tried(counter.office) == ["id_unknown", "id_unknown"]


@pytest.mark.parametrize("written", ["古丽•买买提", "古丽 · 买买提", "古丽买买提", "古丽．买买提"])
def test_a_name_is_the_same_however_its_dot_is_written(counter, written):
    number = counter.office.people["古丽·买买提"]["number"]
    assert counter.lay("古丽·买买提", social_security_no=number, name=written).status_code == 201


def test_who_lost_the_social_security_card_may_come_with_the_id_card(counter):
    assert counter.lay("马超").status_code == 201


def test_a_code_opens_one_sitting_and_tells_the_number_that_no_reader_read(counter):
    told = Sitting.model_validate_json(counter.show(counter.code_of("王秀英")).data)
    assert (told.name, told.worth) == ("王秀英", Worth.CARD)
    assert told.social_security_no == counter.office.people["王秀英"]["number"]
    assert counter.office.ask("insurance", told.sitting).status_code == 200
    assert kinds_tried(counter.office) == ["code"]


def test_a_code_is_answered_once_at_whatever_kiosk(counter):
    code = counter.code_of("王秀英")
    assert counter.show(code).status_code == 201
    elsewhere = Counter(counter.office, counter.office.as_kiosk(counter.office.kiosk("kiosk-02")))
    assert kind(counter.show(code)) == kind(elsewhere.show(code)) == (403, "code-refused")
    assert counter.show(counter.code_of("王秀英", turn=2)).status_code == 201


def test_at_once_from_two_kiosks_a_code_is_answered_once(counter):
    code, met, codes = counter.code_of("王秀英"), [], threading.Barrier(2)
    others = [Counter(counter.office, counter.office.as_kiosk(counter.office.kiosk(f"k-{n}"))) for n in range(2)]

    def show(one):
        codes.wait(30)
        met.append(one.show(code).status_code)

    threads = [threading.Thread(target=show, args=(one,)) for one in others]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(met) == [201, 403]


def test_a_code_that_is_nobodys_used_or_odd_is_refused_with_one_word(counter):
    for code in ("9F3A77C2E15B0D64", "TOWN", "TOWN0000000001" + "A" * 50, counter.code_of("李伟").lower()):
        assert kind(counter.show(code)) == (403, "code-refused")
    for odd in ("", "码", "a\tb", "9" * 4097):
        assert kind(counter.show(odd)) == (422, "malformed")


def test_the_code_itself_is_nowhere_in_the_database(counter):
    code = counter.code_of("王秀英")
    counter.show(code)
    with counter.office.hub.store.reading() as connection:
        kept = [str(row) for table in (nonces, sittings, kiosk_tries) for row in connection.execute(select(table))]
    assert len(kept) > 2
    assert not [row for row in kept if code in row]


@pytest.mark.parametrize(("name", "reason"), [("马超", "card-lost"), ("朱琳", "card-cancelled")])
def test_the_code_beside_a_lost_or_cancelled_card_opens_nothing(counter, name, reason):
    assert kind(counter.show(counter.code_of(name))) == (403, reason)


def test_a_county_takes_neither_unless_it_says_so(office):
    counter = Counter(office)
    assert kind(counter.lay("李伟")) == kind(counter.show(counter.code_of("李伟"))) == (404, "not-found")
    assert kinds_tried(office) == []
    assert office.insert_card("李伟").json["worth"] is None


def test_worth_is_what_the_county_set(open_office):
    counter = Counter(open_office(**GRANTED | {"worth_of_id_cards": "open", "worth_of_codes": "pin"}))
    assert counter.lay("李伟").json["worth"] == "open"
    assert counter.show(counter.code_of("李伟")).json["worth"] == "pin"
    closed = Counter(open_office(**GRANTED | {"worth_of_codes": "none"}))
    assert kind(closed.show(closed.code_of("李伟"))) == (404, "not-found")


def test_both_count_as_cards_that_prove_nothing_for_kiosk_and_resident(open_office):
    counter = Counter(open_office(**GRANTED, unproven_of_a_kiosk=3, unproven_of_a_resident=2))
    assert counter.lay("李伟").status_code == 201
    assert counter.show(counter.code_of("李伟")).status_code == 201
    for refused in (counter.lay("李伟"), counter.show(counter.code_of("李伟", 2)), counter.office.insert_card("李伟")):
        assert kind(refused) == (429, "too-many-cards")
    assert counter.lay("王秀英").status_code == 201
    assert kind(counter.lay("张国华")) == (429, "too-many-cards")


def test_none_are_opened_where_nothing_unproven_is_taken(open_office):
    counter = Counter(open_office(**GRANTED, unproven_of_a_kiosk=0))
    assert kind(counter.lay("李伟")) == kind(counter.show(counter.code_of("李伟"))) == (429, "too-many-cards")


def test_whoever_shows_nonsense_stops_that_way_and_no_other(counter):
    for number in range(WASTED_OF_A_KIOSK):
        assert kind(counter.show(f"payment code {number}")) == (403, "code-refused")
    assert kind(counter.show(counter.code_of("李伟"))) == (429, "too-many-cards")
    assert counter.lay("李伟").status_code == counter.office.insert_card("李伟").status_code == 201
    counter.office.later(hours=1, minutes=1)
    assert counter.show(counter.code_of("李伟")).status_code == 201


class Issuer:
    """A county's own system, and what is wrong with it."""

    def __init__(self, told=None, fault="") -> None:
        self.told, self.fault, self.asked = told, fault, []

    def holder_of(self, code):
        self.asked.append(code)
        if self.fault == "broken":
            raise ConnectionResetError(code)
        if self.fault == "silent":
            threading.Event().wait(5)
        return self.told


def before(office, issuer, seconds=20.0):
    """The office with a system of its own behind it."""
    app = create_app(replace(office.hub, codes=AskedElsewhere(issuer, seconds)))
    app.test_client_class = SigningClient
    client = app.test_client()
    client.signer = office.signer
    return Counter(office, client)


def test_the_countys_own_system_is_asked_once_with_the_code_as_it_was_scanned(counter):
    issuer = Issuer(counter.office.people["李伟"]["number"])
    own = before(counter.office, issuer)
    assert own.show("opaque ~ 123").json["name"] == "李伟"
    assert kind(own.show("opaque ~ 123")) == (403, "code-refused")
    assert issuer.asked == ["opaque ~ 123"]


@pytest.mark.parametrize(("issuer", "expected"), [
    (Issuer(fault="broken"), (503, "backend-unavailable")), (Issuer(42), (503, "backend-unavailable")),
    (Issuer(None), (403, "code-refused")), (Issuer("nobody"), (404, "unknown-resident")),
])  # fmt: skip
def test_what_goes_wrong_there_is_told_in_one_word_and_logged_without_the_code(counter, caplog, issuer, expected):
    reply = before(counter.office, issuer).show("opaque-1")
    assert kind(reply) == expected
    assert "opaque-1" not in caplog.text


def test_a_silent_system_is_given_up(counter):
    assert kind(before(counter.office, Issuer(fault="silent"), 0.2).show("opaque-1")) == (503, "backend-unavailable")


@pytest.mark.parametrize("archive", ["sqlite"], indirect=True)
@pytest.mark.parametrize("other", [
    {"electronic_codes": "town", "stage": Stage.PRODUCTION}, {"electronic_codes": "somebody"},
    {"electronic_codes": "python:nowhere:factory"}, {"electronic_codes": "python:builtins:object"},
])  # fmt: skip
def test_a_setting_that_names_nobody_is_refused_at_start(empty_office, other):
    settings = empty_office.hub.settings.model_copy(update=other)
    with pytest.raises(SettingsError, match=r"hub\.electronic_codes"):
        open_codes(settings, empty_office.hub.store)


def test_an_id_card_is_never_worth_a_pin():
    with pytest.raises(ValueError, match="worth_of_id_cards"):
        HubSettings(worth_of_id_cards=Worth.PIN)
