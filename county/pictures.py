"""Pictures for the wall: decoded and written anew, so that nothing but pixels gets in; kept under their sha256."""

from __future__ import annotations

import io
from pathlib import Path

from PIL import Image, ImageOps, UnidentifiedImageError

from contract.problems import ProblemType
from contract.staff import StoredPicture
from county.media import keep
from county.refusals import Refused

LARGEST_BYTES = 5_000_000
LONGEST_SIDE = 3840
MOST_PIXELS = 50_000_000
QUALITY = 88
TAKEN = ("PNG", "JPEG", "WEBP")


def keep_picture(content: bytes, folder: Path) -> StoredPicture:
    """Re-encode a PNG, JPEG or WebP and keep it; PICTURE_REFUSED for anything else, for a bomb or a broken file."""
    if len(content) > LARGEST_BYTES:
        raise Refused(ProblemType.TOO_LARGE, f"a picture has at most {LARGEST_BYTES} bytes")
    try:
        picture = _decoded(content)
    except (UnidentifiedImageError, Image.DecompressionBombError, OSError, SyntaxError, ValueError) as error:
        raise Refused(ProblemType.PICTURE_REFUSED, "not a whole PNG, JPEG or WebP picture") from error
    return StoredPicture(sha256=keep(_encoded(picture), folder), width=picture.width, height=picture.height)


def _decoded(content: bytes) -> Image.Image:
    with Image.open(io.BytesIO(content), formats=TAKEN) as opened:
        if opened.width * opened.height > MOST_PIXELS:
            raise Refused(ProblemType.PICTURE_REFUSED, f"more than {MOST_PIXELS} pixels")
        upright = ImageOps.exif_transpose(opened)
        kept = upright.convert("RGBA" if upright.has_transparency_data else "RGB")
    kept.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    return kept


def _encoded(picture: Image.Image) -> bytes:
    """PNG where something shines through, JPEG otherwise; a bare copy of the pixels, without any remark."""
    bare = Image.new(picture.mode, picture.size)
    bare.paste(picture)
    stream = io.BytesIO()
    if bare.mode == "RGBA":
        bare.save(stream, "PNG", optimize=True)
    else:
        bare.save(stream, "JPEG", quality=QUALITY)
    return stream.getvalue()
