"""``/v1/staff/kiosks``: an administrator sees the kiosks of their areas, lets one in, shuts one out."""

from __future__ import annotations

from flask import Blueprint, Response

from contract.codes import KioskState, StaffRole
from county.asking import answer, staff_asking
from county.hub import hub
from county.trust.registry import kiosks_within, settle_by

routes = Blueprint("staff_kiosks", __name__, url_prefix="/v1/staff/kiosks")


@routes.get("")
def show_all() -> Response:
    """Every kiosk of the asker's areas."""
    member = staff_asking(StaffRole.ADMINISTRATOR)
    with hub().store.reading() as connection:
        return answer(kiosks_within(connection, member))


@routes.post("/<fingerprint>/approval")
def approve(fingerprint: str) -> Response:
    """Let it in."""
    return _settled(fingerprint, KioskState.APPROVED)


@routes.post("/<fingerprint>/withdrawal")
def withdraw(fingerprint: str) -> Response:
    """Shut it out at once."""
    return _settled(fingerprint, KioskState.WITHDRAWN)


def _settled(fingerprint: str, state: KioskState) -> Response:
    member = staff_asking(StaffRole.ADMINISTRATOR)
    with hub().store.writing("kiosks") as connection:
        return answer(settle_by(connection, fingerprint, state, member, hub().clock.now()))
