"""The keys the county signs public documents with: one that signs, and those it replaced.

They live in a file beside the sealing key that only its owner reads, one key a line, the newest first: since when
(ISO 8601), the private key (Ed25519, raw, base64). The list of keys is signed by all of them, so that a kiosk that
knows an older one only takes the list, and from the list the new one.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property, lru_cache
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from contract.documents import key_name, sign
from contract.enrolment import written
from contract.key_list import DocumentKey
from county.private_files import check_private, put_private
from county.settings import SettingsError

BESIDE = ".documents"


@dataclass(frozen=True)
class _Dated:
    since: datetime
    private: Ed25519PrivateKey = field(repr=False)

    @cached_property
    def name(self) -> str:
        return key_name(self.private.public_key())

    def line(self) -> str:
        raw = base64.b64encode(self.private.private_bytes_raw()).decode()
        return f"{self.since.isoformat()} {raw}\n"


@dataclass(frozen=True)
class DocumentKeys:
    """All of them, the newest first."""

    dated: tuple[_Dated, ...]

    @property
    def name(self) -> str:
        """The name of the key that signs now; people compare it (contract.documents.fingerprint)."""
        return self.dated[0].name

    def sign(self, content: bytes, about: str) -> str:
        """The header of a document."""
        return sign(content, about, self.dated[0].private, self.name)

    def sign_moment(self, moment: str, about: str) -> str:
        """The same for the As-Of of an unchanged copy: many kiosks are told the same within one second."""
        return _signed_moment(self, moment, about)

    def sign_list(self, content: bytes, about: str) -> str:
        """The header of the list of keys: by the newest and by every one it replaced."""
        return ", ".join(sign(content, about, one.private) for one in self.dated)

    def published(self) -> tuple[DocumentKey, ...]:
        """What the list of keys tells of them: a replaced key ends when the next one began."""
        ends = (None, *(one.since for one in self.dated))
        return tuple(
            DocumentKey(key_id=one.name, public_key=written(one.private.public_key()), since=one.since, until=end)
            for one, end in zip(self.dated, ends, strict=False)
        )


@lru_cache(maxsize=512)
def _signed_moment(keys: DocumentKeys, moment: str, about: str) -> str:
    return keys.sign(moment.encode(), about)


def keys_beside(sealing_key: Path) -> Path:
    """The file of the document keys that belongs to the file of the sealing key."""
    return sealing_key.with_name(sealing_key.name + BESIDE)


def open_document_keys(file: Path, now: datetime) -> DocumentKeys:
    """The keys in ``file``, the first made where there is none yet; raises SettingsError where others may read it."""
    if not file.exists():
        _write(file, (_Dated(now, Ed25519PrivateKey.generate()),), first=True)
    check_private(file)
    try:
        dated = tuple(_dated(line) for line in file.read_text(encoding="ascii").splitlines() if line.strip())
    except ValueError as error:
        raise SettingsError(f"hub.keys: {file} holds no Ed25519 keys") from error
    if not dated:
        raise SettingsError(f"hub.keys: {file} is empty")
    return DocumentKeys(dated)


def renew_document_key(file: Path, now: datetime) -> DocumentKeys:
    """Put a new key before those in ``file``. Hubs that run take it at their next start; until then both are good."""
    known = open_document_keys(file, now)
    fresh = _Dated(now, Ed25519PrivateKey.generate())
    _write(file, (fresh, *known.dated), first=False)
    return DocumentKeys((fresh, *known.dated))


def _dated(line: str) -> _Dated:
    since, raw = line.split()
    private = Ed25519PrivateKey.from_private_bytes(base64.b64decode(raw, validate=True))
    return _Dated(datetime.fromisoformat(since), private)


def _write(file: Path, dated: tuple[_Dated, ...], *, first: bool) -> None:
    put_private(file, "".join(one.line() for one in dated), first=first)
