"""What a kiosk tells of its journal: the head of its chain, so that its end cannot be cut off unnoticed."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, StringConstraints

from contract.chain import Head
from contract.message import Instant, Message

Digest = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]


class JournalHead(Message):
    """The last entry of a kiosk's journal: its number, its digest, and when the kiosk looked (its own clock)."""

    number: int = Field(ge=1, le=2**62)
    digest: Digest
    at: Instant

    @property
    def head(self) -> Head:
        """The head alone."""
        return Head(self.number, self.digest)


class JournalStanding(Message):
    """What the county knows of this journal, the head just told counted in.

    ``newest``: the head with the highest number it was ever told. ``contradicted``: a head came that cannot follow from
    an earlier one (the same number with another digest, or a number that went back): the journal was cut off or
    rewritten, or the machine was set up anew from an old copy. It stays true for ever; a person looks into it.
    """

    newest: JournalHead
    contradicted: bool
