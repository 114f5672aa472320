"""Accounts of staff: personal, locked after five wrong tries, ended by idle time (reference/domain.md §7.3)."""

import threading

import pytest
from sqlalchemy import select

from contract.codes import StaffRole
from contract.staff import StaffSession
from county import models
from county.accounts import AccountRefused, add_account

PASSWORD = "chang-mima-2026"
WRONG = "falsche-mima-2026"


@pytest.fixture
def clerk(empty_office):
    empty_office.add_staff("chuangkou", StaffRole.CLERK)
    return empty_office


def current(office, session):
    return office.client.get("/v1/staff/sessions/current", headers={"Staff-Session": session})


def reason(reply):
    return reply.status_code, reply.json["type"]


def test_the_right_password_opens_a_session(clerk):
    reply = clerk.try_sign_in("chuangkou")
    session = StaffSession.model_validate_json(reply.data)
    assert reply.status_code == 201
    assert (session.account, session.roles, session.areas) == ("chuangkou", (StaffRole.CLERK,), ("510521",))
    assert current(clerk, session.session).json["name"] == "chuangkou甲"


def test_neither_password_nor_session_is_kept_in_the_clear(clerk):
    session = clerk.try_sign_in("chuangkou").json["session"]
    with clerk.hub.store.reading() as connection:
        (account,) = connection.execute(select(models.accounts)).all()
        (kept,) = connection.execute(select(models.staff_sessions)).all()
    assert account.password_hash.startswith("$argon2id$")
    assert PASSWORD not in account.password_hash
    assert session not in map(str, kept)


def test_a_wrong_password_and_an_unknown_account_look_alike(clerk):
    wrong, unknown = clerk.try_sign_in("chuangkou", WRONG), clerk.try_sign_in("nobody")
    assert reason(wrong) == reason(unknown) == (401, "wrong-sign-in")
    assert wrong.json == unknown.json


@pytest.mark.parametrize("account", ["chuangkou", "nobody"])
def test_five_wrong_tries_lock_the_account_even_for_the_right_password(clerk, account):
    for _ in range(5):
        assert reason(clerk.try_sign_in(account, WRONG)) == (401, "wrong-sign-in")
    assert reason(clerk.try_sign_in(account)) == (403, "account-locked")
    clerk.later(minutes=14)
    assert reason(clerk.try_sign_in(account)) == (403, "account-locked")


def test_the_lock_ends_a_quarter_of_an_hour_after_the_wrong_tries(clerk):
    for _ in range(5):
        clerk.try_sign_in("chuangkou", WRONG)
    clerk.try_sign_in("chuangkou")
    clerk.later(minutes=15, seconds=1)
    assert clerk.try_sign_in("chuangkou").status_code == 201


def test_a_lock_concerns_one_account_only(clerk):
    clerk.add_staff("bianji", StaffRole.EDITOR)
    for _ in range(5):
        clerk.try_sign_in("chuangkou", WRONG)
    assert clerk.try_sign_in("bianji").status_code == 201


def test_a_right_password_forgives_earlier_slips(clerk):
    for _ in range(3):
        for _ in range(4):
            clerk.try_sign_in("chuangkou", WRONG)
        assert clerk.try_sign_in("chuangkou").status_code == 201


def test_tries_made_at_the_same_time_all_count(clerk):
    statuses = []

    def guess():
        asked = {"account": "chuangkou", "password": WRONG}
        statuses.append(clerk.as_kiosk(clerk.signer).post("/v1/staff/sessions", json=asked).status_code)

    guesses = [threading.Thread(target=guess) for _ in range(12)]
    for each in guesses:
        each.start()
    for each in guesses:
        each.join()
    assert sorted(statuses) == [401] * 5 + [403] * 7


def test_a_session_ends_after_fifteen_idle_minutes(clerk):
    session = clerk.try_sign_in("chuangkou").json["session"]
    clerk.later(minutes=14)
    assert current(clerk, session).status_code == 200
    clerk.later(minutes=28)
    assert current(clerk, session).status_code == 200
    clerk.later(minutes=43, seconds=30)
    assert reason(current(clerk, session)) == (401, "not-signed-in")


