"""ID cards on their reader and codes before the scanner: looked for while somebody may come, turned into events.

A card in the slot comes first: while one is in, nothing else is looked for. What lies where the machine sees it ends
its session by being taken away, as a pulled card does; what nothing holds gives way to whoever comes next.
"""

from __future__ import annotations

import itertools
import logging
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from functools import partial

from contract.credentials import Worth
from devices.card import Insertion
from devices.device import DeviceError, HealthBoard
from devices.id_card import IdCard, IdCardReader
from devices.scanner import CodeScanner, ScannedCode
from kiosk.credential_admission import SHOWN_AT, WORTH, CredentialAdmission, insertion_at
from kiosk.desk import Desk
from kiosk.device_errors import error_of
from kiosk.errors import KioskError, SessionEnded
from kiosk.events import CardIn, CardOut, Touched
from kiosk.identification_errors import IdCardStillThere
from kiosk.identity import IN_SLOT, Assurance, Credential, IdNumber, Shown
from kiosk.locality import AssuranceRules
from kiosk.lookout import Lookout
from kiosk.states import CardLeft, ReadingCard, ResidentSession, Serving, State, Vacant, Visiting
from kiosk.workers import Hung, Worker, nobody

log = logging.getLogger(__name__)

ADMISSION_LIMIT = 60.0
"""County and the paper of the one before included."""

LetIn = Callable[[ResidentSession], None]
Refuse = Callable[[KioskError, Insertion], None]


