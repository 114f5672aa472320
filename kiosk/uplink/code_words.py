"""The words of codes as the county has them: its own code lists out of the feed, else those of the contract."""

from __future__ import annotations

import re

from contract.codes import LISTS_VERSION, Labelled
from contract.feed import CodeList, FeedKind
from kiosk.uplink.feed import Feed

HUMP = re.compile(r"(?<=[a-z])(?=[A-Z])")


class CodeWords:
    """Looks words up in the copy of the feed; read anew when the feed changed. No lease: the last words stay."""

    def __init__(self, feed: Feed) -> None:
        self._feed = feed
        self._read_at = -1
        self._lists: dict[str, CodeList] = {}
        self._words: dict[tuple[str, str], str] = {}

    def of(self, code: Labelled) -> str:
        """What a resident reads for ``code``."""
        self._follow()
        return self._words.get((list_of(type(code)), code.value), code.label)

    def versions(self) -> tuple[str, ...]:
        """Which versions of the lists hold here, the program's own first where nothing came."""
        self._follow()
        return tuple(sorted({one.version for one in self._lists.values()})) or (LISTS_VERSION,)

    def _follow(self) -> None:
        revision = self._feed.revision
        if revision == self._read_at:
            return
        lists = [CodeList.model_validate_json(body) for body in self._feed.bodies(FeedKind.CODE_LIST)]
        self._lists = {one.name: one for one in lists}
        self._words = {(one.name, row.code): row.words for one in lists for row in one.codes}
        self._read_at = revision


def list_of(kind: type[Labelled]) -> str:
    """The name of a code list in the feed: InsuranceType is insurance_type."""
    return HUMP.sub("_", kind.__name__).lower()
