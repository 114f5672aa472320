"""``/v1/sittings``: opened by a card, an ID card or a code, closed when it leaves."""

from __future__ import annotations

from dataclasses import replace

from flask import Blueprint, Response, request

from contract.credentials import CodePresented, IdCardPresented, Worth
from contract.message import SITTING_HEADER
from contract.problems import ProblemType
from contract.residents import CardPresented
from county.asking import answer, kiosk_asking, read
from county.credentials import ElectronicCodes
from county.credentials.sittings import note_code, open_by_code, open_by_id_card
from county.hub import hub
from county.refusals import Refused
from county.sittings import Opening, close_sitting, open_sitting
from county.trust.counting import Try, check_unknown, note_try

routes = Blueprint("sittings", __name__)


@routes.post("/v1/sittings")
def begin() -> Response:
    """A new sitting for the holder of the card presented."""
    card, kiosk, now = read(CardPresented), kiosk_asking().key_id, hub().clock.now()
    try:
        with hub().store.writing(f"kiosk:{kiosk}") as connection:
            check_unknown(connection, kiosk, now)
            sitting = open_sitting(connection, card, kiosk, now, hub().settings.shares)
    except Refused as refusal:
        if refusal.reason is ProblemType.UNKNOWN_RESIDENT:
            with hub().store.writing() as connection:
                note_try(connection, kiosk, Try.UNKNOWN, now)
        raise
    return answer(sitting, 201)


@routes.post("/v1/sittings/id-card")
def begin_by_id_card() -> Response:
    """A new sitting for the holder of the ID card; NOT_FOUND where none is taken."""
    shown, opening, settings = read(IdCardPresented), opening_of(), hub().settings
    if settings.worth_of_id_cards is Worth.NONE:
        raise Refused(ProblemType.NOT_FOUND, "this county opens no sitting with a resident ID card")
    opening = replace(opening, insertion=shown.presentation)
    try:
        with hub().store.writing(f"kiosk:{opening.kiosk}") as connection:
            worth = settings.worth_of_id_cards
            return answer(open_by_id_card(connection, shown, opening, worth, settings.shares), 201)
    except Refused as refusal:
        note_waste(refusal, ProblemType.UNKNOWN_RESIDENT, Try.ID_UNKNOWN, opening)
        raise


@routes.post("/v1/sittings/electronic-code")
def begin_by_code() -> Response:
    """A new sitting for whoever showed the code, which is noted first, so that it is asked about once only."""
    shown, opening, codes = read(CodePresented), opening_of(), hub().codes
    settings = hub().settings
    if codes is None or settings.worth_of_codes is Worth.NONE:
        raise Refused(ProblemType.NOT_FOUND, "this county opens no sitting with a code")
    opening = replace(opening, insertion=shown.presentation)
    try:
        with hub().store.writing(f"kiosk:{opening.kiosk}") as connection:
            note_code(connection, shown, opening)
        number = holder_of(codes, shown)
        with hub().store.writing(f"kiosk:{opening.kiosk}") as connection:
            return answer(open_by_code(connection, number, opening, settings.worth_of_codes, settings.shares), 201)
    except Refused as refusal:
        note_waste(refusal, ProblemType.CODE_REFUSED, Try.CODE_REFUSED, opening)
        raise


def holder_of(codes: ElectronicCodes, shown: CodePresented) -> str:
    """The number of whose code it is; CODE_REFUSED."""
    number = codes.holder_of(shown.code)
    if number is None:
        raise Refused(ProblemType.CODE_REFUSED)
    return number


def opening_of() -> Opening:
    """Which kiosk asks, and when."""
    return Opening(kiosk_asking().key_id, "", hub().clock.now())


def note_waste(refusal: Refused, reason: ProblemType, kind: Try, opening: Opening) -> None:
    """Count what opened nothing for ``reason``, in a transaction of its own: the refused one is rolled back."""
    if refusal.reason is reason:
        with hub().store.writing() as connection:
            note_try(connection, opening.kiosk, kind, opening.now)


@routes.delete("/v1/sittings/current")
def end() -> Response:
    """Ends it; ending twice, or a sitting that never was, is as good."""
    with hub().store.writing() as connection:
        close_sitting(connection, request.headers.get(SITTING_HEADER, ""), kiosk_asking().key_id, hub().clock.now())
    return Response(status=204)
