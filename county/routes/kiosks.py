"""``/v1/kiosks``: a kiosk shows its keys, asks how it stands, and comes by new keys."""

from __future__ import annotations

from flask import Blueprint, Response

from contract.enrolment import BadKey, KioskEnrolment, NewKeys, receiving_key
from contract.problems import ProblemType
from county.asking import answer, kiosk_asking, read
from county.hub import hub
from county.kiosks import enrol
from county.refusals import Refused
from county.trust.new_keys import renew_keys

routes = Blueprint("kiosks", __name__)


@routes.post("/v1/kiosks")
def stand() -> Response:
    """How this kiosk stands; the first time it is written down. That it holds the key was proven before."""
    asked, now = read(KioskEnrolment), hub().clock.now()
    try:
        receiving_key(asked.receiving_key)
    except BadKey as error:
        raise Refused(ProblemType.MALFORMED, f"receiving_key: {error}") from error
    with hub().store.writing() as connection:
        return answer(enrol(connection, asked, hub().settings.approved, now))


@routes.post("/v1/kiosks/current/keys")
def renew() -> Response:
    """The next pair of the kiosk that asks; the present one stays good for a while."""
    announced, kiosk = read(NewKeys), kiosk_asking()
    with hub().store.writing("kiosks") as connection:
        return answer(renew_keys(connection, kiosk, announced, hub().clock.now()))
