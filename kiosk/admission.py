"""From a card in the slot to a resident's session: read and proven, in its days, and a sitting at the county."""

from __future__ import annotations

import contextlib
import logging
from dataclasses import replace

from contract.credentials import CodePresented, IdCardPresented
from contract.problems import ProblemType
from contract.residents import CardPresented, Sitting
from devices.card import CardIdentity, Chip, Insertion
from kiosk.card_errors import CardExpired, CardNotYetValid, CardReportedLost, HolderUnknown, TooManyCards
from kiosk.clock import Clock
from kiosk.county_errors import CountyRefused, CountyUnavailable, KioskNotApproved, KioskWithdrawn
from kiosk.errors import KioskError
from kiosk.identification_errors import CodeRefused, CredentialNotTaken
from kiosk.identity import Assurance, IdNumber, resident_of
from kiosk.journal import Journal
from kiosk.key_room import KeyRoom, Reading
from kiosk.session_notes import SessionNotes
from kiosk.states import ResidentSession
from kiosk.tries import Tries
from kiosk.uplink import County

log = logging.getLogger(__name__)


class Admission:
    """Who may be served with the card that is in."""

    def __init__(
        self, *, county: County, journal: Journal, clock: Clock, keys: KeyRoom, unproven: Tries, notes: SessionNotes
    ) -> None:
        self._county = county
        self._journal = journal
        self._clock = clock
        self._keys = keys
        self._unproven = unproven
        self._notes = notes

    def read(self, chip: Chip, insertion: Insertion) -> Reading:
        """The card's own word, checked against the county's key service where it can be. Raises DeviceErrors.

        KioskWithdrawn where the county shut this machine out: then no card is looked at.
        """
        self.refuse_withdrawn()
        return self._keys.read(chip, insertion)

    def refuse_withdrawn(self) -> None:
        """Raise KioskWithdrawn where the county shut this machine out: then nothing of anybody is looked at."""
        if self._county.registration.withdrawn:
            raise KioskWithdrawn("the county shut this machine out")

    def _refuse_shut_out(self, refusal: KioskNotApproved) -> None:
        """A machine that waits for approval serves as if it were cut off; one just shut out learns of it here."""
        with contextlib.suppress(CountyUnavailable, CountyRefused):
            self._county.enrol()
        self.refuse_withdrawn()
        log.info("a card is read without the county: %s", refusal)

    def session_for(self, reading: Reading, insertion: Insertion, *, pin_pad: bool) -> ResidentSession:
        """The session of the card's holder; raises the KioskError that the resident is told."""
        card = reading.card
        self._check_days(card)
        if not (card.proven or self._unproven.enter("cards")):
            raise TooManyCards("too many cards that cannot prove themselves in an hour")
        sitting = self._open_sitting(reading)
        resident = resident_of(card)
        reference = sitting.reference if sitting else self._journal.reference_of(resident.number)
        return ResidentSession(
            resident=replace(resident, reference=reference), insertion=insertion, identification=card.identification,
            assurance=Assurance.CARD, sitting=sitting, began=self._clock.monotonic(), pin_pad=pin_pad,
        )  # fmt: skip

    def _check_days(self, card: CardIdentity) -> None:
        today = self._clock.local().date()
        if card.valid_until is not None and card.valid_until < today:
            raise CardExpired("the card's own last day is past")
        if card.issued_on is not None and card.issued_on > today:
            raise CardNotYetValid("the card's own day of issue is still to come")

    def _open_sitting(self, reading: Reading) -> Sitting | None:
        card = reading.card
        presented = CardPresented(
            social_security_no=card.social_security_no, card_number=card.card_number, card_version=card.version,
            identification=card.identification, proven=card.proven, insertion=reading.insertion,
        )  # fmt: skip
        return self.sitting_for(presented, IdNumber(card.social_security_no))

    def sitting_for(
        self, shown: CardPresented | IdCardPresented | CodePresented, number: IdNumber | None
    ) -> Sitting | None:
        """A sitting, None where the county is cut off; raises the KioskError that the resident is told.

        ``number`` is what the county learns by it, which is written down.
        """
        sitting: Sitting | None = None
        try:
            sitting = self._county.open_sitting(shown)
        except KioskNotApproved as error:
            self._refuse_shut_out(error)
        except CountyUnavailable:
            log.info("a card is read without the county")
        except CountyRefused as refusal:
            raise problem_of(refusal) from refusal
        finally:  # whatever came back: the number may have left
            if number is not None:
                self._notes.unmasked(number, sitting)
        return sitting


def problem_of(refusal: CountyRefused) -> KioskError:
    """The resident's words for a county that will not open a sitting."""
    match refusal.problem:
        case ProblemType.CARD_LOST | ProblemType.CARD_CANCELLED:
            return CardReportedLost(str(refusal))
        case ProblemType.UNKNOWN_RESIDENT:
            return HolderUnknown(str(refusal))
        case ProblemType.NOT_FOUND:
            return CredentialNotTaken(str(refusal))
        case ProblemType.CODE_REFUSED:
            return CodeRefused(str(refusal))
        case ProblemType.TOO_MANY_CARDS:
            return TooManyCards(str(refusal))
        case _:
            return refusal
