"""The registry of kiosks, their keys, journals and figures: asked with a kiosk that is thrown away afterwards."""

from __future__ import annotations

import secrets
from typing import Any

from contract.codes import KioskState
from contract.conformance.check import check
from contract.conformance.expectations import good, refused
from contract.conformance.inspection import Inspection
from contract.conformance.keys import TestKiosk, fresh_kiosk
from contract.conformance.verdicts import must
from contract.enrolment import prove_possession
from contract.journal import JournalHead
from contract.problems import ProblemType
from contract.staff_work import Count, DayFigures

WHAT = "conformance_kit"
NOBODY = "0000-0000-0000-0000"


@check(
    "kiosk.registry", "An administrator lets a kiosk in and shuts it out, at once.",
    "List the kiosks whose site lies in the administrator's areas; approval and withdrawal count from the next "
    "request.",
    operations=("kiosks", "approve-kiosk", "withdraw-kiosk"),
    refusals=(ProblemType.KIOSK_NOT_APPROVED, ProblemType.NOT_FOUND),
)  # fmt: skip
def registry(inspection: Inspection) -> None:
    """Enrolled, listed, approved, served, withdrawn, refused."""
    kiosk, staff = fresh_kiosk("conformance kit, thrown away", inspection.persons.site), _administrator(inspection)
    good(inspection.enrolled(kiosk), "enrol")
    mark = kiosk.enrolment.fingerprint
    listed = good(inspection.ask("kiosks", staff=staff), "kiosks")["kiosks"]
    states = [row["state"] for row in listed if row["fingerprint"] == mark]
    must(states == [KioskState.PENDING], f"the list of kiosks says {states} of a kiosk that has just enrolled")
    let_in = good(inspection.ask("approve-kiosk", staff=staff, place={"fingerprint": mark}), "approve-kiosk")
    must(let_in["state"] == KioskState.APPROVED, f"after approval it is {let_in['state']}")
    refused(inspection.ask("staff-session", kiosk=kiosk), ProblemType.NOT_SIGNED_IN)
    shut = good(inspection.ask("withdraw-kiosk", staff=staff, place={"fingerprint": mark}), "withdraw-kiosk")
    must(shut["state"] == KioskState.WITHDRAWN, f"after withdrawal it is {shut['state']}")
    refused(inspection.ask("staff-session", kiosk=kiosk), ProblemType.KIOSK_NOT_APPROVED)
    nobody = inspection.ask("approve-kiosk", staff=staff, place={"fingerprint": NOBODY})
    refused(nobody, ProblemType.NOT_FOUND)


@check(
    "kiosk.new-keys", "A kiosk comes by new keys, which it must hold.",
    "Take a new pair in a request of the present one, with the proof that the new signing key is held; both stay good "
    "for a while; announced twice it is answered the same. Without the proof answer 422 keys-refused.",
    operations=("renew-keys",), refusals=(ProblemType.KEYS_REFUSED,),
)  # fmt: skip
def new_keys(inspection: Inspection) -> None:
    """Without proof, with proof, again, and then by either pair."""
    old = inspection.spare()
    new = fresh_kiosk(old.name, old.site)
    announced = prove_possession(new.signing, old.enrolment.key_id, new.enrolment)
    unproven = prove_possession(old.signing, old.enrolment.key_id, new.enrolment)
    refused(inspection.ask("renew-keys", unproven, kiosk=old), ProblemType.KEYS_REFUSED)
    for _ in range(2):
        standing = good(inspection.ask("renew-keys", announced, kiosk=old), "renew-keys")
        must(standing["key_id"] == new.enrolment.key_id, "the standing names another pair than was announced")
    for pair, word in ((new, "new"), (old, "old")):
        reply = _asked_by(inspection, pair)
        must(reply.problem == ProblemType.NOT_SIGNED_IN, f"the {word} pair is answered {reply.status} {reply.problem}")


def _asked_by(inspection: Inspection, pair: TestKiosk) -> Any:
    return inspection.ask("staff-session", kiosk=pair)


@check(
    "kiosk.journal", "The county remembers the head of a kiosk's journal, and what contradicts it.",
    "Keep every head; answer the one with the highest number, and contradicted once a head came that cannot follow "
    "from an earlier one: the same number with another digest, or a lower number.",
    operations=("tell-journal-head",),
)  # fmt: skip
def journal(inspection: Inspection) -> None:
    """Two heads in order, then one that goes back."""
    kiosk, at = inspection.spare(), inspection.now()
    first, second, forged = (JournalHead(number=number, digest=secrets.token_hex(32), at=at) for number in (3, 7, 5))
    for head in (first, second, second):
        told = good(inspection.ask("tell-journal-head", head, kiosk=kiosk), "tell-journal-head")
        must(told["newest"]["number"] == head.number, f"newest is {told['newest']['number']} after {head.number}")
        must(not told["contradicted"], "contradicted, though every head follows from the one before")
    for head in (forged, second):
        told = good(inspection.ask("tell-journal-head", head, kiosk=kiosk), "tell-journal-head")
        must(told["newest"]["digest"] == second.digest, "newest is not the head with the highest number")
        must(told["contradicted"], "a head that went back is not noticed, or forgotten again")


@check(
    "kiosk.figures", "A day's figures are counted once, however often they are told.",
    "Keep one set of counts for each kiosk and day; what is told again replaces it.",
    operations=("tell-figures", "staff-figures"),
)  # fmt: skip
def figures(inspection: Inspection) -> None:
    """Three, then five in their place."""
    kiosk, day = inspection.spare(), inspection.now().date()
    before = _counted(inspection)
    for number in (3, 5):
        counts = (Count(what=WHAT, number=number),)
        told = DayFigures(day=day, site=inspection.persons.site, counts=counts)
        good(inspection.ask("tell-figures", told, kiosk=kiosk), "tell-figures")
        more = _counted(inspection) - before
        must(more == number, f"the kiosk told {number}, the staff reads {more}")
    reply = inspection.ask("staff-figures", staff=_administrator(inspection), query={"first_day": "x", "last_day": ""})
    refused(reply, ProblemType.MALFORMED)


def _counted(inspection: Inspection) -> int:
    day = inspection.now().date().isoformat()
    query = {"first_day": day, "last_day": day}
    reply = inspection.ask("staff-figures", staff=_administrator(inspection), query=query)
    sites = [row for row in good(reply, "staff-figures")["figures"] if row["site"] == inspection.persons.site]
    return sum(count["number"] for row in sites for count in row["counts"] if count["what"] == WHAT)


def _administrator(inspection: Inspection) -> str:
    return inspection.session_of("administrator")


CHECKS = (registry, new_keys, journal, figures)
