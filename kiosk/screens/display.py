"""The wall: GET only, nothing personal, no cookie, no state; the clock alone says what stands there."""

from __future__ import annotations

from flask import Blueprint, Response, render_template

from kiosk.machine import machine

screen = Blueprint("display", __name__)


@screen.get("/")
def show() -> str:
    """What stands on the wall now."""
    return render_template("display/wall.html", showing="first")


def site_css() -> Response:
    """The wall's own sizes."""
    return Response(f":root {{ --mm: {machine().settings.wall.width_px / machine().settings.wall.width_mm:.4f}px; }}\n", mimetype="text/css")
