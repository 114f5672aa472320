"""All resident screens small on one sheet a variant: both shapes, large letters, high contrast, low, English.

One walk through the tour: at each screen the window is turned, the modes are put on and taken off, and English is asked
for and given back. A screen that cannot be asked for again in another language is missing from that sheet alone.
"""

from __future__ import annotations

import io
from pathlib import Path

from PIL import Image

from bench.accessible import SPEAK, USUAL
from bench.browser import LANDSCAPE, PORTRAIT
from bench.resident_walk import PUT, stops, walked
from tests.browser_screen import BrowserScreen

LARGEST = 300 * 1024
COLUMNS = {"portrait": 10, "landscape": 6}
WIDTHS = {"portrait": 150, "landscape": 260}
GAP, GROUND, COLOURS = 6, "#5a5a5a", 64
VARIANTS: dict[str, tuple[str, dict[str, str]]] = {
    "portrait": ("portrait", {}),
    "landscape": ("landscape", {}),
    "large": ("portrait", {"text": "large"}),
    "contrast": ("portrait", {"contrast": "high"}),
    "low": ("portrait", {"reach": "low"}),
    "low-landscape": ("landscape", {"reach": "low"}),
}
ENGLISH = "english"
SIZES = {"portrait": PORTRAIT, "landscape": LANDSCAPE}


def take_sheets(folder: Path) -> None:
    """Write ``contact-sheet-<variant>.png`` for every variant; raises ValueError for one that is too large."""
    found: dict[str, list[Image.Image]] = {name: [] for name in (*VARIANTS, ENGLISH)}
    with walked("portrait") as (hall, context):
        for _, screen in stops(hall, context):
            for name, (shape, modes) in VARIANTS.items():
                found[name].append(small(screen, shape, modes))
            if screen.tab.evaluate(SPEAK, "en"):
                screen.settle()
                found[ENGLISH].append(small(screen, "portrait", {}))
                screen.tab.evaluate(SPEAK, "zh-CN")
                screen.settle()
    for name, pictures in found.items():
        write(folder / f"contact-sheet-{name}.png", pictures, VARIANTS.get(name, ("portrait", {}))[0])


def small(screen: BrowserScreen, shape: str, modes: dict[str, str]) -> Image.Image:
    """The screen now, in this shape and these modes, as small as on the sheet; afterwards it is as before."""
    width, height = SIZES[shape]
    screen.tab.set_viewport_size({"width": width, "height": height})
    screen.tab.evaluate(PUT, USUAL | modes)
    picture = Image.open(io.BytesIO(screen.tab.screenshot())).convert("RGB")
    screen.tab.evaluate(PUT, USUAL)
    screen.tab.set_viewport_size({"width": PORTRAIT[0], "height": PORTRAIT[1]})
    to = WIDTHS[shape]
    return picture.resize((to, round(picture.height * to / picture.width)), Image.Resampling.LANCZOS)


def write(file: Path, pictures: list[Image.Image], shape: str) -> None:
    """All pictures in rows on one sheet, with few colours."""
    width, height = pictures[0].size
    columns = COLUMNS[shape]
    rows = -(-len(pictures) // columns)
    sheet = Image.new("RGB", (columns * (width + GAP) + GAP, rows * (height + GAP) + GAP), GROUND)
    for at, picture in enumerate(pictures):
        sheet.paste(picture, (GAP + at % columns * (width + GAP), GAP + at // columns * (height + GAP)))
    sheet.quantize(COLOURS).save(file, optimize=True)
    if file.stat().st_size > LARGEST:
        raise ValueError(f"{file.name} is larger than {LARGEST} bytes: {file.stat().st_size}")
    print(file.name, len(pictures), "screens", file.stat().st_size // 1024, "kB")
