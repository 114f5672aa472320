"""The county office is the real hub: real application, real SQLite file, invented people."""

from __future__ import annotations

import json
import shutil
import uuid
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from contract.codes import ScoreBand, StaffRole, VerificationMethod
from contract.evidence import OFFLINE_MARK, Holder, SignedEvidence, mark_of, sign
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
from county.kiosks import enrol
from county.models import residents
from county.settings import HubSettings, Stage
from kiosk.uplink.identity_keys import Signer
from tests.postgres import PostgresServer, missing
from tests.shared import once, shared_postgres
from tests.signing import SigningClient, a_signer

TOWN = "510521109"
COUNTY = "510521"
SALT = "salt-of-tests-16"
PASSWORD = "chang-mima-2026"


class Office:
    """What happens between halls and the county, over the hub's real application."""

    def __init__(self, settings: HubSettings) -> None:
        self.hub = build_hub(settings)
        self.app = create_app(self.hub)
        self.app.test_client_class = SigningClient
        self.signer = self.kiosk()
        self.client = self.as_kiosk(self.signer)
        self.people = {}
        if settings.people.exists():
            lines = settings.people.read_text(encoding="utf-8").splitlines()
            self.people = {person["name"]: person for person in reversed([json.loads(line) for line in lines])}

    def kiosk(self, name="kiosk-01", *, approved=True) -> Signer:
        """Another kiosk, enrolled here."""
        signer = a_signer(now=self.hub.clock.now, name=name)
        known = (signer.enrolment.fingerprint,) if approved else ()
        with self.hub.store.writing() as connection:
            enrol(connection, signer.enrolment, known, self.hub.clock.now())
        return signer

    def as_kiosk(self, signer):
        client = self.app.test_client()
        client.signer = signer
        return client

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
        number = self.people[name]["number"] if name in self.people else name
        fields = {
            "resident": self.reference_of(number) if sitting else mark_of(number, SALT),
            "benefit": "城乡居民养老",
            "method": VerificationMethod.KIOSK_FINGERPRINT,
            "performed_at": self.hub.clock.now(),
            "clock_confidence": ClockConfidence.SURE,
            "site": TOWN,
            "kiosk": "kiosk-01",
            "kiosk_key": self.signer.enrolment.key_id,
            "attempts": 1,
            "score_band": ScoreBand.MIDDLE,
            "consent": Consent(text_version="2026-01", given=True),
            "nonce": nonce,
            "offline": not sitting,
        }
        return EligibilityEvidence(**(fields | other))

    def reference_of(self, number) -> str:
        with self.hub.store.reading() as connection:
            wanted = select(residents.c.reference).where(residents.c.number == number)
            return connection.scalar(wanted) or f"nobody {number}"

    def signed(self, evidence, holder="", signer=None) -> SignedEvidence:
        """As the kiosk signs it; ``holder``: the number that goes beside it, where it carries a mark."""
        marked = evidence.resident.startswith(OFFLINE_MARK)
        number = holder or next(
            (p["number"] for p in self.people.values() if mark_of(p["number"], SALT) == evidence.resident), ""
        )
        told = Holder(social_security_no=number, name="x", salt=SALT) if marked else None
        return sign(evidence, (signer or self.signer).keys.signing, told)

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
        signed = evidence or isinstance(content, SignedEvidence)
        kind = SubmissionKind.ELIGIBILITY_VERIFICATION if signed else SubmissionKind.APPOINTMENT
        key = self.hub.key.published()
        content = self.signed(content) if evidence else content
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
        return self.as_kiosk(self.signer).post(envelope.kind.path, data=envelope.model_dump_json(), headers=told)

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


class Archive:
    """Where offices come from: each is a copy of a hub made once a run, on one of the two databases."""

    def __init__(self, server: PostgresServer | None) -> None:
        self._server = server
        self._used: list[str] = []

    def settings(self, folder: Path, demo_seed: int = 0, **other) -> HubSettings:
        """Those of a new copy in ``folder``."""
        template, database = self._template(demo_seed)
        shutil.copytree(template, folder)
        return settings_in(folder, demo_seed=demo_seed, **(self._copy_of(database) | other))

    def _template(self, demo_seed: int) -> tuple[Path, str]:
        kind = "postgresql" if self._server else "sqlite"
        place = once(f"office-{kind}-{demo_seed}", lambda place: self._make(place, demo_seed))
        return place / "hub", (place / "database").read_text(encoding="ascii")

    def _make(self, place: Path, demo_seed: int) -> None:
        name = self._server.database() if self._server else ""
        where = {"database": self._server.url(name)} if self._server else {}
        build_hub(settings_in(place / "hub", demo_seed=demo_seed, **where)).close()
        (place / "database").write_text(name, encoding="ascii")

    def _copy_of(self, database: str) -> dict[str, str]:
        if self._server is None:
            return {}
        self._used.append(self._server.database(database))
        return {"database": self._server.url(self._used[-1])}

    def clear(self) -> None:
        """Drop what the last test used."""
        while self._used:
            self._server.drop(self._used.pop())


@pytest.fixture(scope="session")
def postgres() -> PostgresServer:
    if missing():
        pytest.skip(missing())
    return shared_postgres()


@pytest.fixture(scope="session", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def archive(request) -> Archive:
    """Every test that asks for an office runs on both databases."""
    server = None
    if request.param == "postgresql":
        server = request.getfixturevalue("postgres")
    return Archive(server)


@pytest.fixture(autouse=True)
def _cleared(request) -> Iterator[None]:
    """After all others: what a test used is dropped."""
    yield
    if "archive" in request.fixturenames:
        request.getfixturevalue("archive").clear()


@pytest.fixture
def offices(archive, tmp_path) -> Iterator[Callable[..., Office]]:
    """Open an office; every one is closed at the end."""
    opened: list[Office] = []

    def open_one(**other) -> Office:
        opened.append(Office(archive.settings(tmp_path / f"hub{len(opened)}", **other)))
        return opened[-1]

    yield open_one
    for one in opened:
        one.hub.close()


@pytest.fixture
def office(offices) -> Office:
    """An office of a town full of invented people."""
    return offices(demo_seed=1)


@pytest.fixture
def empty_office(offices) -> Office:
    return offices()


@pytest.fixture
def open_office(offices) -> Callable[..., Office]:
    return offices


@pytest.fixture
def editor(empty_office):
    return empty_office.employ("bianji", StaffRole.EDITOR)


@pytest.fixture
def approver(empty_office):
    return empty_office.employ("shenhe", StaffRole.APPROVER)
