"""The letters a receipt is drawn with: Noto Sans CJK SC of the system, else the vendored subset of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

SUBSET = Path(__file__).parent / "fonts" / "kiosk-sans-sc-subset.otf"
NOTO = Path("/usr/share/fonts/opentype/noto")
SC_FACE = 2  # position of the simplified-Chinese face in Noto's collection files
NOWHERE = "\U0010fffd"  # a code point that no typeface holds: it is drawn as the typeface's "missing" box


@dataclass(frozen=True)
class FontFile:
    """One weight of a typeface on disk, and which face of a collection it is."""

    path: Path
    face: int = 0


@dataclass(frozen=True)
class FontPlace:
    """Where a typeface may be found. Without a bold file, bold is the regular one with a thicker stroke."""

    regular: FontFile
    bold: FontFile | None = None

    @property
    def present(self) -> bool:
        """True when every file it names is there."""
        return self.regular.path.is_file() and (self.bold is None or self.bold.path.is_file())


SYSTEM_FONT = FontPlace(
    FontFile(NOTO / "NotoSansCJK-Regular.ttc", SC_FACE), FontFile(NOTO / "NotoSansCJK-Bold.ttc", SC_FACE)
)
VENDORED_FONT = FontPlace(FontFile(SUBSET))
FONT_PLACES = (SYSTEM_FONT, VENDORED_FONT)


@dataclass
class Typeface:
    """One typeface, its sizes opened when first used and kept. Not for use from two threads at once.

    Widths are sums of single advances (basic layout, no kerning): the same on every machine.
    """

    place: FontPlace
    _fonts: dict[tuple[int, bool], ImageFont.FreeTypeFont] = field(default_factory=dict)
    _advances: dict[tuple[str, int, bool], float] = field(default_factory=dict)

    def width(self, text: str, size: int, *, bold: bool = False) -> float:
        """Width of one line of text, in dots, at ``size`` dots to the em."""
        return sum(self._advance(character, size, bold) for character in text)

    def write(
        self, page: ImageDraw.ImageDraw, at: tuple[float, float], text: str, size: int, *, bold: bool = False
    ) -> None:
        """Draw one line in black; ``at`` is the left end of its base line."""
        stroke = size / 40 if bold and self.place.bold is None else 0
        page.text(at, text, fill=0, font=self._font(size, bold), anchor="ls", stroke_width=stroke)

    def has(self, character: str) -> bool:
        """True when the typeface holds the character, so that paper shows more than the "missing" box."""
        return self._shape(character) != self._shape(NOWHERE)

    def _shape(self, character: str) -> tuple[tuple[int, int], bytes]:
        square = Image.new("L", (96, 96), 255)
        self.write(ImageDraw.Draw(square), (16, 72), character, 48)
        return square.size, square.tobytes()

    def _advance(self, character: str, size: int, bold: bool) -> float:  # noqa: FBT001 - a key, handed on by name above
        key = (character, size, bold)
        if key not in self._advances:
            self._advances[key] = self._font(size, bold).getlength(character)
        return self._advances[key]

    def _font(self, size: int, bold: bool) -> ImageFont.FreeTypeFont:  # noqa: FBT001 - a key, handed on by name above
        key = (size, bold)
        if key not in self._fonts:
            file = self.place.bold if bold and self.place.bold is not None else self.place.regular
            self._fonts[key] = ImageFont.truetype(
                file.path, size, index=file.face, layout_engine=ImageFont.Layout.BASIC
            )
        return self._fonts[key]


def open_typeface(places: Sequence[FontPlace] = FONT_PLACES) -> Typeface:
    """Take the first place that is present; FileNotFoundError names all of them when none is."""
    for place in places:
        if place.present:
            return Typeface(place)
    raise FileNotFoundError(f"no typeface for receipts: {', '.join(str(place.regular.path) for place in places)}")
