"""One worked example of every message that travels: invented people, real shapes. The documents show these."""

from __future__ import annotations

from contract.development import ClockShift
from contract.examples import kiosks, public, residents, staff
from contract.message import Message
from contract.problems import STATUS, Problem, ProblemType

_EXAMPLES: tuple[Message, ...] = (
    *public.EXAMPLES, *kiosks.EXAMPLES, *residents.EXAMPLES, *staff.EXAMPLES,
    Problem(
        type=ProblemType.NOT_THIS_RESIDENT,
        title="not this resident",
        status=STATUS[ProblemType.NOT_THIS_RESIDENT],
        detail="the sitting belongs to somebody else",
    ),
    ClockShift(offset_seconds=86400),
)  # fmt: skip

EXAMPLES: dict[type[Message], Message] = {type(message): message for message in _EXAMPLES}
"""By the kind of message; a test asks that none is missing."""
