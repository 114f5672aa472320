"""``/v1/sittings``: opened by a card, closed when it leaves."""

from __future__ import annotations

from flask import Blueprint, Response, request

from contract.message import SITTING_HEADER
from contract.residents import CardPresented
from county.asking import answer, kiosk_asking, read
from county.hub import hub
from county.sittings import close_sitting, open_sitting

routes = Blueprint("sittings", __name__)


@routes.post("/v1/sittings")
def begin() -> Response:
    """A new sitting for the holder of the card presented."""
    card = read(CardPresented)
    with hub().store.writing() as connection:
        sitting = open_sitting(connection, card, kiosk_asking().key_id, hub().clock.now())
    return answer(sitting, 201)


@routes.delete("/v1/sittings/current")
def end() -> Response:
    """Ends it; ending twice, or a sitting that never was, is as good."""
    with hub().store.writing() as connection:
        close_sitting(connection, request.headers.get(SITTING_HEADER, ""), kiosk_asking().key_id, hub().clock.now())
    return Response(status=204)
