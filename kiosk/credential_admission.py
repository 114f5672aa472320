"""From an ID card on its reader, or a code before the scanner, to a resident's session with what it is worth here."""

from __future__ import annotations

import secrets
from collections.abc import Callable

from contract.credentials import CodePresented, IdCardPresented, Worth
from contract.identifiers import BadIdNumber, birth_date
from contract.residents import Sitting
from devices.card import Insertion
from devices.id_card import IdCard
from devices.scanner import wipe
from kiosk.admission import Admission
from kiosk.card_errors import TooManyCards
from kiosk.clock import Clock
from kiosk.identification_errors import CodeNeedsCounty, IdCardExpired
from kiosk.identity import Assurance, CardNumber, Credential, IdNumber, PersonName, Resident, Shown
from kiosk.journal import Journal
from kiosk.locality import AssuranceRules
from kiosk.states import ResidentSession
from kiosk.tries import Tries

WORTH: dict[Worth, Assurance] = {
    Worth.NONE: Assurance.OPEN, Worth.OPEN: Assurance.OPEN, Worth.CARD: Assurance.CARD, Worth.PIN: Assurance.PIN,
}  # fmt: skip


class CredentialAdmission:
    """Who may be served without a social-security card. ``rules`` says what the locality grants now."""

    def __init__(
        self, *, admission: Admission, rules: Callable[[], AssuranceRules], journal: Journal, clock: Clock, tries: Tries
    ) -> None:
        self._admission = admission
        self._rules = rules
        self._journal = journal
        self._clock = clock
        self._tries = tries

    def by_id_card(self, card: IdCard, insertion: Insertion, shown: Shown) -> ResidentSession:
        """The session of the ID card's holder; while the county is cut off it says who they are and proves nothing.

        IdCardExpired, and what the county refuses with.
        """
        self._admission.refuse_withdrawn()
        if card.expired(self._clock.local().date()):
            raise IdCardExpired("the ID card's own last day is past")
        self._count(shown)
        number, name = IdNumber(card.number), card.name or card.english_name
        presented = IdCardPresented(social_security_no=card.number, name=name, presentation=fresh_word())
        sitting = self._admission.sitting_for(presented, number)
        resident = Resident(
            number=number, name=PersonName(name), card_number=CardNumber(""), card_version="", card_proven=False,
            born_on=card.born_on, reference=sitting.reference if sitting else self._journal.reference_of(number),
        )  # fmt: skip
        return self._session(resident, insertion, shown, sitting, self._rules().id_card)

    def by_code(self, content: bytearray, insertion: Insertion, shown: Shown) -> ResidentSession:
        """The session of whose code it is; ``content`` is handed on once and overwritten, whatever comes of it.

        CodeNeedsCounty while the county is cut off: nobody here can tell whose it is.
        """
        try:
            self._admission.refuse_withdrawn()
            self._count(shown)
            presented = CodePresented(code=content.decode("ascii"), presentation=fresh_word())
        finally:
            wipe(content)
        sitting = self._admission.sitting_for(presented, None)
        if sitting is None:
            raise CodeNeedsCounty("nobody here can tell whose code it is")
        return self._session(_holder_of(sitting), insertion, shown, sitting, self._rules().electronic_code)

    def _count(self, shown: Shown) -> None:
        """Each kind of credential for itself: nonsense before the scanner must not close the card slot."""
        if not self._tries.enter(shown.credential):
            raise TooManyCards(f"too many of {shown.credential} in an hour")

    def _session(
        self, resident: Resident, insertion: Insertion, shown: Shown, sitting: Sitting | None, granted: Worth
    ) -> ResidentSession:
        """The county says what it is worth and the locality may say less; what neither of them says is nothing."""
        told = (sitting.worth if sitting else None) or Worth.OPEN
        return ResidentSession(
            resident=resident, insertion=insertion, identification="", assurance=min(WORTH[told], WORTH[granted]),
            sitting=sitting, began=self._clock.monotonic(), shown=shown,
        )  # fmt: skip


def fresh_word() -> str:
    """The word of one presentation; says nothing to anybody."""
    return secrets.token_hex(16)


def _holder_of(sitting: Sitting) -> Resident:
    number = sitting.social_security_no
    try:
        born_on = birth_date(number)
    except BadIdNumber as error:
        raise CodeNeedsCounty("the county did not tell whose code it is") from error
    return Resident(
        number=IdNumber(number), name=PersonName(sitting.name), card_number=CardNumber(""), card_version="",
        card_proven=False, born_on=born_on, reference=sitting.reference,
    )  # fmt: skip


SHOWN_AT = {Credential.ID_CARD: "id_card", Credential.CODE: "scanner"}
"""The device at which a credential is shown."""


def insertion_at(credential: Credential, count: int) -> Insertion:
    """Stands where an insertion of a card stands: at which device, and the how manyth time of this start."""
    return Insertion(SHOWN_AT[credential], b"", count)
