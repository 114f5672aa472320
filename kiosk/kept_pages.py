"""Whole pages that are the same for everybody: made once, kept for the rest of the minute that their clock shows."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from flask import Flask, render_template
from markupsafe import escape

KEPT_AT_MOST = 64
SHOWING, NOW, TOKEN = "\ue000showing\ue000", "\ue000now\ue000", "\ue000token\ue000"
"""Stand in a kept page for what differs each time."""
DIFFERS = frozenset({"showing", "now", "now_local"})
Make = Callable[[], dict[str, Any]]


class KeptPages:
    """Pages by all that they are made of. Nothing of a person is kept: whoever is served has a page of their own.

    ``values``: what every template of the face sees (hashable, but for DIFFERS), with the ``desk`` and the minute.
    ``place``: the locality in force; under another one a page is made anew.
    """

    def __init__(
        self, app: Flask, values: Callable[[], dict[str, Any]], token: Callable[[], str], place: Callable[[], object]
    ) -> None:
        self._app = app
        self._values = values
        self._token = token
        self._place = place
        self._kept: dict[tuple[object, ...], tuple[object, list[str]]] = {}

    def page(self, template: str, about: tuple[object, ...], make: Make) -> str:
        """The page. ``about``: what it shows, nothing of it typed by anybody; ``make``: its values, asked for once."""
        place, values = self._place(), self._values()
        if values["desk"].serving or values["mode"] == "counter":
            return render_template(template, **make())
        token = self._token()
        key = (template, about, *(value for name, value in values.items() if name not in DIFFERS))
        kept = self._kept.get(key)
        if kept is None or kept[0] is not place:
            kept = (place, self._made(template, values | make() | {"showing": SHOWING, "now": NOW}, token))
            if len(self._kept) >= KEPT_AT_MOST:
                self._kept.clear()
            self._kept[key] = kept
        differing = {SHOWING: str(escape(values["showing"])), NOW: values["now"], TOKEN: token}
        return "".join([differing.get(piece, piece) for piece in kept[1]])

    def _made(self, template: str, values: dict[str, Any], token: str) -> list[str]:
        """The page, cut where something differs."""
        made = self._app.jinja_env.get_template(template).render(values)
        return re.split(f"({SHOWING}|{NOW}|{TOKEN})", made.replace(token, TOKEN))
