"""The kiosk program. Verbs: town (default), kiosk, county, conform, staff add, people, trace, journal verify."""

from __future__ import annotations

import argparse
import getpass
import json
import os
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from county.settings import load_settings as load_hub_settings
from kiosk.child import ChildDied, ChildProcess
from kiosk.command_line import command_line
from kiosk.errors import KioskError
from kiosk.logs import start_logging
from kiosk.memory import keep_little, leave_no_core, start_uncollected
from kiosk.settings import SettingsError

HERE = Path(__file__).resolve().parent
APPROVED = "KIOSK_HUB__APPROVED"
DEFAULTS, TOWN = HERE / "config" / "kiosk.toml", HERE / "config" / "town.toml"


def town(files: list[Path], _asked: argparse.Namespace) -> None:
    """The ten-minute town: a hub as a child, and everything else here."""
    start_uncollected()
    from kiosk.serve import announce, fingerprint, serve  # noqa: PLC0415  each verb loads only its own half

    os.environ[APPROVED] = json.dumps([fingerprint(files, os.environ)])  # the hub knows this kiosk
    listen = load_hub_settings(files, os.environ).listen
    words = [part for file in files for part in ("--config", str(file))]
    with ChildProcess(HERE / "run.py", [*words, "county", "--child"], f"http://{listen}/health"):
        serve(files, os.environ, lambda machine: print(announce(machine, sign_ins()), flush=True))


def sign_ins() -> list[tuple[str, str, str]]:
    """Role, account and password of the invented staff."""
    from county.demo import ACCOUNTS  # noqa: PLC0415  see above

    return [(account.name, account.account, account.password) for account in ACCOUNTS]


def kiosk(files: list[Path], asked: argparse.Namespace) -> None:
    """One kiosk, or its next pair of keys."""
    start_uncollected()
    from kiosk.serve import announce, prepare_new_keys, serve  # noqa: PLC0415  see above

    if asked.act:
        print(f"new keys, announced at the next round: {prepare_new_keys(files, os.environ)}")
        return
    serve(files, os.environ, lambda machine: print(announce(machine, []), flush=True))


def county(files: list[Path], asked: argparse.Namespace) -> int | None:
    """The hub, or one of its officer's acts."""
    if asked.act == "import":
        from county.importing.command import Wanted, imported  # noqa: PLC0415  see above

        options = (asked.apply, asked.without_bad_rows, asked.report, asked.mapping)
        wanted = Wanted(tuple(map(Path, asked.words)), *options)
        return imported(load_hub_settings(files, os.environ), wanted, lambda line: print(line, flush=True))
    if asked.act:
        from county.office import ACTS  # noqa: PLC0415  see above

        print("\n".join(ACTS[asked.act](load_hub_settings(files, os.environ), asked.words)))
        return None
    from county.serve import serve  # noqa: PLC0415  see above

    serve(files, as_child=asked.child)
    return None


def staff(files: list[Path], asked: argparse.Namespace) -> None:
    """Make an account at the hub."""
    from county.accounts import add_account  # noqa: PLC0415  see above
    from county.store import open_store  # noqa: PLC0415  see above

    password = getpass.getpass() if sys.stdin.isatty() else sys.stdin.readline().rstrip("\n")
    store = open_store(load_hub_settings(files, os.environ).database)
    add_account(store, asked.account, asked.name, asked.role, asked.area, password)


def people(files: list[Path], asked: argparse.Namespace) -> None:
    """Print the invented residents: those the hub wrote down, else those it would invent today."""
    from county.conformance.persons import persons_file  # noqa: PLC0415  see above
    from county.demo import invent, people_lines  # noqa: PLC0415  see above

    settings = load_hub_settings(files, os.environ)
    known = settings.people.read_text(encoding="utf-8").splitlines() if settings.people.exists() else []
    lines = known or list(people_lines(invent(settings.demo_seed or 1, datetime.now(UTC).date())))
    print(persons_file(lines) if asked.for_conform else "\n".join(lines))


def conform(_files: list[Path], asked: argparse.Namespace) -> int:
    """Ask a server whether it is what the contract says; 1 where it is not."""
    from contract.conformance.program import conform as run_kit  # noqa: PLC0415  see above

    found = run_kit(
        asked.url, asked.kiosk_key, asked.persons, report=asked.report, clock=lambda: datetime.now(UTC), only=asked.only
    )
    print("\n".join(found.lines()), flush=True)
    return 0 if found.passed else 1


def trace(_files: list[Path], asked: argparse.Namespace) -> None:
    """Show or play what a device said."""
    from kiosk.traces import load, played, shown  # noqa: PLC0415  see above

    lines = shown(load(asked.file)) if asked.act == "show" else played(asked.file, asked.speed, asked.fault)
    for line in lines:
        print(line, flush=True)


def hall_check(files: list[Path], asked: argparse.Namespace) -> int:
    """The self-test of the kiosk that runs with these settings; 1 where it fails."""
    from kiosk.hall_check import checked  # noqa: PLC0415  see above
    from kiosk.settings import load_settings  # noqa: PLC0415  see above

    needs = frozenset(asked.compare.read_text(encoding="utf-8").split()) if asked.compare else frozenset()
    found = checked(load_settings(files, os.environ).faces, needs, asked.seconds)
    print("\n".join(found.lines), flush=True)
    if asked.write and found.passed:
        asked.write.write_text("\n".join(sorted(found.ready)), encoding="utf-8")
    return 0 if found.passed else 1


def journal(files: list[Path], asked: argparse.Namespace) -> int:
    """Check a journal, given heads too; 1 where it is not whole."""
    from kiosk.journal_file import verify  # noqa: PLC0415  see above
    from kiosk.settings import load_settings  # noqa: PLC0415  see above

    file = asked.file or load_settings(files, os.environ).folder / "kiosk.sqlite"
    lines, whole = verify(file, asked.head)
    print("\n".join(lines), flush=True)
    return 0 if whole else 1


Verb = Callable[[list[Path], argparse.Namespace], int | None]
VERBS: dict[str, Verb] = {
    "town": town, "kiosk": kiosk, "county": county, "staff": staff, "people": people, "trace": trace,
    "journal": journal, "conform": conform, "hall-check": hall_check,
}  # fmt: skip


def main() -> int:
    """Run one verb; 2 where it cannot be done, with one line that says why."""
    asked = command_line().parse_args()
    verb = asked.verb or "town"
    keep_little()
    leave_no_core()
    start_logging()
    os.umask(0o077)  # databases, receipts and people are for their owner only
    own = asked.config or ([TOWN] if verb in ("town", "people") else [])
    try:
        ended = VERBS[verb]([DEFAULTS, *own], asked)
    except (SettingsError, ValueError, KioskError, ChildDied, OSError) as error:
        print(f"run.py {verb}: {error}", file=sys.stderr)
        return 2
    return ended or 0


if __name__ == "__main__":
    sys.exit(main())
