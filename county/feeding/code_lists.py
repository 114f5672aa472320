"""The code lists of the contract in the feed, in the county's own words where it has any."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path

from sqlalchemy import Connection, select

from contract import codes
from contract.codes import LISTS_VERSION, Labelled
from contract.feed import CodeList, CodeWord, FeedKind
from county.models import feed
from county.publishing import publish
from county.store import Store

HUMP = re.compile(r"(?<=[a-z])(?=[A-Z])")
LISTS: Mapping[str, type[Labelled]] = {
    HUMP.sub("_", kind.__name__).lower(): kind
    for kind in vars(codes).values()
    if isinstance(kind, type) and issubclass(kind, Labelled) and kind is not Labelled
}


class BadCodeLists(ValueError):
    """A file of code lists that cannot be published; the message says why."""


def missing(connection: Connection) -> list[str]:
    """Lists that the feed lacks, or holds of an older program; never one that the county changed."""
    rows = connection.execute(select(feed.c.key, feed.c.body).where(feed.c.kind == FeedKind.CODE_LIST.value)).all()
    held = {row.key: json.loads(row.body) for row in rows if row.body}
    return [name for name in LISTS if _is_old(held.get(name))]


def _is_old(held: Mapping[str, object] | None) -> bool:
    return held is None or (not held["local"] and held["version"] != LISTS_VERSION)


def publish_missing(store: Store) -> int:
    """Publish them as the contract has them; how many there were."""
    with store.reading() as connection:
        if not missing(connection):
            return 0
    with store.writing("feed") as connection:
        names = missing(connection)
        for name in names:
            publish(connection, FeedKind.CODE_LIST, name, own_list(name))
    return len(names)


def own_list(name: str) -> CodeList:
    """A list as the contract has it."""
    words = tuple(CodeWord(code=code.value, words=code.label) for code in LISTS[name])
    return CodeList(name=name, version=LISTS_VERSION, codes=words)


def publish_file(connection: Connection, file: Path) -> list[str]:
    """Publish the lists of a TOML file in its words; one line a list. BadCodeLists: then nothing was published."""
    lists = lists_of(file)
    for one in lists:
        publish(connection, FeedKind.CODE_LIST, one.name, one)
    return [f"{one.name}  {one.version}  {sum(1 for _ in one.codes)} codes" for one in lists]


def lists_of(file: Path) -> list[CodeList]:
    """The lists of a file: ``version``, and a section a list, ``code = words``; BadCodeLists."""
    try:
        told = tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise BadCodeLists(f"{file}: {error}") from error
    version = told.pop("version", "")
    if not isinstance(version, str) or not version:
        raise BadCodeLists(f"{file}: version: names this state of the lists, kiosks show it")
    return [_changed(file, name, version, words) for name, words in told.items()]


def _changed(file: Path, name: str, version: str, words: object) -> CodeList:
    if name not in LISTS or not isinstance(words, dict):
        raise BadCodeLists(f"{file}: {name} is no code list; there are {', '.join(LISTS)}")
    known = {code.value: code.label for code in LISTS[name]}
    for code, told in words.items():
        if code not in known:
            raise BadCodeLists(f"{file}: {name}.{code}: no such code; words of known codes can be changed only")
        if not isinstance(told, str) or not told.strip():
            raise BadCodeLists(f"{file}: {name}.{code}: words for a resident are missing")
    codes_told = tuple(CodeWord(code=code, words=words.get(code, label)) for code, label in known.items())
    return CodeList(name=name, version=version, local=True, codes=codes_told)
