"""What can be wrong with a simulated sensor that hands out features; feature_simulated.py does it to the bytes."""

from __future__ import annotations

from enum import StrEnum


class FeatureFault(StrEnum):
    """What can be wrong with a sensor that hands out features, or with its cable."""

    NOISE_BEFORE_FRAME = "noise_before_frame"
    """Stray bytes, one of them a start mark, stand before every answer."""
    BAD_CHECK = "bad_check"
    """The last bit of every check is turned over."""
    SHORT_FRAME = "short_frame"
    """The last three bytes of every answer are missing."""
    LYING_LENGTH = "lying_length"
    """The length field promises more than comes."""
    SILENT = "silent"
    """Never answers."""
    LATE_ANSWER = "late_answer"
    """Answers when nobody waits any longer."""
    LIFTED_EARLY = "lifted_early"
    """The finger is gone before the sensor is done: "not pressed properly"."""
    BUSY = "busy"
    """Says that it is busy, whatever is asked of it but who it is."""
    FAILING = "failing"
    """Answers every capture with "failed"."""
    STRANGE_STATUS = "strange_status"
    """Answers every capture with a status that stands in no list (or with one the model names)."""
    SHORT_FEATURE = "short_feature"
    """The frame is whole and the feature in it is not."""
    ECHO = "echo"
    """A half-duplex line gives every question back before the answer."""
    WRONG_DEVICE = "wrong_device"
    """Something else stands on this port and answers in its own language."""
    UNPLUGGED_MID_FRAME = "unplugged_mid_frame"
    """The cable is pulled in the middle of an answer."""
    UNPLUGGED = "unplugged"
    """The cable is out."""
