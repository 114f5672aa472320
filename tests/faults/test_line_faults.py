"""Faults 27 to 34: the network and the county. Real sockets, the real hub, real certificates."""

from __future__ import annotations

import contextlib
import json
import shutil
import ssl
import threading
import warnings
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from contract.key_list import KeyList, SealingKey
from contract.message import RESIDENT_HEADER
from contract.residents import InsuranceStatement
from county.office import ACTS
from kiosk.assembly import build_machine
from kiosk.clock import Clock
from kiosk.county_errors import CountyBusy, CountyRefused, CountyUnavailable, CountyUntrusted
from kiosk.journal import Happening
from kiosk.uplink import Acknowledged
from kiosk.uplink.client import CountyClient
from kiosk.uplink.line import LONGEST_REST, expires_soon, rest_asked, to_county
from kiosk.uplink.outbox import OutboxState
from kiosk.uplink.questions import InsuranceStatementOf
from tests.faults.bad_line import BadLine, Break
from tests.faults.certificates import DAY, Authority, TlsCounty
from tests.hall import eventually, free_port
from tests.odd_county import Said
from tests.outbox_line import ACCEPTED, Counter, Line

KEYS = KeyList(sealing=SealingKey(key_id="k", public_key="cA==")).model_dump_json().encode()


@pytest.fixture
def line(tmp_path, odd_county):
    made = Line(tmp_path, odd_county)
    yield made
    made.close()


@pytest.fixture
def counter(hall):
    return Counter(hall)


@pytest.fixture
def session(counter):
    return counter.session


# --- 27 ---


def test_fault_27_thirty_days_without_the_county_then_the_backlog_goes_out_in_order_one_by_one(
    line, session, odd_county
):
    odd_county.say("/v1/submissions", Said(500))
    began, ids = line.clock.now(), []
    for day in range(30):
        line.clock.move(timedelta(days=day))
        assert line.submit(session).state is Acknowledged.QUEUED
        line.county.outbox.prune()
    with line.store.read() as connection:
        ids = [row.submission_id for row in connection.exec_driver_sql("SELECT * FROM outbox ORDER BY made_at")]
    assert len(ids) == 30
    odd_county.asked.clear()
    at_once, most = [], []

    def one_at_a_time():
        at_once.append(1)
        most.append(len(at_once))
        at_once.pop()
        return Said(200, ACCEPTED)

    odd_county.say("/v1/submissions", one_at_a_time)
    line.county.outbox.hurry()
    threads = [threading.Thread(target=line.county.outbox.drain) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert [headers["Idempotency-Key"] for _, _, headers, _ in odd_county.asked] == ids
    assert max(most) == 1
    assert line.county.outbox.counts().answered == 30
    assert line.clock.now() - began > timedelta(days=28)


# --- 28 ---


@pytest.fixture
def broken(open_hall):
    """A hall whose line to its hub can be broken."""
    port = free_port()
    hall = open_hall(county={"poll_seconds": 3600.0, "timeout_seconds": 1.0}, hub={"listen": f"127.0.0.1:{port}"})
    eventually(lambda: hall.machine.county.rounds.last_round, what="the machine asks nothing more by itself")
    bad = BadLine(hall.hub.settings.listen)
    hall.machine.county.client._url = bad.url
    hall.machine.county.client.close()
    yield Counter(hall), bad
    bad.close()


@pytest.mark.parametrize("how", Break, ids=lambda how: how.name.lower())
def test_fault_28_however_the_line_breaks_the_same_key_is_sent_again_and_the_county_has_one_row(broken, how):
    counter, bad = broken
    before = counter.results_at_the_hub()
    bad.breaks.append(how)
    told = counter.submit()
    assert told.state is Acknowledged.QUEUED
    counter.machine.county.outbox.hurry()
    counter.machine.county.outbox.drain()
    assert counter.counts().answered == 1
    assert counter.results_at_the_hub() == before + 1


def test_fault_28_a_name_that_cannot_be_resolved_is_a_cut_line():
    client = CountyClient("http://county.invalid", 1.0)
    with pytest.raises(CountyUnavailable):
        client.get("/v1/keys", KeyList)
    client.close()


def test_a_proxy_that_the_environment_names_is_not_asked(odd_county, monkeypatch):
    odd_county.say("/v1/keys", Said(200, KEYS))
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "HTTPS_PROXY"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{free_port()}")
    client = CountyClient(odd_county.url, 2.0)
    assert client.get("/v1/keys", KeyList).status == 200
    client.close()


def test_where_the_first_address_of_a_name_is_dead_the_next_is_tried(odd_county):
    """``localhost`` is ::1 first where the system has IPv6, and nobody listens there."""
    odd_county.say("/v1/keys", Said(200, KEYS))
    client = CountyClient(odd_county.url.replace("127.0.0.1", "localhost"), 2.0)
    assert client.get("/v1/keys", KeyList).status == 200
    client.close()


# --- 29 ---


@pytest.mark.parametrize("status", [429, 503])
def test_fault_29_a_busy_county_is_left_alone_as_long_as_it_asks(line, session, odd_county, status):
    odd_county.say("/v1/submissions", Said(status, b"", {"Retry-After": "120"}))
    assert line.submit(session).state is Acknowledged.QUEUED
    next_try = datetime.fromisoformat(line.row().next_try)
    assert timedelta(seconds=110) < next_try - line.clock.now() <= timedelta(seconds=120)
    line.clock.move(timedelta(seconds=100))
    line.county.outbox.drain()
    assert len(odd_county.asked) == 1
    odd_county.say("/v1/submissions", Said(200, ACCEPTED))
    line.clock.move(timedelta(seconds=125))
    line.county.outbox.drain()
    assert line.row().state == OutboxState.ANSWERED


def test_fault_29_the_uplink_rests_too(line, odd_county):
    odd_county.say("/v1/", Said(503, b"", {"Retry-After": "300"}))
    stop = threading.Event()
    thread = threading.Thread(target=line.county.rounds.keep_up, args=(stop, 1.0))
    thread.start()
    eventually(lambda: line.county.rounds.rests_until > line.county.clock.monotonic() + 200, 20, "the uplink rests")
    asked = len(odd_county.asked)
    line.county.outbox.refilled.set()
    stop.wait(1.5)
    assert len(odd_county.asked) == asked
    stop.set()
    thread.join(20)


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"retry-after": "7"}, 7.0), ({"retry-after": "86400"}, LONGEST_REST),
        ({"retry-after": "9" * 400}, LONGEST_REST),
        ({"retry-after": "soon"}, None), ({}, None), ({"retry-after": "-3"}, None), ({"retry-after": "\u0663"}, None),
        ({"retry-after": "Sun, 06 Nov 1994 08:49:37 GMT"}, None),
        ({"retry-after": "Sun, 06 Nov 1994 08:49:37 GMT", "date": "Sun, 06 Nov 1994 08:48:37 GMT"}, 60.0),
        ({"retry-after": "Sun, 06 Nov 1994 08:49:37 GMT", "date": "Sun, 06 Nov 1994 08:50:37 GMT"}, 0.0),
    ],
)  # fmt: skip
def test_fault_29_how_long_a_county_asks_to_be_left_alone(headers, seconds):
    assert rest_asked(headers) == seconds


