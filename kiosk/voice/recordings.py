"""How far a pack is recorded: which prompts have a clip, which have none, and whose words changed since. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

from kiosk.voice.packs import Clip
from kiosk.voice.prompts import Prompt, bare

ALIKE = 0.6
"""A prompt without a clip and a clip without a prompt as alike as this are one text whose words changed."""
COMPARED_AT_MOST = 200


class Standing(StrEnum):
    """How a prompt stands in a pack."""

    MISSING = "missing"
    OUTDATED = "outdated"
    BROKEN = "broken"
    RECORDED = "recorded"


@dataclass(frozen=True)
class Row:
    """One prompt. ``before``: the words that were recorded, where they changed; ``day``: of the recording."""

    prompt: Prompt
    standing: Standing
    before: str = ""
    day: str = ""
    why: str = ""


@dataclass(frozen=True)
class Sheet:
    """A pack as the clerk sees it. ``unused``: clips whose words are said nowhere any more."""

    rows: tuple[Row, ...]
    unused: tuple[tuple[str, Clip], ...]

    def of(self, standing: Standing) -> list[Row]:
        """The rows that stand so."""
        return [row for row in self.rows if row.standing is standing]

    def next_after(self, key: str) -> Row | None:
        """What is to be recorded next: the first below ``key`` that is not right, else the first of all."""
        at = next((at for at, row in enumerate(self.rows) if row.prompt.key == key), -1)
        ordered = (*self.rows[at + 1 :], *self.rows[: at + 1])
        return next((row for row in ordered if row.standing is not Standing.RECORDED and row.prompt.key != key), None)


def sheet_of(prompts: Iterable[Prompt], clips: Mapping[str, Clip], broken: Mapping[str, str]) -> Sheet:
    """Compare what is said with what is recorded."""
    wanted = {prompt.key: prompt for prompt in prompts}
    unused = {key: clip for key, clip in clips.items() if key not in wanted}
    rows = []
    for key, prompt in wanted.items():
        clip = clips.get(key)
        if key in broken:
            rows.append(Row(prompt, Standing.BROKEN, why=broken[key]))
        elif clip is None:
            rows.append(_without(prompt, unused))
        elif bare(clip.words) != bare(prompt.words):
            rows.append(Row(prompt, Standing.OUTDATED, clip.words, clip.day))
        else:
            rows.append(Row(prompt, Standing.RECORDED, day=clip.day))
    return Sheet(tuple(rows), tuple(unused.items()))


def _without(prompt: Prompt, unused: dict[str, Clip]) -> Row:
    """A prompt without a clip: outdated where a clip of nearly the same words is left over, and takes that one."""
    for key, clip in list(unused.items())[:COMPARED_AT_MOST]:
        if SequenceMatcher(None, clip.words, prompt.words).ratio() >= ALIKE:
            del unused[key]
            return Row(prompt, Standing.OUTDATED, clip.words, clip.day)
    return Row(prompt, Standing.MISSING)
