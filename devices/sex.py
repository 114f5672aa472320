"""The sex of a resident as cards carry it, whichever device reads them. Pure."""

from __future__ import annotations

from enum import StrEnum


class Sex(StrEnum):
    """GB/T 2261.1."""

    UNKNOWN = "0"
    MALE = "1"
    FEMALE = "2"
    NOT_STATED = "9"
