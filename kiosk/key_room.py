"""The county's key service, asked for one card at a time; a card that refused its key is never tried again here."""

from __future__ import annotations

import hashlib
import hmac
import logging
import secrets
import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

from contract.card_keys import CardAuthentication, CardChallenge, CardCryptograms
from devices.card import CardIdentity, Chip, Insertion, KeyAnswer, KeyCounterBurnt, KeyQuestion
from kiosk.device_errors import CardKeyRefused
from kiosk.errors import CountyRefused, CountyUnavailable
from kiosk.uplink.client import CountyClient

log = logging.getLogger(__name__)

CARDS_REMEMBERED = 500

CardKeys = Callable[[KeyQuestion, str], KeyAnswer]
"""Asks the key service; the word names the insertion, and another one each time that a challenge was lost."""


class CountyKeys:
    """The county's key service over its API; CountyUnavailable also where it refuses: then nothing is proven."""

    def __init__(self, client: CountyClient) -> None:
        self._client = client

    def __call__(self, question: KeyQuestion, insertion: str) -> KeyAnswer:
        """One question, one answer; neither is kept."""
        try:
            told = self._client.send("POST", "/v1/card-authentications", _asked(question, insertion), CardCryptograms)
        except CountyRefused as refusal:
            raise CountyUnavailable(f"the key service refused: {refusal}") from refusal
        if told.message is None:
            raise CountyUnavailable("an empty answer of the key service")
        return KeyAnswer(_bytes(told.message.inner), _bytes(told.message.outer))


def _asked(question: KeyQuestion, insertion: str) -> CardAuthentication:
    outer = None
    if question.outer_factor is not None and question.outer_original is not None:
        outer = _challenge(question.outer_factor, question.outer_original)
    return CardAuthentication(
        region=question.region, atr_history=question.atr_history.upper(), algorithm=question.algorithm,
        identification=question.identification.upper(), insertion=insertion,
        inner=_challenge(question.inner_factor, question.inner_original), outer=outer,
    )  # fmt: skip


def _challenge(factor: bytes, original: bytes) -> CardChallenge:
    return CardChallenge(factor=factor.hex().upper(), original=original.hex().upper())


def _bytes(text: str | None) -> bytes | None:
    return None if text is None else bytes.fromhex(text)


@dataclass(frozen=True)
class Reading:
    """A card as it was read. ``insertion``: the word under which the key service was asked last, or would have been."""

    card: CardIdentity
    insertion: str


class KeyRoom:
    """``keys`` None: there is no key service, version 3 stays locked and nothing is proven.

    Which cards refused the county's key is remembered in memory only, and under a key of this start.
    """

    def __init__(self, keys: CardKeys | None) -> None:
        self._keys = keys
        self._secret = secrets.token_bytes(32)
        self._lock = threading.Lock()
        self._burnt: OrderedDict[bytes, None] = OrderedDict()

    def read(self, chip: Chip, insertion: Insertion) -> Reading:
        """Read a card with the help of the key service.

        CardKeyRefused before anything is asked for a card that refused the key before; CountyUnavailable only where
        the card cannot be read without the service. DeviceErrors as they come.
        """
        service, word = self._keys, self._word(insertion)
        if service is None:
            return Reading(chip.identity(), word)
        asked: list[KeyQuestion] = []

        def keys(question: KeyQuestion) -> KeyAnswer:
            self._refuse_burnt(question)
            asked.append(question)
            return _ask(service, question, f"{word}-{len(asked)}")

        try:
            return Reading(chip.identity(keys), f"{word}-{len(asked)}")
        except KeyCounterBurnt:
            self._remember(asked[-1])
            raise

    def _word(self, insertion: Insertion) -> str:
        """Says nothing to anybody, and never comes again: the county answers each once."""
        named = f"{insertion.reader} {insertion.counter} {secrets.token_hex(4)}".encode()
        return hmac.digest(self._secret, named, hashlib.sha256).hex()[:32]

    def _place(self, question: KeyQuestion) -> bytes:
        return hmac.digest(self._secret, question.identification.encode(), hashlib.sha256)

    def _refuse_burnt(self, question: KeyQuestion) -> None:
        with self._lock:
            burnt = self._place(question) in self._burnt
        if burnt and question.outer_factor is not None:
            raise CardKeyRefused("this card refused the county's key before; nothing was asked or sent")

    def _remember(self, question: KeyQuestion) -> None:
        with self._lock:
            self._burnt[self._place(question)] = None
            while len(self._burnt) > CARDS_REMEMBERED:
                self._burnt.popitem(last=False)


def _ask(service: CardKeys, question: KeyQuestion, insertion: str) -> KeyAnswer:
    """A card that reads without a key is read without the county too: it stays unproven then."""
    try:
        return service(question, insertion)
    except CountyUnavailable:
        if question.outer_factor is not None:
            raise
        log.info("a card is read without the key service")
        return KeyAnswer(None, None)
