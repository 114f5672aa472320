"""What a resident's page says of devices, noted in the page's word: the window is fetched anew once it changes.

The word of a page is what the desk shows (``visit-3.1``), and behind it, for each device that the page speaks of, what
it said: ``visit-3.1~printer=K-301``, or ``~printer=`` for one that is well.
"""

from __future__ import annotations

import re

from flask import g

from kiosk.county_errors import KioskWithdrawn
from kiosk.device_words import named
from kiosk.errors import KioskError
from kiosk.identity import Assurance, Credential
from kiosk.machine import Machine, machine

COUNTY = "county"
MARK = re.compile(r"~([a-z_]{1,20})=")


def trouble_with(here: Machine, kind: str) -> type[KioskError] | None:
    """What is wrong with a device, by its last word; None where it is well, starting, or not fitted here.

    COUNTY stands for the leave to serve cards at all.
    """
    if kind == COUNTY:
        return KioskWithdrawn if here.county.registration.withdrawn else None
    health = here.devices.health().get(kind)
    return None if health is None or health.ready else named(health.reason, kind)


def watch(kind: str) -> type[KioskError] | None:
    """What is wrong with a device, for a page that says so: the page is fetched anew once that is no longer true."""
    found = trouble_with(machine(), kind)
    g.watched = getattr(g, "watched", {}) | {kind: code_of(found)}
    return found


def other_ways(needs: Assurance = Assurance.OPEN) -> tuple[Credential, ...]:
    """What else than a card opens at least ``needs`` here now, for a page that says so; watched as ``watch`` does."""
    room = machine().reception.credentials
    if room is None:
        return ()
    for kind in room.devices():
        watch(kind)
    return room.ways(needs)


def word_of_page(showing: str) -> str:
    """The word of the page that this request makes."""
    return showing + "".join(f"~{kind}={code}" for kind, code in g.get("watched", {}).items())


def word_now(showing: str, told: str) -> str:
    """The word that a page with the word ``told`` would have now, while the desk shows ``showing``."""
    kinds = dict.fromkeys(MARK.findall(told))
    return showing + "".join(f"~{kind}={code_of(trouble_with(machine(), kind))}" for kind in kinds)


def code_of(trouble: type[KioskError] | None) -> str:
    """Its code, or nothing."""
    return trouble.code if trouble else ""
