"""Statements on A4 as PDF: hall and title on every page, a table whose head is repeated, page x of y.

Drawn by fpdf2 with the letters that receipts have, the used ones embedded. Nothing touches the disk: bytes in memory.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from devices.printer.typeface import FONT_PLACES, FontFile, FontPlace
from kiosk.receipts import Stamp

if TYPE_CHECKING:
    from fpdf import FPDF

MARGIN = 18
BOTTOM = 24
BODY, SMALL, TITLE, HALL = 11, 9, 18, 12
LINE = 7
GREY = 120
SHADE = 235
FACE = "hall"


@dataclass(frozen=True)
class Column:
    """A column of the table: its head, its share of the width, and whether it holds figures (set right)."""

    head: str
    share: int
    figures: bool = False


@dataclass(frozen=True)
class Statement:
    """What stands on the pages. ``facts``: label and value; ``rows``: one text a column; ``notes`` stand above them."""

    number: str
    title: str
    facts: tuple[tuple[str, str], ...]
    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    notes: tuple[str, ...] = ()


def pdf_of(statement: Statement, stamp: Stamp, reprint: int = 0, places: Sequence[FontPlace] = FONT_PLACES) -> bytes:
    """The statement as a PDF on A4, letters embedded; FileNotFoundError where no typeface is there.

    ``reprint``: the count that stands on every page of a copy, 0 for the first one.
    """
    pages = _sheets(statement, stamp, reprint)
    _embed(pages, places)
    pages.set_title(statement.number)
    pages.set_creation_date(stamp.at)
    pages.set_margins(MARGIN, MARGIN)
    pages.set_auto_page_break(auto=True, margin=BOTTOM)
    pages.add_page()
    _facts(pages, statement.facts)
    for note in statement.notes:  # above the table: nobody turns to the last page for them
        pages.multi_cell(0, LINE, note, new_x="LMARGIN", new_y="NEXT")
    pages.ln(2)
    _table(pages, statement)
    return bytes(pages.output())


def _sheets(statement: Statement, stamp: Stamp, reprint: int) -> FPDF:
    from fpdf import FPDF  # noqa: PLC0415 - loaded where an A4 printer is used

    class Sheets(FPDF):
        """Paper with the hall's head and foot on each page."""

        def header(self) -> None:
            self.set_font(FACE, size=HALL)
            self.cell(0, LINE, stamp.hall, align="C", new_x="LMARGIN", new_y="NEXT")
            self.set_font(FACE, size=TITLE)
            self.cell(0, LINE * 2, statement.title, align="C", new_x="LMARGIN", new_y="NEXT")
            self.set_font(FACE, size=BODY)
            if reprint:
                self.cell(0, LINE, f"重打 第 {reprint} 次", align="C", new_x="LMARGIN", new_y="NEXT")

        def footer(self) -> None:
            self.set_y(-BOTTOM + 6)
            self.set_font(FACE, size=SMALL)
            self.set_text_color(GREY)
            made = f"打印时间 {stamp.at:%Y-%m-%d %H:%M}　机器 {stamp.kiosk}　电话 {stamp.phone}"
            self.cell(0, LINE, f"编号 {statement.number}　{made}", new_x="LMARGIN", new_y="TOP")
            self.cell(0, LINE, f"第 {self.page_no()} 页，共 {self.str_alias_nb_pages} 页", align="R")
            self.set_text_color(0)

    return Sheets(orientation="portrait", unit="mm", format="A4")


def _embed(pages: FPDF, places: Sequence[FontPlace]) -> None:
    logging.getLogger("fontTools").setLevel(logging.WARNING)  # it would log every letter of a name
    place = next((place for place in places if place.present), None)
    if place is None:
        raise FileNotFoundError(f"no typeface for pages: {', '.join(str(one.regular.path) for one in places)}")
    pages.add_font(FACE, "", place.regular.path, **_face(place.regular))  # one weight: a second one costs half a second
    pages.set_font(FACE, size=BODY)


def _face(file: FontFile) -> dict[str, Any]:
    """Which face of a collection; single fonts have none."""
    return {"collection_font_number": file.face} if file.path.suffix == ".ttc" else {}


def _facts(pages: FPDF, facts: Sequence[tuple[str, str]]) -> None:
    for label, value in facts:
        pages.set_text_color(GREY)
        pages.cell(34, LINE, label)
        pages.set_text_color(0)
        pages.multi_cell(0, LINE, value, new_x="LMARGIN", new_y="NEXT")
    pages.ln(2)


def _table(pages: FPDF, statement: Statement) -> None:
    from fpdf.fonts import FontFace  # noqa: PLC0415 - see _sheets

    aligns = tuple("RIGHT" if column.figures else "LEFT" for column in statement.columns)
    with pages.table(
        col_widths=tuple(column.share for column in statement.columns),
        text_align=aligns,
        headings_style=FontFace(emphasis="", fill_color=SHADE),
        borders_layout="HORIZONTAL_LINES",
        line_height=LINE,
        repeat_headings=1,
    ) as table:
        table.row(tuple(column.head for column in statement.columns))
        for row in statement.rows:
            table.row(row)
