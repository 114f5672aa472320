"""From ``[hub] electronic_codes`` to who answers; and the invented town's own codes, in development."""

from __future__ import annotations

import hmac
from dataclasses import dataclass

from sqlalchemy import select

from contract.development import MARK_OF_A_TOWN_CODE, town_code
from county.backends.bounded import Bounded
from county.credentials import ElectronicCodes
from county.models import cards, residents
from county.own_code import OWN, made_by
from county.settings import HubSettings, SettingsError, Stage
from county.store import Store

NONE, TOWN = "none", "town"
TURN_DIGITS = 10


@dataclass(frozen=True)
class TownCodes:
    """Knows the codes that the dock's invented telephones show; they do not age. Development only."""

    store: Store

    def holder_of(self, code: str) -> str | None:
        """Whose card shows this code, found by trying all cards of the town."""
        turn = code[len(MARK_OF_A_TOWN_CODE) :][:TURN_DIGITS]
        if not (code.startswith(MARK_OF_A_TOWN_CODE) and turn.isdecimal()):
            return None
        held = select(residents.c.number, cards.c.identification).join_from(residents, cards)
        with self.store.reading() as connection:
            rows = connection.execute(held).all()
        shown = (number for number, card in rows if hmac.compare_digest(town_code(card, int(turn)), code))
        return next(shown, None)


class AskedElsewhere:
    """A county's own system, asked with a limit (BACKEND_UNAVAILABLE); an answer of another kind is none."""

    def __init__(self, own: ElectronicCodes, seconds: float) -> None:
        self._own = own
        self._line = Bounded(seconds)

    def holder_of(self, code: str) -> str | None:
        """As told."""
        return self._line.asked("holder of a code", lambda: _a_number(self._own.holder_of(code)))


def _a_number(told: object) -> str | None:
    if told is None or isinstance(told, str):
        return told
    raise TypeError("neither a number nor None")


def open_codes(settings: HubSettings, store: Store) -> ElectronicCodes | None:
    """Who answers codes; None: nobody, the county takes none. SettingsError."""
    named = settings.electronic_codes
    if named == NONE:
        return None
    if named == TOWN:
        if settings.stage is Stage.PRODUCTION:
            raise SettingsError("hub.electronic_codes: codes of the invented town are refused in production")
        return TownCodes(store)
    if not named.startswith(OWN):
        raise SettingsError(f'hub.electronic_codes: {named!r} is neither "none", "town" nor "python:module:factory"')
    made = made_by(named, "hub.electronic_codes")
    if not callable(getattr(made, "holder_of", None)):
        raise SettingsError(f"hub.electronic_codes: what {named} makes has no method holder_of")
    return AskedElsewhere(made, settings.backend_seconds)
