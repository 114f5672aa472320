"""The windows of the hall: a service is on the home screen because it stands in this tuple."""

from __future__ import annotations

from kiosk.resident_service import Window
from kiosk.services.card import card_pin
from kiosk.services.insurance import insurance_query
from kiosk.services.jobs import job_board
from kiosk.services.pension import pension_verification

WINDOWS: tuple[Window, ...] = (
    Window("pension", "养老", (pension_verification.service,)),
    Window("insurance", "社会保险", (insurance_query.service,)),
    Window("jobs", "就业", (job_board.service,)),
    Window("card", "社保卡", (card_pin.service,)),
)
