"""Parts of a page that depend on nothing but the language and a few values: made once for each of them."""

from __future__ import annotations

from collections.abc import Callable, Hashable

from flask import Flask
from markupsafe import Markup

from kiosk.languages import Speaker, Words
from kiosk.web import called_by_templates

KEPT_AT_MOST = 64


@called_by_templates
class SaidOnce:
    """``{{ said_once("layouts/_foot.html", modes=modes) }}``; a name that begins with ``_`` is a part of its own.

    Nothing of a person may be among the values. The token of the forms is put in each time: it belongs to the visit.
    """

    def __init__(self, app: Flask, speaker: Speaker, token: Callable[[], str]) -> None:
        self._app = app
        self._speaker = speaker
        self._token = token
        self._kept: dict[Hashable, tuple[Words, list[Markup]]] = {}

    def __call__(self, template: str, **values: Hashable) -> Markup:
        """The part in the language of the page that is being made."""
        words = self._speaker.words
        key = (template, words.language.tag, *values.values())
        kept = self._kept.get(key)
        if kept is None or kept[0] is not words:
            made: Markup = Markup(self._app.jinja_env.get_template(template).render(values))  # noqa: S704 - escaped
            if len(self._kept) >= KEPT_AT_MOST:
                self._kept.clear()
            kept = self._kept[key] = (words, made.split(self._token()))
        pieces = kept[1]
        return pieces[0] if len(pieces) == 1 else Markup(self._token()).join(pieces)  # noqa: S704 - signed by us
