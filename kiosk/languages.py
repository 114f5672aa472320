"""The languages of the resident face: packs in ``config/languages/<tag>/``, read when somebody first asks for one.

Chinese is the source and needs no pack: the texts of templates and of ``phrase()`` are the msgids. What a pack lacks is
shown in Chinese and remembered for the staff, as the pattern it is, never with the values in it.
"""

from __future__ import annotations

import re
import threading
import tomllib
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextvars import ContextVar
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flask import current_app
from markupsafe import Markup, escape
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from kiosk.phrases import Phrase
from kiosk.settings import SettingsError
from kiosk.web import called_by_templates

if TYPE_CHECKING:
    from babel.messages.catalog import Catalog

CHINESE = "zh-CN"
HAN = re.compile(r"[\u3400-\u9fff]")
PLACEHOLDER = re.compile(r"%\((\w+)\)s")
MISSING_AT_MOST = 1000
"""Texts remembered as missing, a language: more than there are, and a bound all the same."""
ISOLATE, END_ISOLATE = "\u2068", "\u2069"
"""Unicode's marks around a value in a text that runs from right to left: it keeps its own direction and order."""


class Direction(StrEnum):
    """Which way a language is written; the value is HTML's ``dir``."""

    LEFT_TO_RIGHT = "ltr"
    RIGHT_TO_LEFT = "rtl"


