"""The policy file: Chromium itself says (chrome://policy) which name or value it does not take."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, sync_playwright

from tests.browser_screen import FLAGS
from tests.hall import eventually
from tests.shell.screen import PATIENCE, SHELL, managed, needs_a_screen, policy, under_policy

SHUTS_THE_READER_OUT = (
    "URLBlocklist",
    "DeveloperToolsAvailability",
    "RemoteDebuggingAllowed",
    "ForceEphemeralProfiles",
)
"""Without these chrome://policy can be read; each is proven by what it does (tests/shell/test_ways_out.py)."""
STILL_TAKEN = {"AutofillAddressEnabled": "Deprecated", "AutofillCreditCardEnabled": "Deprecated"}
"""What Chromium says of a policy that it obeys today and will forget one day."""
READ = """rows => rows.map(row => row.shadowRoot).map(row => ['.name span, .name', '.value', '.messages'].map(
  part => row.querySelector('.policy.row ' + part)?.textContent.trim() ?? ''))"""


@pytest.fixture
def opened(tmp_path) -> Iterator[BrowserContext]:
    told = policy("127.0.0.1:1", "127.0.0.1:2", **dict.fromkeys(SHUTS_THE_READER_OUT)) | {"NoSuchPolicy": True}
    place = managed(tmp_path, told)
    script = tmp_path / "chromium"
    command, *rest = under_policy(place)
    quoted = " ".join(f"'{word}'" for word in rest)
    script.write_text(f'#!/bin/sh\nexec {command} {quoted} "$@"\n')
    script.chmod(0o755)
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=str(script), args=FLAGS)
        yield running.new_context()
        running.close()


@needs_a_screen
def test_chromium_knows_every_policy_and_takes_every_value(opened):
    page = opened.new_page()
    page.goto("chrome://policy")
    rows = page.locator("policy-row")
    eventually(lambda: rows.count() > 20, PATIENCE, "the list of policies")
    says = {name: said for name, _, said in rows.evaluate_all(READ)}
    ours = set(json.loads((SHELL / "policy.json").read_text(encoding="utf-8"))) - set(SHUTS_THE_READER_OUT)
    assert ours - set(says) == set()
    assert says["NoSuchPolicy"] != "OK", "one that does not exist is told apart"
    assert {name: says[name] for name in ours if says[name] != "OK"} == STILL_TAKEN


def test_only_the_kiosk_and_the_supervisor_are_allowed():
    told = json.loads((SHELL / "policy.json").read_text(encoding="utf-8"))
    assert told["URLAllowlist"] == ["http://127.0.0.1:8080", "http://127.0.0.1:8079", "http://127.0.0.1:8082"]
    assert "*" in told["URLBlocklist"]
    assert Path(SHELL / "policy.json").stat().st_mode & 0o022 == 0
