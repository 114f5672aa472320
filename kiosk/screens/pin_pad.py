"""The PIN on a pad that faces the resident, at the kiosk and at the counter: asked for, waited for, told."""

from __future__ import annotations

from flask import Blueprint, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from kiosk.errors import NoSuchPage
from kiosk.machine import machine
from kiosk.phrases import phrase
from kiosk.pin import PIN_DIGITS
from kiosk.pin_pad import PadState, PadTask
from kiosk.resident_service import only_served
from kiosk.screens.places import own_address
from kiosk.services.pins import asks_first, raise_what_ends_it

screen = Blueprint("pin_pad", __name__, url_prefix="/pin/pad")


@screen.get("/")
@only_served
def show() -> ResponseReturnValue:
    """What the pad waits for, or what came of it; with one try left it is asked whether to try at all."""
    only_with_pad()
    back, pad = own_address(request.args.get("next", "/")), machine().reception.pad
    view, wrong = pad.view(g.session.token, PadTask.PIN), machine().reception.pins.last_wrong(g.session)
    if view.answer is not None and view.answer.accepted:
        return redirect(back, code=303)
    raise_what_ends_it(view)
    here = wrong is not None and wrong.token == g.session.token
    if view.state is not PadState.WAITING and asks_first(wrong):
        again = url_for("pin_pad.show", next=back, sure=1)
        return render_template("resident/pin_last_try.html", wrong=here, again=again)
    return render_template(
        "resident/pin_pad.html", waiting=view.state is PadState.WAITING, length=PIN_DIGITS,
        purpose=phrase("确认是您本人"),
        wrong=here, tries_left=wrong.tries_left if wrong else None, problem=view.problem, next=back,
        action=url_for("pin_pad.begin", next=back, sure=request.args.get("sure")),
        witness=machine().settings.kiosk.mode == "counter",
    )  # fmt: skip


@screen.post("/")
@only_served
def begin() -> ResponseReturnValue:
    """Light up the pad; the last try only where the resident was asked before."""
    only_with_pad()
    back, reception = own_address(request.args.get("next", "/")), machine().reception
    if not asks_first(reception.pins.last_wrong(g.session)):
        reception.pad.begin(g.session)
    return redirect(url_for("pin_pad.show", next=back), code=303)


@screen.post("/leave")
@only_served
def leave() -> ResponseReturnValue:
    """Turn away from the pad: one step back, to what needs no PIN."""
    only_with_pad()
    machine().reception.pad.forget(g.session.token)
    return redirect("/", code=303)


def only_with_pad() -> None:
    """Refuse where the reader has no keys that face the resident."""
    if not g.session.pin_pad:
        raise NoSuchPage("this reader has no pad")
