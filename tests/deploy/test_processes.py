"""Two processes of the hub on one PostgreSQL behind nginx with TLS: what one knows, the other knows."""

from __future__ import annotations

import socket
import ssl
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest
from sqlalchemy import select

from contract.codes import KioskState
from contract.feed import FeedKind
from county import models
from county.clock import HubClock
from county.kiosks import settle
from county.publishing import publish, withdraw
from county.settings import SettingsError
from county.store import open_store
from county.wsgi import open_application
from tests.deploy.deployed import HubProcess, Nginx, start_all
from tests.deploy.village import (
    CLERK,
    NAME,
    NUMBER,
    PASSWORD,
    Traffic,
    VillageKiosk,
    a_course,
    a_machine,
    rows,
    settle_village,
)
from tests.hall import eventually
from tests.postgres import PostgresServer, missing
from tests.signing import SITE, a_signer

pytestmark = [
    pytest.mark.postgresql,
    pytest.mark.skipif(bool(missing()), reason=missing()),
    pytest.mark.skipif(not Path("/usr/sbin/nginx").exists(), reason="nginx is not installed (apt install nginx-light)"),
]


class Deployed:
    """The county's machine room."""

    def __init__(self, folder: Path, server: PostgresServer) -> None:
        url = server.url(server.database())
        self.store = open_store(url)
        settle_village(self.store)
        self.signer = a_signer()
        (folder / "hub.toml").write_text(f'[hub]\nmedia = "{folder}/media"\n')
        known = f'["{self.signer.enrolment.fingerprint}"]'
        self.hubs = [HubProcess(folder, url, KIOSK_HUB__APPROVED=known) for _ in range(2)]
        self.one, self.other = (hub.url for hub in self.hubs)
        self.nginx = Nginx(folder, self.hubs)

    def start(self) -> None:
        start_all(self.hubs)
        self.nginx.start()
        self.kiosk = VillageKiosk(self.signer, self.nginx.trust())
        assert self.kiosk.enrol(self.one) == "approved"

    def stop(self) -> None:
        self.kiosk.close()
        self.nginx.stop()
        for hub in self.hubs:
            assert hub.stop() == 0, hub.said()
        self.store.close()

    def both(self, act) -> list[httpx.Response]:
        """The same act at both processes in the same instant."""
        ready = threading.Barrier(2)

        def at(base: str) -> httpx.Response:
            ready.wait(20)
            return act(base)

        with ThreadPoolExecutor(2) as pool:
            return list(pool.map(at, (self.one, self.other)))


@pytest.fixture(scope="module")
def deployed(tmp_path_factory):
    with PostgresServer() as server:
        room = Deployed(tmp_path_factory.mktemp("deployed"), server)
        room.start()
        yield room
        room.stop()


@pytest.fixture
def kiosk(deployed):
    return deployed.kiosk


def refusal(reply: httpx.Response) -> str:
    return reply.json()["type"]


def test_a_sitting_of_one_is_served_and_closed_by_the_other(deployed, kiosk):
    sitting = kiosk.open_sitting(deployed.one)
    insurance = "/v1/residents/me/insurance"
    assert kiosk.ask(deployed.other, "GET", insurance, Kiosk_Sitting=sitting).status_code == 200
    assert kiosk.ask(deployed.other, "DELETE", "/v1/sittings/current", Kiosk_Sitting=sitting).status_code == 204
    assert refusal(kiosk.ask(deployed.one, "GET", insurance, Kiosk_Sitting=sitting)) == "sitting-ended"


def test_the_same_submission_at_both_in_one_instant_counts_once(deployed, kiosk):
    before = rows(deployed.store, models.submissions)
    for _ in range(5):
        envelope = kiosk.appointment(deployed.one)
        replies = deployed.both(lambda base, envelope=envelope: kiosk.deliver(base, envelope))
        assert [reply.status_code for reply in replies] == [200, 200]
        assert replies[0].json() == replies[1].json()
    assert rows(deployed.store, models.submissions) == before + 5


