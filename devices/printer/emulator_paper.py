"""The paper of the emulated printer: rows of dots as a picture, and the letters of its ROM."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import assert_never

from PIL import Image, ImageDraw

from devices.printer.emulator_commands import Dots, Feed, Words
from devices.printer.typeface import open_typeface

ACROSS = 576
ROM_SIZE = 24
ROM_LINE = 30


def picture(rows: list[bytes]) -> Image.Image:
    """The paper as a picture of mode "1", black (0) where it was burnt; at least one dot."""
    across = max((len(row) for row in rows), default=1) or 1
    dots = b"".join(bytes(byte ^ 0xFF for byte in row.ljust(across, b"\0")) for row in rows or [b""])
    return Image.frombytes("1", (across * 8, max(1, len(rows))), dots)


@cache
def _rom() -> Callable[[Image.Image, str], None]:
    face = open_typeface()

    def write(paper: Image.Image, words: str) -> None:
        face.write(ImageDraw.Draw(paper), (0, ROM_SIZE), words, ROM_SIZE)

    return write


def set_in_rom_letters(text: bytes) -> list[bytes]:
    """A line of characters, read as GB18030 as Chinese models do after a reset, as rows of dots."""
    paper = Image.new("L", (ACROSS, ROM_LINE), 255)
    _rom()(paper, text.decode("gb18030", "replace"))
    dots = paper.point([255] * 128 + [0] * 128).convert("1").tobytes()
    return [dots[at : at + ACROSS // 8] for at in range(0, len(dots), ACROSS // 8)]


def rows_of(step: Dots | Words | Feed) -> list[bytes]:
    """The rows of dots that a step moves the paper by; an empty one is blank."""
    match step:
        case Dots(row=row):
            return [row]
        case Words(text=text):
            return set_in_rom_letters(text)
        case Feed(rows=rows):
            return [b""] * rows
        case _:
            assert_never(step)
