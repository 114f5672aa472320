"""What the screen says: every prompt with an id, taken from the texts of the resident face. Pure.

A text with values ("第 %(n)s 步，共 %(all)s 步") has no clip of its own: its fixed pieces have one each, numbers are
put together from the number clips. An id is made of the words themselves, so it is the same on every machine and in
every version until the words change; number clips have plain names.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from kiosk.voice.readings import spoken

PLACEHOLDER = re.compile(r"%\(\w+\)s|\{\w+\}")
"""Where values stand: in texts of the server, and in those that a script fills in."""
MARKUP = re.compile(r"<[^>]+>")
SILENT = re.compile(r"[^\w%％＊*+]+")
"""What is not said: blanks, points, brackets."""
NUMBER_WORDS: Mapping[str, str] = MappingProxyType(
    {
        "ling": "零", "yi": "一", "er": "二", "san": "三", "si": "四", "wu": "五", "liu": "六", "qi": "七", "ba": "八",
        "jiu": "九", "shi": "十", "bai": "百", "qian": "千", "wan": "万", "yi-large": "亿", "liang": "两", "yao": "幺",
        "cha": "叉", "dian": "点", "fu": "负", "zheng": "整", "yuan": "元", "jiao": "角", "fen": "分", "nian": "年",
        "yue": "月", "ri": "日", "hao": "号", "di": "第", "dao": "到", "mei": "每", "baifenzhi": "百分之", "mou": "某",
    }
)  # fmt: skip
"""Clips from which every number, date and amount is put together; by the last part of their id."""
OF_SCRIPTS = ("某", "中间遮住", "尾号")
"""What static/stops.js says of masks."""
SHORT_NUMBER = re.compile(r"\d{1,2}")
CLAUSE_END = re.compile(r"(?<=[，。；：？！、·])|(?<=[,;:?!.])(?!\d)")
"""Between clauses; never within a number (86,000.00), of which half would sound like one below a hundred."""
NUMBERS = re.compile(r"\d[\d,.:：%％-]*")


@dataclass(frozen=True)
class Prompt:
    """Something to be said. ``words``: as written; ``said``: as a speaker reads it."""

    key: str
    words: str

    @property
    def said(self) -> str:
        """What the speaker reads."""
        return spoken(self.words)


def bare(text: str) -> str:
    """Only what is said, without blanks and points: how two texts are compared."""
    return SILENT.sub("", text)


def key_of(words: str) -> str:
    """The id of a text: the same words, the same id."""
    return f"p-{hashlib.sha256(bare(words).encode()).hexdigest()[:10]}"


def pieces_of(text: str) -> list[str]:
    """What has to be recorded of a text: itself, or its fixed pieces where it takes values."""
    plain = MARKUP.sub(" ", text).replace("%%", "%")
    found = (piece.strip(" ，。：；、（）()") for piece in re.split(rf"{PLACEHOLDER.pattern}|\n", plain))
    return [piece for piece in found if bare(piece)]


def numbers_prompts() -> list[Prompt]:
    """The number clips, of Chinese packs."""
    return [Prompt(f"n-{name}", words) for name, words in NUMBER_WORDS.items()]


def catalogue(texts: Iterable[str], *, numbers: bool = True) -> list[Prompt]:
    """Every prompt of these texts once, the number clips first, then in the order of the texts."""
    found = {prompt.key: prompt for prompt in numbers_prompts()} if numbers else {}
    single = {prompt.words for prompt in found.values()}
    for text in texts:
        for piece in pieces_of(text):
            if bare(piece) not in single:
                found.setdefault(key_of(piece), Prompt(key_of(piece), piece))
    return list(found.values())


def put_together(text: str, known: Mapping[str, str]) -> list[str] | None:
    """The fewest keys whose words, one behind the other, say ``text``; None where a piece is lacking.

    ``known``: bare words to key. A text that begins with a longer piece takes it where both ways are as short.
    """
    wanted = bare(text)
    longest = max(map(len, known), default=0)
    best: list[list[str] | None] = [[], *([None] * len(wanted))]
    for end in range(1, len(wanted) + 1):
        for start in range(max(0, end - longest), end):
            before, key = best[start], known.get(wanted[start:end])
            here = best[end]
            if before is not None and key is not None and (here is None or len(before) + 1 < len(here)):
                best[end] = [*before, key]
    return best[-1] if wanted else None


class OwnWords:
    """The words of the program itself: what a loudspeaker may say while somebody's card is in."""

    def __init__(self, texts: Iterable[str]) -> None:
        pieces = [piece for text in (*texts, *OF_SCRIPTS) for piece in pieces_of(text)]
        self._known = {bare(words): "" for piece in pieces for words in (piece, *CLAUSE_END.split(piece))}

    def hold(self, line: str) -> bool:
        """True where ``line`` is made of these words and of numbers below a hundred, and of nothing else."""
        pieces = NUMBERS.split(line)
        counts = NUMBERS.findall(line)
        return all(SHORT_NUMBER.fullmatch(count.strip(".,:：-")) for count in counts) and all(
            put_together(piece, self._known) is not None for piece in pieces if bare(piece)
        )

    def kept(self, text: str) -> str:
        """``text`` without the clauses that are not made of these words; empty where none is left."""
        lines = [[clause for clause in CLAUSE_END.split(line) if self.hold(clause)] for line in text.splitlines()]
        return "\n".join("".join(clauses) for clauses in lines if any(map(bare, clauses)))
