"""A receipt as dots (1 bit, 203 dpi) and, line for line, as plain text.

Sizes are for old eyes (reference/domain.md §8): body 28 dots (3.5 mm), headings twice that; 20 Chinese characters fill
a line of 80 mm paper, as on the screen. Both forms break lines by the same rules, only the measure differs.
"""

from __future__ import annotations

import io
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import assert_never

import qrcode
from PIL import Image, ImageDraw

from devices.printer import Line, Pair, Qr, Receipt, Rule, Text
from devices.printer.typeface import Typeface, open_typeface

DOTS_80_MM = 576
DOTS_58_MM = 384
BODY = 28
MARGIN = 8
LINE_HEIGHT = 1.45
GAP = 12
DARK = 180  # a dot is burnt when it is darker than this of 255: keeps thin strokes whole
MODULE_DOTS = range(8, 3, -1)
QUIET_ZONE = 4
COLUMNS_80_MM = 40
NEVER_FIRST = "，。、；：！？）》〉」』】”’…—·%,.;:!?)]}"
NEVER_LAST = "（《〈「『【“‘([{￥¥"


class ReceiptTooWide(ValueError):
    """A QR code holds more than the paper can show at a size that telephones read (4 dots a module)."""


@dataclass
class _Page:
    """A strip of paper that grows downwards while lines are set on it."""

    width: int
    typeface: Typeface
    marks: list[tuple[int, Callable[[Image.Image, int], None]]]
    height: int = GAP

    @property
    def room(self) -> int:
        return self.width - 2 * MARGIN

    def add(self, height: int, mark: Callable[[Image.Image, int], None]) -> None:
        self.marks.append((self.height, mark))
        self.height += height

    def develop(self) -> Image.Image:
        grey = Image.new("L", (self.width, self.height + GAP), 255)
        for top, mark in self.marks:
            mark(grey, top)
        return grey.point([0] * DARK + [255] * (256 - DARK)).convert("1", dither=Image.Dither.NONE)


def draw(receipt: Receipt, width: int = DOTS_80_MM, typeface: Typeface | None = None) -> Image.Image:
    """The receipt as a picture of mode "1", ``width`` dots wide, black (0) where the head burns; ReceiptTooWide."""
    page = _Page(width, typeface or open_typeface(), [])
    for line in receipt.lines:
        match line:
            case Text():
                _set_text(page, line)
            case Pair():
                _set_pair(page, line)
            case Rule():
                _set_rule(page)
            case Qr():
                _set_qr(page, line)
            case _:
                assert_never(line)
    return page.develop()


def render_png(receipt: Receipt, width: int = DOTS_80_MM, typeface: Typeface | None = None) -> bytes:
    """The same picture as a PNG file."""
    file = io.BytesIO()
    draw(receipt, width, typeface).save(file, "PNG")
    return file.getvalue()


def as_text(receipt: Receipt, columns: int = COLUMNS_80_MM) -> str:
    """The receipt as plain text, a Chinese character counting two columns; ends with a line break."""
    lines = [text.rstrip() for line in receipt.lines for text in _plain(line, columns)]
    return "\n".join(lines) + "\n"


def wrap(text: str, measure: Callable[[str], float], room: float) -> list[str]:
    """Break a paragraph into lines no wider than ``room``.

    Chinese breaks anywhere, Latin words and numbers stay whole unless longer than a line, closing punctuation never
    starts a line and opening punctuation never ends one. A line break in the text is kept; at least one line results.
    """
    lines = []
    for paragraph in text.split("\n"):
        line = ""
        for piece in _pieces(paragraph):
            if line and measure(line + piece.rstrip(" ")) > room:
                lines.append(line.rstrip(" "))
                line = ""
            line += piece if line else piece.lstrip(" ")
            while measure(line.rstrip(" ")) > room and len(line) > 1:
                head = _longest_head(line, measure, room)
                lines.append(line[:head])
                line = line[head:]
        lines.append(line.rstrip(" "))
    return lines


def _balanced(text: str, measure: Callable[[str], float], room: float) -> list[str]:
    """Wrap a centred text so that its lines are about equally long: no last character alone on a line."""
    rows = wrap(text, measure, room)
    while len(rows) > 1:
        room -= max(1.0, room / 20)
        narrower = wrap(text, measure, room)
        if len(narrower) > len(rows) or any(measure(row) > room for row in narrower):
            break
        rows = narrower
    return rows


def _longest_head(word: str, measure: Callable[[str], float], room: float) -> int:
    head = 1
    while head < len(word) - 1 and measure(word[: head + 1]) <= room:
        head += 1
    return head


