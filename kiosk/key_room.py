"""The county's key service, asked for one card at a time; a card that refused its key is never tried again here."""

from __future__ import annotations

import hashlib
import hmac
import logging
import secrets
import threading
from collections import OrderedDict

from devices.card import CardIdentity, Chip, KeyAnswer, KeyCounterBurnt, KeyQuestion, KeyService
from kiosk.device_errors import CardKeyRefused
from kiosk.errors import CountyUnavailable

log = logging.getLogger(__name__)

CARDS_REMEMBERED = 500


class KeyRoom:
    """``keys`` is None until the county's key service stands: then version 3 stays locked and nothing is proven.

    Which cards refused the county's key is remembered in memory only, and under a key of this start.
    """

    def __init__(self, keys: KeyService | None) -> None:
        self._keys = keys
        self._secret = secrets.token_bytes(32)
        self._lock = threading.Lock()
        self._burnt: OrderedDict[bytes, None] = OrderedDict()

    def identity_of(self, chip: Chip) -> CardIdentity:
        """Read a card with the help of the key service.

        CardKeyRefused before anything is asked for a card that refused the key before; CountyUnavailable only where
        the card cannot be read without the service. DeviceErrors as they come.
        """
        service = self._keys
        if service is None:
            return chip.identity()
        asked: list[KeyQuestion] = []

        def keys(question: KeyQuestion) -> KeyAnswer:
            self._refuse_burnt(question)
            asked.append(question)
            return _ask(service, question)

        try:
            return chip.identity(keys)
        except KeyCounterBurnt:
            self._remember(asked[-1])
            raise

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


def _ask(service: KeyService, question: KeyQuestion) -> KeyAnswer:
    """A card that reads without a key is read without the county too: it stays unproven then."""
    try:
        return service(question)
    except CountyUnavailable:
        if question.outer_factor is not None:
            raise
        log.info("a card is read without the key service")
        return KeyAnswer(None, None)
