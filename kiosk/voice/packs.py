"""Packs of recorded clips: a folder with ``pack.toml``, ``lexicon.toml`` and one WAV a prompt, named by its id.

A pack comes with the program or the place (``config/voices/<tag>/``) and grows in the machine's own folder
(``<folder>/voices/<tag>/``), where the recorder of the staff face writes; a clip of the machine wins. ``clips.json``
beside the clips keeps which words were recorded: a prompt whose words changed since is outdated.
"""

from __future__ import annotations

import json
import re
import threading
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from kiosk.voice.sound import BadSound, Sound, read_wav

TAG = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}")
KEY = re.compile(r"[a-z]-[a-z0-9-]{1,20}")
LARGEST_CLIP = 4 * 1024 * 1024


class PackFile(BaseModel):
    """``pack.toml``. ``language``: what it is chosen for ("zh-CN"); ``dialect``: how it sounds."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = Field(min_length=1, max_length=20)
    language: str = Field(pattern=r"^[a-z]{2,3}(-[A-Z]{2})?$")
    dialect: str = Field(default="", max_length=20)
    speaker: str = Field(default="", max_length=20)


class Clip(BaseModel):
    """What is remembered of a recording: its words at that time, and the day (of the hall)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    words: str
    day: str


CLIPS = TypeAdapter(dict[str, Clip])


class PackBroken(Exception):
    """A pack that cannot be used; the message names file and reason."""


@dataclass
class Pack:
    """One voice. ``places``: its folders, the machine's own first. ``broken``: clips that could not be read: why."""

    tag: str
    about: PackFile
    places: tuple[Path, ...]
    broken: dict[str, str] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def own(self) -> Path:
        """The machine's own folder of it."""
        return self.places[0]

    def clips(self) -> dict[str, Clip]:
        """What is recorded, by id; the machine's own wins."""
        found: dict[str, Clip] = {}
        for place in reversed(self.places):
            found |= {key: clip for key, clip in _listed(place).items() if (place / f"{key}.wav").is_file()}
        return found

    def file_of(self, key: str) -> Path | None:
        """The file of a clip."""
        if not KEY.fullmatch(key):
            return None
        return next((file for place in self.places if (file := place / f"{key}.wav").is_file()), None)

    def sound(self, key: str) -> Sound | None:
        """A clip; None where there is none, or a broken one, which is remembered for the staff."""
        file = self.file_of(key)
        if file is None:
            return None
        try:
            if file.stat().st_size > LARGEST_CLIP:
                raise BadSound("too long")  # noqa: TRY301  told like what the file has wrong
            found = read_wav(file.read_bytes())
        except (OSError, BadSound) as error:
            self.broken[key] = str(error) if isinstance(error, BadSound) else type(error).__name__
            return None
        self.broken.pop(key, None)
        return found

    def keep(self, key: str, clip: Clip, sound: Sound) -> None:
        """Write a recording into the machine's own folder: first the sound, then its line in the list."""
        if not KEY.fullmatch(key):
            raise ValueError("no id of a prompt")
        with self._lock:
            self.own.mkdir(parents=True, exist_ok=True)
            _write(self.own / f"{key}.wav", sound.wav())
            listed = _listed(self.own) | {key: clip}
            _write(self.own / "clips.json", CLIPS.dump_json(dict(sorted(listed.items())), indent=1))
            self.broken.pop(key, None)

    def drop(self, key: str) -> None:
        """Forget the machine's own recording; one that came with the pack is heard again."""
        with self._lock:
            listed = _listed(self.own)
            if listed.pop(key, None) is not None:
                _write(self.own / "clips.json", CLIPS.dump_json(listed, indent=1))
                (self.own / f"{key}.wav").unlink(missing_ok=True)
            self.broken.pop(key, None)

    def lexicon(self) -> dict[str, str]:
        """Words this voice's language reads wrongly, and what is read in their place."""
        found: dict[str, str] = {}
        for place in reversed(self.places):
            found |= _lexicon(place / "lexicon.toml")
        return found


def _write(file: Path, content: bytes) -> None:
    """Whole or not at all."""
    unfinished = file.with_suffix(f"{file.suffix}.new")
    unfinished.write_bytes(content)
    unfinished.replace(file)


def _listed(place: Path) -> dict[str, Clip]:
    file = place / "clips.json"
    try:
        return CLIPS.validate_json(file.read_bytes())
    except (FileNotFoundError, NotADirectoryError):
        return {}
    except (OSError, ValidationError, json.JSONDecodeError):
        return {key.stem: Clip(words="", day="") for key in sorted(place.glob("*.wav"))}  # all of them are outdated


def _lexicon(file: Path) -> dict[str, str]:
    try:
        table: dict[str, Any] = tomllib.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise PackBroken(f"{file.parent.name}/{file.name}: {error}") from error
    return {word: said for word, said in table.get("read", {}).items() if isinstance(said, str)}


def open_packs(folders: tuple[Path, ...]) -> tuple[list[Pack], list[str]]:
    """The packs of all folders by tag, the first folder's files first; and why others cannot be used."""
    tags = sorted({file.parent.name for folder in folders for file in folder.glob("*/pack.toml")})
    packs, refused = [], []
    for tag in tags:
        places = tuple(folder / tag for folder in folders)
        file = next(place / "pack.toml" for place in places if (place / "pack.toml").is_file())
        try:
            if not TAG.fullmatch(tag):
                raise PackBroken(f"{tag}: no tag of a language")  # noqa: TRY301  told like what a file has wrong
            about = PackFile.model_validate(tomllib.loads(file.read_text(encoding="utf-8")))
            packs.append(Pack(tag, about, places))
            packs[-1].lexicon()
        except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError, ValidationError, PackBroken) as error:
            refused.append(f"{tag}: {error}")
    return [pack for pack in packs if not any(line.startswith(f"{pack.tag}:") for line in refused)], refused
