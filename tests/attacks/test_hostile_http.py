"""Bodies, headers and lines that no kiosk sends, over real sockets to the hub: bounded, and never a 500."""

from __future__ import annotations

import contextlib
import gzip
import json
import socket
import threading
import time
import zlib

import httpx
import pytest

from county.serve import CONNECTIONS, HEADER_BYTES, server_of
from kiosk.county_errors import CountyUnavailable
from kiosk.uplink.client import LARGEST_ANSWER, CountyClient
from tests.hall import eventually
from tests.odd_county import OddCounty, Said

SIGN_IN = "/v1/staff/sessions"


@pytest.fixture(scope="module")
def served(town):
    """The hub of these attempts on its own server, as the program starts it."""
    server = server_of(town.hub)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    yield town
    server.trigger.pull_trigger(lambda: [one.close() for one in list(server._map.values())])
    thread.join(10)
    server.task_dispatcher.shutdown()


@pytest.fixture
def address(served):
    return served.hub.settings.host, served.hub.settings.port


def raw(address, content: bytes, seconds: float = 15.0) -> bytes:
    """Everything that is answered to these bytes until the line is closed or silent."""
    said = b""
    with socket.create_connection(address, timeout=seconds) as line:
        line.settimeout(seconds)
        with contextlib.suppress(OSError):
            line.sendall(content)
            while piece := line.recv(65536):
                said += piece
                if b"\r\n\r\n" in said and len(said.partition(b"\r\n\r\n")[2]) >= _length(said):
                    break
    return said


def _length(said: bytes) -> int:
    head = said.partition(b"\r\n\r\n")[0].lower()
    found = [line.partition(b":")[2] for line in head.split(b"\r\n") if line.startswith(b"content-length:")]
    return int(found[0]) if found else 0


def status(said: bytes) -> int:
    """The status of an answer; 0 where the line was closed without one."""
    return int(said.split(b" ", 2)[1]) if said.startswith(b"HTTP/") else 0


def still_serves(address) -> bool:
    return httpx.get(f"http://{address[0]}:{address[1]}/health", timeout=15).status_code == 200


def post(served, body: bytes, path: str = SIGN_IN, **headers: str):
    """A body of the attacker's, truly signed by an approved kiosk: what lies behind the proof is reached."""
    return served.client.post(path, data=body, headers={"Content-Type": "application/json"} | headers)


# --- bodies ---


@pytest.mark.parametrize("size", [256 * 1024 + 1, 3_000_000])
def test_a_body_beyond_the_limit_is_refused_signed_or_not(served, address, size):
    assert post(served, b"x" * size).status_code == 413
    head = f"POST {SIGN_IN} HTTP/1.1\r\nHost: localhost\r\nContent-Length: {size}\r\n\r\n".encode()
    assert status(raw(address, head + b"x" * size)) in {401, 413}
    assert still_serves(address)


def test_a_body_said_to_be_a_gigabyte_is_refused_before_it_is_sent(address):
    head = f"POST {SIGN_IN} HTTP/1.1\r\nHost: localhost\r\nContent-Length: {1 << 30}\r\n\r\n".encode()
    assert status(raw(address, head + b"{")) == 413
    assert still_serves(address)


@pytest.mark.parametrize(
    "body",
    [
        b"[" * 100_000, b'{"a":' * 50_000, b"[" * 100_000 + b"]" * 100_000,
        b'{"account":"x","password":"y","more":' + b"[" * 900 + b"]" * 900 + b"}",
    ],
    ids=["open", "objects", "closed", "in-an-unknown-field"],
)  # fmt: skip
def test_a_deeply_nested_body_is_no_json(served, body):
    reply = post(served, body)
    assert (reply.status_code, reply.json["type"]) == (400, "malformed")


