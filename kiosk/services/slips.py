"""Slips on paper for every service: one job a slip, its state kept for the visit, a failed one tried again by hand."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field

from flask import g

from devices.printer import Receipt
from kiosk.desk import Desk
from kiosk.machine import Machine, machine
from kiosk.printing import PrintJob, PrintState
from kiosk.receipts import Stamp
from kiosk.states import ReadingCard, ResidentSession, SceneChanged, Serving, Visiting
from kiosk.visit import Visit


@dataclass
class SlipMemory:
    """The print jobs of one visit, by what they are a slip of."""

    jobs: dict[str, PrintJob] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def queue(self, name: str, number: str) -> bool:
        """Note a new job; False where one is under way or came out: nothing is printed twice."""
        with self.lock:
            present = self.jobs.get(name)
            if present is not None and present.state is not PrintState.FAILED:
                return False
            self.jobs[name] = PrintJob(number)
            return True


def print_slip(name: str, receipt: Receipt) -> None:
    """Print ``receipt`` as the visit's slip ``name``; returns at once, the page is shown anew as the job goes on.

    Raises SessionEnded where the resident has left by now: no paper of theirs comes out beside the next one.
    """
    here: Machine = machine()
    visit: Visit = g.visit
    present: ResidentSession | None = g.session
    memory = visit.recall(SlipMemory)
    if not memory.queue(name, receipt.number):
        return

    def told(job: PrintJob) -> None:
        memory.jobs[name] = job
        here.desk.handle(SceneChanged(visit.number))

    resident = present.resident.reference if present else ""
    here.printing.print(receipt, told, lambda: still_here(here.desk, visit, present), resident)


def still_here(desk: Desk, visit: Visit, session: ResidentSession | None) -> bool:
    """True while the desk serves the visit, and the session where there is one."""
    if session is not None:
        return desk.serves(session.token)
    state = desk.state
    return isinstance(state, Visiting | ReadingCard | Serving) and state.visit is visit


def slip_of(name: str) -> PrintJob | None:
    """How far the visit's slip ``name`` came; None where none was asked for."""
    memory: SlipMemory = g.visit.recall(SlipMemory)
    return memory.jobs.get(name)


def can_print() -> bool:
    """True where this hall has a printer at all."""
    return machine().printing.printer is not None


def stamp() -> Stamp:
    """This hall, this machine, now."""
    here = machine()
    return Stamp(here.locality.hall.name, here.locality.hall.phone, here.settings.kiosk.name, here.clock.local())