def test_the_same_signed_request_at_both_in_one_instant_is_served_once(deployed, kiosk):
    sitting = kiosk.open_sitting(deployed.one)
    for _ in range(5):
        asked = kiosk.signed("GET", "/v1/residents/me/insurance", Kiosk_Sitting=sitting)
        replies = deployed.both(lambda base, asked=asked: kiosk.send(base, asked))
        assert sorted(reply.status_code for reply in replies) == [200, 401]
        assert [refusal(reply) for reply in replies if reply.status_code == 401] == ["replayed"]


def test_wrong_passwords_at_both_lock_the_account_at_both(deployed, kiosk):
    def sign_in(base, password):
        return kiosk.ask(base, "POST", "/v1/staff/sessions", {"account": "nobody", "password": password})

    places = [deployed.one, deployed.other] * 3
    assert [refusal(sign_in(base, "falsch-falsch")) for base in places[:5]] == ["wrong-sign-in"] * 5
    assert [refusal(sign_in(base, "falsch-falsch")) for base in places[:2]] == ["account-locked"] * 2


def test_who_signs_in_at_one_is_signed_in_at_the_other_and_out_of_both(deployed, kiosk):
    asked = {"account": CLERK, "password": PASSWORD}
    session = kiosk.ask(deployed.one, "POST", "/v1/staff/sessions", asked).json()["session"]
    current = "/v1/staff/sessions/current"
    assert kiosk.ask(deployed.other, "GET", current, Staff_Session=session).json()["account"] == CLERK
    assert kiosk.ask(deployed.other, "DELETE", current, Staff_Session=session).status_code == 204
    assert refusal(kiosk.ask(deployed.one, "GET", current, Staff_Session=session)) == "not-signed-in"


def test_a_kiosk_withdrawn_at_the_desk_is_served_by_neither(deployed):
    another = VillageKiosk(a_signer(name="kiosk-02"))
    assert another.enrol(deployed.one) == "pending"
    settled = [(KioskState.APPROVED, 201), (KioskState.WITHDRAWN, 403)]
    for state, status in settled:
        with deployed.store.writing() as connection:
            settle(connection, another.signer.enrolment.fingerprint, state, "chen", HubClock().now())
        for base in (deployed.one, deployed.other):
            assert another.show_card(base).status_code == status
    another.close()


def test_both_speak_of_the_same_feed(deployed, kiosk):
    with deployed.store.writing() as connection:
        publish(connection, FeedKind.COURSE, "C9", a_course("C9"))
    pages = [kiosk.http.get(f"{base}/v1/feed").json() for base in (deployed.one, deployed.other)]
    assert pages[0]["cursor"] == pages[1]["cursor"]
    assert pages[0]["items"] == pages[1]["items"]


def test_the_movable_clock_of_development_is_refused(tmp_path):
    with pytest.raises(SettingsError, match="movable clock"):
        open_application({"KIOSK_HUB__STAGE": "development"})


# ---------------------------------------------------------------- nginx: the cache


def seen(deployed, path):
    return [line[3] for line in deployed.nginx.log() if line[1] == path]


def test_kiosks_that_stand_alike_are_answered_by_nginx(deployed, kiosk):
    url = f"{deployed.nginx.url}/v1/feed?area={SITE}"

    def polled():
        reply = kiosk.http.get(url)
        return reply if seen(deployed, "/v1/feed")[-1:] == ["HIT"] else None

    eventually(polled, 30)
    eventually(lambda: (found := polled()) is not None and found.status_code == 200, 30)
    first = kiosk.http.get(url)
    assert first.headers["Cache-Control"] == "public, max-age=1"
    assert "Vary" not in first.headers
    assert "Set-Cookie" not in first.headers
    unchanged = kiosk.http.get(url, headers={"If-None-Match": first.headers["ETag"]})
    assert (unchanged.status_code, unchanged.content) == (304, b"")
    assert unchanged.headers["ETag"] == first.headers["ETag"]
    assert "As-Of" in unchanged.headers, "a kiosk sets its clock and its leases by it"


