"""Who computes with the keys of cards: nobody, software with made-up keys (never in production), or a county's own HSM.

A county with a hardware security module writes one class with one method (``KeyStore``) and names it in
``[hub] key_store = "python:its_module:its_factory"``; docs/installing.md shows one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from cryptography.hazmat.decrepit.ciphers.algorithms import TripleDES
from cryptography.hazmat.primitives.ciphers import Cipher, modes

from contract.card_keys import CardAuthentication, CardChallenge, CardCryptograms
from county.own_code import OWN, made_by
from county.settings import SettingsError, Stage

NONE, TEST = "none", "test"
BLOCK = 8


class KeyStore(Protocol):
    """Holds the county's card keys, or reaches the machine that does."""

    def cryptograms(self, asked: CardAuthentication) -> CardCryptograms:
        """The answer to each challenge; None for what it holds no key for. Never logs, never keeps what it was asked.

        Raises OSError where the machine that holds the keys cannot be reached within a few seconds.
        """


class NoKeys:
    """A county without a key service: nothing is proven, version 3 stays locked."""

    def cryptograms(self, asked: CardAuthentication) -> CardCryptograms:
        """None to everything."""
        del asked
        return CardCryptograms(inner=None)


@dataclass(frozen=True, repr=False)
class SoftwareKeys:
    """Two master keys in this process, diversified by 卡识别码, computing with 3DES (reference/card.md §2.2)."""

    internal: bytes
    external: bytes

    def cryptograms(self, asked: CardAuthentication) -> CardCryptograms:
        """Cryptogram and original of each challenge."""
        return CardCryptograms(
            inner=_answer(self.internal, asked.identification, asked.inner),
            outer=_answer(self.external, asked.identification, asked.outer),
        )


TEST_KEYS = SoftwareKeys(b"openhall-intern-", b"openhall-extern-")
"""Made up; the invented cards of the town carry what follows from them."""


def open_key_store(named: str, stage: Stage) -> KeyStore:
    """The key store of ``[hub] key_store``; SettingsError where it cannot be had, or not in production."""
    if named == NONE:
        return NoKeys()
    if named == TEST:
        if stage is Stage.PRODUCTION:
            raise SettingsError("hub.key_store: made-up keys prove nothing; they are refused in production")
        return TEST_KEYS
    if named.startswith(OWN):
        store: KeyStore = made_by(named, "hub.key_store")
        return store
    raise SettingsError(f'hub.key_store: {named!r} is neither "none", "test" nor "python:module:factory"')


def _answer(master: bytes, identification: str, challenge: CardChallenge | None) -> str | None:
    if challenge is None:
        return None
    card_part = bytes.fromhex(identification)[BLOCK:]
    card_key = _block(master, card_part) + _block(master, bytes(byte ^ 0xFF for byte in card_part))
    session = _block(card_key, bytes.fromhex(challenge.factor))
    return _block(session, bytes.fromhex(challenge.original)).hex().upper() + challenge.original


def _block(key: bytes, content: bytes) -> bytes:
    """One block under 3DES with two keys, or under DES where the key has eight bytes."""
    encryptor = Cipher(TripleDES((key * 3)[:24]), modes.ECB()).encryptor()  # noqa: S305 - single blocks, as the cards compute
    return encryptor.update(content)
