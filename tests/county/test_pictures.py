"""Pictures for the wall: nothing but pixels gets in."""

import hashlib
import io
import struct
import zlib

import pytest
from PIL import Image, PngImagePlugin

from contract.codes import StaffRole
from county.pictures import LARGEST_BYTES

SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


def encoded(kind, size=(64, 48), mode="RGB", **other):
    stream = io.BytesIO()
    Image.new(mode, size, "red").save(stream, kind, **other)
    return stream.getvalue()


@pytest.fixture
def send(empty_office, editor):
    def sent(content, who=None):
        return empty_office.client.post("/v1/staff/pictures", data=content, headers=who or editor)

    return sent


def fetched(office, reply):
    assert reply.status_code == 201, reply.text
    media = office.client.get(f"/v1/media/{reply.json['sha256']}")
    assert media.status_code == 200
    assert hashlib.sha256(media.data).hexdigest() == reply.json["sha256"]
    return media


@pytest.mark.parametrize(("kind", "mimetype"), [("PNG", "image/jpeg"), ("JPEG", "image/jpeg"), ("WEBP", "image/jpeg")])
def test_a_picture_is_kept_as_a_new_file_under_its_hash(empty_office, send, kind, mimetype):
    reply = send(encoded(kind))
    media = fetched(empty_office, reply)
    assert media.mimetype == mimetype
    assert (reply.json["width"], reply.json["height"]) == (64, 48)
    assert Image.open(io.BytesIO(media.data)).size == (64, 48)
    assert "immutable" in media.headers["Cache-Control"]
    assert media.headers["X-Content-Type-Options"] == "nosniff"


def test_what_shines_through_stays_so(empty_office, send):
    media = fetched(empty_office, send(encoded("PNG", mode="RGBA")))
    assert media.mimetype == "image/png"


def test_place_and_camera_are_dropped_and_the_picture_stands_upright(empty_office, send):
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010F] = "SecretCamera"
    reply = send(encoded("JPEG", (60, 40), exif=exif))
    media = fetched(empty_office, reply)
    assert b"SecretCamera" not in media.data
    assert b"Exif" not in media.data
    assert (reply.json["width"], reply.json["height"]) == (40, 60)


def test_remarks_and_appended_bytes_are_dropped(empty_office, send):
    remark = PngImagePlugin.PngInfo()
    remark.add_text("Comment", "SecretRemark")
    media = fetched(empty_office, send(encoded("PNG", mode="RGBA", pnginfo=remark) + b"<script>evil</script>"))
    assert b"SecretRemark" not in media.data
    assert b"script" not in media.data


def test_a_large_picture_is_scaled_to_the_wall(empty_office, send):
    reply = send(encoded("PNG", (8000, 1000)))
    assert (reply.json["width"], reply.json["height"]) == (3840, 480)
    fetched(empty_office, reply)


def bomb(width=30_000, height=30_000):
    """A PNG of a few bytes that says it is very large."""

    def chunk(name, content):
        return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(b"\0" * 1000))
        + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize(
    "content",
    [b"", SVG, b"GIF89a", b"\x89PNG\r\n\x1a\n", encoded("PNG")[:-30], encoded("JPEG", (400, 400))[:300],
     encoded("GIF"), encoded("BMP"), encoded("TIFF"), b"%PDF-1.4", bomb(), bomb(10_000, 6_000), b"\0" * 1000],
    ids=["empty", "svg", "gif head", "png head", "cut png", "cut jpeg", "gif", "bmp", "tiff", "pdf", "bomb", "60 MP",
         "zeros"],
)  # fmt: skip
def test_anything_else_is_refused_and_leaves_no_file(empty_office, send, content):
    reply = send(content)
    assert (reply.status_code, reply.json["type"]) == (422, "picture-refused")
    assert list(empty_office.hub.media.iterdir()) == []


@pytest.mark.parametrize("size", [LARGEST_BYTES + 1, 7_000_000])
def test_a_picture_over_five_megabytes_is_too_large(send, size):
    reply = send(b"\xff" * size)
    assert (reply.status_code, reply.json["type"]) == (413, "too-large")


def test_only_editors_bring_pictures(empty_office, send, approver):
    clerk = empty_office.employ("chuangkou", StaffRole.CLERK)
    for who in (clerk, approver):
        assert send(encoded("PNG"), who).json["type"] == "role-missing"
    assert send(encoded("PNG"), {"Staff-Session": "no"}).status_code == 401


@pytest.mark.parametrize("name", ["0" * 64, "../county.sqlite", "county-key", "A" * 64, "..%2Fcounty-key"])
def test_nothing_else_is_served_as_media(empty_office, name):
    reply = empty_office.client.get(f"/v1/media/{name}")
    assert (reply.status_code, reply.json["type"]) == (404, "not-found")
