"""Clocks: a request from another time is refused with the county's time in it; a sitting ends by the clock."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

from contract.conformance.check import check
from contract.conformance.expectations import good, refused
from contract.conformance.inspection import OK, Inspection
from contract.conformance.line import Reply
from contract.conformance.verdicts import Failed, NotRun, must
from contract.development import ClockShift
from contract.message import AS_OF_HEADER
from contract.problems import ProblemType

OUTSIDE, INSIDE = timedelta(minutes=7), timedelta(minutes=4)
LONG_AGO = datetime(1970, 1, 2, tzinfo=UTC)
A_SITTING = timedelta(minutes=10, seconds=30)
NEAR = timedelta(minutes=1)
NOT_THERE = (404, 405)


def _signed_at(inspection: Inspection, at: datetime) -> Reply:
    request = inspection.request("insurance", sitting=inspection.sitting_of("insured"))
    return inspection.line.send(inspection.signed(request, at=at))


@check(
    "clock.expired", "A request signed too long ago is refused.",
    "Compare created with your own time: more than five minutes apart is 401 clock-wrong, whoever signed it.",
    refusals=(ProblemType.CLOCK_WRONG,),
)  # fmt: skip
def expired(inspection: Inspection) -> None:
    """Minutes ago, and decades ago."""
    refused(_signed_at(inspection, inspection.now() - OUTSIDE), ProblemType.CLOCK_WRONG)
    refused(_signed_at(inspection, LONG_AGO), ProblemType.CLOCK_WRONG)


@check(
    "clock.ahead", "A request from the future is refused.",
    "Compare created with your own time in both directions: a nonce from the future would have to be kept for ever.",
    refusals=(ProblemType.CLOCK_WRONG,),
)  # fmt: skip
def ahead(inspection: Inspection) -> None:
    """Minutes ahead."""
    refused(_signed_at(inspection, inspection.now() + OUTSIDE), ProblemType.CLOCK_WRONG)


@check(
    "clock.within", "A clock that is a little off is served.",
    "Take what was signed up to five minutes before or after your own time: clocks of kiosks drift.",
)  # fmt: skip
def within(inspection: Inspection) -> None:
    """Four minutes off, both ways."""
    for apart in (-INSIDE, INSIDE):
        reply = _signed_at(inspection, inspection.now() + apart)
        must(reply.status == OK, f"signed {apart.total_seconds():+.0f} s from now: {reply.status} {reply.problem}")


@check(
    "clock.told", "Whoever's clock is wrong learns the county's time.",
    "Send your time in the header As-Of with clock-wrong; a kiosk sets its clock by it and asks again.",
)  # fmt: skip
def told(inspection: Inspection) -> None:
    """The header is there and right."""
    reply = _signed_at(inspection, inspection.now() - OUTSIDE)
    if reply.problem != ProblemType.CLOCK_WRONG:
        raise NotRun("a wrong clock is not refused (see clock.expired)")
    try:
        said = datetime.fromisoformat(reply.headers.get(AS_OF_HEADER.lower(), ""))
    except ValueError:
        raise Failed("clock-wrong carries no As-Of that is a moment") from None
    apart = (said if said.tzinfo else said.replace(tzinfo=UTC)) - inspection.now()
    must(abs(apart) < NEAR, f"As-Of is {apart.total_seconds():.0f} s from what GET /health tells")


@check(
    "clock.sitting-ends", "A sitting ends by itself after ten minutes.",
    "Keep the end of a sitting with it and refuse it afterwards with sitting-ended: a card may never have been pulled.",
    operations=("move-clock",), refusals=(ProblemType.SITTING_ENDED,),
)  # fmt: skip
def sitting_ends(inspection: Inspection) -> None:
    """Needs the clock that a county has in development only."""
    sitting = inspection.sitting_of("insured")
    with _later(inspection, A_SITTING):
        refused(inspection.ask("insurance", sitting=sitting), ProblemType.SITTING_ENDED)


@contextmanager
def _later(inspection: Inspection, how_much: timedelta) -> Iterator[None]:
    """Both clocks so much later, and back again."""
    before = inspection.ahead
    _move(inspection, before + how_much)
    try:
        yield
    finally:
        _move(inspection, before)


def _move(inspection: Inspection, ahead: timedelta) -> None:
    reply = inspection.ask("move-clock", ClockShift(offset_seconds=round(ahead.total_seconds())))
    if reply.status in NOT_THERE:
        raise NotRun("the server has no development clock; nobody waits ten minutes for a check")
    good(reply, "move-clock")
    inspection.ahead = ahead


CHECKS = (expired, ahead, within, told)
