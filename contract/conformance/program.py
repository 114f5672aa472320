"""The kit as a whole: make oneself known, make every check, say what was found."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from contract.codes import KioskState
from contract.conformance.check import Check
from contract.conformance.checks import CHECKS
from contract.conformance.inspection import OK, Inspection
from contract.conformance.keys import TestKiosk, kiosk_in
from contract.conformance.line import Exchange, Line
from contract.conformance.persons import Persons, load_persons
from contract.conformance.report import Outcome, Report, write_report
from contract.conformance.verdicts import Failed, NotRun, Silent, Verdict

ODD = (KeyError, TypeError, AttributeError, IndexError, ValueError, ArithmeticError)
"""What reading an answer may raise that is of quite another shape than its address promises."""
SHOWN_PASSED, SHOWN_FAILED = 1, 5


@dataclass(frozen=True)
class Wanted:
    """What a run is to do. ``only``: checks whose names begin so; all of them where it is empty."""

    url: str
    kiosks: tuple[TestKiosk, ...]
    persons: Persons
    only: tuple[str, ...] = ()


def conform(
    url: str, keys: Sequence[Path], persons: Path | None, *, report: Path | None, clock: Callable[[], datetime],
    only: Sequence[str] = (),
) -> Report:  # fmt: skip
    """One run with the files that were named; KeysError, PersonsError. The report is written where it is wanted."""
    known = load_persons(persons) if persons is not None else Persons()
    found = inspect(Wanted(url, tuple(kiosk_in(file, known.site) for file in keys), known, tuple(only)), clock)
    if report is not None:
        write_report(found, report)
    return found


def inspect(wanted: Wanted, clock: Callable[[], datetime], checks: Sequence[Check] = CHECKS) -> Report:
    """Every check, in order; one that fails keeps none of the others from being made."""
    line = Line(wanted.url, tuple(wanted.persons.private()))
    inspection = Inspection(line, wanted.kiosks, wanted.persons, clock)
    with contextlib.closing(line):
        _introduce(inspection)
        chosen = [one for one in checks if not wanted.only or one.key.startswith(wanted.only)]
        outcomes = tuple(_made(one, inspection) for one in chosen)
        with contextlib.suppress(Failed, NotRun, *ODD):
            inspection.leave()
    fingerprints = tuple(kiosk.enrolment.fingerprint for kiosk in wanted.kiosks)
    return Report(wanted.url, clock(), fingerprints, outcomes)


def _made(one: Check, inspection: Inspection) -> Outcome:
    inspection.line.taken()
    verdict, said = Verdict.PASSED, ""
    try:
        (_silence if inspection.silent and one is not CHECKS[0] else one.act)(inspection)
    except Failed as failed:
        verdict, said = Verdict.FAILED, str(failed)
    except NotRun as lacking:
        verdict, said = Verdict.NOT_RUN, str(lacking)
    except ODD as odd:
        first_line = str(odd).partition("\n")[0]
        verdict = Verdict.FAILED
        said = f"an answer is not what its address promises ({type(odd).__name__}: {first_line})"
    return Outcome(one.key, one.proves, one.cure, verdict, said, _shown(verdict, inspection.line.taken()))


def _silence(_inspection: Inspection) -> None:
    """In place of every check but the first where there is nothing that answers."""
    raise NotRun(f"nothing answers (see {CHECKS[0].key})")


def _shown(verdict: Verdict, exchanges: tuple[Exchange, ...]) -> tuple[Exchange, ...]:
    return exchanges[-(SHOWN_FAILED if verdict is Verdict.FAILED else SHOWN_PASSED) :]


def _introduce(inspection: Inspection) -> None:
    """Learn the county's time and show it the kiosks; what goes wrong here is said by the checks of the same."""
    try:
        told = datetime.fromisoformat(inspection.ask("pulse").json()["now"])
        inspection.ahead = told - inspection.clock() if told.tzinfo else timedelta()
    except Silent:
        inspection.silent = True
        return
    except (Failed, *ODD):
        inspection.ahead = timedelta()
    for kiosk in inspection.kiosks:
        with contextlib.suppress(Failed, *ODD):
            reply = inspection.enrolled(kiosk)
            if reply.status == OK and reply.json()["state"] == KioskState.APPROVED:
                inspection.approved.add(kiosk.enrolment.key_id)