@pytest.mark.parametrize(
    "text",
    [
        '{"account": "x", "password": "y\\u0000"}', '{"account": "x\x00", "password": "y"}',
        '{"account": "\\ud800", "password": "y"}', '{"account": "x", "account": "y", "password": "z"}',
        '{"account": "x", "password": "y", "more": {"a": 1, "a": 2}}', '{"account": "x", "password": "y", "a": NaN}',
        '{"account": "x", "password": "y", "a": -Infinity}', '{"account": "x", "password": "y", "a": ' + "9" * 5000 + "}",  # noqa: E501  bytes as they travel
        '{"account": "x", "password": 1e400}', '{"account": "x", "password": ["y"]}', "", "null", "[]", "﻿{}",
        '{"account": "x", "password": "y"} {"account": "z"}', "{'account': 'x'}",
    ],
    ids=range(16),
)  # fmt: skip
def test_json_that_two_readers_could_read_in_two_ways_is_refused(served, text):
    reply = post(served, text.encode("utf-8", "surrogatepass"))
    assert reply.json["type"] == "malformed", reply.json
    assert reply.status_code in {400, 422}


@pytest.mark.parametrize("encoding", ["utf-16", "utf-32", "gb18030"])
def test_json_in_another_encoding_is_refused(served, encoding):
    reply = post(served, '{"account": "李伟李伟", "password": "密码密码密码"}'.encode(encoding))
    assert (reply.status_code, reply.json["type"]) == (400, "malformed")


@pytest.mark.parametrize("pack", [gzip.compress, zlib.compress], ids=["gzip", "deflate"])
def test_a_packed_body_is_not_unpacked(served, pack):
    bomb = pack(b'{"account": "' + b"x" * 20_000_000 + b'"}')
    assert len(bomb) < 256 * 1024
    for name in ("gzip", "deflate", "x", "identity, gzip"):
        reply = post(served, bomb, **{"Content-Encoding": name})
        assert (reply.status_code, reply.json["type"]) == (415, "malformed")
    assert post(served, bomb).status_code == 400


# --- addresses and headers ---


@pytest.mark.parametrize(
    "path",
    [
        "/v1/feed?cursor=%00", "/v1/feed?area=%00", "/v1/media/%00", "/v1/feed%00", "/v1/media/..%2f..%2fetc%2fpasswd",
        "/v1/media/../../../etc/passwd", "/v1/feed?cursor=%ff%fe", "/v1/feed?cursor=" + "x" * 8000, "/v1/feed?limit=" + "9" * 400,  # noqa: E501  bytes as they travel
        "/v1/feed?" + "&".join(f"a{number}=1" for number in range(300)), "/v1/feed?limit=1&limit=2", "//v1/feed", "/v1//feed",  # noqa: E501  bytes as they travel
        "/v1/%66eed", "/v1/feed;x=1", "/v1/feed/", "/V1/FEED", "/%2e%2e/v1/feed", "/\\v1\\feed",
    ],
    ids=range(19),
)  # fmt: skip
def test_an_odd_address_is_refused_or_led_where_it_may(address, path):
    said = raw(address, f"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".encode("latin-1"))
    assert status(said) in {200, 308, 400, 404}, said[:200]
    assert b"root:" not in said
    assert still_serves(address)


@pytest.mark.parametrize(
    "head",
    [
        b"GET /health HTTP/1.1\r\nHost: localhost\r\nX: " + b"x" * (HEADER_BYTES + 1) + b"\r\n\r\n",
        b"GET /health HTTP/1.1\r\nHost: localhost\r\n" + b"X: y\r\n" * 5000 + b"\r\n",
        b"GET /health HTTP/1.1\r\nHost: localhost\r\nBad Header: x\r\n\r\n",
        b"GET /health HTTP/1.1\r\nHost: localhost\r\nX : y\r\n\r\n",
        b"GET /health HTTP/1.1\r\nHost: localhost\r\nX: a\x00b\r\n\r\n",
        b"GET /health HTTP/1.1\r\nHost: localhost\r\n folded: x\r\n\r\n",
        b"GET /health HTTP/1.1\nHost: localhost\n\n",
        b"GET  /health  HTTP/1.1\r\nHost: localhost\r\n\r\n",
        b"POST /v1/kiosks HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello!",
        b"POST /v1/kiosks HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",  # noqa: E501  bytes as they travel
        b"POST /v1/kiosks HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: x\r\n\r\n0\r\n\r\n",  # noqa: E501  bytes as they travel
        b"POST /v1/kiosks HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\nx\r\n",
        b"POST /v1/kiosks HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\n\r\n",
        b"POST /v1/kiosks HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1e3\r\n\r\n",
        b"GET http://evil.example/health HTTP/1.1\r\nHost: evil.example\r\n\r\n",
        b"GET /health HTTP/1.1\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(50),
        b"\x00" * 100 + b"\r\n\r\n",
    ],
    ids=range(18),
)  # fmt: skip
def test_an_odd_head_is_refused_and_nothing_stands_behind_it(address, head):
    said = raw(address, head, 1.5)
    assert status(said) < 500 or status(said) == 501, said[:200]
    assert said.count(b"HTTP/1.") <= 2, "no second request was smuggled in"
    assert still_serves(address)


