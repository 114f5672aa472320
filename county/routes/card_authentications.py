"""``/v1/card-authentications``: the cryptograms of one card in one insertion."""

from __future__ import annotations

import logging

from flask import Blueprint, Response

from contract.card_keys import CardAuthentication
from contract.problems import ProblemType
from county.asking import answer, kiosk_asking, read
from county.card_authentications import note_answer
from county.hub import hub
from county.refusals import Refused

_log = logging.getLogger(__name__)
routes = Blueprint("card_authentications", __name__)


@routes.post("/v1/card-authentications")
def authenticate() -> Response:
    """What the key store computes; noted first, so that an answer is never given twice."""
    asked, kiosk = read(CardAuthentication), kiosk_asking()
    with hub().store.writing(f"kiosk:{kiosk.key_id}") as connection:
        note_answer(connection, asked, kiosk.key_id, hub().clock.now())
    try:
        return answer(hub().key_store.cryptograms(asked))
    except OSError as error:
        _log.error("the machine that holds the keys of cards is not reached: %s", error)
        raise Refused(ProblemType.BACKEND_UNAVAILABLE, "the keys of cards are not reached") from error