class PackFile(BaseModel):
    """``pack.toml``. ``name``: of the language, in its own letters. ``reviewed``: a fluent reader read every text."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = Field(min_length=1, max_length=20)
    direction: Direction = Direction.LEFT_TO_RIGHT
    reviewed: bool = False


@dataclass(frozen=True)
class Language:
    """A language that can be chosen here."""

    tag: str
    name: str
    direction: Direction = Direction.LEFT_TO_RIGHT
    reviewed: bool = True


@dataclass
class Words:
    """The texts of one language. ``broken``: why its file cannot be used, for the staff; then all is Chinese."""

    language: Language
    texts: Mapping[str, str] = field(default_factory=dict)
    broken: str = ""
    missing: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.is_source = self.language.tag == CHINESE and not self.texts
        """True where every text says itself."""

    def say(self, text: str, values: Mapping[str, object]) -> str:
        """``text`` in this language, with its values. HTML among the values (a part of parts.html) stays HTML."""
        if isinstance(text, Phrase):
            return self.say(text.pattern, {**text.values, **values})
        if not values and self.is_source:
            return text
        said = self.texts.get(text) or self._isolated(self._chinese(text))
        if not values:
            return said
        given = {name: self._value(value) for name, value in values.items()}
        if any(isinstance(value, Markup) for value in given.values()):
            return Markup(escape(said)) % given  # noqa: S704  escaped; its values are escaped where they are no Markup
        return said % given

    def _value(self, value: object) -> object:
        if isinstance(value, Markup):
            return value
        said = self.say(value, {}) if isinstance(value, Phrase) else value
        return self._isolated(said)

    def _isolated(self, said: object) -> Any:
        """A value, or a text in Chinese, with its own direction inside a language that runs the other way."""
        return f"{ISOLATE}{said}{END_ISOLATE}" if self.language.direction is Direction.RIGHT_TO_LEFT else said

    def _chinese(self, text: str) -> str:
        if self.language.tag != CHINESE and HAN.search(text) and len(self.missing) < MISSING_AT_MOST:
            self.missing.add(str(text))
        return text


class Languages:
    """The packs of ``folders``, and what each says. Where two have the same tag, the one of the earlier folder counts.

    ``unreviewed``: offer packs that nobody fluent has read yet (development only). ``own``: the folder of the locality
    pack; its ``languages/<tag>.po`` says the texts of this place, and may say any text otherwise. Raises SettingsError
    for a pack.toml that is none.
    """

    def __init__(self, folders: Sequence[Path], own: Path, *, unreviewed: bool) -> None:
        self._own = own
        files = {file.parent.name: file for folder in reversed(folders) for file in folder.glob("*/pack.toml")}
        self._folders = {tag: file.parent for tag, file in files.items()}
        found = [(tag, _pack_file(file)) for tag, file in sorted(files.items())]
        others = [
            Language(tag, pack.name, pack.direction, pack.reviewed)
            for tag, pack in found
            if pack.reviewed or unreviewed
        ]
        self.offered: tuple[Language, ...] = (Language(CHINESE, "中文"), *others)
        self._lock = threading.Lock()
        self._read: dict[str, Words] = {CHINESE: Words(self.offered[0])}

    def words_of(self, tag: str) -> Words:
        """The words of an offered language; Chinese for any other tag. Read once, on first asking."""
        known = self._read.get(tag)
        return known if known is not None else self._first_asked(tag)

    def _first_asked(self, tag: str) -> Words:
        language = next((one for one in self.offered if one.tag == tag), None)
        if language is None:
            return self._read[CHINESE]
        with self._lock:
            if tag not in self._read:
                self._read[tag] = self._words(language)
            return self._read[tag]

    def _words(self, language: Language) -> Words:
        texts: dict[str, str] = {}
        broken = ""
        for file in (self._folders[language.tag] / "words.po", self._own / "languages" / f"{language.tag}.po"):
            if file.exists():
                found, why = texts_of(file)
                texts |= found
                broken = broken or why
        return Words(language, texts, broken)


def _pack_file(file: Path) -> PackFile:
    try:
        return PackFile.model_validate(tomllib.loads(file.read_text(encoding="utf-8")))
    except OSError as error:
        raise SettingsError(f"{file}: cannot be read ({error.strerror})") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"{file}: not TOML ({error})") from error
    except ValidationError as error:
        first = error.errors()[0]
        raise SettingsError(f"{file}: {'.'.join(map(str, first['loc']))}: {first['msg']}") from error


def texts_of(file: Path) -> tuple[dict[str, str], str]:
    """The usable texts of a .po file, and why it has none; a text with other values than its msgid is left out."""
    from babel.messages.pofile import PoFileError, read_po  # noqa: PLC0415  read by machines where a pack is used

    try:
        with file.open("rb") as content:
            catalog: Catalog = read_po(content, abort_invalid=True)
    except (OSError, PoFileError, ValueError, LookupError) as error:
        return {}, f"{file.parent.name}/{file.name}: {error}"
    pairs = [(str(one.id), str(one.string)) for one in catalog if one.id and one.string and not one.fuzzy]
    return {
        said: text for said, text in pairs if fits(said, text)
    }, "" if pairs else f"{file.parent.name}/{file.name}: empty"


def fits(said: str, text: str) -> bool:
    """True where ``text`` can take the values of ``said``, all of them and no others."""
    names = set(PLACEHOLDER.findall(said))
    if set(PLACEHOLDER.findall(text)) != names:
        return False
    return not names or "%" not in PLACEHOLDER.sub("", text).replace("%%", "")


def lacking(words: Words, wanted: Iterable[str]) -> list[str]:
    """What a language does not say: of ``wanted``, and of what was shown since the start; for the staff."""
    known = {text for text in wanted if text not in words.texts}
    return sorted(known | words.missing)


@called_by_templates
class Speaker:
    """``_`` of the resident face: ``{{ _("第 %(n)s 步", n=2) }}`` in the language of whoever stands at the screen.

    ``begin`` is called with every request and every page: a page says a hundred texts and asks once whose language.
    """

    def __init__(self, languages: Languages, tag: Callable[[], str]) -> None:
        self._languages = languages
        self._tag = tag
        chinese = languages.words_of(CHINESE)  # the same for everybody, and nothing is ever missing in it
        self._present: ContextVar[Words] = ContextVar("words", default=chinese)

    def begin(self) -> None:
        """Speak the language of whoever stands here now."""
        self._present.set(self._languages.words_of(self._tag()))

    def __call__(self, text: str, **values: Any) -> str:
        """The text as it stands on this page."""
        return self._present.get().say(text, values)

    @property
    def words(self) -> Words:
        """The texts of the language of the page that is being made."""
        return self._present.get()

    @property
    def language(self) -> Language:
        """The language of the page that is being made."""
        return self.words.language


def present_language() -> Language:
    """The language of the page that is being made."""
    speaker: Speaker = current_app.extensions["speaker"]
    return speaker.language


_CHINESE_WORDS = Words(Language(CHINESE, "中文"))


def in_chinese(text: str, **values: Any) -> str:
    """``_`` of the faces that speak Chinese only: staff, wall, dock."""
    return _CHINESE_WORDS.say(text, values)