def test_a_changed_feed_reaches_everybody_a_second_later_and_at_once_who_asks_past_the_cache(deployed, kiosk):
    url = f"{deployed.nginx.url}/v1/feed?area={SITE}00"

    def titles(**headers):
        return {item["key"] for item in kiosk.http.get(url[:-2], headers=headers).json()["items"]}

    for number in range(5):
        titles()
        with deployed.store.writing() as connection:
            publish(connection, FeedKind.COURSE, f"N{number}", a_course(f"N{number}"))
        assert f"N{number}" in titles(**{"Cache-Control": "no-cache"})
    with deployed.store.writing() as connection:
        withdraw(connection, FeedKind.COURSE, "N0")
    eventually(lambda: any(
        item["key"] == "N0" and item["removed"] for item in kiosk.http.get(url[:-2]).json()["items"]), 20)  # fmt: skip


def test_areas_and_cursors_are_kept_apart(deployed, kiosk):
    with deployed.store.writing() as connection:
        publish(connection, FeedKind.COURSE, "ELSEWHERE", a_course("ELSEWHERE"), "510521110")
    for _ in range(3):
        mine = kiosk.http.get(f"{deployed.nginx.url}/v1/feed?area={SITE}").json()
        theirs = kiosk.http.get(f"{deployed.nginx.url}/v1/feed?area=510521110").json()
        assert "ELSEWHERE" not in {item["key"] for item in mine["items"]}
        assert "ELSEWHERE" in {item["key"] for item in theirs["items"]}
    beyond = kiosk.http.get(f"{deployed.nginx.url}/v1/feed?area={SITE}&cursor={mine['cursor']}").json()
    assert beyond["items"] == []


def test_a_whole_kiosk_pulls_through_nginx_and_believes_what_the_cache_says(deployed, tmp_path):
    """Pages and their "nothing new" are signed by the hub; nginx answers both from what it holds."""
    authority = str(deployed.nginx.folder / "hub.pem")
    machine = a_machine(tmp_path / "kiosk", deployed.nginx.url, authority=authority)
    with deployed.store.writing() as connection:
        publish(connection, FeedKind.COURSE, "K1", a_course("K1"))
    machine.county.feed.pull(fresh=True)
    assert machine.county.feed.count(FeedKind.COURSE) >= 1
    for _ in range(30):
        machine.county.feed.pull()
    polled = [(line[2], line[3]) for line in deployed.nginx.log() if line[1] == "/v1/feed"][-29:]
    assert ("304", "HIT") in polled
    machine.stop()


def test_nothing_personal_is_ever_kept_by_nginx(deployed, kiosk):
    base = deployed.nginx.url
    sitting = kiosk.open_sitting(base)
    for path in ("insurance", "eligibility", "contributions"):
        for _ in range(2):
            reply = kiosk.ask(base, "GET", f"/v1/residents/me/{path}", Kiosk_Sitting=sitting)
            assert reply.headers["Cache-Control"] == "no-store"
    signed = kiosk.signed("GET", f"/v1/feed?area={SITE}", Kiosk_Sitting=sitting)
    kiosk.send(base, signed)
    eventually(lambda: seen(deployed, "/v1/feed")[-1] == "BYPASS", 20, "nginx writes its log a little later")
    kiosk.deliver(base, kiosk.appointment(base))
    personal = {line[3] for line in deployed.nginx.log() if not line[1].startswith(("/v1/feed", "/v1/media"))}
    assert personal == {"-"}, "no cache looked at them"
    kept = b"".join(file.read_bytes() for file in deployed.nginx.folder.rglob("*") if file.is_file())
    for secret in (NUMBER, NAME, sitting):
        assert secret.encode() not in kept, "cache, log or temporary file of nginx"


# ---------------------------------------------------------------- nginx: limits


def test_a_body_too_large_is_refused_in_the_contracts_words(deployed, kiosk):
    reply = kiosk.http.post(f"{deployed.nginx.url}/v1/submissions", content=b"x" * 300_000)
    assert (reply.status_code, refusal(reply)) == (413, "too-large")
    assert reply.headers["Content-Type"] == "application/problem+json"


