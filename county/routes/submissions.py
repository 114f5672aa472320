"""``/v1/eligibility-verifications`` and ``/v1/submissions``: what kiosks tell, once each however often they try."""

from __future__ import annotations

from flask import Blueprint, Response, request

from contract.evidence import SignedEvidence
from contract.message import IDEMPOTENCY_HEADER, SITTING_HEADER
from contract.problems import ProblemType
from contract.submissions import SealedSubmission
from county.asking import answer, kiosk_asking, read
from county.backends.elsewhere import Elsewhere
from county.hub import hub
from county.refusals import Refused
from county.submissions import answered_before, delivery_of, opened, person_of, receive

routes = Blueprint("submissions", __name__)


@routes.post("/v1/eligibility-verifications")
@routes.post("/v1/submissions")
def receive_one() -> Response:
    """The county's answer; the same for every try of the same submission."""
    envelope = read(SealedSubmission)
    if request.headers.get(IDEMPOTENCY_HEADER) != envelope.submission_id:
        raise Refused(ProblemType.MALFORMED, f"{IDEMPOTENCY_HEADER} must be the submission's id", 400)
    if request.path != envelope.kind.path:
        raise Refused(ProblemType.MALFORMED, f"this kind goes to {envelope.kind.path}")
    with hub().store.reading() as connection:
        earlier = answered_before(connection, envelope)
    if earlier is not None:
        return answer(earlier)
    sealed, kiosk, now = opened(envelope, hub().key), kiosk_asking().key_id, hub().clock.now()
    token = request.headers.get(SITTING_HEADER, "")
    if isinstance(sealed, SignedEvidence) and isinstance(hub().backend, Elsewhere):
        with hub().store.reading() as connection:
            person = person_of(connection, delivery_of(connection, envelope, sealed, token=token, kiosk=kiosk, now=now))
        hub().backend.pension(person)  # evidence is judged by what the county's own system says now
    with hub().store.writing() as connection:
        told = receive(connection, delivery_of(connection, envelope, sealed, token=token, kiosk=kiosk, now=now))
    return answer(told)
