"""What every face serves of the hall's look: sizes and colours as /site.css, its mark as /logo."""

from __future__ import annotations

from collections.abc import Callable

from flask import Flask, Response

from kiosk.errors import NoSuchPage
from kiosk.machine import machine


def add_theme(app: Flask, sizes: Callable[[], str]) -> None:
    """``/site.css`` with ``sizes`` (custom properties) and the theme's colours, and ``/logo``."""

    def site_css() -> Response:
        colours = machine().locality.theme.colours.css()
        return Response(f":root {{ {sizes()} }}\nhtml:root {{ {colours} }}\n", mimetype="text/css")

    app.add_url_rule("/site.css", view_func=site_css)
    app.add_url_rule("/logo", view_func=logo)


def panel_css() -> str:
    """The touchscreen's real size, from which every size on it is computed."""
    return f"--mm: {machine().settings.panel.pixels_per_mm:.4f}px;"


def logo() -> Response:
    """The hall's mark; NoSuchPage where the pack has none, and the one character of its name stands there."""
    mark = machine().locality.theme.logo
    if mark is None:
        raise NoSuchPage("no logo")
    return Response(mark.content, mimetype=mark.media_type)
