"""The hall's own colours and its logo: a theme that can be read, or none at all."""

from __future__ import annotations

import re
from itertools import product
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, model_validator

TEXT_CONTRAST, EDGE_CONTRAST = 7.0, 3.0
"""WCAG 2.2, 1.4.6 (text, AAA) and 1.4.11 (edges, focus)."""
HUES = ("jobs", "insurance", "pension", "rights", "training", "card", "notices")
TEXT_PAIRS = (
    *product(("ink", "ink_soft", "lead", "leave", "good", "wait", "stop"), ("paper", "card")),
    *product(tuple(f"w_{hue}" for hue in HUES), ("card",)),
    ("on_lead", "lead"), ("ink", "lead_soft"), ("lead", "lead_soft"), ("ink_soft", "lead_soft"), ("paper", "ink"),
    ("good", "good_soft"), ("wait", "wait_soft"), ("stop", "stop_soft"), ("leave", "leave_soft"),
)  # fmt: skip
EDGE_PAIRS = (*product(("edge", "focus", "gap_bar"), ("paper", "card", "lead_soft")), ("arrow", "lead"))
LARGEST_LOGO = 64 * 1024
LOGO_NAME = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]{0,59}\.(svg|png)")
ACTIVE = re.compile(
    rb"<!(?!--)|<\?xml-|<\s*(script|foreignObject|iframe|use|a|image|animate|set)\b|\son\w+\s*=|javascript:|@import|url\(\s*[^#)]"
    rb"|href\s*=\s*[\"'](?!#)",
    re.IGNORECASE,
)
"""What a drawing needs for nothing and an attack might."""

Colour = Annotated[str, Field(pattern=r"^#[0-9a-f]{6}$")]


def luminance(colour: str) -> float:
    """Relative luminance of ``#rrggbb``, 0 to 1 (WCAG 2.2)."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)  # noqa: PLR2004  the curve of sRGB
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """How much brighter one colour is than the other, 1 to 21 (WCAG 2.2)."""
    dark, bright = sorted((luminance(one), luminance(other)))
    return (bright + 0.05) / (dark + 0.05)


class Colours(BaseModel):
    """The palette of the screens. What a theme leaves out is as in static/tokens.css (compared by test)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    paper: Colour = "#f6f3ec"
    card: Colour = "#fffdf8"
    ink: Colour = "#17212b"
    ink_soft: Colour = "#3d4853"
    line: Colour = "#d8d1c2"
    edge: Colour = "#80796a"
    lead: Colour = "#0d4f5c"
    lead_soft: Colour = "#e2eeee"
    on_lead: Colour = "#ffffff"
    arrow: Colour = "#ffd27a"
    leave: Colour = "#8a261b"
    leave_soft: Colour = "#f7e6e2"
    good: Colour = "#1c5530"
    good_soft: Colour = "#e4f0e6"
    wait: Colour = "#664400"
    wait_soft: Colour = "#f8eed6"
    stop: Colour = "#8a261b"
    stop_soft: Colour = "#f9e7e3"
    gap_bar: Colour = "#a06a00"
    focus: Colour = "#1147b8"
    w_jobs: Colour = "#0d4f5c"
    w_insurance: Colour = "#2c4a86"
    w_pension: Colour = "#7a3b12"
    w_rights: Colour = "#6a2c55"
    w_training: Colour = "#2a5430"
    w_card: Colour = "#4b4a1b"
    w_notices: Colour = "#37474f"

    @model_validator(mode="after")
    def legible(self) -> Colours:
        """Refuse a palette in which something cannot be read; all of it is named."""
        weak = [
            f"{one} on {other} is {reached:.1f} to 1, needs {wanted:g}"
            for pairs, wanted in ((TEXT_PAIRS, TEXT_CONTRAST), (EDGE_PAIRS, EDGE_CONTRAST))
            for one, other in pairs
            if (reached := contrast(getattr(self, one), getattr(self, other))) < wanted
        ]
        if weak:
            raise ValueError("; ".join(weak))
        return self

    def css(self) -> str:
        """What this palette changes, as custom properties; empty where it changes nothing."""
        usual = Colours.model_construct()
        changed = {name: value for name, value in self if value != getattr(usual, name)}
        return " ".join(f"--{name.replace('_', '-')}: {value};" for name, value in changed.items())


class Logo(BaseModel):
    """The hall's mark, as it is served."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    content: Annotated[bytes, Field(max_length=LARGEST_LOGO)]
    media_type: str


class Theme(BaseModel):
    """What a hall may change of the look. Without a logo the one character of ``[hall] logo`` stands there."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    logo: Logo | None = None
    colours: Colours = Colours()


def read_logo(folder: Path, name: str) -> Logo:
    """The picture beside the pack; raises ValueError for one that is missing, too large or more than a picture."""
    if not LOGO_NAME.fullmatch(name):
        raise ValueError("a file beside locality.toml, ending in .svg or .png")
    try:
        content = (folder / name).read_bytes()
    except OSError as error:
        raise ValueError(f"{name} cannot be read ({error.strerror})") from error
    if len(content) > LARGEST_LOGO:
        raise ValueError(f"{name} is larger than {LARGEST_LOGO // 1024} kB")
    if name.endswith(".png"):
        if not content.startswith(b"\x89PNG\r\n\x1a\n"):
            raise ValueError(f"{name} is no PNG picture")
        return Logo(content=content, media_type="image/png")
    if b"<svg" not in content[:1000] or ACTIVE.search(content):
        raise ValueError(f"{name} is no plain SVG drawing: no scripts, links, styles from outside or DOCTYPE")
    return Logo(content=content, media_type="image/svg+xml")
