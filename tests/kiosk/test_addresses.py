"""The county's name stands for two addresses, and the first of them, IPv6, is dead: the kiosk comes through by IPv4."""

import os
import socket
import subprocess
import sys
import time
from contextlib import ExitStack, contextmanager
from pathlib import Path

import httpcore
import pytest

from kiosk.uplink.addresses import EachAddress, addresses_of
from kiosk.uplink.client import CountyClient
from tests.faults import own_disk
from tests.hall import free_port

ROOT = Path(__file__).parents[2]
DEAD, LIVING = "::1", "127.0.0.1"
SECONDS = 6.0
NAME = "localhost"
ASKS = (
    "import sys, time; from contract.feed import CountyPulse; from kiosk.uplink.client import CountyClient\n"
    "seconds = float(sys.argv[2]); client = CountyClient(sys.argv[1], seconds); began = time.monotonic()\n"
    "print(client.get('/health', CountyPulse).status, time.monotonic() - began < seconds)\n"
)


def two_families():
    try:
        with socket.create_server((DEAD, 0), family=socket.AF_INET6):
            return True
    except OSError:
        return False


pytestmark = pytest.mark.skipif(not two_families(), reason="no IPv6 on this machine, not even to itself")


@contextmanager
def silent(port):
    """Nobody takes a connection there, and nobody refuses one: the queue of a listener that accepts none is full."""
    with ExitStack() as stack:
        stack.enter_context(socket.create_server((DEAD, port), family=socket.AF_INET6, backlog=0))
        for _ in range(20):
            waiting = stack.enter_context(socket.socket(socket.AF_INET6))
            waiting.settimeout(0.3)
            try:
                waiting.connect((DEAD, port))
            except TimeoutError:
                break
        else:
            pytest.fail("the queue takes everybody")
        yield


@pytest.fixture
def living():
    with socket.create_server((LIVING, 0)) as listening:
        yield listening.getsockname()[1]


class Hand:
    """The library's own way to connect; remembers where it was sent."""

    def __init__(self):
        self.tried = []
        self._real = httpcore.ConnectionPool()._network_backend

    def connect_tcp(self, host, port, timeout=None, *more):
        self.tried.append((host, timeout))
        return self._real.connect_tcp(host, port, timeout, *more)


def test_a_silent_first_address_takes_its_share_and_the_next_time_the_living_one_is_first(living):
    hand = Hand()
    backend = EachAddress(hand, lambda *_: [DEAD, LIVING])
    with silent(living):
        began = time.monotonic()
        backend.connect_tcp(NAME, living, SECONDS).close()
        assert time.monotonic() - began < SECONDS
        assert [host for host, _ in hand.tried] == [DEAD, LIVING]
        assert hand.tried[0][1] == pytest.approx(SECONDS / 2, abs=0.5)
        backend.connect_tcp(NAME, living, SECONDS).close()
        assert [host for host, _ in hand.tried[2:]] == [LIVING]


def test_where_none_answers_it_is_the_failure_of_the_last_within_the_time_of_one():
    backend = EachAddress(Hand(), lambda *_: [DEAD, LIVING])
    with pytest.raises(httpcore.ConnectError):
        backend.connect_tcp(NAME, free_port(), SECONDS)


@pytest.mark.parametrize("none", [[], None])
def test_a_name_without_an_address_is_a_line_that_is_cut(none):
    def resolve(*_):
        if none is None:
            raise socket.gaierror("not known")
        return none

    with pytest.raises(httpcore.ConnectError):
        EachAddress(Hand(), resolve).connect_tcp(NAME, 1, SECONDS)


def test_an_address_is_its_own_name_and_each_is_told_once():
    assert addresses_of(LIVING, 80) == [LIVING]
    assert addresses_of(DEAD, 80) == [DEAD]


def test_the_kiosks_client_goes_this_way():
    client = CountyClient(f"http://{LIVING}:9", SECONDS)
    backend = client._client()._transport._pool._network_backend
    assert isinstance(backend._backend, EachAddress)
    client.close()


@pytest.mark.skipif(bool(own_disk.missing()), reason=own_disk.missing() or "all is there")
def test_the_county_whose_name_is_first_a_dead_ipv6_address_answers_within_its_time(hall, tmp_path):
    """A program of its own with its own list of hosts, as the system reads it; the real hub."""
    hosts = tmp_path / "hosts"
    hosts.write_text(f"{DEAD} {NAME}\n{LIVING} {NAME}\n", encoding="ascii")
    port = int(hall.settings.county.url.rpartition(":")[2])
    own = ["unshare", "-m", "sh", "-c", 'mount --bind "$0" /etc/hosts && exec "$@"', str(hosts)]
    program = [*own, sys.executable, "-c", ASKS, f"http://{NAME}:{port}", str(SECONDS)]
    with silent(port):
        ended = subprocess.run(  # noqa: S603  our own words
            program, cwd=ROOT, env=os.environ, capture_output=True, text=True, check=False, timeout=90
        )
    assert ended.stdout.split() == ["200", "True"], ended.stderr
