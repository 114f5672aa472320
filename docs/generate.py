"""Writes the tables of the documents that must say what the code says (`make docs`); a test compares them."""  # noqa: INP001  a folder of documents, not a package

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from contract.conformance.checks import CHECKS
from contract.conformance.unseen import NOT_ASKED, NOT_PROVOKED
from docs import failure_book, import_tables
from kiosk import when_cut
from kiosk.device_errors import every_error
from kiosk.errors import KioskError
from kiosk.journal import Happening
from kiosk.screens import dock_words
from kiosk.services import WINDOWS
from kiosk.staff import DUTIES
from kiosk.voice.prompts import catalogue
from kiosk.voice.texts import FaceTexts
from kiosk.when_cut import WhenCut
from tests.cut.proofs import PROOFS
from tests.faults.cases import ELSEWHERE, TABLES, Case
from tests.faults.line_proofs import PROOFS as LINE_PROOFS
from tests.shell import proofs as shell_proofs

HERE = Path(__file__).resolve().parent
BEGIN, END = "<!-- begin: {} -->", "<!-- end: {} -->"

FAULT_WORDS = {
    (type(fault), fault): words
    for table in vars(dock_words).values()
    if isinstance(table, Mapping)
    for fault, words in table.items()
    if type(fault).__name__.endswith("Fault")
}
"""What the dock calls each fault; by type too, for members of two enums may be the same text."""

PARTS = {
    "13": "ID card",
    "14": "code",
    "15": "headphones",
    "1": "card",
    "2": "finger",
    "3": "paper",
    "4": "county",
    "5": "session and screen",
    "6": "staff",
    "9": "program",
}

CUT_WORDS = {
    WhenCut.REFUSE: "says plainly that the county cannot be reached, and where else to go",
    WhenCut.QUEUE: "goes on; what is submitted is kept, sealed and sent later, and the screen says so",
    WhenCut.DATED_COPY: "goes on from the copy of this machine, with its date",
    WhenCut.HERE: "goes on as ever",
}

