"""A security module for tests, in a process of its own: holds two keys, answers frames. Its port is on stdout."""

from __future__ import annotations

import socketserver
import sys

from cryptography.hazmat.decrepit.ciphers.algorithms import TripleDES
from cryptography.hazmat.primitives.ciphers import Cipher, modes

KEYS = {b"I": b"openhall-intern-", b"O": b"openhall-extern-"}
"""Those of the invented cards, so that what it answers can be compared."""


def block(key: bytes, content: bytes) -> bytes:
    return Cipher(TripleDES((key * 3)[:24]), modes.ECB()).encryptor().update(content)  # noqa: S305 - as the cards compute


def cryptogram(master: bytes, identification: bytes, factor: bytes, original: bytes) -> bytes:
    card_part = identification[8:]
    card_key = block(master, card_part) + block(master, bytes(byte ^ 0xFF for byte in card_part))
    return block(block(card_key, factor), original)


class Question(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        content = self.rfile.read(int.from_bytes(self.rfile.read(2), "big"))
        if self.server.deaf:
            self.rfile.read(1)
            return
        known = KEYS.get(content[:1])
        if known is None or len(content) != 33 or content[1:2] == b"\xee":
            self.wfile.write(b"\x00\x01\x01")
            return
        self.wfile.write(b"\x00\x09\x00" + cryptogram(known, content[1:17], content[17:25], content[25:33]))


if __name__ == "__main__":
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Question) as server:
        server.daemon_threads = True
        server.deaf = "deaf" in sys.argv
        sys.stdout.write(f"{server.server_address[1]}\n")
        sys.stdout.flush()
        server.serve_forever()
