"""修改社保卡密码: the PIN the card has, another one, the same again; the card itself is told.

On a reader whose keys face the resident all three are typed there, and no digit comes here; at the counter only so.
"""

from __future__ import annotations

import hmac
from functools import wraps
from typing import Any

from flask import g, render_template, request, url_for
from flask.typing import ResponseReturnValue

from kiosk.card_errors import NewPinsDiffer, PinBlocked
from kiosk.errors import KioskError
from kiosk.identity import IN_SLOT, Assurance
from kiosk.machine import machine
from kiosk.new_pin import REFUSED, PinChange
from kiosk.new_pin_errors import CardKeepsPin, NewPinNeedsPad
from kiosk.phrases import phrase
from kiosk.pin import PIN_DIGITS
from kiosk.pin_pad import PadState, PadTask
from kiosk.privacy import Purpose
from kiosk.resident_service import ResidentService, View, WhenCut
from kiosk.services.notices import give_notice
from kiosk.services.pins import asks_first, raise_what_ends_it
from kiosk.watched import watch

service = ResidentService(
    "card_pin", title="修改社保卡密码", icon="card", hint="要知道现在的密码", hue="card", needs=Assurance.CARD,
    when_cut=WhenCut.HERE,
)  # fmt: skip
BLOCKED = "the card refuses PINs"


def on_this_card(view: View) -> View:
    """A step with the card in the slot, where its PIN can be changed here at all; else who does it is told."""

    @wraps(view)
    def asked(**values: Any) -> ResponseReturnValue:
        present = g.session
        if present.shown != IN_SLOT:
            credential, reader = present.shown.credential, watch("card")
            return render_template("resident/more_proof.html", credential=credential, reader=reader)
        if present.resident.card_version.startswith("1"):
            raise CardKeepsPin("a card of version 1")
        if machine().settings.kiosk.mode == "counter" and not present.pin_pad:
            raise NewPinNeedsPad("no PIN is typed before a clerk")
        return view(**values)

    return asked


@service.get("/")
@on_this_card
def show() -> ResponseReturnValue:
    """The PIN the card has; with one try left only after asking whether to try at all."""
    if g.session.pin_pad:
        return service.to("pad")
    g.visit.recall(PinChange).begin_anew()
    wrong = machine().reception.pins.last_wrong(g.session)
    here = wrong is not None and wrong.token == g.session.token
    if asks_first(wrong):
        again = url_for("card_pin.show", sure=1)
        return render_template("resident/pin_last_try.html", wrong=here, again=again)
    return render_template(
        "resident/pin.html", action=url_for("card_pin.enter_old", sure=request.args.get("sure")), length=PIN_DIGITS,
        back="/", asked=phrase("请输入现在的密码"), purpose=phrase("修改密码"), wrong=here,
        tries_left=wrong.tries_left if wrong else None, notice_href=give_notice(Purpose.PIN),
    )  # fmt: skip


@service.post("/")
@on_this_card
def enter_old() -> ResponseReturnValue:
    """Ask the card whether this is its PIN, once; an initial one leads to the counter, as everywhere."""
    pins = machine().reception.pins
    if g.session.pin_pad or asks_first(pins.last_wrong(g.session)):
        return service.to("show")
    kept = typed()
    answer = None
    try:
        answer = pins.verify(g.session.token, bytearray(kept))
    finally:
        if answer is None or not answer.accepted:
            kept[:] = bytes(len(kept))
    if answer.blocked:
        raise PinBlocked(BLOCKED)
    if not answer.accepted:
        return service.to("show")
    change = g.visit.recall(PinChange)
    change.begin_anew()
    change.old = kept
    return service.to("choose", form=1)


@service.get("/new")
@on_this_card
def choose() -> ResponseReturnValue:
    """Another PIN; beside it why the last one was refused."""
    change = g.visit.recall(PinChange)
    return service.page("new", length=PIN_DIGITS, problem=change.problem) if change.old else service.to("show")