HAPPENINGS = {
    Happening.STARTED: "the machine started; version and mode",
    Happening.STOPPED: "the machine ended in order (missing before the next start: it did not)",
    Happening.SESSION_BEGAN: "a card was accepted; reference of the resident, version of the card, proven or not",
    Happening.SESSION_ENDED: "the session is over; why: card out, time over or done, or why the machine closed",
    Happening.CARD_REFUSED: "a card was not accepted; the code",
    Happening.CARD_LEFT_BEHIND: "a card stayed in the slot though its holder was called; after how many minutes",
    Happening.NOTICE_GIVEN: "a privacy notice stood beside what was asked for; purpose, version, reference",
    Happening.CONSENT_GIVEN: "the resident agreed; to what, version of the text, reference",
    Happening.VISIT_WIPED: "somebody wiped what this machine held of them; reference, papers taken back",
    Happening.PIN_ACCEPTED: "the card took the PIN; proven or not; on_pad: from a pad, not checked for an initial one",
    Happening.PIN_REFUSED: "the card refused the PIN, or it was never sent; why: the card's word or the code",
    Happening.PIN_CHANGED: "the card took another PIN; rule_asked: false from a pad, whose digits nobody here sees",
    Happening.PIN_CHANGE_REFUSED: "the PIN stays as it was; why: the card's word or the code",
    Happening.PIN_CHANGE_UNSURE: "the card was told of another PIN and its answer never came",
    Happening.FINGER_MATCHED: "the sensor matched the finger with the template",
    Happening.FINGER_FAILED: "no match, or no usable picture",
    Happening.WITNESS_ASKED: "the screen asked for a clerk; service",
    Happening.WITNESS_CONFIRMED: "a clerk confirmed the person; account, reference of the resident, service",
    Happening.WITNESS_REFUSED: "a clerk refused, or nobody came in time (why: late); as above",
    Happening.ASKED_COUNTY: "a question to the county about a resident; which one, of which site",
    Happening.SERVICE_OPENED: "a service was opened, once a visit; which one",
    Happening.SUBMITTED: "something was handed to the outbox; number and kind, in one transaction with it",
    Happening.ANSWER_DISCARDED: "the county answered about another resident: thrown away; which question",
    Happening.COUNTY_ANSWERED: "the county's answer to a submission",
    Happening.SUBMISSION_OVERDUE: "a submission was not answered within its age limit; its id, kind and owner",
    Happening.SUBMISSION_SENT_AGAIN: "a clerk had an overdue submission sent again; its id, the account",
    Happening.SUBMISSION_HANDED_OVER: "a clerk saw to a submission by hand; its id, the account, the state it was in",
    Happening.CONTACT_SHOWN: "the telephone of an employer was shown",
    Happening.RECEIPT_PRINTED: "paper is out and cut; number, reference of whose it is (if any), count of a reprint",
    Happening.RECEIPT_FAILED: "a receipt did not come out; the code, number and reference as above",
    Happening.NUMBER_UNMASKED: (
        "a personal number left this machine, or a clerk looked at a name; whose, to whom, why (sitting, what was sent)"
    ),
    Happening.CLERK_SERVED: "the clerk at the counter took up a resident; account",
    Happening.STAFF_SIGNED_IN: "a clerk signed in",
    Happening.STAFF_SIGNED_OUT: "a clerk signed out, or was idle too long (noted when the face is next used); where",
    Happening.PASSWORD_RESET: "an administrator gave an account a new password; whose",
    Happening.ITEM_CHANGED: "a notice was written, approved or withdrawn from this machine; by whom, version",
    Happening.ITEM_HIDDEN: "a clerk hid a notice of this wall at once",
    Happening.SCREEN_PAIRED: "a browser window was paired with this machine",
    Happening.DEVICE_TESTED: "a clerk tested a device; account, which, passed (none: nothing came of it), the code",
    Happening.CASE_CHANGED: "a clerk gave a case its next state; account, number of the case, state",
    Happening.LOCALITY_CHANGED: "names, texts or rules of this place changed by the feed; versions, or why refused",
    Happening.JOURNAL_CONTRADICTED: "the county holds a head of this journal that does not fit it; that head's number",
    Happening.STANDING_CHANGED: "the county let this machine in, shut it out or has it wait; state, fingerprint",
    Happening.KEYS_RENEWED: "the county took this machine's new pair of keys; its fingerprint",
    Happening.COUNTY_KEY_TRUSTED: "this machine trusts another document key of the county; its mark, how it came to it",
    Happening.DOCUMENT_REFUSED: "public content without the county's signature was not taken; what it was about",
    Happening.RECEIPT_CHECKED: "a clerk checked a receipt; account, its number, what was found",
    Happening.CLIP_RECORDED: "a clerk recorded a prompt; account, voice, id of the prompt",
    Happening.CLIP_DROPPED: "a clerk deleted a recording; account, voice, id of the prompt",
    Happening.KIOSK_SETTLED: "an administrator let another machine in or shut it out; account, fingerprint, state",
    Happening.DEVICE_CHANGED: "a device came, went or failed; which, state and reason",
}


