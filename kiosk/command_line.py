"""The words of ``run.py``: which verbs there are and what each may be told."""

from __future__ import annotations

import argparse
from pathlib import Path

ACTS = (
    "kiosks", "approve", "withdraw", "chores", "keys", "places", "restored", "journal", "take", "codes", "pack",
    "import", "rotate-document-key", "verify-page", "evidence", "rotate-sealing-key",
)  # fmt: skip
"""What an officer, or a script of deploy/, does at the hub instead of serving (county/office.py)."""


def command_line() -> argparse.ArgumentParser:
    """The parser of ``run.py``; ``verb`` is "town" where none is given."""
    parser = argparse.ArgumentParser(prog="run.py", description="Town-hall kiosk and county hub")
    parser.add_argument("--config", action="append", type=Path, metavar="FILE", help="repeatable; the later wins")
    parser.set_defaults(verb="town", child=False)
    verbs = parser.add_subparsers(dest="verb", metavar="VERB")
    verbs.add_parser("town", help="the ten-minute town: hub, kiosk, wall screen, simulated devices (default)")
    kiosk = verbs.add_parser("kiosk", help="one kiosk; or: kiosk rotate-keys")
    kiosk.add_argument("act", nargs="?", choices=["rotate-keys"], help="make the next pair of keys instead of serving")
    county = verbs.add_parser(
        "county", help="the county hub; or: county kiosks, approve FINGERPRINT, withdraw FINGERPRINT"
    )
    county.add_argument("act", nargs="?", choices=ACTS, help="an act instead of serving")
    county.add_argument("words", nargs="*", metavar="WORD", help="what the act is about")
    county.add_argument("--child", action="store_true", help="end when standard input closes")
    _import(county)
    people = verbs.add_parser("people", help="print the invented residents as JSON lines")
    people.add_argument("--for-conform", action="store_true", help="as the file of test persons that conform takes")
    _conform(
        verbs.add_parser("conform", help="ask a server whether it is what the contract says (docs/conformance.md)")
    )
    staff = verbs.add_parser("staff", help="staff accounts of the hub").add_subparsers(dest="act", required=True)
    adding = staff.add_parser("add", help="make an account; the password is asked for, or read from standard input")
    adding.add_argument("account")
    adding.add_argument("name", help="as it is shown to others")
    adding.add_argument("--role", action="append", required=True, help="clerk, editor, approver or administrator")
    adding.add_argument("--area", action="append", required=True, help="division code or its beginning")
    checking = verbs.add_parser("journal", help="a kiosk's journal").add_subparsers(dest="act", required=True)
    verifying = checking.add_parser("verify", help="find what was changed, removed or moved; needs nothing that runs")
    verifying.add_argument("file", nargs="?", type=Path, help="kiosk.sqlite or a copy; without one, this machine's")
    verifying.add_argument(
        "--head", action="append", default=[], metavar="NUMBER:DIGEST", help="from a slip, the wall or the county"
    )
    _hall_check(verbs.add_parser("hall-check", help="the self-test of a running kiosk: faces, store, devices"))
    _trace(
        verbs.add_parser("trace", help="recorded conversations with devices").add_subparsers(dest="act", required=True)
    )
    return parser


def _import(county: argparse.ArgumentParser) -> None:
    """``county import FILE…``: a preview, unless told to apply."""
    county.add_argument(
        "--apply", action="store_true", help="import: write it; without, only say what would be written"
    )
    county.add_argument("--without-bad-rows", action="store_true", help="import: write the rest where rows are bad")
    county.add_argument(
        "--report",
        type=Path,
        default=Path("import-report.csv"),
        metavar="FILE",
        help="import: every bad row, as a table",
    )
    county.add_argument("--mapping", default="", metavar="FILE", help="import: what the county's own codes mean")


def _conform(conform: argparse.ArgumentParser) -> None:
    conform.add_argument("url", metavar="URL", help="where the county's API is served: https://county.example")
    conform.add_argument(
        "--kiosk-key", nargs="+", type=Path, required=True, metavar="FILE",
        help="signing keys of one or two kiosks, their receiving keys beside them; made where they are not there",
    )  # fmt: skip
    conform.add_argument("--persons", type=Path, metavar="FILE", help="test persons and accounts, TOML or JSON")
    conform.add_argument("--report", type=Path, metavar="DIR", help="write report.json and report.html there")
    conform.add_argument("--only", action="append", default=[], metavar="NAME", help="checks whose names begin so")


def _hall_check(checking: argparse.ArgumentParser) -> None:
    checking.add_argument("--write", type=Path, metavar="FILE", help="write down which devices are ready")
    checking.add_argument(
        "--compare", type=Path, metavar="FILE", help="those written down there have to be ready again"
    )
    checking.add_argument("--seconds", type=float, default=10.0, help="so long it may take until all is well")


def _trace(acts: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    showing = acts.add_parser("show", help="print a trace to be read")
    replaying = acts.add_parser("replay", help="play a trace to the real driver and say what it concludes")
    for one in (showing, replaying):
        one.add_argument("file", type=Path)
    replaying.add_argument("--speed", type=float, default=1.0, help="hurry the device: 10 answers ten times as fast")
    replaying.add_argument("--fault", default="", help="gone:N after N exchanges, cut:N after N bytes, late:SECONDS")
