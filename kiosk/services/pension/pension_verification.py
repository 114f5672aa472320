"""养老待遇资格认证: once a year a pensioner is seen alive: by finger, by a clerk's eyes, or by appointment.

The card opens it, the PIN asks for the finger, finger or witness make the evidence; only the county says "passed".
"""

from __future__ import annotations

from flask import g, request
from flask.typing import ResponseReturnValue

from contract.receipt_token import ReceiptKind
from kiosk.capture import CaptureState
from kiosk.errors import RequestRefused
from kiosk.identity import Assurance
from kiosk.journal import Happening
from kiosk.machine import machine
from kiosk.phrases import phrase
from kiosk.privacy import Purpose
from kiosk.receipts import Verified, day_in_words, verification_slip
from kiosk.resident_service import ResidentService, WhenCut
from kiosk.services.notices import consented, give_notice
from kiosk.services.pension.evidence import method_of, submit_appointment, submit_evidence
from kiosk.services.pension.verification_rules import Opening, opening
from kiosk.services.pension.verification_steps import (
    asked_status,
    begin_try,
    how_passed,
    no_finger,
    remembered,
    templates_fetched,
)
from kiosk.services.proofs import proof
from kiosk.services.slips import can_print, mended, no_paper, print_slip, slip_of, stamp
from kiosk.witness import WitnessState

service = ResidentService(
    "pension_verification", title="养老待遇资格认证", icon="finger", hint="一年一次，按下手指", hue="pension",
    needs=Assurance.CARD, when_cut=WhenCut.QUEUE,
)  # fmt: skip
SLIP = "verification"
WANTED = (("counter", phrase("到窗口办")), ("home", phrase("请上门办")))


@service.get("/")
def show() -> ResponseReturnValue:
    """Whether anything is to do, as the county says it; cut off, nobody says so."""
    memory = remembered()
    if memory.outcome is not None:
        return service.to("result")
    machine().store.make_sure_of_room()
    memory.status = asked_status() or memory.status
    status, first = memory.status, opening(memory.status)
    due = status.next_due if status else None
    return service.page(
        "start", opening=first, state=status.state if status else None, due=day_in_words(due) if due else "",
        name=str(g.session.resident.name), minutes=machine().locality.verification.witness_minutes,
        trouble=no_paper(),
    )  # fmt: skip


@service.get("/consent", needs=Assurance.PIN)
def consent() -> ResponseReturnValue:
    """The separate question for the fingerprint, and beside it the way without one."""
    memory = remembered()
    memory.status = memory.status or asked_status()
    if not opening(memory.status).may_verify or memory.outcome is not None:
        return service.to("show")
    if g.session.assurance >= Assurance.WITNESSED:
        return service.to("confirm")
    memory.no_finger = no_finger(memory)
    if memory.no_finger is not None:
        return service.to("witness")
    words = machine().locality.verification.consent_text
    return service.page("consent", words=words, notice_href=give_notice(Purpose.FINGER))


@service.post("/consent", needs=Assurance.PIN)
def agree() -> ResponseReturnValue:
    """Agreed: fetch the templates, take the first finger."""
    memory = remembered()
    if not opening(memory.status).may_verify:
        return service.to("show")
    machine().reception.check_card(g.session.token)
    consented(Purpose.FINGER, machine().locality.verification.consent_version)
    memory.consented = True
    ready = templates_fetched(memory) and begin_try(memory)
    return service.to("finger" if ready else "witness")


@service.get("/finger", needs=Assurance.PIN)
def finger() -> ResponseReturnValue:
    """The finger that is asked for, what the sensor says of it, and both other ways."""
    memory, here = remembered(), machine()
    if memory.matched is not None or g.session.assurance >= Assurance.WITNESSED:
        return service.to("confirm")
    if memory.no_finger is not None:
        return service.to("witness")
    if not memory.templates:
        return service.to("consent")
    view = here.captures.view(g.session.token)
    return service.page(
        "finger", ladder=memory.ladder, view=view, waiting=view.state is CaptureState.WAITING,
        seconds=round(here.locality.verification.finger_seconds),
    )  # fmt: skip


