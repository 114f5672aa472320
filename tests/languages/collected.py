"""Every text of the resident face, as the packs of languages must say it: out of templates, and out of Python.

    .venv/bin/python -m tests.languages.collected en

prints what a pack still lacks, ready to be filled in and put at the end of its words.po.
"""

import ast
import sys
from pathlib import Path

from babel.messages.extract import extract_from_file
from babel.messages.pofile import read_po
from jinja2.ext import babel_extract

from contract.codes import Availability, Finger, InsuranceType, InsuredStatus, Schooling, Trade, WagePeriod
from kiosk.device_errors import every_error
from kiosk.languages import HAN
from kiosk.locality import Locality, load_locality
from kiosk.locality_texts import texts_of_place
from kiosk.services import WINDOWS
from kiosk.services.insurance.contribution_year import Paid
from kiosk.services.pension.verification_rules import NoFinger

ROOT = Path(__file__).parents[2]
TEMPLATES, PACKS = ROOT / "templates", ROOT / "config" / "languages"
TOWN = ROOT / "config" / "localities" / "510521"
OTHER_FACES = ("staff/", "display/", "dock/", "layouts/staff.html", "layouts/display.html")
STANDS_ALONE = "maintenance.html"
"""Shown where the program has no store, so no visit, so nobody's language."""
CODES_ON_SCREEN = (Availability, Finger, InsuranceType, InsuredStatus, Schooling, Trade, WagePeriod)


def resident_templates() -> list[Path]:
    """Every template a resident or the clerk at the counter may see in a language of theirs."""
    found = sorted(TEMPLATES.rglob("*.html"))
    names = [(file, file.relative_to(TEMPLATES).as_posix()) for file in found]
    return [file for file, name in names if not name.startswith(OTHER_FACES) and name != STANDS_ALONE]


def of_templates() -> set[str]:
    """The literals inside ``_()``."""
    return {
        text
        for file in resident_templates()
        for _line, text, _comments, _context in extract_from_file(
            babel_extract, str(file), keywords={"_": None},
        )
    }  # fmt: skip


def of_phrases() -> set[str]:
    """The literals inside ``phrase()``."""
    calls = [
        node
        for file in (ROOT / "kiosk").rglob("*.py")
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "phrase"
    ]
    return {call.args[0].value for call in calls if isinstance(call.args[0], ast.Constant)}


def of_python() -> set[str]:
    """What templates get as plain Chinese and put into ``_()``: errors, services, codes."""
    errors = {text for error in every_error() for text in (error.words, error.next_step)}
    tiles = {text for window in WINDOWS for tile in window.tiles for text in (window.title, tile.title, tile.hint)}
    labels = {code.label for kind in CODES_ON_SCREEN for code in kind}
    return errors | tiles | labels | {one.value for one in (*Paid, *NoFinger)}


def collected() -> set[str]:
    """All of them that have to be said in another language."""
    return {text for text in of_templates() | of_phrases() | of_python() if needs_words(text)}


def needs_words(text: str) -> bool:
    """True for Chinese; also for what only puts values in an order."""
    return bool(HAN.search(text) or "%(" in text or text == "、")


def of_place(place: Locality) -> set[str]:
    """The texts of a locality pack that residents read."""
    return set(texts_of_place(place))


def pack_of(file: Path) -> dict[str, str]:
    """The texts of a .po file."""
    with file.open("rb") as content:
        catalog = read_po(content, abort_invalid=True)
    return {str(one.id): str(one.string) for one in catalog if one.id}


def main() -> None:
    """Print what a pack lacks."""
    tag = sys.argv[1]
    everywhere = collected()
    for wanted, file in (
        (everywhere, PACKS / tag / "words.po"),
        (of_place(load_locality(TOWN)) - everywhere, TOWN / "languages" / f"{tag}.po"),
    ):
        held = pack_of(file) if file.exists() else {}
        sys.stdout.write(f"# {file.relative_to(ROOT)}\n")
        for text in sorted(wanted - {one for one, said in held.items() if said}):
            sys.stdout.write(f'msgid "{text}"\nmsgstr ""\n\n')


if __name__ == "__main__":
    main()