def test_a_session_ends_after_ten_hours_however_busy(clerk):
    session = clerk.try_sign_in("chuangkou").json["session"]
    for minutes in range(10, 600, 10):
        clerk.later(minutes=minutes)
        assert current(clerk, session).status_code == 200
    clerk.later(minutes=600, seconds=5)
    assert reason(current(clerk, session)) == (401, "not-signed-in")


def test_signing_out_ends_it_and_twice_is_as_good(clerk):
    session = clerk.try_sign_in("chuangkou").json["session"]
    for _ in range(2):
        assert clerk.client.delete("/v1/staff/sessions/current", headers={"Staff-Session": session}).status_code == 204
    assert reason(current(clerk, session)) == (401, "not-signed-in")


@pytest.mark.parametrize("session", ["", "0" * 32])
def test_without_a_session_nobody_is_signed_in(clerk, session):
    assert reason(current(clerk, session)) == (401, "not-signed-in")
    assert reason(clerk.client.get("/v1/staff/display-items", headers={"Staff-Session": session})) == (
        401,
        "not-signed-in",
    )


def set_password(office, who, account, password=WRONG):
    return office.client.post("/v1/staff/passwords", json={"account": account, "password": password}, headers=who)


def test_an_administrator_gives_a_new_password_which_lifts_the_lock_and_ends_sessions(clerk):
    session = clerk.try_sign_in("chuangkou").json["session"]
    for _ in range(5):
        clerk.try_sign_in("chuangkou", "guess-guess-guess")
    administrator = clerk.employ("guanli", StaffRole.ADMINISTRATOR)
    assert set_password(clerk, administrator, "chuangkou").status_code == 204
    assert current(clerk, session).status_code == 401
    assert clerk.try_sign_in("chuangkou", PASSWORD).status_code == 401
    assert clerk.try_sign_in("chuangkou", WRONG).status_code == 201


def test_nobody_resets_their_own_password_here(clerk):
    administrator = clerk.employ("guanli", StaffRole.ADMINISTRATOR)
    assert reason(set_password(clerk, administrator, "guanli")) == (403, "own-work")


def test_only_an_administrator_of_the_area_resets_and_only_long_passwords(clerk):
    editor = clerk.employ("bianji", StaffRole.EDITOR)
    assert reason(set_password(clerk, editor, "chuangkou")) == (403, "role-missing")
    elsewhere = clerk.employ("guanli2", StaffRole.ADMINISTRATOR, areas=("510522",))
    assert reason(set_password(clerk, elsewhere, "chuangkou")) == (403, "outside-area")
    administrator = clerk.employ("guanli", StaffRole.ADMINISTRATOR)
    assert reason(set_password(clerk, administrator, "chuangkou", "short")) == (422, "malformed")
    assert reason(set_password(clerk, administrator, "nobody")) == (404, "not-found")
    assert clerk.try_sign_in("chuangkou").status_code == 201


@pytest.mark.parametrize(
    ("account", "areas", "password", "words"),
    [
        ("chuangkou", ("510521",), PASSWORD, "exists already"),
        ("xin", ("510521",), "short", "at least 10"),
        ("", ("510521",), PASSWORD, "1 to 64"),
        ("x" * 65, ("510521",), PASSWORD, "1 to 64"),
        ("a b", ("510521",), PASSWORD, "1 to 64"),
        ("xin", (), PASSWORD, "area"),
        ("xin", ("51",), PASSWORD, "area"),
        ("xin", ("",), PASSWORD, "area"),
    ],
)
def test_an_account_that_cannot_be_is_refused_with_words(clerk, account, areas, password, words):
    with pytest.raises(AccountRefused, match=words):
        add_account(clerk.hub.store, account, "甲", [StaffRole.CLERK], areas, password)


def test_an_account_holds_known_roles_only(clerk):
    with pytest.raises(ValueError, match="emperor"):
        add_account(clerk.hub.store, "xin", "甲", ["emperor"], ("510521",), PASSWORD)
