"""What holds at every address: problems, limits, hosts, and what exists in development only."""

import sqlite3
from contextlib import closing
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import create_engine
from sqlalchemy.engine import make_url
from sqlalchemy.exc import OperationalError

from contract.feed import CountyPulse
from contract.message import CONTRACT_VERSION
from contract.problems import CONTENT_TYPE, Problem, ProblemType
from county.app import BODY_LIMIT, create_app
from county.databases import cannot_serve_now
from county.refusals import STATUS, Refused
from county.settings import Stage


def problem(reply):
    assert reply.content_type == CONTENT_TYPE
    told = Problem.model_validate_json(reply.data)
    assert told.status == reply.status_code
    return told


def test_the_pulse(empty_office):
    pulse = CountyPulse.model_validate_json(empty_office.client.get("/health").data)
    assert pulse.contract_version == CONTRACT_VERSION
    assert pulse.version
    assert abs(pulse.now - empty_office.hub.clock.now()) < timedelta(seconds=5)


def test_every_reason_has_a_status():
    assert set(STATUS) == set(ProblemType)
    assert Refused(ProblemType.OWN_WORK, "why").problem() == Problem(
        type=ProblemType.OWN_WORK, title="own work", status=403, detail="why"
    )


def test_an_unknown_address_and_a_wrong_verb_are_problems_too(empty_office):
    assert problem(empty_office.client.get("/v1/nothing")).type is ProblemType.NOT_FOUND
    wrong = problem(empty_office.client.post("/v1/feed"))
    assert (wrong.type, wrong.status) == (ProblemType.MALFORMED, 405)


@pytest.mark.parametrize("body", [b"", b"{", b"\xff\xfe", b"[" * 100_000, rb'{"social_security_no": "\ud800"}'])
def test_a_body_that_is_not_json_is_400(empty_office, body):
    told = problem(empty_office.client.post("/v1/sittings", data=body))
    assert (told.type, told.status) == (ProblemType.MALFORMED, 400)


@pytest.mark.parametrize("body", [b"[]", b"3", b"null", b'{"account": 3}', b'{"account": "a"}'])
def test_json_of_another_shape_is_422_and_names_the_fields_but_not_their_content(empty_office, body):
    told = problem(empty_office.client.post("/v1/staff/sessions", data=body))
    assert (told.type, told.status) == (ProblemType.MALFORMED, 422)


def signed_in(office):
    """Somebody's attempt: a request that is signed, and that writes."""
    return office.client.post("/v1/staff/sessions", json={"account": "nobody", "password": "a wrong one"})


@pytest.mark.timeout(60)
def test_a_database_that_another_program_writes_to_for_long_is_503_and_serves_again(empty_office):
    """An import into a SQLite file; in PostgreSQL nobody waits for it."""
    database = make_url(empty_office.hub.settings.database)
    if database.drivername != "sqlite":
        pytest.skip("a writer has the whole file in SQLite only")
    assert problem(signed_in(empty_office)).type is ProblemType.WRONG_SIGN_IN
    with closing(sqlite3.connect(database.database, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        told = problem(signed_in(empty_office))
        other.execute("ROLLBACK")
    assert (told.type, told.status) == (ProblemType.BACKEND_UNAVAILABLE, 503)
    assert problem(signed_in(empty_office)).type is ProblemType.WRONG_SIGN_IN


@pytest.mark.parametrize(
    ("said", "passes"),
    [("08006", True), ("55P03", True), ("53100", True), ("57P01", True), (None, True), ("42P01", False)],
)
def test_what_of_postgresql_passes_by_itself(said, passes):
    class Told(Exception):
        sqlstate = said

    assert cannot_serve_now(OperationalError("SELECT 1", {}, Told())) is passes


def test_what_of_sqlite_passes_by_itself(tmp_path):
    engine = create_engine(f"sqlite:///{tmp_path / 'small.sqlite'}")
    with engine.connect() as connection:
        connection.exec_driver_sql("CREATE TABLE kept (it BLOB)")
        connection.exec_driver_sql("PRAGMA max_page_count = 3")
        with pytest.raises(OperationalError) as full:
            connection.exec_driver_sql("INSERT INTO kept VALUES (zeroblob(1000000))")
        with pytest.raises(OperationalError) as defect:
            connection.exec_driver_sql("SELECT * FROM nothing")
    engine.dispose()
    assert cannot_serve_now(full.value)
    assert not cannot_serve_now(defect.value)


def test_a_refusal_never_repeats_what_was_sent(empty_office):
    body = {"social_security_no": ["510599198506159015"], "card_number": "A51059901"}
    reply = empty_office.client.post("/v1/sittings", json=body)
    assert "510599198506159015" not in reply.text
    assert "social_security_no" in reply.json["detail"]


def test_a_body_over_the_limit_is_413(empty_office):
    reply = empty_office.client.post("/v1/sittings", data=b" " * (BODY_LIMIT + 1))
    assert problem(reply).type is ProblemType.TOO_LARGE
    assert problem(empty_office.client.post("/v1/sittings", data=b" " * BODY_LIMIT)).status == 400


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "192.168.1.5"])
def test_another_host_name_is_refused(empty_office, host):
    assert empty_office.client.get("/health", headers={"Host": host}).status_code == 400


@pytest.mark.parametrize("host", ["127.0.0.1:8090", "localhost:8090"])
def test_loopback_names_are_served(empty_office, host):
    assert empty_office.client.get("/health", headers={"Host": host}).status_code == 200


def test_a_failure_inside_tells_the_asker_nothing(empty_office, caplog):
    app: Flask = create_app(empty_office.hub)

    @app.get("/broken")
    def broken():
        raise RuntimeError("the secret inside")

    reply = app.test_client().get("/broken")
    told = problem(reply)
    assert (told.type, told.status, told.detail) == (ProblemType.INTERNAL, 500, "")
    assert "secret" not in reply.text
    assert "the secret inside" in caplog.text


def test_the_clock_can_be_moved_in_development(empty_office):
    reply = empty_office.client.post("/v1/development/clock", json={"offset_seconds": 86400 * 30})
    moved = datetime.fromisoformat(reply.json["now"]) - datetime.now().astimezone()
    assert timedelta(days=30) - timedelta(seconds=5) < moved <= timedelta(days=30)
    empty_office.client.post("/v1/development/clock", json={"offset_seconds": 0})
    assert empty_office.hub.clock.now() <= datetime.now().astimezone()


@pytest.mark.parametrize("offset", ["far", 10**12, None, 0.5])
def test_the_clock_takes_whole_seconds_within_reason(empty_office, offset):
    reply = empty_office.client.post("/v1/development/clock", json={"offset_seconds": offset})
    assert problem(reply).status == 422


def test_in_production_the_clock_has_no_such_address(open_office):
    office = open_office(stage=Stage.PRODUCTION)
    reply = office.client.post("/v1/development/clock", json={"offset_seconds": 5})
    assert problem(reply).type is ProblemType.NOT_FOUND
