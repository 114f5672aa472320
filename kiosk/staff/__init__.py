"""The duties of staff: a duty is in the menu because it stands in this tuple."""

from __future__ import annotations

from kiosk.staff import (
    accounts,
    cases,
    day_slip,
    device_page,
    display_editor,
    figures,
    health,
    kiosks,
    receipt_check,
    submissions,
    voice_recorder,
    witness,
)
from kiosk.staff_duty import StaffDuty

DUTIES: tuple[StaffDuty, ...] = (
    witness.duty,
    display_editor.duty,
    health.duty,
    device_page.duty,
    submissions.duty,
    cases.duty,
    receipt_check.duty,
    day_slip.duty,
    figures.duty,
    voice_recorder.duty,
    accounts.duty,
    kiosks.duty,
)
