"""Looking for a job by pictures: a tile with a picture for each trade, a tile for each town. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace

from contract.codes import Trade, WordsOf
from contract.job_query import JobQuery
from kiosk.locality import Locality
from kiosk.services.jobs.job_filters import address_of
from kiosk.services.jobs.job_steps import at


@dataclass(frozen=True)
class PictureTile:
    """A tile: its picture (an icon's name), its words, whether it holds now, and the list it leads to."""

    picture: str
    words: str
    on: bool
    href: str


def trade_tiles(query: JobQuery, words: WordsOf) -> list[PictureTile]:
    """Every trade; the words that were looked for go, all other conditions stay."""
    plain = replace(query, words="")
    return [
        PictureTile(f"trade-{trade}", words(trade), query.trade is trade, at(address_of(replace(plain, trade=trade))))
        for trade in Trade
    ]


def town_tiles(query: JobQuery, locality: Locality) -> list[PictureTile]:
    """Every town of this place in the order of its pack."""
    plain = replace(query, words="")
    return [
        PictureTile("", town.name, query.town == town.code, at(address_of(replace(plain, town=town.code))))
        for town in locality.towns
    ]
