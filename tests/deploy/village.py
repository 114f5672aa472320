"""A county of one resident, and a kiosk that speaks to any hub of it over real HTTP, signed."""

from __future__ import annotations

import json
import ssl
import threading
import time
import uuid
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import httpx
from sqlalchemy import func, insert, select

from contract.codes import StaffRole
from contract.feed import Course
from contract.sealing import seal
from contract.signatures import Outgoing
from contract.submissions import AppointmentRequest, CountyAnswer, SealedSubmission, SubmissionKind
from county import models
from county.accounts import add_account
from county.clock import HubClock
from county.store import Store
from kiosk.assembly import build_machine
from kiosk.machine import Machine
from kiosk.settings import Settings
from kiosk.uplink.identity_keys import Signer
from tests.hall import LOCALITY, free_port
from tests.signing import SITE, a_signer

NUMBER, NAME, CARD = "510599195203150012", "王秀英", "A12345678"
IDENTIFICATION = "510521D156000005" + "0" * 16
CLERK, PASSWORD = "chen", "chang-mima-2026"


def settle_village(store: Store) -> None:
    """One resident with a card, one clerk."""
    resident = {
        "id": 1, "number": NUMBER, "name": NAME, "sex": "2", "ethnic_group": "01", "born_on": date(1952, 3, 15),
        "region": SITE + "001", "reference": "r" * 32,
    }  # fmt: skip
    card = {
        "number": CARD, "resident": 1, "identification": IDENTIFICATION, "version": "2.00", "status": "normal",
        "issued_on": date(2020, 1, 1), "valid_until": date(2040, 1, 1),
    }  # fmt: skip
    with store.writing() as connection:
        connection.execute(insert(models.residents).values(resident))
        connection.execute(insert(models.cards).values(card))
    add_account(store, CLERK, "陈晓", [StaffRole.CLERK], [SITE], PASSWORD)


def a_course(number: str) -> Course:
    start = HubClock().today() + timedelta(days=9)
    return Course(course_no=number, title="电工", school="s", region=SITE, starts_on=start, days=5, seats=20)


def a_machine(folder: Path, url: str, **county: object) -> Machine:
    """A whole kiosk, its keys in ``folder``; nobody stands before it."""
    folder.mkdir(exist_ok=True)
    (folder / "nobody.jsonl").touch()
    return build_machine(Settings.model_validate({
        "kiosk": {"stage": "development", "folder": str(folder), "locality": LOCALITY, "site": SITE},
        "devices": {"card": "simulated:", "people": str(folder / "nobody.jsonl")},
        "county": {"url": url, "timeout_seconds": 10.0} | county,
        "faces": {name: f"127.0.0.1:{free_port()}" for name in ("resident", "staff", "display")},
    }))  # fmt: skip


def rows(store: Store, table) -> int:
    with store.reading() as connection:
        return connection.scalar(select(func.count()).select_from(table))


class VillageKiosk:
    """Asks at any address; ``verify``: whom it believes to be the county."""

    def __init__(self, signer: Signer | None = None, verify: ssl.SSLContext | None = None) -> None:
        self.signer = signer or a_signer()
        self.http = httpx.Client(trust_env=False, timeout=30, verify=verify or ssl.create_default_context())
        self._sealing: dict[str, str] = {}

    def signed(self, method: str, path: str, message: object = None, **headers: str) -> Outgoing:
        """A request with its signature, to be sent once, or twice."""
        body = b"" if message is None else json.dumps(message).encode()
        asked = Outgoing(method, path, {name.replace("_", "-"): value for name, value in headers.items()}, body)
        asked.headers = self.signer.headers(asked)
        return asked

    def send(self, base: str, asked: Outgoing) -> httpx.Response:
        headers = asked.headers | {"Content-Type": "application/json"}
        return self.http.request(asked.method, base + asked.target, content=asked.body, headers=headers)

    def ask(self, base: str, method: str, path: str, message: object = None, **headers: str) -> httpx.Response:
        return self.send(base, self.signed(method, path, message, **headers))

    def enrol(self, base: str) -> str:
        reply = self.ask(base, "POST", "/v1/kiosks", self.signer.enrolment.model_dump())
        return reply.json()["state"]

    def show_card(self, base: str) -> httpx.Response:
        card = {
            "social_security_no": NUMBER, "card_number": CARD, "identification": IDENTIFICATION,
            "card_version": "2.00", "insertion": uuid.uuid4().hex,
        }  # fmt: skip
        return self.ask(base, "POST", "/v1/sittings", card)

    def open_sitting(self, base: str) -> str:
        reply = self.show_card(base)
        assert reply.status_code == 201, reply.text
        return reply.json()["sitting"]

    def appointment(self, base: str) -> SealedSubmission:
        """Made while the line was cut, so that no sitting belongs to it."""
        self._sealing = key = self._sealing or self.http.get(f"{base}/v1/keys").json()["sealing"]
        wish = AppointmentRequest(
            social_security_no=NUMBER, name=NAME, purpose="认证", wanted="周二上午", site=SITE, kiosk="kiosk-01"
        )
        return SealedSubmission(
            submission_id=uuid.uuid4().hex, kind=SubmissionKind.APPOINTMENT, made_at=datetime.now(UTC), offline=True,
            key_id=key["key_id"],
            sealed=seal(wish.model_dump_json().encode(), key["public_key"], SubmissionKind.APPOINTMENT.value),
        )  # fmt: skip

    def deliver(self, base: str, envelope: SealedSubmission) -> httpx.Response:
        message = json.loads(envelope.model_dump_json())
        return self.ask(base, "POST", envelope.kind.path, message, Idempotency_Key=envelope.submission_id)

    def close(self) -> None:
        self.http.close()


class Traffic:
    """A kiosk that hands in one submission after the other, each until it is answered, as an outbox does."""

    def __init__(self, kiosk: VillageKiosk, base: str) -> None:
        self.kiosk, self.base = kiosk, base
        self.answered: dict[str, CountyAnswer] = {}
        self.failures = 0
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._work, daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._ended.set()
        self._thread.join(60)
        assert not self._thread.is_alive()

    def _work(self) -> None:
        while not self._ended.is_set():
            envelope = self.kiosk.appointment(self.base)
            while envelope.submission_id not in self.answered:
                self._try(envelope)

    def _try(self, envelope) -> None:
        try:
            reply = self.kiosk.deliver(self.base, envelope)
        except httpx.HTTPError:
            reply = None
        if reply is not None and reply.status_code == 200:
            self.answered[envelope.submission_id] = CountyAnswer.model_validate_json(reply.content)
            return
        assert reply is None or reply.status_code >= 500, reply.text
        self.failures += 1
        time.sleep(0.1)
