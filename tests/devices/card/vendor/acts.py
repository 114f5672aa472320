"""Acts with a card in a maker's reader, and a key service that knows it."""

from __future__ import annotations

from devices.card import CardIdentity
from devices.card.key_service import KeyAnswer, KeyQuestion

INNER, OUTER = "F939BBCDC12C62DB", "10530319E2135F65"


def read(watched, insertion, keys=None) -> CardIdentity:
    with watched.reader.connect(insertion) as chip:
        return chip.identity(keys)


def key_service(inner: str = INNER, outer: str = OUTER):
    """A key service that knows this card's cryptograms, and what it was asked."""
    heard: list[KeyQuestion] = []

    def keys(question: KeyQuestion) -> KeyAnswer:
        heard.append(question)
        assert question.outer_original is not None
        return KeyAnswer(bytes.fromhex(inner) + question.inner_original, bytes.fromhex(outer) + question.outer_original)

    return keys, heard
