"""What else than a social-security card may open a sitting, and how much that is worth where a county takes it at all.

Both messages have addresses of their own: a county that knows nothing of them, or does not take them, answers
``not-found``, and a kiosk says so in words.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from pydantic import Field, StringConstraints

from contract.message import Message

LONGEST_CODE = 4096
Presentation = Annotated[str, StringConstraints(min_length=8, max_length=80)]
"""Opaque; another one each time that somebody lays a card down or shows a code."""


class Worth(StrEnum):
    """How much a sitting is worth that no social-security card opened; a kiosk may grant less, never more.

    ``none``: not taken. ``open``: who somebody says they are, until a clerk looks at them. ``card``: as much as a card
    without its PIN. ``pin``: as much as a card with its PIN.
    """

    NONE = "none"
    OPEN = "open"
    CARD = "card"
    PIN = "pin"


class IdCardPresented(Message):
    """Opens a sitting: what a resident ID card said, read through a security module (SAM_V)."""

    social_security_no: str = Field(repr=False, max_length=18)
    name: str = Field(repr=False, max_length=60)
    presentation: Presentation


class CodePresented(Message):
    """Opens a sitting: a code of an electronic social-security card, as it was scanned. Opaque, good for one answer."""

    code: str = Field(repr=False, min_length=1, max_length=LONGEST_CODE, pattern=r"^[ -~]+$")
    presentation: Presentation
