"""The keys of invented cards and of the service that knows them all: reference/card.md §2.2 and vector V5.

Written for the virtual card and for tests; the driver computes nothing and shares nothing with it. Every key here is
made up. Only the recipe of DES cards is public (n=1): session = 3DES(card key, process factor), cryptogram =
DES(session, original); cards that call themselves SSF33 or SM4 compute the same here.
"""

from __future__ import annotations

from dataclasses import dataclass

from cryptography.hazmat.decrepit.ciphers.algorithms import TripleDES
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.modes import ECB

from devices.card.key_service import KeyAnswer, KeyQuestion

MASTER_INTERNAL = bytes.fromhex("6F70656E68616C6C2D696E7465726E2D")
MASTER_EXTERNAL = bytes.fromhex("6F70656E68616C6C2D65787465726E2D")
BLOCK = 8


@dataclass(frozen=True)
class CardKeys:
    """The two keys of one card, 16 bytes each."""

    internal: bytes
    external: bytes


def _encrypt(key: bytes, block: bytes) -> bytes:
    """One block under DES (8 bytes of key) or two-key 3DES (16)."""
    whole = key * 3 if len(key) == BLOCK else key + key[:BLOCK]
    encryptor = Cipher(TripleDES(whole), ECB()).encryptor()  # noqa: S305  one block, as the cards do
    return encryptor.update(block) + encryptor.finalize()


def cryptogram(key: bytes, factor: bytes, original: bytes) -> bytes:
    """What a card and its key service compute alike: 8 bytes."""
    return _encrypt(_encrypt(key, factor), original)


def _diversified(master: bytes, identification: str) -> bytes:
    factor = bytes.fromhex(identification)[-BLOCK:]
    return _encrypt(master, factor) + _encrypt(master, bytes(0xFF ^ byte for byte in factor))


def keys_of(identification: str) -> CardKeys:
    """The keys of the card with this 卡识别码, from the invented master keys (which factor real cards take: §2.2)."""
    return CardKeys(_diversified(MASTER_INTERNAL, identification), _diversified(MASTER_EXTERNAL, identification))


class KeyStore:
    """A KeyService that knows every invented card; ``special`` names those with keys of their own, by 卡识别码."""

    def __init__(self, special: dict[str, CardKeys] | None = None) -> None:
        self._special = special or {}
        self.asked: list[KeyQuestion] = []

    def __call__(self, question: KeyQuestion) -> KeyAnswer:
        """Both halves of the answer; no outer one where none was asked for."""
        self.asked.append(question)
        keys = self._special.get(question.identification) or keys_of(question.identification)
        inner = cryptogram(keys.internal, question.inner_factor, question.inner_original) + question.inner_original
        if question.outer_factor is None or question.outer_original is None:
            return KeyAnswer(inner, None)
        outer = cryptogram(keys.external, question.outer_factor, question.outer_original)
        return KeyAnswer(inner, outer + question.outer_original)
