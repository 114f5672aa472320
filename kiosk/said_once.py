"""Parts of a page that depend on nothing but the language and a few values: made once for each of them."""

from __future__ import annotations

from collections.abc import Callable, Hashable

from flask import Flask
from markupsafe import Markup

from kiosk.languages import Speaker, Words

KEPT_AT_MOST = 64


class SaidOnce:
    """``{{ said_once("layouts/_foot.html", modes=modes) }}``; a name that begins with ``_`` is a part of its own.

    Nothing of a person may be among the values. The token of the forms is put in each time: it belongs to the visit.
    """

    def __init__(self, app: Flask, speaker: Speaker, token: Callable[[], str]) -> None:
        self._app = app
        self._speaker = speaker
        self._token = token
        self._kept: dict[Hashable, tuple[Words, list[str]]] = {}

    def __call__(self, template: str, **values: Hashable) -> Markup:
        """The part in the language of the page that is being made."""
        token = self._token()
        words = self._speaker.words
        key = (template, words.language.tag, *values.items())
        kept = self._kept.get(key)
        if kept is None or kept[0] is not words:
            made = self._app.jinja_env.get_template(template).render(values)
            if len(self._kept) >= KEPT_AT_MOST:
                self._kept.clear()
            kept = self._kept[key] = (words, made.split(token))
        return Markup(token.join(kept[1]))  # noqa: S704 - a template made it, with everything escaped