def test_what_is_sent_in_a_header_never_comes_back_in_one(address):
    split = "/v1/feed?area=510521%0d%0aSet-Cookie:%20a=b"
    said = raw(address, f"GET {split} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".encode())
    assert status(said) == 400
    assert b"Set-Cookie" not in said
    for name in ("Kiosk-Sitting", "Staff-Session", "If-None-Match", "Idempotency-Key"):
        head = f"GET /v1/feed HTTP/1.1\r\nHost: localhost\r\n{name}: x\r\n\tInjected: y\r\nConnection: close\r\n\r\n"
        assert b"Injected" not in raw(address, head.encode()).partition(b"\r\n\r\n")[0]


# --- slow senders ---


def test_senders_that_trickle_hold_no_worker_and_others_are_served_meanwhile(address):
    """Three times as many as the hub has workers, each a byte now and then, in the head or in the body."""
    lines = []
    try:
        for number in range(24):
            line = socket.create_connection(address, timeout=10)
            lines.append(line)
            begin = b"POST /v1/kiosks HTTP/1.1\r\nHost: localhost\r\n"
            line.sendall(begin if number % 2 else begin + b"Content-Length: 5000\r\n\r\n{")
        for _ in range(3):
            for line in lines:
                line.sendall(b"x")
            began = time.monotonic()
            assert still_serves(address)
            assert time.monotonic() - began < 10
    finally:
        for line in lines:
            line.close()


def test_more_lines_than_it_takes_wait_and_when_they_go_it_serves_on(address):
    lines = []
    try:
        for _ in range(CONNECTIONS + 10):
            with contextlib.suppress(OSError):
                lines.append(socket.create_connection(address, timeout=2))
    finally:
        for line in lines:
            line.close()
    eventually(lambda: still_serves(address), 30)


# --- the other direction: a county that packs ---


@pytest.fixture
def odd_county():
    county = OddCounty()
    yield county
    county.close()


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "br", "zstd", "x-gzip"])
def test_a_kiosk_asks_for_nothing_packed_and_takes_nothing_packed(odd_county, encoding):
    from contract.feed import CountyPulse  # noqa: PLC0415 - any message would do

    bomb = gzip.compress(bytes(LARGEST_ANSWER * 8))
    odd_county.say("/health", Said(200, bomb, {"Content-Encoding": encoding}))
    client = CountyClient(odd_county.url, 5.0)
    with pytest.raises(CountyUnavailable, match="packed"):
        client.get("/health", CountyPulse)
    client.close()
    (asked,) = odd_county.asked
    assert asked[2]["Accept-Encoding"] == "identity"


def test_a_kiosk_takes_json_that_is_nested_without_end_for_no_answer(odd_county):
    from contract.feed import CountyPulse  # noqa: PLC0415 - see above

    odd_county.say("/health", Said(200, json.dumps({"version": "1"}).encode()[:-1] + b',"x":' + b"[" * 200_000))
    client = CountyClient(odd_county.url, 5.0)
    with pytest.raises(CountyUnavailable):
        client.get("/health", CountyPulse)
    client.close()
