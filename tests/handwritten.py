"""Characters as a hand writes them: strokes in order, points in hundredths of the field (handwritten.txt).

They come from no font and no data set: straight lines and a bend or two, as somebody writes who is no calligrapher.
"""

from __future__ import annotations

from pathlib import Path

Character = tuple[tuple[tuple[int, int], ...], ...]


def character(lines: str) -> Character:
    """``"20,20 80,20 / 50,20 50,80"``: strokes between slashes, points between blanks."""
    return tuple(tuple(point_of(point) for point in stroke.split()) for stroke in lines.split("/"))


def point_of(point: str) -> tuple[int, int]:
    """``"20,80"``."""
    x, _, y = point.partition(",")
    return int(x), int(y)


WRITTEN = dict(line.split(" ", 1) for line in Path(__file__).with_suffix(".txt").read_text("utf-8").splitlines())
WORDS = (
    "电工", "木工", "瓦工", "车工", "机工", "水电工", "油工", "泥工", "土木", "石工", "女工", "手工", "农工", "包工",
    "司机", "门卫", "保安", "保安员", "文员", "会计", "护士", "护工", "店员", "店长", "厂长", "导员", "文书", "店主",
    "农田", "水牛",
)  # fmt: skip
