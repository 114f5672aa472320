"""The texts of a locality pack that residents read: which there are, and which the pack left to the program. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from pydantic import BaseModel

from kiosk.locality import Locality

OPTIONAL = (
    ("hall", "subtitle"), ("display", "warning"), ("verification", "consent_text"), ("outbox", "owner"),
)  # fmt: skip
"""Texts a pack should say itself: part and key. What it leaves out stands in the program's words."""


def texts_of_place(place: Locality) -> tuple[str, ...]:
    """Everything a resident reads that differs by place: what a pack of another language has to say for this hall."""
    hall = (place.hall.name, place.hall.subtitle, place.sample_label)
    return (*hall, *place.verification.consent_text, *(town.name for town in place.towns), *_words(place.privacy))


def _words(part: BaseModel) -> Iterator[str]:
    for name, value in part:
        if isinstance(value, BaseModel):
            yield from _words(value)
        elif isinstance(value, str) and name != "version":
            yield value


def left_out(place: Locality) -> tuple[str, ...]:
    """Keys of texts that the pack does not say, "verification.consent_text"; for the staff."""
    parts = ((f"{part}.{key}", getattr(place, part), key) for part, key in OPTIONAL)
    return tuple(name for name, held, key in parts if key not in held.model_fields_set)
