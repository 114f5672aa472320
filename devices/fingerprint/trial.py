"""One try on a sensor of any dialect: alone with it, and what fails told to the board."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TypeVar

from devices.device import DeviceError, HealthBoard
from devices.fingerprint import MatchVerdict, NotOffered, NoUsableFinger, TemplateRefused
from devices.turns import AbandonedError, Turns

T = TypeVar("T")


def alone(turns: Turns, board: HealthBoard, cancelled: threading.Event, act: Callable[[], T]) -> T:
    """Hold the sensor while acting; what its failures mean for its health goes to the board.

    NoUsableFinger(CANCELLED) where the caller no longer wants it.
    """
    try:
        with turns.taken(cancelled):
            return act()
    except AbandonedError:
        raise NoUsableFinger(MatchVerdict.CANCELLED) from None
    except (TemplateRefused, NotOffered, NoUsableFinger):
        raise
    except DeviceError as error:
        board.failed(error)
        raise
