"""The duties of staff: a duty is in the menu because it stands in this tuple."""

from __future__ import annotations

from kiosk.staff_duty import StaffDuty

DUTIES: tuple[StaffDuty, ...] = ()
