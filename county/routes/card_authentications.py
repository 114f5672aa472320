"""``/v1/card-authentications``: the cryptograms of one card in one insertion."""

from __future__ import annotations

from flask import Blueprint, Response

from contract.card_keys import CardAuthentication
from county.asking import answer, kiosk_asking, read
from county.card_authentications import note_answer
from county.hub import hub

routes = Blueprint("card_authentications", __name__)


@routes.post("/v1/card-authentications")
def authenticate() -> Response:
    """What the key store computes; noted first, so that an answer is never given twice."""
    asked, kiosk = read(CardAuthentication), kiosk_asking()
    with hub().store.writing(f"kiosk:{kiosk.key_id}") as connection:
        note_answer(connection, asked, kiosk.key_id, hub().clock.now())
    return answer(hub().key_store.cryptograms(asked))
