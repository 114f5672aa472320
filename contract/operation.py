"""What is said of one address of the county API: who may ask, what goes in and out, how it may be refused."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from contract.message import SITTING_HEADER, STAFF_HEADER, Message
from contract.problems import ProblemType as No
from contract.signatures import INPUT_HEADER, SIGNATURE_HEADER


class Asker(StrEnum):
    """Who may ask, and what proves it. All but ANYBODY are signed by a kiosk; all but KEY by one that is approved."""

    ANYBODY = "anybody"
    KEY = "key"
    KIOSK = "kiosk"
    SITTING = "sitting"
    STAFF = "staff"

    @property
    def headers(self) -> tuple[str, ...]:
        """The headers that prove who asks."""
        if self is Asker.ANYBODY:
            return ()
        more = {Asker.SITTING: (SITTING_HEADER,), Asker.STAFF: (STAFF_HEADER,)}.get(self, ())
        return (INPUT_HEADER, SIGNATURE_HEADER, *more)


class Subject(StrEnum):
    """What an address is about; the order of the documents."""

    COUNTY = "county"
    KIOSKS = "kiosks"
    FEED = "feed"
    SITTINGS = "sittings"
    RESIDENTS = "residents"
    SUBMISSIONS = "submissions"
    STAFF = "staff"
    DEVELOPMENT = "development"


@dataclass(frozen=True)
class Parameter:
    """One parameter of an address. ``place``: path, query or header; ``pattern``: what its text must match."""

    name: str
    place: str
    about: str
    pattern: str = ""
    required: bool = True
    least: int | None = None
    most: int | None = None


@dataclass(frozen=True)
class Operation:
    """One method of one address.

    ``answer`` None: no body. ``kept``: answered with an ETag, and 304 to whoever holds it. ``signed``: the answer is a
    document (contract/documents). ``raw_in``, ``raw_out``: the media types of a body that is no message. ``refusals``:
    the problem types that are its own; every address may also say what ``says_no`` adds.
    """

    key: str
    method: str
    path: str
    subject: Subject
    about: str
    asker: Asker = Asker.ANYBODY
    asks: type[Message] | None = None
    answer: type[Message] | None = None
    status: int = 200
    parameters: tuple[Parameter, ...] = ()
    refusals: tuple[No, ...] = ()
    kept: bool = False
    signed: bool = False
    raw_in: tuple[str, ...] = ()
    raw_out: tuple[str, ...] = ()

    @property
    def headers(self) -> tuple[Parameter, ...]:
        """The headers that prove who asks."""
        return tuple(Parameter(name, "header", "proves who asks") for name in self.asker.headers)

    @property
    def says_no(self) -> tuple[No, ...]:
        """Every problem type it may answer with."""
        own = {Asker.SITTING: (No.SITTING_ENDED, No.TOO_MANY_TRIES), Asker.STAFF: (No.NOT_SIGNED_IN, No.ROLE_MISSING)}
        begin = own.get(self.asker, ()) if self.method != "DELETE" else ()
        always = (No.MALFORMED, No.TOO_LARGE, No.BACKEND_UNAVAILABLE, No.INTERNAL)
        return tuple(dict.fromkeys((*_UNPROVEN[self.asker], *begin, *self.refusals, *always)))


_SIGNED = (No.NOT_SIGNED, No.SIGNATURE_WRONG, No.CLOCK_WRONG, No.REPLAYED)
_KNOWN = (*_SIGNED, No.KIOSK_UNKNOWN, No.KIOSK_NOT_APPROVED)
_UNPROVEN: dict[Asker, tuple[No, ...]] = {
    Asker.ANYBODY: (), Asker.KEY: _SIGNED, Asker.KIOSK: _KNOWN, Asker.SITTING: _KNOWN, Asker.STAFF: _KNOWN,
}  # fmt: skip
