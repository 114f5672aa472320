"""Writes contract/openapi.yaml and docs/county-api.md from the contract (`make docs`); a test compares them."""  # noqa: INP001  a folder of documents, not a package

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import yaml

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from contract.documents import HEADER
from contract.examples import EXAMPLES
from contract.message import Message
from contract.openapi import document
from contract.operation import Asker, Operation, Subject
from contract.operations import OPERATIONS
from contract.problems import STATUS, ProblemType

ROOT = Path(__file__).resolve().parent.parent
HEADINGS = {
    Subject.COUNTY: "The county itself",
    Subject.KIOSKS: "Kiosks",
    Subject.FEED: "The feed: everything public",
    Subject.SITTINGS: "Sittings",
    Subject.RESIDENTS: "What a resident may see of themselves",
    Subject.SUBMISSIONS: "What residents hand in",
    Subject.STAFF: "Staff",
    Subject.DEVELOPMENT: "Development only",
}
WHO = {
    Asker.ANYBODY: "anybody",
    Asker.KEY: "whoever holds the key it names (signed)",
    Asker.KIOSK: "an approved kiosk (signed)",
    Asker.SITTING: "an approved kiosk in a sitting (signed, `Kiosk-Sitting`)",
    Asker.STAFF: "a signed-in member of staff at an approved kiosk (signed, `Staff-Session`)",
}
CURES = {
    ProblemType.MALFORMED: "the request is not what this page says; `detail` names the field",
    ProblemType.NOT_SIGNED: "sign the request (RFC 9421), see above",
    ProblemType.SIGNATURE_WRONG: "the signature does not fit the request or the key; `detail` says where",
    ProblemType.CLOCK_WRONG: "signed more than five minutes from the county's time; the answer's `Date` tells it",
    ProblemType.REPLAYED: "this nonce came before: every request has its own",
    ProblemType.KIOSK_UNKNOWN: "enrol first: `POST /v1/kiosks`",
    ProblemType.KIOSK_NOT_APPROVED: "somebody at the county compares the fingerprint and approves it",
    ProblemType.KEYS_REFUSED: "the new pair is another kiosk's, or its possession is not proven; make new ones",
    ProblemType.UNKNOWN_RESIDENT: "no resident with this number is on record",
    ProblemType.CARD_LOST: "the card was reported lost",
    ProblemType.CARD_CANCELLED: "the card was cancelled or replaced",
    ProblemType.INSERTION_ANSWERED: "this insertion was answered before: the card has to be put in again",
    ProblemType.CODE_REFUSED: "nobody's code, too old, or answered before; which of them is not told: scan a fresh one",
    ProblemType.TOO_MANY_CARDS: "more cards of this kiosk, or readings of this card, than an ordinary hour has",
    ProblemType.TOO_MANY_TRIES: "this kiosk named sittings that never were; ends by itself within an hour",
    ProblemType.SITTING_ENDED: "open a new sitting with a card",
    ProblemType.NOT_THIS_RESIDENT: "the sitting belongs to somebody else",
    ProblemType.CONSENT_MISSING: "name the purpose and the consent",
    ProblemType.EVIDENCE_UNPROVEN: "the statement inside is not signed by a key of this kiosk, or was changed",
    ProblemType.NOT_SIGNED_IN: "sign in again",
    ProblemType.WRONG_SIGN_IN: "name or password are wrong; which of them is not told",
    ProblemType.ACCOUNT_LOCKED: "too many wrong passwords; ends by itself",
    ProblemType.ROLE_MISSING: "another role is needed",
    ProblemType.OUTSIDE_AREA: "the account does not cover this area",
    ProblemType.OWN_WORK: "a second person is needed",
    ProblemType.EDIT_CONFLICT: "somebody changed it meanwhile: read it again",
    ProblemType.CONTENT_CHANGED: "what was approved is not what is there now: look again",
    ProblemType.PICTURE_REFUSED: "not a picture that can be shown",
    ProblemType.NOT_FOUND: "there is no such thing here",
    ProblemType.UNKNOWN_KEY: "fetch `/v1/keys` and seal again",
    ProblemType.KEY_REUSED: "the same id came with another content: a defect of the sender",
    ProblemType.TOO_LARGE: "the body is longer than allowed",
    ProblemType.BACKEND_UNAVAILABLE: "the county's own system gave no whole answer in time: only this question is cut",
    ProblemType.INTERNAL: "a defect of the county's side; try later",
}


def openapi() -> str:
    """The text of contract/openapi.yaml."""
    head = "# Written by `make docs` from contract/; do not edit.\n"
    apart = json.loads(json.dumps(document()))  # what is the same is repeated, not pointed at
    return head + str(yaml.safe_dump(apart, allow_unicode=True, sort_keys=False, width=110))


def shown(message: type[Message]) -> str:
    """The worked example of a message as a block of JSON."""
    example: Any = EXAMPLES[message].model_dump(mode="json", exclude_defaults=True)
    return "```json\n" + json.dumps(example, ensure_ascii=False, indent=2) + "\n```"


def chapter(operation: Operation) -> str:
    """One address."""
    lines = [f"### `{operation.method} {operation.path}`", "", operation.about, "", f"Asked by {WHO[operation.asker]}."]
    if operation.parameters:
        lines += ["", "| Parameter | In | Meaning |", "|---|---|---|"]
        lines += [f"| `{row.name}` | {row.place} | {row.about} |" for row in operation.parameters]
    if operation.asks is not None:
        lines += ["", f"Request: `{operation.asks.__name__}`", "", shown(operation.asks)]
    if operation.raw_in:
        lines += ["", f"Request: the bytes, {' or '.join(operation.raw_in)}."]
    if operation.answer is not None:
        lines += ["", f"Answer {operation.status}: `{operation.answer.__name__}`", "", shown(operation.answer)]
    elif operation.raw_out:
        lines += ["", f"Answer {operation.status}: the bytes, {' or '.join(operation.raw_out)}."]
    else:
        lines += ["", f"Answer {operation.status}, no body."]
    if operation.kept:
        lines += ["", "Carries an `ETag`; asked with `If-None-Match` it answers 304 where that is still true."]
    if operation.signed:
        lines += ["", f"A document: carries the header `{HEADER}`."]
    own = [f"`{reason}` ({STATUS[reason]})" for reason in operation.says_no]
    return "\n".join([*lines, "", f"Refuses with: {', '.join(own)}."])


def county_api() -> str:
    """The text of docs/county-api.md."""
    parts = [(ROOT / "docs" / "county-api.head.md").read_text(encoding="utf-8").rstrip(), ""]
    parts += ["## Refusals", "", "| Type | Status | What to do |", "|---|---|---|"]
    parts += [f"| `{reason}` | {STATUS[reason]} | {CURES[reason]} |" for reason in ProblemType]
    for subject in Subject:
        chapters = [chapter(operation) for operation in OPERATIONS if operation.subject is subject]
        parts += ["", f"## {HEADINGS[subject]}", "", "\n\n".join(chapters)]
    return "\n".join(parts).rstrip() + "\n"


WRITTEN = {ROOT / "contract" / "openapi.yaml": openapi, ROOT / "docs" / "county-api.md": county_api}

if __name__ == "__main__":
    for file, made in WRITTEN.items():
        file.write_text(made(), encoding="utf-8")