class CredentialRoom:
    """``let_in`` and ``refuse`` are the reception's; ``rules`` says what the locality grants now."""

    def __init__(
        self, *, desk: Desk, id_card: IdCardReader | None, scanner: CodeScanner | None, admission: CredentialAdmission,
        rules: Callable[[], AssuranceRules], let_in: LetIn, refuse: Refuse,
        hung: Callable[[str], Hung] = lambda _kind: nobody,
    ) -> None:  # fmt: skip
        self._desk = desk
        self._reader = id_card
        self._admission = admission
        self._rules = rules
        self._let_in = let_in
        self._refuse = refuse
        self._count = itertools.count(1)
        self._worker = Worker("credentials")
        self._boards: dict[Credential, HealthBoard] = {}
        self._lookouts: dict[Credential, Lookout[IdCard] | Lookout[ScannedCode]] = {}
        if id_card is not None:
            self._boards[Credential.ID_CARD] = id_card.board
            self._lookouts[Credential.ID_CARD] = Lookout(
                board=id_card.board, look=id_card.read, may=partial(self._may, Credential.ID_CARD),
                found=self._id_card_found, stumbled=partial(self._stumbled, Credential.ID_CARD, "id_card"),
                worker=Worker("id-card", "id_card", hung("id_card")), seconds=1.0,
            )  # fmt: skip
        if scanner is not None:
            self._boards[Credential.CODE] = scanner.board
            self._lookouts[Credential.CODE] = Lookout(
                board=scanner.board, look=scanner.scan, may=partial(self._may, Credential.CODE),
                found=self._code_found, stumbled=partial(self._stumbled, Credential.CODE, "scanner"),
                worker=Worker("scanner", "scanner", hung("scanner")), seconds=20.0,
            )  # fmt: skip

        desk.listen(self._changed)

    def _changed(self, _before: State, _after: State) -> None:
        for lookout in self._lookouts.values():
            lookout.give_up()

    def start(self, stopping: threading.Event) -> None:
        """One watching thread a device, until ``stopping``."""
        asides = {Credential.ID_CARD: self._see_it_leave, Credential.CODE: _nothing}
        for credential, lookout in self._lookouts.items():
            watch = partial(lookout.watch, stopping, asides[credential])
            threading.Thread(target=watch, name=f"lookout-{credential}", daemon=True).start()

    def ways(self, needs: Assurance = Assurance.OPEN) -> tuple[Credential, ...]:
        """What else than a card opens something here now, and at least ``needs`` of it."""
        return tuple(one for one in self._boards if self._grants(one, needs) and self._boards[one].health.ready)

    def looks(self, credential: Credential) -> bool:
        """True while whatever is shown next is taken as somebody's who is here."""
        lookout = self._lookouts.get(credential)
        return lookout is not None and lookout.armed and lookout.looking and self._may(credential)

    def devices(self) -> tuple[str, ...]:
        """The kinds of device that ``ways`` depends on."""
        return tuple(SHOWN_AT[one] for one in self._boards)

    def lent(self, credential: Credential) -> AbstractContextManager[None]:
        """The device of ``credential`` is somebody else's inside the block."""
        lookout = self._lookouts.get(credential)
        return lookout.lent() if lookout else nullcontext()

    def is_lent(self, credential: Credential) -> bool:
        """Whether its device is somebody else's just now."""
        lookout = self._lookouts.get(credential)
        return lookout is not None and lookout.is_lent

    def _grants(self, credential: Credential, needs: Assurance = Assurance.OPEN) -> bool:
        rules = self._rules()
        worth = rules.id_card if credential is Credential.ID_CARD else rules.electronic_code
        return worth is not Worth.NONE and WORTH[worth] >= needs

    def _may(self, credential: Credential) -> bool:
        """True where what is shown now would be taken: nobody's card is in, and nothing is being read."""
        if not self._grants(credential):
            return False
        match self._desk.state:
            case Vacant() | Visiting():
                return True
            case Serving(session=session):
                lies_there = session.shown.credential is credential and session.shown.stays
                return session.shown != IN_SLOT and not lies_there
            case _:
                return False

    def _id_card_found(self, card: IdCard, fresh: bool) -> None:  # noqa: FBT001 - as a lookout tells it
        lies = self._reader is not None and self._reader.lies() is True
        shown = Shown(Credential.ID_CARD, stays=lies)
        if not fresh:
            log.info("an ID card lay there before: its holder has to lay it down again")
            insertion = self._begun(shown)
            self._refuse(IdCardStillThere("it lay there before anybody could be served"), insertion)
        elif self._is_served(IdNumber(card.number)):
            self._desk.handle(Touched())
        else:
            self._admit(shown, lambda insertion: self._admission.by_id_card(card, insertion, shown))

    def _is_served(self, number: IdNumber) -> bool:
        """True for the card of whoever is served by it already: it was taken up and laid down again."""
        state = self._desk.state
        by_it = isinstance(state, Serving) and state.session.shown.credential is Credential.ID_CARD
        return by_it and isinstance(state, Serving) and state.session.resident.number == number

    def _code_found(self, code: ScannedCode, _fresh: bool) -> None:  # noqa: FBT001 - as a lookout tells it
        """The code stays whole until its turn comes: dropped before, because a card came first, it is overwritten."""
        shown = Shown(Credential.CODE, stays=False)
        self._admit(shown, lambda insertion: self._admission.by_code(code.take(), insertion, shown))

    def _stumbled(self, credential: Credential, kind: str, error: DeviceError) -> None:
        """What was laid down cannot be read: the screen says why, and somebody may press it away."""
        insertion = self._begun(Shown(credential, stays=False))
        self._refuse(error_of(error, kind), insertion)

    def _begun(self, shown: Shown) -> Insertion:
        insertion = insertion_at(shown.credential, next(self._count))
        self._desk.handle(CardIn(insertion, shown))
        return insertion

    def _admit(self, shown: Shown, ask: Callable[[Insertion], ResidentSession]) -> None:
        insertion = self._begun(shown)
        state = self._desk.state
        if isinstance(state, ReadingCard) and state.insertion == insertion:
            defect = partial(self._refused, insertion)
            self._worker.do(partial(self._serve, ask, insertion), defect, ADMISSION_LIMIT)

    def _serve(self, ask: Callable[[Insertion], ResidentSession], insertion: Insertion) -> None:
        try:
            session = ask(insertion)
        except KioskError as error:
            self._refuse(error, insertion)
        else:
            self._let_in(session)

    def _refused(self, insertion: Insertion, error: KioskError) -> None:
        self._refuse(error, insertion)

    def _see_it_leave(self) -> None:
        """An ID card that was seen lying there and is not seen any more was taken; so is one whose reader went away."""
        state, reader = self._desk.state, self._reader
        if reader is None or not isinstance(state, ReadingCard | Serving | CardLeft):
            return
        shown = state.session.shown if isinstance(state, Serving) else state.shown
        watched = shown.credential is Credential.ID_CARD and shown.stays
        if watched and (reader.lies() is not True or not reader.board.health.ready):
            self._desk.handle(CardOut(Credential.ID_CARD))

    def check(self, session: ResidentSession) -> None:
        """Raise SessionEnded where what opened the session was taken away; nobody can tell of what lies nowhere."""
        if session.shown.stays and session.shown.credential is Credential.ID_CARD:
            self._see_it_leave()
        if not self._desk.serves(session.token):
            raise SessionEnded("the ID card was taken away")

    def close(self) -> None:
        """Look no more, begin nothing more."""
        for lookout in self._lookouts.values():
            lookout.close()
        self._worker.close(wait=False, drop=True)


def _nothing() -> None:
    """A code leaves nothing that could be taken away."""
