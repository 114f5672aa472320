"""The windows of the hall: a service is on the home screen because it stands in this tuple."""

from __future__ import annotations

from kiosk.resident_service import Window

WINDOWS: tuple[Window, ...] = ()
