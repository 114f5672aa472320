"""What a button of the dock sends, read and checked; and the way back to the page once it is done."""

from __future__ import annotations

from enum import Enum
from typing import TypeVar

from flask import current_app, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from kiosk.errors import RequestRefused
from kiosk.screens.dock_hand import DockHand

Word = TypeVar("Word", bound=Enum)


def hand() -> DockHand:
    """The hand of this dock."""
    found = current_app.extensions["dock_hand"]
    if not isinstance(found, DockHand):
        raise TypeError("this app is no dock")
    return found


def done(said: str) -> ResponseReturnValue:
    """Back to the page, which says what was done."""
    flash(said)
    return redirect(url_for("dock.page", q=request.form.get("q") or None), code=303)


def chosen(words: type[Word], text: str) -> Word:
    """The member that a button named."""
    try:
        return words(text)
    except ValueError as error:
        raise RequestRefused(f"没有这个选项：{text[:40]}") from error


def whole_number(field: str) -> int:
    """A form field that must be a number."""
    try:
        return int(request.form.get(field, "")[:12])
    except ValueError as error:
        raise RequestRefused(f"{field} 要填整数。") from error


def yes_or_no(field: str) -> bool:
    """A form field that is 1 or 0."""
    text = request.form.get(field, "")
    if text not in ("1", "0"):
        raise RequestRefused(f"{field} 要填 1 或 0。")
    return text == "1"
