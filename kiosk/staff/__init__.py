"""The duties of staff: a duty is in the menu because it stands in this tuple."""

from __future__ import annotations

from kiosk.staff import accounts, device_page, display_editor, health, witness
from kiosk.staff_duty import StaffDuty

DUTIES: tuple[StaffDuty, ...] = (witness.duty, display_editor.duty, health.duty, device_page.duty, accounts.duty)
