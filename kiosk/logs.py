"""Logs: one line an event, with every personal number taken out before a line leaves the process."""

from __future__ import annotations

import logging
import re
import threading
from collections.abc import MutableMapping
from typing import Any, TextIO

import structlog

_ID_NUMBER = re.compile(r"(?<!\d)\d{17}[\dXx](?!\d)|(?<!\d)\d{15}(?!\d)")
_CARD_NUMBER = re.compile(r"(?<![A-Za-z0-9])[A-Z]\d{8}(?!\d)")


def scrubbed(text: str) -> str:
    """``text`` without identity and card numbers."""
    return _CARD_NUMBER.sub("[card number]", _ID_NUMBER.sub("[id number]", text))


def scrub(_logger: object, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """A structlog processor that scrubs every text of an event, traces included."""
    for name, value in event.items():
        if isinstance(value, str):
            event[name] = scrubbed(value)
    return event


def log_thread_defect(defect: threading.ExceptHookArgs) -> None:
    """What a thread dies of goes to the log, through the scrubber, and nowhere else."""
    name = defect.thread.name if defect.thread else "?"
    if defect.exc_value is not None:
        logging.getLogger("threads").error("thread %s died", name, exc_info=defect.exc_value)


def start_logging(stream: TextIO | None = None) -> None:
    """Send all logging through the scrubber, to standard error where no stream is given."""
    shared: list[Any] = [
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.stdlib.PositionalArgumentsFormatter(),
        structlog.processors.format_exc_info,
    ]
    handler = logging.StreamHandler(stream)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                scrub,
                structlog.dev.ConsoleRenderer(colors=False, pad_event_to=0, pad_level=False),
            ],
        )
    )
    threading.excepthook = log_thread_defect
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.INFO)
    for talkative in ("httpx", "alembic", "waitress.queue"):
        logging.getLogger(talkative).setLevel(logging.WARNING)
