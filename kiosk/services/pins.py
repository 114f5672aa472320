"""What all pages that ask for a PIN do alike: ask before the last try, tell once what ends an entry on a pad."""

from __future__ import annotations

from flask import g, request

from kiosk.card_errors import NewPinsDiffer, PadCancelled, PadTimedOut, PinBlocked, PinMalformed
from kiosk.machine import machine
from kiosk.pin import WrongPin
from kiosk.pin_pad import PadView

ORDINARY = (PadCancelled, PadTimedOut, PinMalformed, NewPinsDiffer)
"""What happens at keys every day: said on the same page, and nothing is lost."""


def asks_first(wrong: WrongPin | None) -> bool:
    """True where one try is left and the resident was not asked whether to risk it."""
    return wrong is not None and wrong.tries_left == 1 and "sure" not in request.args


def raise_what_ends_it(view: PadView) -> None:
    """A blocked card and a broken pad are told once; the next look at the page begins anew."""
    problem = view.problem
    if view.answer is not None and view.answer.blocked:
        problem = PinBlocked("the card refuses PINs")
    if problem is not None and not isinstance(problem, ORDINARY):
        machine().reception.pad.forget(g.session.token)
        raise problem