@service.post("/finger/again", needs=Assurance.PIN)
def again() -> ResponseReturnValue:
    """Once more, with the same finger or with another."""
    memory = remembered()
    if request.form.get("finger") == "other":
        memory.ladder = memory.ladder.other_finger()
    return service.to("finger" if begin_try(memory) else "witness")


@service.get("/witness", needs=Assurance.PIN)
def witness() -> ResponseReturnValue:
    """Asking a clerk to look: the offer, the waiting, or what to do when nobody could."""
    memory = remembered()
    if g.session.assurance >= Assurance.WITNESSED:
        return service.to("confirm")
    if not opening(memory.status).may_verify:
        return service.to("show")
    request_now = machine().reception.witness.of(g.session.token)
    if request_now is None:
        return service.page("witness", why=memory.no_finger)
    if request_now.state is WitnessState.ASKED:
        left = request_now.deadline - machine().clock.monotonic()
        return service.page("waiting", minutes=max(1, round(left / 60)))
    return service.page("no_witness", refused=request_now.state is WitnessState.REFUSED)


@service.post("/witness", needs=Assurance.PIN)
def ask_witness() -> ResponseReturnValue:
    """Ask; a request that waits is not asked again."""
    board, here, memory = machine().reception.witness, machine(), remembered()
    if not opening(memory.status).may_verify:
        return service.to("show")
    here.captures.cancel()
    waiting = board.of(g.session.token)
    if waiting is None or waiting.state is not WitnessState.ASKED:
        minutes = here.locality.verification.witness_minutes
        board.ask(g.session, service.title, minutes * 60)
        here.journal.write(Happening.WITNESS_ASKED, resident=g.session.resident.reference, service=service.key)
    return service.to("witness", form=1)


@service.get("/confirm", needs=Assurance.WITNESSED)
def confirm() -> ResponseReturnValue:
    """It is them: one press sends it to the county."""
    memory = remembered()
    if memory.outcome is not None or not opening(memory.status).may_verify:
        return service.to("show")
    return service.page("confirm", cut=opening(memory.status) is Opening.UNKNOWN, by_finger=memory.matched is not None)


@service.post("/submit", needs=Assurance.WITNESSED)
def submit() -> ResponseReturnValue:
    """Send the evidence, once a visit."""
    memory = remembered()
    if not opening(memory.status).may_verify:
        return service.to("show")
    submit_evidence(machine(), memory, g.session, how_passed(memory))
    return service.to("result")


@service.get("/result")
def result() -> ResponseReturnValue:
    """What the county said, or that it has not yet."""
    outcome = remembered().outcome
    if outcome is None:
        return service.to("show")
    due = day_in_words(outcome.next_due) if outcome.next_due else ""
    slip = slip_of(SLIP)
    return service.page("result", outcome=outcome, due=due, slip=slip, mended=mended(slip), printable=can_print())


@service.post("/slip")
def take_slip() -> ResponseReturnValue:
    """Print the result; it stays on the screen whatever the printer does."""
    memory = remembered()
    outcome, passed = memory.outcome, memory.passed
    if outcome is None or passed is None or not outcome.number:
        return service.to("show")
    verified = Verified(outcome.number, outcome.words, method_of(passed), outcome.passed, outcome.next_due)
    code = proof(ReceiptKind.VERIFICATION, outcome.number, outcome.on_receipt, g.session.resident)
    print_slip(SLIP, verification_slip(verified, g.session.resident, stamp(), code))
    return service.to("result")


@service.get("/appointment")
def appointment() -> ResponseReturnValue:
    """Where a clerk shall see them, or the number of what was asked for."""
    notice = give_notice(Purpose.APPOINTMENT)
    return service.page("appointment", appointed=remembered().appointment, wanted=WANTED, notice_href=notice)


@service.post("/appointment")
def make_appointment() -> ResponseReturnValue:
    """Ask the county for a person, once a visit."""
    wanted = next((words for value, words in WANTED if value == request.form.get("wanted")), None)
    if wanted is None:
        raise RequestRefused("no such kind of appointment")
    submit_appointment(machine(), remembered(), g.session, wanted)
    return service.to("appointment")