@service.post("/new")
@on_this_card
def enter_new() -> ResponseReturnValue:
    """Look at it before it is typed again."""
    change, chosen = g.visit.recall(PinChange), typed()
    if not change.old:
        return service.to("show")
    try:
        machine().reception.new_pins.check(g.session, change.old, chosen)
    except REFUSED as problem:
        return refused(change, problem, chosen)
    change.new, change.problem = chosen, None
    return service.to("repeat", form=1)


@service.get("/again")
@on_this_card
def repeat() -> ResponseReturnValue:
    """The same once more."""
    return service.page("again", length=PIN_DIGITS) if g.visit.recall(PinChange).new else service.to("choose")


@service.post("/again")
@on_this_card
def enter_again() -> ResponseReturnValue:
    """Tell the card, once, however often the button is pressed."""
    change = g.visit.recall(PinChange)
    with change.lock:
        if change.changed:
            return service.to("done")
        if not (change.old and change.new):
            return service.to("show")
        return told_card(change, typed())


def told_card(change: PinChange, again: bytearray) -> ResponseReturnValue:
    """Where the card's answer leads; called once a change."""
    new_pins = machine().reception.new_pins
    if not hmac.compare_digest(change.new, again):
        differ = NewPinsDiffer("typed twice, not alike")
        new_pins.not_changed(g.session, differ)
        return refused(change, differ, again)
    try:
        answer = new_pins.change(g.session, change.old, change.new)
    finally:
        again[:] = bytes(len(again))
        change.zero()
    change.changed = answer.accepted
    if answer.blocked:
        raise PinBlocked(BLOCKED)
    return service.to("done" if answer.accepted else "show")


def refused(change: PinChange, problem: KioskError, digits: bytearray) -> ResponseReturnValue:
    """Choose again, on the page that says why."""
    for held in (digits, change.new):
        held[:] = bytes(len(held))
    change.new, change.problem = bytearray(), problem
    return service.to("choose", form=1)


@service.get("/done")
@on_this_card
def done() -> ResponseReturnValue:
    """The card has its new PIN."""
    return service.page("done") if g.visit.recall(PinChange).changed else service.to("show")


@service.get("/pad")
@on_this_card
def pad() -> ResponseReturnValue:
    """What the pad waits for, or what came of it."""
    if not g.session.pin_pad:
        return service.to("show")
    room, wrong = machine().reception.pad, machine().reception.pins.last_wrong(g.session)
    view = room.view(g.session.token, PadTask.NEW_PIN)
    if view.answer is not None and view.answer.accepted:
        g.visit.recall(PinChange).changed = True
        room.forget(g.session.token)
        return service.to("done")
    raise_what_ends_it(view)
    waiting, here = view.state is PadState.WAITING, wrong is not None and wrong.token == g.session.token
    if not waiting and asks_first(wrong):
        again = url_for("card_pin.pad", sure=1)
        return render_template("resident/pin_last_try.html", wrong=here, again=again)
    return service.page(
        "pad", waiting=waiting, length=PIN_DIGITS, problem=view.problem, wrong=here,
        tries_left=wrong.tries_left if wrong else None, action=url_for("card_pin.begin", sure=request.args.get("sure")),
        at_counter=machine().settings.kiosk.mode == "counter",
    )  # fmt: skip


@service.post("/pad")
@on_this_card
def begin() -> ResponseReturnValue:
    """Light up the pad; the last try only where the resident was asked before."""
    if g.session.pin_pad and not asks_first(machine().reception.pins.last_wrong(g.session)):
        g.visit.recall(PinChange).begin_anew()
        machine().reception.pad.begin(g.session, PadTask.NEW_PIN)
    return service.to("pad")


@service.post("/pad/leave")
@on_this_card
def leave() -> ResponseReturnValue:
    """Turn away from the pad; what is typed there all the same is noted, and shown to nobody."""
    machine().reception.pad.forget(g.session.token)
    return service.to("left")


@service.get("/left")
@on_this_card
def left() -> ResponseReturnValue:
    """The pad cannot be put out from here: how it is."""
    return service.page("left") if g.session.pin_pad else service.to("show")


def typed() -> bytearray:
    """The digits of this request."""
    return bytearray(request.form.get("pin", "").encode())