def test_fault_29_a_moment_counts_from_the_countys_own_clock():
    now = datetime(1999, 1, 1, tzinfo=UTC)
    headers = {"date": format_datetime(now, usegmt=True)}
    headers["retry-after"] = format_datetime(now + timedelta(hours=3), usegmt=True)
    assert rest_asked(headers) == LONGEST_REST


def test_fault_29_a_busy_county_is_told_in_words(odd_county):
    odd_county.say("/v1/keys", Said(503, b"", {"Retry-After": "30"}))
    client = CountyClient(odd_county.url, 1.0)
    with pytest.raises(CountyBusy) as caught:
        client.get("/v1/keys", KeyList)
    assert caught.value.seconds == 30.0
    assert caught.value.code == "K-405"
    client.close()


# --- 30 ---


@pytest.mark.parametrize(
    "said",
    [
        Said(200, b"<html><body>please log in</body></html>", {"Content-Type": "text/html"}),
        Said(200, ACCEPTED[: len(ACCEPTED) // 2]),
        Said(200, ACCEPTED.decode().encode("utf-16")),
        Said(200, b"[" * 100_000),
        Said(200, pieces=tuple((0.0, b"x" * 1_000_000) for _ in range(12))),
    ],
    ids=["captive portal", "truncated", "another charset", "nested", "without end"],
)
def test_fault_30_what_is_no_answer_of_the_county_leaves_the_submission_queued(line, session, odd_county, said):
    odd_county.say("/v1/submissions", said)
    assert line.submit(session).state is Acknowledged.QUEUED
    assert line.row().state == OutboxState.QUEUED
    assert not line.county.client.reachable, "whoever answered is not the county"


# --- 32 ---


def test_fault_32_an_answer_about_another_resident_is_thrown_away_and_noted(line, session, odd_county, caplog):
    statement = b'{"as_of": "2026-01-01", "sample_rates": true, "years": [], "branches": []}'
    assert session.sitting is not None
    odd_county.say("/v1/residents", Said(200, statement, {RESIDENT_HEADER: session.resident.reference}))
    assert isinstance(line.county.ask(InsuranceStatementOf(session)).value, InsuranceStatement)
    odd_county.say("/v1/residents", Said(200, statement, {RESIDENT_HEADER: "somebody-else"}))
    with pytest.raises(CountyUnavailable, match="another resident"):
        line.county.ask(InsuranceStatementOf(session))
    happened = [json.loads(entry.text)["what"] for entry in line.journal.entries()]
    assert happened.count("answer_discarded") == 1
    assert "another resident" in caplog.text


def test_fault_32_the_hub_says_whom_each_answer_is_about(counter):
    reply = counter.machine.county.ask(InsuranceStatementOf(counter.session))
    assert reply.fresh


# --- 33 ---


@pytest.fixture
def authority(tmp_path):
    return Authority(tmp_path)


def asked(url, authority):
    client = CountyClient(url, 5.0, to_county(str(authority.file)))
    try:
        return client.get("/v1/keys", KeyList), client
    finally:
        client.close()


def old_tls(context):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        context.set_ciphers("ALL:@SECLEVEL=0")
        context.minimum_version, context.maximum_version = ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1


def test_fault_33_the_county_behind_its_own_authority_is_believed_and_its_last_day_known(authority):
    county = TlsCounty(authority.server(ends_in=20 * DAY), KEYS)
    reply, client = asked(county.url, authority)
    county.close()
    assert reply.status == 200
    assert client.distrusted == ""
    now = Clock("Asia/Shanghai").now()
    assert abs(client.certificate_ends - (now + 20 * DAY)) < timedelta(minutes=5)
    assert expires_soon(client.certificate_ends, now), "a month before, somebody is told"
    assert not expires_soon(now + 40 * DAY, now)


def test_fault_33_nobody_with_a_bad_certificate_is_the_county(authority, tmp_path):
    stranger = Authority(tmp_path, "Somebody else")
    bad = {
        "expired": (authority.server(ends_in=-2 * DAY), lambda _: None),
        "mismatch": (authority.server(host="other.example"), lambda _: None),
        "self-signed|unable to get": (stranger.server(), lambda _: None),
        "version|protocol|alert": (authority.server(ends_in=300 * DAY), old_tls),
    }
    for words, (certificate, prepare) in bad.items():
        county = TlsCounty(certificate, KEYS, prepare)
        with pytest.raises(CountyUntrusted, match=f"(?i){words}") as caught:
            asked(county.url, authority)
        county.close()
        assert caught.value.code == "K-404"


def test_fault_33_what_is_no_certificate_is_a_cut_line_and_no_crash(tmp_path):
    (tmp_path / "no.pem").write_text("no certificate", encoding="utf-8")
    for file in ("no.pem", "nowhere.pem"):
        client = CountyClient("https://127.0.0.1:1", 1.0, to_county(str(tmp_path / file)))
        with pytest.raises(CountyUnavailable):
            client.get("/v1/keys", KeyList)


def test_fault_33_the_clerk_reads_on_the_health_page_whom_the_machine_does_not_believe(hall, staff):
    staff.sign_in("clerk", "chuangkou-shili-2026")
    client = hall.machine.county.client
    staff.visit("/health/")
    staff.does_not_see("K-404", "到期")
    client.distrusted = "certificate has expired"
    client.certificate_ends = hall.machine.clock.now() + 20 * DAY
    staff.visit("/health/")
    staff.sees("连上的不是县里的系统（K-404）", "certificate has expired", "日到期，请提醒县里换新的")


# --- 34 ---


def test_fault_34_two_machines_with_one_disk_are_found_by_their_journals(hall):
    """Somebody copied a kiosk. Both tell the head of their journal under one key; the two cannot both be true."""
    hall.machine.county.heads.tell()
    hall.machine.stop()
    twin = hall.folder.parent / "twin"
    shutil.copytree(hall.folder, twin)
    for folder in (hall.folder, twin):
        own = hall.settings.kiosk.model_copy(update={"folder": str(folder)})
        machine = build_machine(hall.settings.model_copy(update={"kiosk": own}))
        machine.journal.write(Happening.STARTED, disk=folder.name)
        with contextlib.suppress(CountyRefused):
            machine.county.heads.tell()
        machine.county.client.close()
        machine.store.close()
    assert [line for line in ACTS["kiosks"](hall.hub.settings, []) if "JOURNAL CONTRADICTS ITSELF" in line]
