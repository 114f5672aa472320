"""The privacy notice beside what is asked for: its link, and once a visit the note that it stood there."""

from __future__ import annotations

from dataclasses import dataclass, field

from flask import g

from kiosk.journal import Happening
from kiosk.machine import Machine, machine
from kiosk.privacy import Purpose
from kiosk.states import ResidentSession
from kiosk.visit import Visit


@dataclass
class NoticesGiven:
    """Which notices stood on a page of this visit."""

    purposes: set[Purpose] = field(default_factory=set)


def give_notice(purpose: Purpose) -> str:
    """Where the notice of a purpose is read; that it was offered, and in which version, is written down aside."""
    visit: Visit = g.visit
    given = visit.recall(NoticesGiven).purposes
    if purpose not in given:
        given.add(purpose)
        note(machine(), purpose, g.session)
    return f"/privacy/{purpose}"


def note(here: Machine, purpose: Purpose, session: ResidentSession | None) -> None:
    """Behind the page, which waits for no disk."""
    resident, version = session.resident.reference if session else "", here.locality.privacy.of(purpose).version
    here.notes.do(
        lambda: here.journal.write(Happening.NOTICE_GIVEN, purpose=purpose, version=version, resident=resident)
    )


def consented(purpose: Purpose, version: str) -> None:
    """The resident agreed to a text: on disk before anything is done with it."""
    here, session = machine(), g.session
    here.journal.write(
        Happening.CONSENT_GIVEN, purpose=purpose, version=version, notice=here.locality.privacy.of(purpose).version,
        resident=session.resident.reference,
    )  # fmt: skip
