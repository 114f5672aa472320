"""Faults 43, 48, 50: many slow browsers, requests that no browser makes, and searches that are no words."""

from __future__ import annotations

import contextlib
import functools
import resource
import socket
import time

import httpx
import pytest

from kiosk.serve import Faces
from tests.hall import Hall
from tests.screen import Screen

SLOW = 40
CHUNKED = b"Transfer-Encoding: chunked\r\n"


@pytest.fixture(scope="module")
def served(tmp_path_factory, seeds):
    """A machine on its real servers."""
    hall = Hall(tmp_path_factory.mktemp("hall"), seeds)
    faces = Faces(hall.machine)
    faces.listen()
    yield hall
    hall.machine.stop()
    for server in faces.servers:
        server.close()
    hall.hub.stop()


def address(served, face="resident"):
    host, _, port = getattr(served.settings.faces, face).rpartition(":")
    return host, int(port)


def said_to(served, request, face="resident"):
    """The first line of the answer to raw bytes; "" where the line was closed."""
    with socket.create_connection(address(served, face), 10) as line:
        line.settimeout(20)
        with contextlib.suppress(ConnectionError):
            line.sendall(request)
        answer = b""
        try:
            while piece := line.recv(65536):
                answer += piece
                if b"\r\n\r\n" in answer:
                    break
        except ConnectionError:
            pass
    return answer.decode("latin-1")


def host(served, face="resident"):
    return f"Host: {getattr(served.settings.faces, face)}\r\n".encode()


def test_fault_43_slow_senders_on_one_face_keep_neither_it_nor_the_others_from_answering(served):
    """Each sends a byte now and then and never ends its header."""
    lines = [socket.create_connection(address(served), 10) for _ in range(SLOW)]
    try:
        for round_ in range(3):
            for line in lines:
                line.sendall(b"GET / HTTP/1.1\r\nX-Slow: " if round_ == 0 else b"x")
            for face in ("resident", "staff", "display"):
                began = time.monotonic()
                answer = httpx.get(f"http://{getattr(served.settings.faces, face)}/health", timeout=20)
                assert answer.status_code == 200
                assert time.monotonic() - began < 5
    finally:
        for line in lines:
            line.close()


def test_fault_43_pages_come_at_once_while_others_send_slowly(served):
    """What a resident waits for: the home screen and the list of jobs, forty times, among those who never end."""
    lines = [socket.create_connection(address(served), 10) for _ in range(SLOW)]
    base, took = f"http://{served.settings.faces.resident}", []
    try:
        for line in lines:
            line.sendall(b"GET / HTTP/1.1\r\nX-Slow: ")
        with httpx.Client(base_url=base, timeout=20, follow_redirects=True) as browser:
            for number in range(40):
                lines[number % SLOW].sendall(b"x")
                began = time.monotonic()
                assert browser.get("/services/job_board/" if number % 2 else "/").status_code == 200
                took.append(time.monotonic() - began)
    finally:
        for line in lines:
            line.close()
    assert sorted(took)[len(took) // 2] < 1
    assert max(took) < 5


def test_fault_43_a_face_that_is_full_leaves_the_others_alone(served):
    lines = []
    try:
        for _ in range(100):
            line = socket.create_connection(address(served), 10)
            line.sendall(b"POST / HTTP/1.1\r\n" + host(served) + b"Content-Length: 1000\r\n\r\nx")
            lines.append(line)
        for face in ("staff", "display"):
            assert httpx.get(f"http://{getattr(served.settings.faces, face)}/health", timeout=20).status_code == 200
    finally:
        for line in lines:
            line.close()


MANY = b"&".join(b"q%d=1" % number for number in range(3000))
ODD = {
    "huge header": (b"GET / HTTP/1.1\r\n%sX: " + b"a" * 40_000 + b"\r\n\r\n", "431"),
    "huge address": (b"GET /?" + b"a" * 15_000 + b" HTTP/1.1\r\n%s\r\n", "414"),
    "thousands of parameters": (b"GET /services/job_board/?" + MANY + b" HTTP/1.1\r\n%s\r\n", "4"),
    "two lengths": (b"POST / HTTP/1.1\r\n%sContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello", "4"),
    "chunked and a length": (b"POST / HTTP/1.1\r\n%s" + CHUNKED + b"Content-Length: 5\r\n\r\n0\r\n\r\n", "4"),
    "two encodings": (b"POST / HTTP/1.1\r\n%s" + CHUNKED * 2 + b"\r\n0\r\n\r\n", "4|501"),
    "NUL in the path": (b"GET /a\x00b HTTP/1.1\r\n%s\r\n", "4"),
    "%00 in the path": (b"GET /services/%%00 HTTP/1.1\r\n%s\r\n", "4"),
    "bare bytes in the query": (b"GET /?page=\xff\xfe&q=\xe5 HTTP/1.1\r\n%s\r\n", "4"),
    "overlong UTF-8": (b"GET /services/%%c0%%af%%c0%%ae HTTP/1.1\r\n%s\r\n", "4"),
    "a gigabyte announced": (b"POST / HTTP/1.1\r\n%sContent-Length: 1073741824\r\n\r\nx", "413"),
    "a bad length": (b"POST / HTTP/1.1\r\n%sContent-Length: -5\r\n\r\n", "4"),
    "no request": (b"\x16\x03\x01 hello\r\n\r\n", "4"),
}


@pytest.mark.parametrize("face", ["resident", "staff", "display"])
@pytest.mark.parametrize("name", ODD)
def test_fault_48_what_no_browser_sends_is_refused_and_nothing_grows(served, name, face):
    request, expected = ODD[name]
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    answer = said_to(served, request.replace(b"%s", host(served, face)).replace(b"%%", b"%"), face)
    status = answer.partition(" ")[2][:3]
    assert any(status.startswith(one) for one in expected.split("|")), answer[:200]
    assert "Traceback" not in answer
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 60_000, "kilobytes"
    assert httpx.get(f"http://{getattr(served.settings.faces, face)}/health", timeout=20).status_code == 200


@functools.cache
def one_screen(served):
    """The window that is paired with the machine: there is only one."""
    return Screen(served)


@pytest.mark.parametrize(
    "words", ['"', "*", "NEAR(", "OR", "%", "_", "a\0b", "，。！", "字" * 10_000, "' OR 1=1 --", '"a" NOT "b"']
)
def test_fault_50_no_search_is_an_error_of_the_search(served, words):
    began, screen = time.monotonic(), one_screen(served)
    answer = screen.client.get("/services/job_board/", query_string={"q": words}, base_url=screen.base)
    assert answer.status_code in {200, 303, 414}, answer.text[:300]
    assert "Traceback" not in answer.text
    assert time.monotonic() - began < 5
