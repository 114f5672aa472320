"""The worked example of docs/examples/county_hsm.py: a hub in front of a security module in another process."""

from __future__ import annotations

import subprocess
import sys
import uuid
from pathlib import Path

import pytest

from contract.card_keys import CardAuthentication
from contract.examples import EXAMPLES
from county.key_store import TEST_KEYS, open_key_store
from county.settings import SettingsError, Stage
from tests.hall import free_port

ROOT = Path(__file__).parents[2]
NAMED = "python:county_hsm:open_store"
ASKED = EXAMPLES[CardAuthentication]


@pytest.fixture
def module(monkeypatch):
    """Start a module; the adapter finds it by the environment, as in a county."""
    started = []
    monkeypatch.syspath_prepend(str(ROOT / "docs" / "examples"))

    def start(*words):
        command = [sys.executable, str(ROOT / "tests" / "county" / "hsm_process.py"), *words]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT)  # noqa: S603  our own program
        started.append(process)
        monkeypatch.setenv("COUNTY_HSM", f"127.0.0.1:{process.stdout.readline().strip()}")
        return process

    yield start
    for process in started:
        process.kill()
        process.wait(10)
        process.stdout.close()


def test_production_takes_it_and_it_answers_as_the_cards_compute(module):
    module()
    store = open_key_store(NAMED, Stage.PRODUCTION)
    assert store.cryptograms(ASKED) == TEST_KEYS.cryptograms(ASKED)
    alone = ASKED.model_copy(update={"outer": None})
    assert store.cryptograms(alone).outer is None


def test_a_module_that_refuses_dies_or_was_never_there_is_an_oserror_and_comes_back(module, monkeypatch):
    process = module()
    store = open_key_store(NAMED, Stage.PRODUCTION)
    with pytest.raises(OSError, match="refused"):
        store.cryptograms(ASKED.model_copy(update={"identification": "EE" + ASKED.identification[2:]}))
    process.kill()
    process.wait(10)
    with pytest.raises(ConnectionError):
        store.cryptograms(ASKED)
    monkeypatch.setenv("COUNTY_HSM", f"127.0.0.1:{free_port()}")
    with pytest.raises(ConnectionError):
        open_key_store(NAMED, Stage.PRODUCTION).cryptograms(ASKED)
    module()
    assert open_key_store(NAMED, Stage.PRODUCTION).cryptograms(ASKED).inner


def test_a_module_that_says_nothing_is_given_up_in_time(module):
    module("deaf")
    with pytest.raises(OSError, match="timed out"):
        open_key_store(NAMED, Stage.PRODUCTION).cryptograms(ASKED)


def test_a_hub_before_a_dead_module_says_so_and_the_insertion_stays_used(module, open_office):
    process = module()
    office = open_office(demo_seed=1, key_store=NAMED)
    asked = ASKED.model_dump(mode="json") | {"insertion": uuid.uuid4().hex}
    told = office.client.post("/v1/card-authentications", json=asked)
    assert told.json["inner"] == TEST_KEYS.cryptograms(ASKED).inner
    process.kill()
    process.wait(10)
    other = asked | {"insertion": uuid.uuid4().hex}
    reply = office.client.post("/v1/card-authentications", json=other)
    assert (reply.status_code, reply.json["type"]) == (503, "backend-unavailable")
    assert ASKED.identification not in reply.text
    assert office.client.post("/v1/card-authentications", json=other).json["type"] == "insertion-answered"
    assert office.sitting_of("李伟"), "everything else goes on"


def test_without_its_place_the_hub_does_not_start(monkeypatch):
    monkeypatch.syspath_prepend(str(ROOT / "docs" / "examples"))
    monkeypatch.delenv("COUNTY_HSM", raising=False)
    with pytest.raises(SettingsError, match="county_hsm"):
        open_key_store(NAMED, Stage.PRODUCTION)
