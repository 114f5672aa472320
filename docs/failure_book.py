"""Writes what is printed or shown without the program (`make docs`): the failure book, the supervisor's page."""  # noqa: INP001  a folder of documents, not a package

from __future__ import annotations

import importlib
import sys
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from kiosk import VERSION
from kiosk.device_errors import every_error
from kiosk.errors import KioskError, ProgramDown
from kiosk.failure_book import BOOK, about, qr_path, told_by_qr

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Failure:
    """A row of the book."""

    code: str
    words: str
    next_step: str
    cause: str
    clerk: str


def failure(error: type[KioskError]) -> Failure:
    """An error with its page."""
    page = BOOK[error.code]
    return Failure(error.code, error.words, error.next_step, page.cause, page.clerk)


def parts() -> list[tuple[str, list[Failure]]]:
    """The chapters of the book, each with its failures by code."""
    importlib.import_module("kiosk.app")  # with every module that has failures of its own
    rows = [failure(error) for error in [*every_error(), KioskError]]
    rows.sort(key=lambda row: row.code)
    chapters: dict[str, list[Failure]] = {}
    for row in rows:
        chapters.setdefault(about(row.code), []).append(row)
    return list(chapters.items())


def pages() -> Environment:
    """The templates, for documents."""
    return Environment(
        loader=FileSystemLoader(ROOT / "docs" / "printed"), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True,
    )  # fmt: skip


def book() -> str:
    """docs/failure-book.html."""
    return pages().get_template("failure-book.jinja").render(parts=parts(), version=VERSION)


def notice() -> str:
    """deploy/shell/notice.html."""
    size, path = qr_path(told_by_qr(ProgramDown.code))
    return pages().get_template("notice.jinja").render(error=ProgramDown, size=size, path=path)


WRITTEN = {"docs/failure-book.html": book, "deploy/shell/notice.html": notice}


def main() -> None:
    """Write all."""
    for name, made in WRITTEN.items():
        (ROOT / name).write_text(made(), encoding="utf-8")


if __name__ == "__main__":
    main()
