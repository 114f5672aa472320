"""What can be wrong with a simulated scanner or with what is held before it."""

from __future__ import annotations

from enum import StrEnum


class ScannerFault(StrEnum):
    """What can be wrong with a scanner, its cable, its settings, or the code."""

    SILENT = "silent"
    """The cable is in, nothing answers."""
    UNPLUGGED = "unplugged"
    """The cable is out."""
    UNPLUGGED_MID_CODE = "unplugged_mid_code"
    """The cable goes in the middle of a code."""
    GARBAGE = "garbage"
    """Everything it says is noise, as with a wrong speed."""
    BAD_REPLY = "bad_reply"
    """Its replies are damaged on the way."""
    REFUSES = "refuses"
    """It takes no command (another model of the family)."""
    NO_SUFFIX = "no_suffix"
    """No CR behind the code."""
    TOO_LONG = "too_long"
    """A code longer than anybody carries."""
    CONTROL_CHARACTERS = "control_characters"
    """A code that would press keys, were the scanner a keyboard."""
    TWICE = "twice"
    """Each code is delivered twice."""
    NOTHING_READ = "nothing_read"
    """It looks and says each time that it read nothing."""
