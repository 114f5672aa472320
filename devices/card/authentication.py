"""A card proves itself and is opened with the help of the key service: the two-step flow of reference/card.md §2.4.

Pure: everything goes through the files and the key service that are handed in. No key is ever here; what is compared
and passed on was computed by the card and by the service. The last challenge of the card is the process factor of the
external authentication (§2.2; the opposite order is seen too, n=2, and not followed).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from devices.card import (
    CardForged,
    CardLocked,
    CardUnreadable,
    KeyAnswerForeign,
    KeyCounterBurnt,
    nothing,
)
from devices.card.files import OK, Answer, Files, refusal
from devices.card.key_service import BLOCK, KeyQuestion, KeyService

GET_CHALLENGE = bytes.fromhex("0084000008")
INTERNAL = bytes.fromhex("0088000010")
EXTERNAL = bytes.fromhex("0082000A10")
"""With key 0A, RKSSSE (n=4): the right to read EF06, and EF05's card number."""
CHALLENGE_LOST = frozenset({0x6984, 0x6985})
KEY_BLOCKED = 0x6983
REFUSED, COUNTED = 0x6300, 0x63C0
MOST_ROUNDS = 3
"""Of the whole flow: a challenge that is lost is asked for anew twice, no more."""


class Authentication:
    """The conversation of one card with the key service. The card stays open throughout."""

    def __init__(self, files: Files, identification: str, atr_history: str, keys: KeyService) -> None:
        self._files = files
        self._identification = identification
        self._atr_history = atr_history
        self._keys = keys

    def offer(self) -> bool:
        """Versions 1 and 2: True when the service found the card's own cryptogram right, False when nobody can tell.

        A card that cannot authenticate itself is not asked about. CardForged, KeyAnswerForeign.
        """
        try:
            question = self._question()
            cryptogram = _cryptogram(self._internal(question))
        except (CardUnreadable, CardLocked):
            return False
        return _genuine(question, cryptogram, self._keys(question).inner)

    def unlock(self, unharmed: Callable[[], None] = nothing) -> bool:
        """Version 3: gain the right to read; True when the card proved itself as well.

        The inner answer is compared before the card's key counter is touched, and the outer one is sent at most once
        a challenge; ``unharmed`` hears when that cost the key no try. CardForged, KeyAnswerForeign, KeyCounterBurnt;
        CardLocked: the service has no outer answer; CardUnreadable("challenge"): the card loses its challenges.
        """
        for _ in range(MOST_ROUNDS):
            self._files.enter()
            question = self._question()
            internal = self._internal(question)
            if internal.sw in CHALLENGE_LOST:
                continue
            cryptogram = _cryptogram(internal)
            original = self._challenge()
            question = replace(question, outer_original=original, outer_factor=self._challenge())
            answer = self._keys(question)
            genuine = _genuine(question, cryptogram, answer.inner)
            opened = self._external(original, answer.outer)
            unharmed()
            if opened:
                return genuine
        raise CardUnreadable("challenge", "lost every time")

    def _question(self) -> KeyQuestion:
        """The inner pair: two challenges of the card, as other programs take them; any bytes would do."""
        original = self._challenge()
        return KeyQuestion(
            region=self._identification[:6],
            atr_history=self._atr_history,
            algorithm=self._files.algorithm,
            identification=self._identification,
            inner_factor=self._challenge(),
            inner_original=original,
        )

    def _challenge(self) -> bytes:
        answer = self._files.send(GET_CHALLENGE)
        if not answer.ok:
            raise refusal("challenge", answer.sw)
        if len(answer.data) != BLOCK:
            raise CardUnreadable("challenge", f"{len(answer.data)} bytes")
        return answer.data

    def _internal(self, question: KeyQuestion) -> Answer:
        return self._files.ask(INTERNAL + question.inner_factor + question.inner_original)

    def _external(self, original: bytes, outer: bytes | None) -> bool:
        """True when the card opened, False when it had lost its challenge. Everything else ends the act."""
        if outer is None:
            raise CardLocked("the key service has no outer answer")
        if outer[BLOCK:] != original:
            raise KeyAnswerForeign("the outer answer belongs to another challenge")
        sw = self._files.send(EXTERNAL + outer).sw
        if sw == OK:
            return True
        if sw in CHALLENGE_LOST:
            return False
        raise _refused(sw)


def _cryptogram(answer: Answer) -> bytes:
    if not answer.ok:
        raise refusal("internal_authentication", answer.sw)
    if len(answer.data) != BLOCK:
        raise CardUnreadable("internal_authentication", f"{len(answer.data)} bytes")
    return answer.data


def _genuine(question: KeyQuestion, cryptogram: bytes, inner: bytes | None) -> bool:
    if inner is None:
        return False
    if inner[BLOCK:] != question.inner_original:
        raise KeyAnswerForeign("the inner answer belongs to another challenge")
    if inner[:BLOCK] != cryptogram:
        raise CardForged("the card's cryptogram is not the key service's")
    return True


def _refused(sw: int) -> KeyCounterBurnt | CardLocked | CardUnreadable:
    if sw == KEY_BLOCKED:
        return KeyCounterBurnt(0)
    if sw & 0xFFF0 == COUNTED:
        return KeyCounterBurnt(sw & 0x0F)
    if sw == REFUSED:
        return KeyCounterBurnt(None)
    return refusal("external_authentication", sw)
