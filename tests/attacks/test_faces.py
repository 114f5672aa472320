"""Attempts 12 to 18, 30, 32 to 34, 36 of the list, at the faces of a kiosk and at the county behind it."""

from __future__ import annotations

import io
import logging
from datetime import timedelta

import pytest
from argon2 import Type
from sqlalchemy import select

from contract.feed import CountyPulse
from contract.operations import OPERATIONS
from contract.submissions import AppointmentRequest, SubmissionKind
from county.app import create_app as create_county_app
from county.models import accounts
from kiosk.app import create_resident_app
from kiosk.assembly import SEARCHES_A_MINUTE
from kiosk.county_errors import CountyUnavailable
from kiosk.logs import start_logging
from kiosk.serve import Faces
from kiosk.uplink.client import CountyClient
from tests.cheaper import OF_THE_PROGRAM
from tests.hall import Hall
from tests.odd_county import OddCounty, Said
from tests.screen import Screen, StaffScreen

FACES = ("resident", "staff", "display")
EVIL = "http://evil.example"


@pytest.fixture(scope="module")
def attacked(tmp_path_factory, seeds):
    """One hall for all attempts that leave it as it was."""
    opened = Hall(tmp_path_factory.mktemp("hall"), seeds)
    yield opened
    opened.close()


@pytest.fixture
def counties():
    opened = [OddCounty(), OddCounty()]
    yield opened
    for one in opened:
        one.close()


def ask(hall, face, path, method="GET", **other):
    address = getattr(hall.settings.faces, face)
    return getattr(hall, f"{face}_app").test_client().open(path, method=method, base_url=f"http://{address}", **other)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_attempt_12_a_county_that_sends_elsewhere_is_followed_nowhere(counties, status):
    county, elsewhere = counties
    client = CountyClient(county.url, 5.0)
    for place in ("http://169.254.169.254/latest/meta-data", "file:///etc/passwd", f"{elsewhere.url}/health"):
        county.say("/health", Said(status, b"", {"Location": place}))
        with pytest.raises(CountyUnavailable):
            client.get("/health", CountyPulse)
        with pytest.raises(CountyUnavailable):
            client.download("/health")
    client.close()
    assert elsewhere.asked == []


def test_attempt_12_no_page_of_any_face_changes_where_the_county_is(attacked):
    before = attacked.machine.county.client._url
    for face in FACES:
        for path in ("/?county=" + EVIL, "/?url=" + EVIL, "/sign-in?next=" + EVIL, "/?key=x&county_url=" + EVIL):
            reply = ask(attacked, face, path)
            assert EVIL not in reply.headers.get("Location", "")
    assert attacked.machine.county.client._url == before == attacked.settings.county.url


@pytest.mark.parametrize("face", FACES)
@pytest.mark.parametrize("method", ["GET", "POST", "OPTIONS", "PUT"])
def test_attempt_14_another_origin_gets_nothing_and_no_leave_to_read(attacked, face, method):
    for origin in (EVIL, "null", "http://127.0.0.1:1", "file://"):
        reply = ask(attacked, face, "/", method, headers={"Origin": origin})
        assert reply.status_code == 403
        assert not [name for name, _ in reply.headers if name.lower().startswith("access-control")]
    plain = ask(attacked, face, "/", method)
    assert not [name for name, _ in plain.headers if name.lower().startswith("access-control")]


def test_attempt_16_every_act_of_staff_needs_the_token_of_its_form(attacked):
    face = StaffScreen(attacked)
    face.sign_in("administrator", "guanli-shili-2026")
    rules = [rule for rule in attacked.staff_app.url_map.iter_rules() if "POST" in rule.methods]
    assert len(rules) > 5
    before = acts(attacked)
    for rule in rules:
        path = rule.rule
        for name in rule.arguments:
            path = path.replace(f"<{name}>", "1").replace(f"<int:{name}>", "1").replace(f"<path:{name}>", "1")
        for token in ({}, {"csrf_token": "x"}):
            reply = face.client.post(path, data=token, base_url=face.base)
            assert reply.status_code == 400, path
            assert "K-504" in reply.get_data(as_text=True), path
    assert acts(attacked) == before, "nothing was done"


def acts(attacked):
    """What was written down, but for what devices do meanwhile."""
    return [entry.text for entry in attacked.machine.journal.entries() if '"device_changed"' not in entry.text]


def test_attempt_30_no_address_removes_an_account_or_gives_a_role_and_passwords_are_argon2id(attacked):
    removing = [row.path for row in OPERATIONS if row.method == "DELETE"]
    assert set(removing) == {"/v1/sittings/current", "/v1/staff/sessions/current"}
    assert not [row for row in OPERATIONS if row.asks is not None and "roles" in row.asks.model_fields]
    with attacked.hub.hub.store.reading() as connection:
        kept = connection.scalars(select(accounts.c.password_hash)).all()
    assert kept
    assert all(one.startswith("$argon2id$") for one in kept)
    assert all(
        hasher.type is Type.ID and hasher.memory_cost >= 19456 and hasher.time_cost >= 2 for hasher in OF_THE_PROGRAM
    )


