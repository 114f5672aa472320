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

from contract.card_keys import ALGORITHMS, CardAuthentication, CardChallenge, CardCryptograms
from devices.card import CardForged, CardIdentity, CardLocked, Chip, Insertion, KeyAnswerForeign
from devices.card.key_service import KeyAnswer, KeyQuestion
from kiosk.card_errors import CardKeyRefused
from kiosk.county_errors import CountyRefused, CountyUnavailable
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


@dataclass
class _Asked:
    """What one reading asked of the key service. ``risked``: the place of a card that may lose a try of its key now."""

    insertion: str
    times: int = 0
    risked: bytes = b""

    @property
    def word(self) -> str:
        """The word of the last question, or of the first that never was one."""
        return f"{self.insertion}-{self.times}"


class KeyRoom:
    """``keys`` None: there is no key service, version 3 stays locked and nothing is proven.

    Which cards may have refused the county's key is remembered in memory only, and under a key of this start: from when
    an outer answer is handed out until the card is known to have taken it or to have forgotten its question. A card
    that says nothing then, a reader that dies, a driver that hangs stay remembered.
    """

    def __init__(self, keys: CardKeys | None) -> None:
        self._keys = keys
        self._secret = secrets.token_bytes(32)
        self._lock = threading.Lock()
        self._risked: OrderedDict[bytes, None] = OrderedDict()

    def read(self, chip: Chip, insertion: Insertion) -> Reading:
        """Read a card with the help of the key service.

        CardKeyRefused before anything is asked for a card that refused the key before; CountyUnavailable only where
        the card cannot be read without the service. DeviceErrors as they come.
        """
        service, word = self._keys, self._word(insertion)
        if service is None:
            return Reading(chip.identity(), word)
        asked = _Asked(word)

        def keys(question: KeyQuestion) -> KeyAnswer:
            return self._answered(service, question, asked)

        def unharmed() -> None:
            self._forget(asked)

        try:
            return Reading(chip.identity(keys, unharmed), asked.word)
        except (CardForged, KeyAnswerForeign):
            unharmed()  # found out before the card's key was touched
            raise

    def _answered(self, service: CardKeys, question: KeyQuestion, asked: _Asked) -> KeyAnswer:
        outer = question.outer_factor is not None
        self._refuse_risked(question)
        if question.algorithm not in ALGORITHMS:
            if outer:
                raise CardLocked(f"no key service knows the algorithm {question.algorithm}")
            log.info("a card of the algorithm %s is not asked about", question.algorithm)
            return KeyAnswer(None, None)
        asked.times += 1
        answer = _ask(service, question, asked.word)
        if outer and answer.outer is not None:
            asked.risked = self._place(question)
            self._remember(asked.risked)
        return answer

    def _word(self, insertion: Insertion) -> str:
        """Says nothing to anybody, and never comes again: the county answers each once."""
        named = f"{insertion.reader} {insertion.counter} {secrets.token_hex(4)}".encode()
        return hmac.digest(self._secret, named, hashlib.sha256).hex()[:32]

    def _place(self, question: KeyQuestion) -> bytes:
        return hmac.digest(self._secret, question.identification.encode(), hashlib.sha256)

    def _refuse_risked(self, question: KeyQuestion) -> None:
        with self._lock:
            risked = self._place(question) in self._risked
        if risked and question.outer_factor is not None:
            raise CardKeyRefused("this card may have refused the county's key before; nothing was asked or sent")

    def _remember(self, place: bytes) -> None:
        with self._lock:
            self._risked[place] = None
            while len(self._risked) > CARDS_REMEMBERED:
                self._risked.popitem(last=False)

    def _forget(self, asked: _Asked) -> None:
        """What this reading remembered; what an earlier one did stays."""
        with self._lock:
            if asked.risked:
                self._risked.pop(asked.risked, None)
            asked.risked = b""


def _ask(service: CardKeys, question: KeyQuestion, insertion: str) -> KeyAnswer:
    """A card that reads without a key is read without the county too: it stays unproven then."""
    try:
        return service(question, insertion)
    except CountyUnavailable:
        if question.outer_factor is not None:
            raise
        log.info("a card is read without the key service")
        return KeyAnswer(None, None)
