"""A hall's own colours and mark: taken where they can be read, refused with words where not."""

import shutil
from pathlib import Path

import pytest

from contract.feed import LocalityPack
from kiosk.locality import load_locality
from kiosk.locality_in_force import BadPack, laid_over
from kiosk.settings import SettingsError
from kiosk.theme import LARGEST_LOGO, Colours, read_logo

PACK = Path(__file__).parents[2] / "config" / "localities" / "510521"
SVG = (
    b'<?xml version="1.0"?>\n<!-- drawn by hand -->\n'
    b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8"><path d="M0 0h8v8z"/></svg>'
)
PNG = b"\x89PNG\r\n\x1a\nrest"
BLUE = {"lead": "#123a7a", "lead_soft": "#e3eaf6"}


@pytest.fixture
def pack(tmp_path):
    """A pack of one's own: (its folder, a function that adds a [theme])."""
    folder = tmp_path / "pack"
    shutil.copytree(PACK, folder)

    def with_theme(words):
        file = folder / "locality.toml"
        file.write_text((PACK / "locality.toml").read_text(encoding="utf-8") + words, encoding="utf-8")
        return load_locality(folder)

    return folder, with_theme


def test_colours_that_can_be_read_are_served_and_nothing_else(open_hall, pack):
    folder, with_theme = pack
    (folder / "mark.svg").write_bytes(SVG)
    with_theme('\n[theme]\nlogo = "mark.svg"\n[theme.colours]\nlead = "#123a7a"\nlead_soft = "#e3eaf6"\n')
    hall = open_hall(kiosk={"locality": str(folder)})
    for app in (hall.resident_app, hall.staff_app, hall.display_app):
        client = app.test_client()
        css = client.get("/site.css", base_url=base_of(hall, app)).get_data(as_text=True)
        assert "html:root { --lead: #123a7a; --lead-soft: #e3eaf6; }" in css
        mark = client.get("/logo", base_url=base_of(hall, app))
        assert (mark.data, mark.mimetype) == (SVG, "image/svg+xml")


def base_of(hall, app):
    faces = hall.settings.faces
    name = {"resident": faces.resident, "staff": faces.staff, "display": faces.display}[app.name]
    return f"http://{name}"


def test_without_a_theme_nothing_is_changed_and_there_is_no_mark(hall):
    client = hall.resident_app.test_client()
    base = base_of(hall, hall.resident_app)
    assert "html:root {  }" in client.get("/site.css", base_url=base).get_data(as_text=True)
    assert client.get("/logo", base_url=base).status_code == 404


@pytest.mark.parametrize(
    ("colours", "words"),
    [
        ({"lead": "#5aa0b0"}, "lead on paper is"),
        ({"on_lead": "#88aabb"}, "on_lead on lead is"),
        ({"ink": "#999999"}, "ink on card is"),
        ({"w_jobs": "#bbbbbb"}, "w_jobs on card is"),
        ({"edge": "#f0ead0"}, "edge on paper is"),
        ({"lead": "teal"}, "lead"),
        ({"lead": "#0D4F5C"}, "lead"),
        ({"glow": "#000000"}, "glow"),
    ],
)
def test_colours_that_cannot_be_read_are_refused_in_words(pack, colours, words):
    _, with_theme = pack
    lines = "\n".join(f'{name} = "{value}"' for name, value in colours.items())
    with pytest.raises(SettingsError, match=r"theme\.colours") as refused:
        with_theme(f"\n[theme.colours]\n{lines}\n")
    assert words in str(refused.value)


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("mark.gif", b"GIF89a", "ending in"),
        ("../mark.svg", SVG, "ending in"),
        ("mark.png", SVG, "no PNG"),
        ("mark.svg", PNG, "no plain SVG"),
        ("mark.svg", b" " * 900 + b"<svg>" + b" " * LARGEST_LOGO, "larger than 64 kB"),
        ("mark.svg", SVG.replace(b"<path", b"<script>1</script><path"), "no plain SVG"),
        ("mark.svg", SVG.replace(b"<path", b'<path onload="x()"'), "no plain SVG"),
        ("mark.svg", SVG.replace(b"<path", b'<image href="http://x/"/><path'), "no plain SVG"),
        ("mark.svg", b'<!DOCTYPE svg [<!ENTITY a "b">]>' + SVG, "no plain SVG"),
        ("mark.svg", SVG.replace(b"<path", b"<style>@import 'x'</style><path"), "no plain SVG"),
        ("mark.svg", SVG.replace(b"<path", b'<path fill="url(http://x/)"'), "no plain SVG"),
    ],
)
def test_what_is_more_than_a_picture_is_no_mark(tmp_path, name, content, words):
    (tmp_path / Path(name).name).write_bytes(content)
    with pytest.raises(ValueError, match=words):
        read_logo(tmp_path, name)


def test_a_mark_that_is_missing_is_said_at_start(pack):
    _, with_theme = pack
    with pytest.raises(SettingsError, match=r"theme\.logo: mark\.svg cannot be read"):
        with_theme('\n[theme]\nlogo = "mark.svg"\n')


def test_the_county_may_send_colours_that_can_be_read_but_no_mark():
    base = load_locality(PACK)

    def sent(theme):
        return laid_over(base, [LocalityPack(id="a", area="510521", version="1", values={"theme": theme})])

    assert sent({"colours": BLUE}).theme.colours == Colours(**BLUE)
    assert sent({"colours": BLUE}).theme.colours.css() == "--lead: #123a7a; --lead-soft: #e3eaf6;"
    with pytest.raises(BadPack, match=r"theme\.logo"):
        sent({"logo": {"content": "x", "media_type": "text/html"}})
    with pytest.raises(BadPack, match="needs 7"):
        sent({"colours": {"ink": "#aaaaaa"}})
