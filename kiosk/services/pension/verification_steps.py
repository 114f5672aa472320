"""Small steps of a verification between its pages and the machine: what is known, what is possible, what was proven."""

from __future__ import annotations

from flask import g, session

from contract.residents import EligibilityStatus
from kiosk.county_errors import CountyRefused, CountyUnavailable
from kiosk.errors import AssuranceMissing
from kiosk.machine import machine
from kiosk.services.pension.verification_memory import Passed, VerificationMemory
from kiosk.services.pension.verification_rules import NoFinger
from kiosk.staff_duty import sign_in_book
from kiosk.uplink.questions import EligibilityOf, TemplatesOf
from kiosk.witness import WitnessState

LASTING = (NoFinger.USED_UP, NoFinger.WRONG_FORMAT, NoFinger.NOT_ENROLLED)


def remembered() -> VerificationMemory:
    """This visit's verification."""
    memory: VerificationMemory = g.visit.recall(VerificationMemory)
    return memory


def asked_status() -> EligibilityStatus | None:
    """What the county says; None while it cannot be reached."""
    try:
        return machine().county.ask(EligibilityOf(g.session)).value
    except CountyUnavailable:
        return None


def no_finger(memory: VerificationMemory) -> NoFinger | None:
    """Why no finger can be taken now; None where one can."""
    if memory.no_finger in LASTING:
        return memory.no_finger
    if not machine().captures.ready:
        return NoFinger.NO_SENSOR
    if memory.templates:
        return None
    if memory.status is None:
        return NoFinger.COUNTY_CUT
    return None if memory.status.fingers else NoFinger.NOT_ENROLLED


def templates_fetched(memory: VerificationMemory) -> bool:
    """Fetch the enrolled fingers with the consent, once; False, with the reason, where the county gives none.

    A person can always go on with a clerk.
    """
    rules = machine().locality.verification
    if memory.templates:
        return True
    try:
        given = machine().county.ask(TemplatesOf(g.session, rules.consent_version)).value
    except (CountyUnavailable, CountyRefused):
        memory.no_finger = NoFinger.COUNTY_CUT
        return False
    memory.take(given, machine().captures.format, rules.fingers, rules.tries_per_finger)
    return True


def begin_try(memory: VerificationMemory) -> bool:
    """Take the finger that is asked for; False, with the reason remembered, where that is not possible."""
    memory.no_finger = no_finger(memory)
    finger = memory.ladder.finger
    if memory.no_finger is not None or finger is None:
        return False
    seconds = machine().locality.verification.finger_seconds
    machine().captures.begin(g.session, memory.templates[finger], seconds, memory.tried)
    return True


def how_passed(memory: VerificationMemory) -> Passed:
    """What raised this session to WITNESSED; raises AssuranceMissing where it was nothing of this verification."""
    if memory.matched is not None:
        return Passed(match=memory.matched)
    asked = machine().reception.witness.of(g.session.token)
    if asked is not None and asked.state is WitnessState.CONFIRMED:
        return Passed(clerk=asked.clerk)
    clerk = sign_in_book().present(session.get("clerk", ""), seen=False)
    if machine().settings.kiosk.mode == "counter" and clerk is not None:
        return Passed(clerk=clerk.account)
    raise AssuranceMissing("neither a finger nor a clerk of this session")