def table(head: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    """A table of Markdown."""
    lines = [head, tuple("---" for _ in head), *rows]
    return "\n".join(f"| {' | '.join(cell.replace('|', '/') for cell in line)} |" for line in lines)


def error_row(error: type[KioskError]) -> tuple[str, ...]:
    """One error as staff look it up."""
    about = PARTS.get(error.code[2:4]) or PARTS[error.code[2]]
    return error.code, about, f"{error.words} {error.next_step}", error.hint


def error_codes() -> str:
    """Every code."""
    return table(("Code", "About", "On the screen", "For staff"), [error_row(error) for error in every_error()])


def cut_rows() -> list[tuple[str, ...]]:
    """What every service, every duty of staff and every other part does while the county is cut off."""
    services = [service for window in WINDOWS for service in window.services]
    rows = [
        (service.key, "service", service.title, service.when_cut, CUT_WORDS[service.when_cut]) for service in services
    ]
    rows += [(duty.key, "duty", duty.title, duty.when_cut, CUT_WORDS[duty.when_cut]) for duty in DUTIES]
    rows += [(f"part:{part.key}", "part", part.title, part.when_cut, part.words) for part in when_cut.PARTS]
    return [
        (f"`{key.removeprefix('part:')}`", kind, title, how.value, words, f"`{PROOFS[key][0]}`: {PROOFS[key][1]}")
        for key, kind, title, how, words in rows
    ]


def cut_matrix() -> str:
    """The same as a table."""
    return table(("What", "Kind", "Title", "When cut", "What people meet", "Proven by"), cut_rows())


def duties() -> str:
    """What staff can do, and who may."""
    rows = [(f"`{duty.key}`", duty.title, ", ".join(sorted(role.value for role in duty.roles))) for duty in DUTIES]
    return table(("Duty", "Title", "Roles"), rows)


def happenings() -> str:
    """The catalogue of the journal."""
    return table(("Entry", "Meaning"), [(f"`{happening}`", HAPPENINGS[happening]) for happening in Happening])


def fault_row(case: Case) -> tuple[str, ...]:
    """One fault: what it is, what the resident sees, what the clerk sees, its code and numbers."""
    numbers = ", ".join(str(number) for number in case.numbers)
    return f"`{case.fault}`", FAULT_WORDS[type(case.fault), case.fault], case.resident, case.clerk, case.code, numbers


def faults() -> str:
    """Every fault of every simulator, from the cases that the tests prove."""
    head = ("Fault", "In words", "The resident sees", "The clerk sees", "Code", "No.")
    return "\n\n".join(
        f"### {title}\n\n{table(head, [fault_row(case) for case in rows])}" for title, rows in TABLES.items()
    )


def proofs() -> str:
    """The faults that are events."""
    rows = [(str(row.number), row.what, f"`{row.file}`") for row in ELSEWHERE]
    return table(("No.", "What happens", "Proven in"), rows)


def line_faults() -> str:
    """Faults of line, power, disk, clock and of what is sent to a face."""
    rows = [(str(row.number), row.what, f"`{row.file}`") for row in LINE_PROOFS]
    return table(("No.", "What happens", "Proven by"), rows)


def ways_out() -> str:
    """Every way out of the shell that is tried, and what shuts it."""
    head = ("No.", "Way", "What it would do", "How it is tried", "Shut by", "Proven by")
    return table(head, [(str(row.number or ""), *row.cells()) for row in shell_proofs.ROWS])


def checks() -> str:
    """Every check of the conformance kit."""
    rows = [(f"`{one.key}`", one.proves, one.cure) for one in CHECKS]
    return table(("Check", "Proves", "When it fails"), rows)


def unseen() -> str:
    """What the kit cannot ask or provoke."""
    rows = [(f"`{name}`", why) for name, why in {**NOT_ASKED, **NOT_PROVOKED}.items()]
    return table(("What", "Why not"), rows)


def prompts() -> str:
    """Every prompt of a Chinese voice."""
    texts = FaceTexts(HERE.parent / "config" / "languages")("zh-CN")
    return table(("Id", "Words"), [(f"`{one.key}`", one.words) for one in catalogue(texts)])


BLOCKS = {
    "conformance.md": {"checks": checks, "unseen": unseen},
    "device-checklist.md": {"faults": faults, "proofs": proofs},
    "error-codes.md": {"error codes": error_codes},
    "import.md": {"import columns": import_tables.columns},
    "mapping.md": {"mapping example": import_tables.mapping},
    "operating.md": {"cut matrix": cut_matrix, "duties": duties, "journal": happenings, "line faults": line_faults},
    "ways-out.md": {"ways out": ways_out},
    "voice-prompts.md": {"prompts": prompts},
}


def renewed(name: str) -> str:
    """The document ``name`` with its tables as the code has them now."""
    text = (HERE / name).read_text(encoding="utf-8")
    for block, made in BLOCKS[name].items():
        before, _, rest = text.partition(BEGIN.format(block))
        after = rest.partition(END.format(block))[2]
        text = f"{before}{BEGIN.format(block)}\n{made()}\n{END.format(block)}{after}"
    return text


def main() -> None:
    """Write all."""
    for name in BLOCKS:
        text = renewed(name)
        (HERE / name).write_text(text, encoding="utf-8")
    failure_book.main()


if __name__ == "__main__":
    main()
