"""A county's own adapter to its hardware security module: [hub] key_store = "python:county_hsm:open_store".

A worked example, run by tests/county/test_hsm_adapter.py against a module in another process. The module here takes
frames of two bytes of length and then: a command (I internal, O external key), 16 bytes of card identification, 8 of
factor, 8 of original; it answers a zero byte and the 8 bytes of the cryptogram, or one other byte. Keys never leave it.
Yours speaks another language: change `_frame` and `_cryptogram`, keep the limits.
"""  # noqa: INP001  a county's own file, outside any package

from __future__ import annotations

import os
import socket

from contract.card_keys import CardAuthentication, CardChallenge, CardCryptograms

SECONDS = 3.0
"""A resident stands there with a card in the slot: whoever does not answer by then does not answer."""
ANSWERED, CRYPTOGRAM = 0, 8


class Hsm:
    """One connection a question: a module that restarts, or a line that was cut, is found again by itself."""

    def __init__(self, place: tuple[str, int]) -> None:
        self._place = place

    def cryptograms(self, asked: CardAuthentication) -> CardCryptograms:
        """The answer to each challenge; OSError where the module refuses or is not reached. Logs and keeps nothing."""
        return CardCryptograms(
            inner=self._cryptogram(b"I", asked.identification, asked.inner),
            outer=self._cryptogram(b"O", asked.identification, asked.outer),
        )

    def _cryptogram(self, command: bytes, identification: str, challenge: CardChallenge | None) -> str | None:
        if challenge is None:
            return None
        content = command + bytes.fromhex(identification + challenge.factor + challenge.original)
        with socket.create_connection(self._place, timeout=SECONDS) as line:
            line.settimeout(SECONDS)
            line.sendall(_frame(content))
            answer = _exactly(line, int.from_bytes(_exactly(line, 2), "big"))
        if answer[0] != ANSWERED or len(answer) != 1 + CRYPTOGRAM:
            raise OSError("the module refused")
        return answer[1:].hex().upper() + challenge.original


def open_store() -> Hsm:
    """Where the module is, COUNTY_HSM says: "host:port"; ValueError where it does not."""
    host, _, port = os.environ.get("COUNTY_HSM", "").rpartition(":")
    return Hsm((host, int(port)))


def _frame(content: bytes) -> bytes:
    return len(content).to_bytes(2, "big") + content


def _exactly(line: socket.socket, count: int) -> bytes:
    found = b""
    while len(found) < count:
        piece = line.recv(count - len(found))
        if not piece:
            raise ConnectionError("the module hung up")
        found += piece
    if not found:
        raise OSError("an empty answer")
    return found
