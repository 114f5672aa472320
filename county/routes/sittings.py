"""``/v1/sittings``: opened by a card, closed when it leaves."""

from __future__ import annotations

from flask import Blueprint, Response, request

from contract.message import SITTING_HEADER
from contract.problems import ProblemType
from contract.residents import CardPresented
from county.asking import answer, kiosk_asking, read
from county.hub import hub
from county.refusals import Refused
from county.sittings import close_sitting, open_sitting
from county.trust.counting import Try, check_unknown, note_try

routes = Blueprint("sittings", __name__)


@routes.post("/v1/sittings")
def begin() -> Response:
    """A new sitting for the holder of the card presented."""
    card, kiosk, now = read(CardPresented), kiosk_asking().key_id, hub().clock.now()
    try:
        with hub().store.writing(f"kiosk:{kiosk}") as connection:
            check_unknown(connection, kiosk, now)
            sitting = open_sitting(connection, card, kiosk, now, hub().settings.shares)
    except Refused as refusal:
        if refusal.reason is ProblemType.UNKNOWN_RESIDENT:
            with hub().store.writing() as connection:
                note_try(connection, kiosk, Try.UNKNOWN, now)
        raise
    return answer(sitting, 201)


@routes.delete("/v1/sittings/current")
def end() -> Response:
    """Ends it; ending twice, or a sitting that never was, is as good."""
    with hub().store.writing() as connection:
        close_sitting(connection, request.headers.get(SITTING_HEADER, ""), kiosk_asking().key_id, hub().clock.now())
    return Response(status=204)