def _pieces(paragraph: str) -> Iterator[str]:
    """The parts of a paragraph that must stay on one line."""
    piece = ""
    for character in paragraph:
        if piece and _may_break(piece[-1], character):
            yield piece
            piece = ""
        piece += character
    if piece:
        yield piece


def _may_break(before: str, after: str) -> bool:
    if after in NEVER_FIRST or before in NEVER_LAST or after == " ":
        return False
    return before == " " or _columns(before) > 1 or _columns(after) > 1


def _columns(text: str) -> int:
    """Columns of a terminal that a text fills: wide and full-width characters two, combining marks none."""
    wide = sum(unicodedata.east_asian_width(character) in "WF" for character in text)
    return len(text) + wide - sum(unicodedata.combining(character) > 0 for character in text)


def _set_text(page: _Page, line: Text) -> None:
    size = BODY * max(1, line.size)
    fold = _balanced if line.centred else wrap
    for words in fold(line.text, lambda part: page.typeface.width(part, size, bold=line.bold), page.room):
        wide = page.typeface.width(words, size, bold=line.bold)
        _write(page, words, (page.width - wide) / 2 if line.centred else MARGIN, size, bold=line.bold)


def _set_pair(page: _Page, line: Pair) -> None:
    face = page.typeface
    label, value = (face.width(part, BODY) for part in (line.label, line.value))
    if label + BODY + value > page.room:
        _set_text(page, Text(line.label))
        rows = wrap(line.value, lambda part: face.width(part, BODY), page.room - BODY)
        for row in rows:
            one_line = page.width - MARGIN - face.width(row, BODY)
            _write(page, row, one_line if len(rows) == 1 else MARGIN + BODY, BODY)
        return
    top = page.height
    _write(page, line.label, MARGIN, BODY)
    page.height = top
    _write(page, line.value, page.width - MARGIN - value, BODY)


def _write(page: _Page, words: str, left: float, size: int, *, bold: bool = False) -> None:
    def mark(grey: Image.Image, top: int) -> None:
        page.typeface.write(ImageDraw.Draw(grey), (round(left), top + round(size * 1.1)), words, size, bold=bold)

    page.add(round(size * LINE_HEIGHT), mark)


def _set_rule(page: _Page) -> None:
    def mark(grey: Image.Image, top: int) -> None:
        ImageDraw.Draw(grey).rectangle((MARGIN, top + GAP, page.width - MARGIN - 1, top + GAP + 1), fill=0)

    page.add(2 * GAP + 2, mark)


def _set_qr(page: _Page, line: Qr) -> None:
    code = qr_image(line.content, page.width)
    page.add(code.height, lambda grey, top: grey.paste(code, ((page.width - code.width) // 2, top)))
    if line.caption:
        _set_text(page, Text(line.caption, centred=True))


def qr_image(content: str, width: int) -> Image.Image:
    """The QR code, level M, quiet zone of four modules, as large as fits (8 dots a module at most).

    Up to 504 bytes it has at least 6 dots a module on 80 mm paper, up to 180 bytes on 58 mm; longer content becomes
    finer, below 4 dots ReceiptTooWide is raised.
    """
    code = qrcode.QRCode(error_correction=qrcode.ERROR_CORRECT_M, border=QUIET_ZONE)
    code.add_data(content)
    code.make(fit=True)
    matrix = code.get_matrix()
    side = len(matrix)
    dots = next((dots for dots in MODULE_DOTS if dots * side <= width), None)
    if dots is None:
        raise ReceiptTooWide(f"a QR code of {side} modules on paper {width} dots wide")
    small = Image.new("L", (side, side))
    small.putdata([0 if dark else 255 for row in matrix for dark in row])
    return small.resize((side * dots, side * dots), Image.Resampling.NEAREST)


def _plain(line: Line, columns: int) -> list[str]:
    match line:
        case Text():
            if not line.centred:
                return wrap(line.text, _columns, columns)
            return [" " * ((columns - _columns(row)) // 2) + row for row in _balanced(line.text, _columns, columns)]
        case Pair():
            gap = columns - _columns(line.label) - _columns(line.value)
            if gap >= 2:  # noqa: PLR2004 - one Chinese space
                return [line.label + " " * gap + line.value]
            values = wrap(line.value, _columns, columns - 2)
            indent = columns - _columns(values[0]) if len(values) == 1 else 2
            return [*wrap(line.label, _columns, columns), *(" " * indent + row for row in values)]
        case Rule():
            return ["-" * columns]
        case Qr():
            code = [f"[二维码] {line.content}"]
            return [*code, *_plain(Text(line.caption, centred=True), columns)] if line.caption else code
        case _:
            assert_never(line)
