"""The page that checks receipts: served by the hub, or one file to be opened anywhere. It asks nobody anything.

Both are made of the same parts. The served one loads script and style from the hub and nothing else; the file has all
of it inside, the county's list of keys too, and a policy of its own that names its script and style by their hashes.
"""

from __future__ import annotations

import base64
import hashlib
import json
from datetime import date
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from contract.documents import fingerprint
from contract.key_list import KeyList
from contract.receipt_token import ROUNDS, ReceiptKind, ReceiptResult

HERE = Path(__file__).resolve().parent
LIBRARY = HERE.parents[1] / "static" / "vendor" / "noble-ed25519.js"
START = "start(verifyAsync);\n"
POLICY = "default-src 'none'; script-src {script}; style-src {style}; base-uri 'none'; form-action 'none'"
SERVED_POLICY = POLICY.format(script="'self'", style="'self'") + "; frame-ancestors 'none'"
PARTS = {
    "main.js": "text/javascript", "verify.js": "text/javascript", "noble-ed25519.js": "text/javascript",
    "verify.css": "text/css",
}  # fmt: skip
"""What the served page loads, by the end of its address, with its media type."""


def part(name: str) -> str:
    """The text of one of PARTS."""
    match name:
        case "main.js":
            return (
                f'import {{ verifyAsync }} from "./noble-ed25519.js";\nimport {{ start }} from "./verify.js";\n{START}'
            )
        case "noble-ed25519.js":
            return LIBRARY.read_text(encoding="utf-8")
        case _:
            return (HERE / name).read_text(encoding="utf-8")


def served_page(keys: KeyList, made_on: date) -> str:
    """The page at ``/verify``, with the keys of the day ``made_on``."""
    return _page(keys, made_on, script="", style="", policy="")


def single_file(keys: KeyList, made_on: date) -> str:
    """The page as one file that needs no network."""
    script, style = "\n".join((part("noble-ed25519.js"), part("verify.js"), START)), part("verify.css")
    policy = POLICY.format(script=_hash(script), style=_hash(style))
    return _page(keys, made_on, script=script, style=style, policy=policy)


def _page(keys: KeyList, made_on: date, **parts: str) -> str:
    environment = Environment(loader=FileSystemLoader(HERE), autoescape=True, undefined=StrictUndefined)
    mark = fingerprint(keys.documents[0].key_id) if keys.documents else ""
    return environment.get_template("page.html").render(
        keys=_inside(keys), issuer=keys.issuer, made_on=made_on, mark=mark, **parts
    )


def _inside(keys: KeyList) -> str:
    """The list and the words of the codes, as JSON that may stand in a page."""
    told = {
        "issuer": keys.issuer,
        "kiosks": [key.model_dump(mode="json") for key in keys.kiosks],
        "kinds": {kind.value: kind.label for kind in ReceiptKind},
        "results": {result.value: result.label for result in ReceiptResult},
        "rounds": ROUNDS,
    }
    return json.dumps(told, ensure_ascii=False).replace("<", "\\u003c")


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
