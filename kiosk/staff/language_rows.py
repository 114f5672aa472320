"""What each language of the resident face does not say, and what a locality pack leaves to the program: for staff."""

from __future__ import annotations

from dataclasses import dataclass

from kiosk.languages import CHINESE, HAN, lacking
from kiosk.locality_texts import left_out, texts_of_place
from kiosk.machine import Machine

WHOLE = "en"
"""The pack that says every text of the program, by test: what another one lacks is measured against it."""


@dataclass(frozen=True)
class LanguageRow:
    """One language. ``lacking``: texts that residents see in Chinese instead; ``broken``: why its file is of no use."""

    name: str
    reviewed: bool
    broken: str
    lacking: tuple[str, ...]

    @property
    def mood(self) -> str:
        """good, wait or stop."""
        if self.broken:
            return "stop"
        return "wait" if self.lacking or not self.reviewed else "good"


def language_rows(here: Machine) -> list[LanguageRow]:
    """Every language offered here but Chinese; reads their files, so it is asked by staff only."""
    known = [*here.languages.words_of(WHOLE).texts, *texts_of_place(here.locality)]
    wanted = [text for text in known if HAN.search(text)]
    found = [here.languages.words_of(one.tag) for one in here.languages.offered if one.tag != CHINESE]
    return [
        LanguageRow(words.language.name, words.language.reviewed, words.broken, tuple(lacking(words, wanted)))
        for words in found
    ]


def languages_mood(rows: list[LanguageRow], unsaid: tuple[str, ...]) -> str:
    """The worst of all; texts the locality pack leaves out are worth a look."""
    moods = {row.mood for row in rows} | ({"wait"} if unsaid else {"good"})
    return next(mood for mood in ("stop", "wait", "good") if mood in moods)


def unsaid_here(here: Machine) -> tuple[str, ...]:
    """Keys of texts that the locality pack in force does not say."""
    return left_out(here.locality)
