"""``/v1/journal`` and ``/v1/figures``: what kiosks tell of themselves. Nothing personal is in it."""

from __future__ import annotations

from flask import Blueprint, Response

from contract.journal import JournalHead
from contract.staff_work import DayFigures
from county.asking import answer, kiosk_asking, read
from county.hub import hub
from county.staff_work.figures import keep_figures
from county.staff_work.heads import keep_head

routes = Blueprint("told_by_kiosks", __name__, url_prefix="/v1")


@routes.post("/journal")
def tell_head() -> Response:
    """Keeps the head, and says what is known of this kiosk's journal."""
    told, now = read(JournalHead), hub().clock.now()
    with hub().store.writing() as connection:
        return answer(keep_head(connection, kiosk_asking().key_id, told, now))


@routes.post("/figures")
def tell_figures() -> Response:
    """Keeps a day's figures."""
    told = read(DayFigures)
    with hub().store.writing() as connection:
        keep_figures(connection, kiosk_asking().key_id, told, hub().clock.today())
    return Response(status=204)