def test_packed_bodies_are_not_unpacked(deployed, kiosk):
    packed = {"Content-Encoding": "gzip"}
    reply = kiosk.http.post(f"{deployed.nginx.url}/v1/kiosks", content=b"\x1f\x8b" + b"0" * 90, headers=packed)
    assert (reply.status_code, refusal(reply)) == (415, "malformed")


@pytest.mark.parametrize("headers", [{"X-Long": "a" * 20_000}, {f"X-{n}": "a" * 7000 for n in range(9)}])
def test_headers_too_large_are_refused(deployed, kiosk, headers):
    assert kiosk.http.get(f"{deployed.nginx.url}/health", headers=headers).status_code in (400, 431)


def test_slow_senders_hold_no_thread_of_the_hub_and_are_cut_off(deployed, kiosk):
    """More of them than the hubs have threads, some slow in the header, some in the body."""
    trust, slow = deployed.nginx.trust(), []
    head = b"POST /v1/submissions HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n"
    for number in range(40):
        line = trust.wrap_socket(
            socket.create_connection(("127.0.0.1", deployed.nginx.port)), server_hostname="127.0.0.1"
        )
        line.sendall(head + (b"\r\n{" if number % 2 else b"X-Slow: "))
        slow.append(line)
    assert kiosk.http.get(f"{deployed.nginx.url}/health").status_code == 200
    assert kiosk.open_sitting(deployed.nginx.url)
    for line in slow:
        line.settimeout(60)
        assert ended(line), "a slow sender was cut off"
        line.close()


def ended(line: ssl.SSLSocket) -> bool:
    try:
        while line.recv(4096):
            pass
    except (ssl.SSLError, ConnectionError):
        return True
    return True


def test_hubs_are_renewed_one_after_the_other_and_no_kiosk_notices(deployed, kiosk):
    """As deploy/update.sh does it. Polls are answered throughout; what is handed in is answered, each once."""
    another = VillageKiosk(deployed.signer, deployed.nginx.trust())
    before = rows(deployed.store, models.submissions)
    traffic = Traffic(another, deployed.nginx.url)
    traffic.start()
    for hub in deployed.hubs:
        with ThreadPoolExecutor(1) as pool:
            renewing = pool.submit(renew, hub)
            while not renewing.done():
                assert kiosk.http.get(f"{deployed.nginx.url}/v1/feed?area={SITE}").status_code == 200
            renewing.result(0)
    traffic.stop()
    another.close()
    assert len(traffic.answered) >= 1
    assert rows(deployed.store, models.submissions) == before + len(traffic.answered)


def renew(hub: HubProcess) -> None:
    assert hub.stop() == 0, hub.said()
    hub.start()


def test_one_hub_dies_and_the_other_goes_on_and_with_none_a_kiosk_is_told_to_come_again(deployed, kiosk):
    deployed.hubs[0].kill()
    for _ in range(10):
        assert kiosk.http.get(f"{deployed.nginx.url}/v1/keys").status_code == 200
        envelope = kiosk.appointment(deployed.nginx.url)
        assert kiosk.deliver(deployed.nginx.url, envelope).status_code == 200
    deployed.hubs[1].kill()
    reply = kiosk.http.get(f"{deployed.nginx.url}/v1/keys")
    assert (reply.status_code, refusal(reply)) == (503, "internal")
    assert reply.headers["Retry-After"] == "5"
    start_all(deployed.hubs)
    eventually(lambda: kiosk.http.get(f"{deployed.nginx.url}/v1/keys").status_code == 200, 30)


def test_what_used_nonces_leave_is_in_the_database(deployed):
    """And nowhere else: the two tests of one instant above could not pass otherwise."""
    with deployed.store.reading() as connection:
        assert connection.scalar(select(models.nonces.c.key_id).limit(1)) == deployed.signer.enrolment.key_id
