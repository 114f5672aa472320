"""The county office is the real hub: real application, real SQLite file, invented people."""

from __future__ import annotations

import json
import shutil
import uuid
from datetime import timedelta
from pathlib import Path

import pytest

from contract.codes import StaffRole, VerificationMethod
from contract.residents import EligibilityStatus
from contract.sealing import seal
from contract.submissions import (
    AppointmentRequest,
    ClockConfidence,
    Consent,
    EligibilityEvidence,
    SealedSubmission,
    SubmissionKind,
)
from county.accounts import add_account
from county.app import create_app
from county.hub import build_hub
from county.settings import HubSettings, Stage

TOWN = "510521109"
COUNTY = "510521"
PASSWORD = "chang-mima-2026"


class Office:
    """What happens between halls and the county, over the hub's real application."""

    def __init__(self, settings: HubSettings) -> None:
        self.hub = build_hub(settings)
        self.app = create_app(self.hub)
        self.client = self.app.test_client()
        self.people = {}
        if settings.people.exists():
            lines = settings.people.read_text(encoding="utf-8").splitlines()
            self.people = {person["name"]: person for person in reversed([json.loads(line) for line in lines])}

    def later(self, **how_long) -> None:
        self.hub.clock.move(timedelta(**how_long))

    def insert_card(self, name, **other):
        person = self.people[name]
        card = {
            "social_security_no": person["number"],
            "card_number": person["card_number"],
            "identification": person["card"]["identification"],
            "card_version": person["card_version"],
            "insertion": uuid.uuid4().hex,
        } | other
        return self.client.post("/v1/sittings", json=card)

    def sitting_of(self, name) -> str:
        reply = self.insert_card(name)
        assert reply.status_code == 201, reply.text
        return reply.json["sitting"]

    def ask(self, path, sitting):
        return self.client.get(f"/v1/residents/me/{path}", headers={"Kiosk-Sitting": sitting})

    def eligibility(self, sitting) -> EligibilityStatus:
        reply = self.ask("eligibility", sitting)
        assert reply.status_code == 200, reply.text
        return EligibilityStatus.model_validate_json(reply.data)

    def evidence(self, name, sitting="", **other) -> EligibilityEvidence:
        nonce = self.eligibility(sitting).nonce if sitting else ""
        fields = {
            "social_security_no": self.people[name]["number"],
            "name": name,
            "benefit": "城乡居民养老",
            "method": VerificationMethod.KIOSK_FINGERPRINT,
            "performed_at": self.hub.clock.now(),
            "clock_confidence": ClockConfidence.SURE,
            "site": TOWN,
            "kiosk": "kiosk-01",
            "attempts": 1,
            "score": 120,
            "consent": Consent(text_version="2026-01", given=True),
            "nonce": nonce,
            "offline": not sitting,
        }
        return EligibilityEvidence(**(fields | other))

    def appointment(self, name) -> AppointmentRequest:
        return AppointmentRequest(
            social_security_no=self.people[name]["number"],
            name=name,
            purpose="pension_verification",
            wanted="上门认证",
            site=TOWN,
            kiosk="kiosk-01",
        )

    def envelope(self, content, *, offline=False, **other) -> SealedSubmission:
        evidence = isinstance(content, EligibilityEvidence)
        kind = SubmissionKind.ELIGIBILITY_VERIFICATION if evidence else SubmissionKind.APPOINTMENT
        key = self.hub.key.published()
        fields = {
            "submission_id": uuid.uuid4().hex,
            "kind": kind,
            "made_at": self.hub.clock.now(),
            "offline": offline,
            "key_id": key.key_id,
            "sealed": seal(content.model_dump_json().encode(), key.public_key, kind.value),
        }
        return SealedSubmission(**(fields | other))

    def deliver(self, envelope, sitting="", path=None, **headers):
        told = {"Idempotency-Key": envelope.submission_id} | headers
        if sitting:
            told["Kiosk-Sitting"] = sitting
        return self.client.post(path or envelope.kind.path, data=envelope.model_dump_json(), headers=told)

    def deliver_apart(self, envelope, sitting):
        """From a client of its own, as another thread must."""
        told = {"Idempotency-Key": envelope.submission_id, "Kiosk-Sitting": sitting}
        return self.app.test_client().post(envelope.kind.path, data=envelope.model_dump_json(), headers=told)

    def add_staff(self, account, *roles, areas=(COUNTY,)) -> None:
        add_account(self.hub.store, account, f"{account}甲", roles, areas, PASSWORD)

    def try_sign_in(self, account, password=PASSWORD):
        return self.client.post("/v1/staff/sessions", json={"account": account, "password": password})

    def sign_in(self, account):
        reply = self.try_sign_in(account)
        assert reply.status_code == 201, reply.text
        return {"Staff-Session": reply.json["session"]}

    def employ(self, account, *roles, areas=(COUNTY,)):
        self.add_staff(account, *roles, areas=areas)
        return self.sign_in(account)


def settings_in(folder: Path, **other) -> HubSettings:
    values = {
        "listen": "127.0.0.1:0",
        "database": f"sqlite:///{folder / 'county.sqlite'}",
        "media": folder / "media",
        "keys": folder / "county-key",
        "people": folder / "people.jsonl",
        "stage": Stage.DEVELOPMENT,
    }
    return HubSettings(**(values | other))


@pytest.fixture(scope="session")
def founded(tmp_path_factory) -> Path:
    """A folder with an empty, migrated hub: later offices start from a copy."""
    folder = tmp_path_factory.mktemp("founded")
    build_hub(settings_in(folder)).close()
    return folder


@pytest.fixture(scope="session")
def planted(tmp_path_factory) -> Path:
    """A folder with a hub full of invented people."""
    folder = tmp_path_factory.mktemp("planted")
    build_hub(settings_in(folder, demo_seed=1)).close()
    return folder


def _office_from(template: Path, folder: Path, **other):
    shutil.copytree(template, folder)
    return Office(settings_in(folder, **other))


@pytest.fixture
def office(planted, tmp_path):
    opened = _office_from(planted, tmp_path / "planted", demo_seed=1)
    yield opened
    opened.hub.close()


@pytest.fixture
def empty_office(founded, tmp_path):
    opened = _office_from(founded, tmp_path / "hub")
    yield opened
    opened.hub.close()


@pytest.fixture
def open_office(founded, tmp_path):
    """Open an office with other settings; every one is closed at the end."""
    offices = []

    def opened(**other):
        offices.append(_office_from(founded, tmp_path / f"hub{len(offices)}", **other))
        return offices[-1]

    yield opened
    for each in offices:
        each.hub.close()


@pytest.fixture
def editor(empty_office):
    return empty_office.employ("bianji", StaffRole.EDITOR)


@pytest.fixture
def approver(empty_office):
    return empty_office.employ("shenhe", StaffRole.APPROVER)
