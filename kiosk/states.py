"""What the desk can be. What moves it stands in ``events.py``, how in ``law.py``."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from enum import StrEnum
from typing import ClassVar

from contract.residents import Sitting
from devices.card import Insertion
from kiosk.errors import KioskError
from kiosk.identity import IN_SLOT, Assurance, IdNumber, Resident, Shown
from kiosk.visit import Modes, Visit


@dataclass(frozen=True)
class ResidentSession:
    """Somebody being served, by a card in the slot unless ``shown`` says otherwise.

    ``token`` is what the paired window holds; ``sitting`` None while cut off.

    ``pin_pad``: this reader takes PINs on keys of its own that face the resident; none is typed on the screen then.
    """

    resident: Resident
    insertion: Insertion
    identification: str = field(repr=False)
    assurance: Assurance
    sitting: Sitting | None = field(repr=False)
    began: float
    token: str = field(default_factory=lambda: secrets.token_urlsafe(16))
    pin_pad: bool = False
    shown: Shown = IN_SLOT


class Vacancy(StrEnum):
    """What a vacant machine shows: home; for some seconds a word of leave before it; nobody came for long."""

    HOME = "vacant"
    FAREWELL = "farewell"
    TIMED_OUT = "timed-out"
    ATTRACT = "attract"


@dataclass(frozen=True)
class Vacant:
    """Nobody here, no card in. ``since``: monotonic seconds since when this is shown untouched."""

    name: ClassVar[str] = "vacant"
    phase: Vacancy = Vacancy.HOME
    since: float = field(default=0.0, compare=False)

    @property
    def showing(self) -> str:
        """The word of its phase."""
        return self.phase.value


@dataclass(frozen=True)
class Visiting:
    """Somebody without a card."""

    name: ClassVar[str] = "visiting"
    visit: Visit
    touched: float
    page: str = "/"
    scene: int = 0
    in_form: bool = False
    modes: Modes = field(default_factory=Modes)

    @property
    def showing(self) -> str:
        """The word of this visit and scene."""
        return f"visit-{self.visit.number}.{self.scene}"


@dataclass(frozen=True)
class ReadingCard:
    """A card went in, lies on its reader or was shown, and is being read. ``began`` in monotonic seconds.

    ``former``: whose session it took the place of, which no card in the slot held; the page is theirs.
    """

    name: ClassVar[str] = "reading_card"
    insertion: Insertion
    visit: Visit
    page: str = "/"
    began: float = 0.0
    modes: Modes = field(default_factory=Modes)
    shown: Shown = IN_SLOT
    former: IdNumber | None = None

    @property
    def showing(self) -> str:
        """A word for each kind of credential."""
        return "reading" if self.shown == IN_SLOT else f"reading-{self.shown.credential}"


@dataclass(frozen=True)
class Serving:
    """Somebody is being served. ``window``: the window that claimed the session.

    ``displaced``: somebody else's session, which no card in the slot held, ended for this one.
    """

    name: ClassVar[str] = "serving"
    session: ResidentSession
    visit: Visit
    touched: float
    page: str = "/"
    scene: int = 0
    in_form: bool = False
    modes: Modes = field(default_factory=Modes)
    window: str = ""
    displaced: bool = False

    @property
    def showing(self) -> str:
        """The word of this visit and scene."""
        return f"serving-{self.visit.number}.{self.scene}"


@dataclass(frozen=True)
class CardLeft:
    """The session is over (or never began: ``problem``) and the card is still in, or there is something to be read.

    ``since``: monotonic seconds; ``reminders``: how often the holder was called back; ``timed_out``: nobody said 结束.
    """

    name: ClassVar[str] = "card_left"
    problem: KioskError | None = None
    modes: Modes = field(default_factory=Modes)
    since: float = field(default=0.0, compare=False)
    reminders: int = 0
    timed_out: bool = False
    shown: Shown = IN_SLOT

    @property
    def showing(self) -> str:
        """Another word for another problem, or reminder: one refused card may follow another."""
        left = "card-left" if self.shown == IN_SLOT else f"{self.shown.credential}-left"
        word = f"{left} {self.problem.code}" if self.problem else left
        return f"{word}.{self.reminders}" if self.reminders else word


@dataclass(frozen=True)
class OutOfService:
    """Staff closed the machine, or it closed itself. ``page``: where the window belongs meanwhile."""

    name: ClassVar[str] = "out_of_service"
    reason: str
    showing: str = "closed"
    page: str = "/closed"


State = Vacant | Visiting | ReadingCard | Serving | CardLeft | OutOfService


def modes_of(state: State) -> Modes:
    """The modes of whoever stands here."""
    match state:
        case Visiting(modes=chosen) | Serving(modes=chosen) | ReadingCard(modes=chosen) | CardLeft(modes=chosen):
            return chosen
        case Vacant() | OutOfService():
            return Modes()