@pytest.fixture
def said():
    """Everything that kiosk and hub log, as the program logs it."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    stream = io.StringIO()
    start_logging(stream)
    root.setLevel(logging.DEBUG)
    yield stream
    root.handlers[:], root.level = handlers, level


def test_attempts_32_and_33_no_number_and_no_name_in_logs_addresses_and_files_of_the_kiosk(open_hall, said):
    hall = open_hall()
    screen = Screen(hall)
    holder = screen.insert_card("王秀英")
    screen.visit("/services/insurance_query/")
    screen.enter_pin(holder.card.pin)
    screen.visit("/services/pension_verification/")
    session = hall.machine.desk.state.session
    sitting = session.sitting.sitting
    hall.cut()
    wish = AppointmentRequest(
        social_security_no=holder.number, name=holder.name, purpose="x", wanted="x", site=hall.settings.kiosk.site,
        kiosk="k",
    )  # fmt: skip
    hall.machine.county.submit(SubmissionKind.APPOINTMENT, wish, session, hall.machine.desk.serves)
    screen.remove_card()
    hall.machine.stop()
    words = (holder.number, holder.name, holder.card.card_number, holder.card.identification, holder.card.pin)
    logged = said.getvalue()
    assert "desk:" in logged, "something was logged at all"
    for word in (*words[:4], sitting):
        assert word not in logged, word
    files = [file for file in hall.folder.rglob("*") if file.is_file()]
    assert any(file.name == "kiosk.sqlite" for file in files)
    for file in files:
        content = file.read_bytes()
        assert not [word for word in words[:4] if word.encode() in content], file.name


def test_attempt_32_a_sitting_never_stands_in_an_address_a_kiosk_asks(open_hall, counties):
    county, _ = counties
    hall = open_hall()
    Screen(hall).insert_card("王秀英")
    sitting = hall.machine.desk.state.session.sitting.sitting
    client = CountyClient(county.url, 5.0)
    from kiosk.uplink.client import Who  # noqa: PLC0415 - of this test alone

    with pytest.raises(CountyUnavailable):
        client.get("/v1/residents/me/insurance", CountyPulse, {"year": 2025}, who=Who(sitting=sitting))
    client.close()
    (asked,) = county.asked
    assert sitting not in asked[1]
    assert asked[2]["Kiosk-Sitting"] == sitting


def test_attempt_34_in_production_there_is_no_dock_no_debugger_and_no_simulator(open_hall, monkeypatch):
    monkeypatch.setenv("FLASK_DEBUG", "1")
    monkeypatch.setenv("WERKZEUG_DEBUG_PIN", "off")
    hall = open_hall(
        kiosk={"stage": "production"},
        devices={"card": "pcsc:NOBODY", "fingerprint": "", "printer": "", "people": ""},
    )  # fmt: skip
    simulators = hall.machine.devices.simulators
    assert not [name for name in vars(simulators) if getattr(simulators, name, None)]
    app = create_resident_app(hall.machine)
    assert not app.debug
    assert not create_county_app(hall.hub.hub).debug
    faces = Faces(hall.machine)
    client = app.test_client()
    key = (hall.settings.folder / "secrets" / "pairing-key").read_text()
    base = f"http://{hall.settings.faces.resident}"
    client.get(f"/?key={key}", base_url=base)
    for path in ("/dock/", "/dock/insert", "/console", "/sim/", "/?__debugger__=yes&cmd=resource&f=debugger.js"):
        reply = client.get(path, base_url=base)
        assert reply.status_code == 404 or b"debugger" not in reply.get_data().lower(), path
    assert client.get("/dock/", base_url=base).status_code in {403, 404}
    assert faces._mounted(app) is app, "nothing is mounted beside the face"
    for server in faces.servers:
        server.close()


def test_attempt_36_a_clock_set_back_opens_no_second_verification_in_a_year(fresh_town):
    town = fresh_town
    sitting = town.sitting_of("王秀英")
    first = town.deliver(town.envelope(town.signed(town.evidence("王秀英", sitting))), sitting).json
    assert first["status"] == "accepted"
    for back in (timedelta(days=366), timedelta(days=30), timedelta(seconds=1)):
        then = town.hub.clock.now() - back
        again = town.signed(town.evidence("王秀英", performed_at=then))
        told = town.deliver(town.envelope(again, offline=True, made_at=then)).json
        assert (told["status"], told["next_due"]) == ("already_valid", first["next_due"])


def test_attempt_31_a_thousand_searches_in_a_minute(attacked):
    """A hand makes no such number; what makes it is told so, and everything else goes on."""
    screen = Screen(attacked)
    screen.visit(f"/?key={(attacked.settings.folder / 'secrets' / 'pairing-key').read_text()}")
    told = [
        screen.client.get(f"/services/job_board/?words={number}", base_url=screen.base).status_code
        for number in range(SEARCHES_A_MINUTE + 5)
    ]
    assert told == [200] * SEARCHES_A_MINUTE + [429] * 5
    assert screen.client.get("/services/job_board/", base_url=screen.base).status_code == 429
    screen.visit("/")
    assert screen.status == 200
    attacked.machine.clock.move(timedelta(minutes=1, seconds=1))
    try:
        screen.visit("/services/job_board/")
        assert screen.status == 200
    finally:
        attacked.machine.clock.move(timedelta())
