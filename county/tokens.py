"""Opaque tokens: 128 random bits, of which the database keeps the hash only."""

from __future__ import annotations

import hashlib
import secrets


def fresh_token() -> str:
    """A new token of 128 bits, in hex."""
    return secrets.token_hex(16)


def hash_of(token: str) -> str:
    """What the database keeps of a token."""
    return hashlib.sha256(token.encode()).hexdigest()
