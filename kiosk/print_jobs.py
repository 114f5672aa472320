"""A print job and its states: ``queued → printing → printed → taken``, or ``failed``. Pure.

``Taken`` is reached only where the printer's ticket sensor saw the slip hang and then go; nobody else ever claims it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import assert_never

from kiosk.errors import KioskError


@dataclass(frozen=True)
class Queued:
    """Waits for its turn."""


@dataclass(frozen=True)
class Printing:
    """At the printer."""


@dataclass(frozen=True)
class Printed:
    """Out and cut, as far as the printer tells. ``hangs``: its sensor sees the slip in the slot.

    ``confirmed`` False: the printer tells nothing. It was handed over, the time it needs is past; nobody claims more.
    """

    hangs: bool = False
    confirmed: bool = True


@dataclass(frozen=True)
class Taken:
    """Pulled out of the slot."""


@dataclass(frozen=True)
class Failed:
    """Not out. ``begun``: something of it may be on paper, so that the next one is a reprint."""

    problem: KioskError
    begun: bool = False


JobState = Queued | Printing | Printed | Taken | Failed


@dataclass(frozen=True, eq=False)
class PrintJob:
    """One document on its way to paper. ``reprint``: 0 for the first time, then the count that stands on the paper.

    ``resident``: whose it is, as a reference.
    """

    number: str
    state: JobState = Queued()
    reprint: int = 0
    resident: str = ""

    @property
    def over(self) -> bool:
        """True when the printer is done with it."""
        return isinstance(self.state, Printed | Taken | Failed)

    @property
    def problem(self) -> KioskError | None:
        """Why it failed; None where it did not."""
        return self.state.problem if isinstance(self.state, Failed) else None

    @property
    def on_paper(self) -> bool:
        """True where something of it may be on paper."""
        return self.state.begun if isinstance(self.state, Failed) else isinstance(self.state, Printed | Taken)

    @property
    def showing(self) -> str:
        """The state as a short word, for templates."""
        match self.state:
            case Queued():
                return "queued"
            case Printing():
                return "printing"
            case Printed(confirmed=False):
                return "handed-over"
            case Printed(hangs=hangs):
                return "hangs" if hangs else "printed"
            case Taken():
                return "taken"
            case Failed():
                return "failed"
            case _:
                assert_never(self.state)
