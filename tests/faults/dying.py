"""One submission in a process of its own that kills itself at a step: a commit or a request, before it or after it."""

from __future__ import annotations

import json
import os
import signal
from itertools import count
from pathlib import Path
from typing import Any

import httpx
from sqlalchemy import event

from contract.residents import CardPresented
from contract.submissions import AppointmentRequest, SubmissionKind
from devices import DeviceLines
from devices.card import Insertion
from devices.opening import open_devices
from kiosk.assembly import assemble
from kiosk.clock import Clock
from kiosk.identity import Assurance, CardNumber, IdNumber, PersonName, Resident
from kiosk.locality import load_locality
from kiosk.machine import Machine
from kiosk.settings import Settings
from kiosk.states import ResidentSession
from kiosk.uplink.line import to_county
from tests.simulator.line import Whole

NAME = "李伟"


class Steps:
    """Counts steps; at the one it was told it ends the process as a power cut would."""

    def __init__(self, last: int) -> None:
        self._last = last
        self._count = count()
        self.counting = False

    def step(self, *_: object) -> None:
        if self.counting and next(self._count) == self._last:
            os.kill(os.getpid(), signal.SIGKILL)


class Watched(httpx.BaseTransport):
    """A step before each request and one after its answer."""

    def __init__(self, real: httpx.BaseTransport, steps: Steps) -> None:
        self._real, self._steps = real, steps

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        self._steps.step()
        answer = self._real.handle_request(request)
        content = answer.read()
        self._steps.step()
        return httpx.Response(answer.status_code, headers=answer.headers, stream=Whole(content))


def submit_once(settings: Settings, last: int) -> None:
    """Open a sitting, then submit with the steps counted; lives to the end where ``last`` is beyond it."""
    steps, clock, locality = Steps(last), Clock("Asia/Shanghai"), load_locality(Path(settings.kiosk.locality))
    lines = DeviceLines(**settings.devices.model_dump(exclude={"people", "trace"}))
    devices = open_devices(lines, clock.now, settings.folder / "receipts")
    machine = assemble(settings, locality, devices, clock, lambda: Watched(to_county()(), steps))
    event.listen(machine.store.engine, "commit", steps.step)
    machine.county.enrol()
    people = map(json.loads, Path(settings.devices.people).read_text(encoding="utf-8").splitlines())
    session = session_of(machine, next(person for person in people if person["name"] == NAME))
    steps.counting = True
    wish = AppointmentRequest(
        social_security_no=session.resident.number.plain(), name=NAME, purpose="x", wanted="y", site="510521109",
        kiosk="k",
    )  # fmt: skip
    machine.county.submit(SubmissionKind.APPOINTMENT, wish, session, lambda _: True)
    machine.store.close()


def session_of(machine: Machine, person: dict[str, Any]) -> ResidentSession:
    """A session as the reception makes it, without a reader."""
    presented = CardPresented(
        social_security_no=person["number"], card_number=person["card_number"], card_version=person["card_version"],
        identification=person["card"]["identification"], insertion=os.urandom(8).hex(),
    )  # fmt: skip
    resident = Resident(
        number=IdNumber(person["number"]), name=PersonName(NAME), card_number=CardNumber(person["card_number"]),
        card_version=person["card_version"], card_proven=False, born_on=None,
    )  # fmt: skip
    return ResidentSession(
        resident=resident, insertion=Insertion("none", b"", 1), identification="", assurance=Assurance.CARD,
        sitting=machine.county.open_sitting(presented), began=0.0,
    )  # fmt: skip
