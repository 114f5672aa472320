"""The county asked on behalf of whoever is signed in on the staff face; its no in words a clerk understands."""

from __future__ import annotations

from typing import TypeVar

from flask import g
from pydantic import BaseModel

from contract.problems import ProblemType
from kiosk.county_errors import CountyRefused, CountyUnavailable
from kiosk.errors import (
    EditConflict,
    KioskError,
    NoSuchPage,
    OwnWork,
    PictureRefused,
    StaffNotAllowed,
    StaffSessionEnded,
)
from kiosk.machine import machine
from kiosk.uplink.client import Who

M = TypeVar("M", bound=BaseModel)

_WORDS: dict[ProblemType, type[KioskError]] = {
    ProblemType.NOT_SIGNED_IN: StaffSessionEnded,
    ProblemType.ROLE_MISSING: StaffNotAllowed,
    ProblemType.OUTSIDE_AREA: StaffNotAllowed,
    ProblemType.OWN_WORK: OwnWork,
    ProblemType.EDIT_CONFLICT: EditConflict,
    ProblemType.CONTENT_CHANGED: EditConflict,
    ProblemType.PICTURE_REFUSED: PictureRefused,
    ProblemType.TOO_LARGE: PictureRefused,
    ProblemType.NOT_FOUND: NoSuchPage,
}


def clerks_words(refusal: CountyRefused) -> KioskError:
    """The county's no as a clerk is told it; one without words of its own stays CountyRefused."""
    kind = _WORDS.get(refusal.problem)
    return kind(str(refusal)) if kind else refusal


def who() -> Who:
    """The signed-in clerk; raises StaffSessionEnded for one who signed in while the county was cut off."""
    if not g.clerk.hub_session:
        raise StaffSessionEnded("signed in while the county was cut off")
    known: Who = g.clerk.who
    return known


def ask(path: str, model: type[M], **query: str) -> M:
    """An answer for the clerk; raises CountyUnavailable or the clerk's words of a refusal."""
    try:
        return whole(machine().county.client.get(path, model, query, who=who()).message, path)
    except CountyRefused as refusal:
        raise clerks_words(refusal) from refusal


def tell(method: str, path: str, body: BaseModel | None, model: type[M]) -> M | None:
    """Have something changed; None where the county answers without content. Raises like ``ask``."""
    try:
        return machine().county.client.send(method, path, body, model, who=who()).message
    except CountyRefused as refusal:
        raise clerks_words(refusal) from refusal


def send_bytes(path: str, content: bytes, model: type[M]) -> M:
    """Hand over raw bytes; raises like ``ask``."""
    try:
        return whole(machine().county.client.upload(path, content, model, who=who()).message, path)
    except CountyRefused as refusal:
        raise clerks_words(refusal) from refusal


def whole(message: M | None, path: str) -> M:
    """The message; raises CountyUnavailable for an empty answer."""
    if message is None:
        raise CountyUnavailable(f"an empty answer to {path}")
    return message


def pull_now() -> None:
    """Bring this machine's copy up to date at once; where that fails, the next poll does it."""
    try:
        machine().county.feed.pull(fresh=True)
    except (CountyUnavailable, CountyRefused):
        return
