"""How many sittings a county grants a kiosk and a resident; the settings of ``[hub]`` say so."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Shares:
    """The most sittings: of a kiosk in an hour, of a resident in a day; the last two with cards that proved nothing."""

    of_a_kiosk: int
    of_a_resident: int
    unproven_of_a_kiosk: int
    unproven_of_a_resident: int


USUAL = Shares(240, 40, 120, 20)
