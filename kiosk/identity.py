"""Who is being served, how surely, and the types under which personal numbers travel."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import IntEnum, StrEnum

from contract.identifiers import mask_card_number, mask_id_number, mask_name
from devices.card import CardIdentity


class Assurance(IntEnum):
    """How surely we know who stands here. A PIN counts only from a card that proved itself (DESIGN §6)."""

    OPEN = 0
    CARD = 1
    PIN = 2
    WITNESSED = 3


class Credential(StrEnum):
    """What somebody shows to say who they are."""

    CARD = "card"
    ID_CARD = "id_card"
    CODE = "code"


@dataclass(frozen=True)
class Shown:
    """A credential at this machine. ``stays``: it lies where the machine sees it, and sees it leave."""

    credential: Credential = Credential.CARD
    stays: bool = True


IN_SLOT = Shown()
"""A social-security card in its reader."""


class Masked:
    """A personal text whose ``str()`` and ``repr()`` are masked.

    ``plain()`` is called only where the number leaves for the county or paper; tests list those places.
    """

    __slots__ = ("_plain",)

    def __init__(self, plain: str) -> None:
        self._plain = plain

    def plain(self) -> str:
        """The text itself. Calling this is an act: the caller journals it."""
        return self._plain

    def masked(self) -> str:
        """What may stand on a screen."""
        return "*" * len(self._plain)

    def __str__(self) -> str:
        return self.masked()

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.masked()})"

    def __eq__(self, other: object) -> bool:
        return type(other) is type(self) and isinstance(other, Masked) and other._plain == self._plain

    def __hash__(self) -> int:
        return hash((type(self), self._plain))


class IdNumber(Masked):
    """社会保障号码, the same as the identity number."""

    def masked(self) -> str:
        return mask_id_number(self._plain)


class CardNumber(Masked):
    """卡号."""

    def masked(self) -> str:
        return mask_card_number(self._plain)


class PersonName(Masked):
    """A name; on a hall screen the first character and a star."""

    def masked(self) -> str:
        return mask_name(self._plain)


@dataclass(frozen=True)
class Resident:
    """Who is being served; ``card_…`` are empty where no card is in.

    ``reference``: the hub's opaque word, or an HMAC when it is cut off.
    """

    number: IdNumber
    name: PersonName
    card_number: CardNumber
    card_version: str
    card_proven: bool
    born_on: date | None
    reference: str = ""


def resident_of(card: CardIdentity) -> Resident:
    """The resident that a card names."""
    return Resident(
        number=IdNumber(card.social_security_no),
        name=PersonName(card.name),
        card_number=CardNumber(card.card_number),
        card_version=card.version,
        card_proven=card.proven,
        born_on=card.born_on,
    )
