"""The invented people of the town and what stands on their cards, from the lines that the hub's demo writes."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from devices.card.virtual.described import CardDescription, derived_identification


@dataclass(frozen=True)
class CardHolder:
    """One invented resident: what the dock shows and the card that is put in."""

    name: str
    number: str
    special: str
    card: CardDescription
    fingers: tuple[tuple[str, str], ...] = ()
    """Each enrolled finger: its name in the contract's list, and the seed of the invented finger."""


def load_people(path: Path) -> tuple[CardHolder, ...]:
    """Read JSON lines, one resident each, in their order; blank lines are passed over.

    Needed keys: name, number, card_number, card_version, pin. Optional: special, "fingers" (name to seed), and under
    "card": identification, issued, valid_until (ISO days or YYYYMMDD), ethnic_group, tries, atr (hex). ValueError names
    file and line.
    """
    lines = path.read_text(encoding="utf-8").splitlines()
    return tuple(_holder(line, f"{path}:{place}") for place, line in enumerate(lines, 1) if line.strip())


def _holder(line: str, where: str) -> CardHolder:
    try:
        person = json.loads(line)
        special = person.get("special") or ""
        fingers = tuple((person.get("fingers") or {}).items())
        return CardHolder(person["name"], person["number"], special, _card(person), fingers)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"{where}: not a resident with a card ({error!r})") from error


def _card(person: dict[str, Any]) -> CardDescription:
    written = person.get("card") or {}
    number = person["card_number"]
    return CardDescription(
        name=person["name"],
        number=person["number"],
        card_number=number,
        identification=written.get("identification") or derived_identification(number),
        version=person["card_version"],
        pin=person["pin"],
        tries=int(written.get("tries", 3)),
        issued=_compact(written.get("issued") or "20190101"),
        valid_until=_compact(written.get("valid_until") or "20390101"),
        ethnic_group=written.get("ethnic_group") or "01",
        atr=bytes.fromhex(written.get("atr") or ""),
    )


def _compact(day: str) -> str:
    shown = day.replace("-", "")
    date.fromisoformat(shown)
    return shown
