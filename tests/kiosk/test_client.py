"""A county that misbehaves: every wait has an end, and everything that is no answer is said to be none."""

import socket
import threading
import time
from contextlib import suppress

import pytest

from contract.key_list import KeyList, SealingKey
from contract.problems import Problem, ProblemType
from contract.residents import InsuranceStatement
from kiosk.county_errors import CountyRefused, CountyUnavailable
from kiosk.uplink.client import LARGEST_ANSWER, CountyClient, Who
from tests.hall import free_port
from tests.odd_county import Said

KEYS = KeyList(sealing=SealingKey(key_id="k", public_key="cA==")).model_dump_json().encode()


@pytest.fixture
def client(odd_county):
    made = CountyClient(odd_county.url, 0.4)
    yield made
    made.close()


def unavailable(client, path="/v1/keys"):
    began = time.monotonic()
    with pytest.raises(CountyUnavailable):
        client.get(path, KeyList)
    assert time.monotonic() - began < 4


def test_a_good_answer_is_parsed_and_names_whom_it_is_for(client, odd_county):
    odd_county.say("/v1/keys", Said(200, KEYS, {"ETag": '"1"', "As-Of": "2026-01-01T00:00:00+00:00"}))
    reply = client.get("/v1/keys", KeyList, {"a": 1}, who=Who(sitting="s", staff="t"), etag='"0"')
    assert reply.message.sealing.key_id == "k"
    assert (reply.status, reply.etag) == (200, '"1"')
    _, path, headers, _ = odd_county.asked[0]
    assert path == "/v1/keys?a=1"
    assert (headers["Kiosk-Sitting"], headers["Staff-Session"]) == ("s", "t")
    assert "Signature" not in headers
    assert headers["If-None-Match"] == '"0"'
    assert client.reachable


@pytest.mark.parametrize("status", [204, 304])
def test_an_empty_answer_has_no_message(client, odd_county, status):
    odd_county.say("/v1/keys", Said(status))
    assert client.get("/v1/keys", KeyList).message is None


@pytest.mark.parametrize(
    "said",
    [
        Said(500, b"broken"),
        Said(502, Problem(type=ProblemType.INTERNAL, title="x", status=502).model_dump_json().encode()),
        Said(200, b"<html>login here</html>", {"Content-Type": "text/html"}),
        Said(200, b'{"sealing": '),
        Said(200, b'{"sealing": {"key_id": 3}}'),
        Said(200, b"[]"),
        Said(200, b"\xff\xfe"),
        Said(404, b"<html>not here</html>"),
        Said(400, b'{"type": "a-type-we-never-heard-of", "title": "x", "status": 400}'),
        Said(302, b"", {"Location": "http://127.0.0.1:1/"}),
        Said(301, b"moved", {"Location": "file:///etc/passwd"}),
        Said(200, b"not gzip", {"Content-Encoding": "gzip"}),
    ],
    ids=lambda said: f"{said.status} {said.body[:20]!r}",
)
def test_what_is_no_answer_is_a_county_that_cannot_be_reached(client, odd_county, said):
    odd_county.say("/v1/keys", said)
    unavailable(client)


def test_a_refusal_is_an_answer_with_its_reason(client, odd_county):
    problem = Problem(type=ProblemType.CARD_LOST, title="x", status=409, detail="why")
    odd_county.say("/v1/keys", Said(409, problem.model_dump_json().encode()))
    with pytest.raises(CountyRefused, match="why") as caught:
        client.get("/v1/keys", KeyList)
    assert caught.value.problem is ProblemType.CARD_LOST
    assert client.reachable


def test_a_redirect_is_not_followed_not_even_for_a_picture(client, odd_county):
    odd_county.say("/v1/media/x", Said(302, b"<html>", {"Location": odd_county.url + "/elsewhere"}))
    odd_county.say("/elsewhere", Said(200, b"stolen"))
    with pytest.raises(CountyUnavailable, match="elsewhere"):
        client.download("/v1/media/x")
    assert [path for _, path, _, _ in odd_county.asked] == ["/v1/media/x"]


