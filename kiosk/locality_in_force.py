"""The locality pack as it holds now: what the machine came with, and over it what the county sent in the feed.

Changed only between two visits. A pack that is wrong is not taken, not even in part; the last good one stays.
"""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from pydantic import ValidationError

from contract.feed import LocalityPack
from kiosk.locality import Locality
from kiosk.store import Store

log = logging.getLogger(__name__)

GOOD = "locality.good"
FIXED = frozenset({"zone", "assurance", "staff", "jobs.page_size", "theme.logo"})
"""What only the machine's file says: how far a card is believed, who stays signed in, what is read at start; files."""


class BadPack(ValueError):
    """A pack that cannot be used; the message says where and why."""


def laid_over(base: Locality, packs: Sequence[LocalityPack]) -> Locality:
    """``base`` with the values of all packs, those of wider areas first; raises BadPack. Pure."""
    values: dict[str, Any] = base.model_dump(exclude_unset=True)  # what nobody said stays unsaid, for the staff
    for pack in sorted(packs, key=lambda one: len(one.area)):
        values = _merged(values, pack.values, "")
    try:
        return Locality.model_validate(values)
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        raise BadPack(f"{'.'.join(map(str, first['loc']))}: {first['msg']}") from error


def _merged(under: Mapping[str, Any], over: Mapping[str, Any], place: str) -> dict[str, Any]:
    """Tables are merged, everything else is replaced; refuses what only the machine's own file may say."""
    for key, value in over.items():
        named = f"{place}{key}"
        if named in FIXED:
            raise BadPack(f"{named}: only the machine's own file says this")
        if isinstance(under.get(key), Mapping) and not isinstance(value, Mapping):
            raise BadPack(f"{named}: a section, not a value")
    sections = {
        key: _merged(held if isinstance(held := under.get(key), Mapping) else {}, value, f"{place}{key}.")
        for key, value in over.items()
        if isinstance(value, Mapping)
    }
    return {**under, **over, **sections}


class LocalityInForce:
    """Holds ``present``. ``look`` notices what the feed brought; ``settle`` puts it in force between two visits."""

    def __init__(self, base: Locality, store: Store, told: Callable[[], list[str]]) -> None:
        """``told`` gives the feed's packs for this machine as JSON."""
        self._base = base
        self._store = store
        self._told = told
        self._lock = threading.Lock()
        self._revision = -1
        self._seen: list[str] = []
        self._next: tuple[Locality, list[str]] | None = None
        self.refused = ""
        """Why the newest pack is not in force; empty where it is, or where there is none."""
        self.versions = ""
        """Of the packs in force; empty where the machine goes by its own file alone."""
        self.present = self._remembered()

    def _remembered(self) -> Locality:
        """What was in force when the machine stopped; the machine's own file where that cannot be used any more."""
        kept: list[str] = json.loads(self._store.recall(GOOD, "[]"))
        try:
            present = self._of(kept)
        except BadPack as error:
            log.warning("the pack kept from before cannot be used: %s", error)
            return self._base
        self._seen, self.versions = kept, _versions(kept)
        return present

    def _of(self, told: Sequence[str]) -> Locality:
        return laid_over(self._base, [LocalityPack.model_validate_json(text) for text in told])

    def look(self, revision: int) -> bool:
        """Take notice of the feed's packs where ``revision`` is another; True where something waits for its turn."""
        with self._lock:
            if revision == self._revision:
                return self._next is not None
            self._revision, told = revision, self._told()
            if told == self._seen:
                return self._next is not None
            self._seen = told
            try:
                self._next, self.refused = (self._of(told), told), ""
            except BadPack as error:
                self._next, self.refused = None, str(error)
                log.warning("a locality pack of the county is not taken: %s", error)
            return self._next is not None

    def settle(self) -> bool:
        """Put what waits in force; to be called between two visits only. True where something changed."""
        with self._lock:
            if self._next is None:
                return False
            (self.present, told), self._next = self._next, None
            self._store.remember(GOOD, json.dumps(told, ensure_ascii=False))
            self.versions = _versions(told)
            return True


def _versions(told: Sequence[str]) -> str:
    """Which packs these are, as staff read it."""
    packs = [LocalityPack.model_validate_json(text) for text in told]
    return "；".join(f"{pack.area} {pack.version}" for pack in packs)
