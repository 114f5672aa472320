"""What can happen to the desk; what each event does to each state is ``next_state`` in ``law.py``."""

from __future__ import annotations

from dataclasses import dataclass

from devices.card import Insertion
from kiosk.errors import KioskError
from kiosk.identity import IN_SLOT, Assurance, Credential, Shown
from kiosk.states import OutOfService, ResidentSession
from kiosk.visit import Modes


@dataclass(frozen=True)
class CardIn:
    """The reader reports a card; or an ID card lies on its reader, a code was scanned."""

    insertion: Insertion
    shown: Shown = IN_SLOT


@dataclass(frozen=True)
class CardOut:
    """The reader reports that no card is in any more, or no ID card lies there."""

    credential: Credential = Credential.CARD


@dataclass(frozen=True)
class CardRead:
    """The card was read and the county asked."""

    insertion: Insertion
    session: ResidentSession


@dataclass(frozen=True)
class CardRefused:
    """The card cannot be served. ``problem`` None: nothing is wrong with it, it was left in and is to be taken out."""

    problem: KioskError | None
    insertion: Insertion | None = None


@dataclass(frozen=True)
class Touched:
    """Somebody acted on the screen. ``page`` is what they see now, where that changed.

    ``by_itself``: no finger asked for the page; it is noted, and the session clock runs on.
    """

    page: str | None = None
    in_form: bool = False
    by_itself: bool = False


@dataclass(frozen=True)
class Proven:
    """A higher assurance was reached by the session of ``token``."""

    token: str
    assurance: Assurance


@dataclass(frozen=True)
class SceneChanged:
    """Something the present page shows is no longer so (a finger was taken, a witness answered, paper came)."""

    visit_number: int


@dataclass(frozen=True)
class ModesChosen:
    """Larger text, higher contrast."""

    modes: Modes


@dataclass(frozen=True)
class Claimed:
    """A window took the session."""

    window: str


@dataclass(frozen=True)
class Finished:
    """The person said they are done, or must be sent away."""

    problem: KioskError | None = None


@dataclass(frozen=True)
class Tick:
    """Time passed."""


@dataclass(frozen=True)
class Closed:
    """Take the machine out of service."""

    reason: str


@dataclass(frozen=True)
class Borrowed:
    """Staff take the machine for a while, only where nobody is here; or what they took it for goes on (same reason)."""

    closed: OutOfService


@dataclass(frozen=True)
class Opened:
    """Put it back; with a ``reason`` only where it was closed for that."""

    reason: str = ""


Event = (
    CardIn | CardOut | CardRead | CardRefused | Touched | Proven | SceneChanged | ModesChosen | Claimed | Finished
    | Tick | Closed | Borrowed | Opened
)  # fmt: skip