def test_an_answer_without_end_is_cut_off(odd_county):
    piece = b"x" * 1_000_000
    odd_county.say("/v1/keys", Said(200, pieces=tuple((0.0, piece) for _ in range(LARGEST_ANSWER // len(piece) + 3))))
    patient = CountyClient(odd_county.url, 6.0)  # eight megabytes take their time on a busy machine
    with pytest.raises(CountyUnavailable, match="too large"):
        patient.get("/v1/keys", KeyList)
    patient.close()


def test_a_silent_county_is_given_up_in_time(client, odd_county):
    odd_county.say("/v1/keys", Said(200, pieces=((3.0, KEYS),)))
    unavailable(client)
    assert not client.reachable


def test_an_answer_that_trickles_is_given_up_in_time(client, odd_county):
    odd_county.say("/v1/keys", Said(200, pieces=tuple((0.2, b" ") for _ in range(60))))
    unavailable(client)
    assert not client.reachable


def test_a_head_that_trickles_is_given_up_in_time():
    """Each piece comes within its time; the head has no end."""
    stop = threading.Event()
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()

        def trickle():
            line, _ = listening.accept()
            with line, suppress(OSError):
                line.recv(1000)
                line.sendall(b"HTTP/1.1 200 OK\r\nX-Endless: ")
                while not stop.wait(0.1):
                    line.sendall(b"x")

        threading.Thread(target=trickle, daemon=True).start()
        client = CountyClient(f"http://127.0.0.1:{listening.getsockname()[1]}", 0.4)
        began = time.monotonic()
        with pytest.raises(CountyUnavailable):
            client.get("/v1/keys", KeyList)
        assert 1.5 < time.monotonic() - began < 8, "four times the time-out, not one, and not for ever"
        stop.set()
        client.close()
    assert not client.reachable


def test_where_only_the_countys_own_system_is_silent_the_line_is_not_cut(client, odd_county):
    """One question has no answer; the feed, staff and submissions go on as usual."""
    problem = Problem(type=ProblemType.BACKEND_UNAVAILABLE, title="x", status=503)
    odd_county.say("/v1/keys", Said(503, problem.model_dump_json().encode()))
    unavailable(client)
    assert client.reachable


def test_a_refused_connection_is_a_county_that_cannot_be_reached():
    client = CountyClient(f"http://127.0.0.1:{free_port()}", 0.5)
    unavailable(client)
    assert not client.reachable
    client.close()


@pytest.mark.parametrize(
    "url", ["", "nonsense", "ftp://127.0.0.1", "http://", "http://[", "http://no-such-host.invalid"]
)
def test_an_address_that_leads_nowhere_is_no_crash(url):
    client = CountyClient(url, 0.5)
    unavailable(client)
    client.close()


def test_a_line_that_breaks_in_the_middle_is_no_crash():
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()

        def rude():
            line, _ = listening.accept()
            with line:
                line.recv(1000)
                line.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf")

        threading.Thread(target=rude, daemon=True).start()
        client = CountyClient(f"http://127.0.0.1:{listening.getsockname()[1]}", 0.5)
        unavailable(client)
        client.close()


def test_a_sitting_that_is_no_header_is_no_crash(client):
    for sitting in ("座位", "a\r\nStaff-Session: x"):
        with pytest.raises(CountyUnavailable):
            client.get("/v1/keys", KeyList, who=Who(sitting=sitting))


def test_the_dock_can_cut_the_line_and_mend_it(client, odd_county):
    odd_county.say("/v1/keys", Said(200, KEYS))
    client.cut = True
    unavailable(client)
    assert not client.reachable
    assert odd_county.asked == []
    client.cut = False
    assert client.get("/v1/keys", KeyList).status == 200
    assert client.reachable


def test_a_submission_names_its_key_and_raw_bytes_stay_raw(client, odd_county):
    odd_county.say("/v1/", Said(200, KEYS))
    client.send("POST", "/v1/x", SealingKey(key_id="k", public_key="p"), KeyList, key="the-key")
    client.upload("/v1/y", b"\x00\xff", KeyList, who=Who())
    assert odd_county.asked[0][2]["Idempotency-Key"] == "the-key"
    assert odd_county.asked[1][3] == b"\x00\xff"


def test_a_closed_client_can_be_closed_again(client):
    client.close()
    client.close()
    assert not client.reachable


def test_a_record_that_holds_nothing_is_no_answer(client, odd_county):
    body = b'{"as_of": "2026-01-01", "sample_rates": true, "years": [], "branches": [%s]}'
    branch = b'{"insurance_type": "110", "availability": "recorded", "participations": []}'
    odd_county.say("/v1/residents/me/insurance", Said(200, body % branch))
    with pytest.raises(CountyUnavailable, match="not a InsuranceStatement"):
        client.get("/v1/residents/me/insurance", InsuranceStatement)
