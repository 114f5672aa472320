"""``/v1/staff/pictures``: the raw bytes of a picture in, the name of its re-encoded copy out."""

from __future__ import annotations

from flask import Blueprint, Response, request

from contract.codes import StaffRole
from county.asking import answer, staff_asking
from county.hub import hub

routes = Blueprint("pictures", __name__)


@routes.post("/v1/staff/pictures")
def keep() -> Response:
    """Keep one picture for a later draft."""
    staff_asking(StaffRole.EDITOR)
    from county.pictures import keep_picture  # noqa: PLC0415 - Pillow costs memory and is seldom needed

    return answer(keep_picture(request.get_data(), hub().media), 201)
